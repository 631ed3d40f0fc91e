/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A filter (seccomp) that refuses the system calls that a long-lived program never needs, such as
 * those for mounts, modules, other processes' memory, BPF and keys.
 *
 * It lists what is refused, and refuses with EPERM. A list of what is allowed would have to know
 * each call that any libc makes on any kernel and architecture. A guard that another libc's call
 * kills, or blocks, loses the root disk, which is worse than what the filter prevents. So the calls
 * that this list does not know are allowed.
 */
#ifndef AGENT_BASE_SYSCALL_FILTER_H
#define AGENT_BASE_SYSCALL_FILTER_H

#include <stdbool.h>

/*
 * Refuses these calls to this process, to its children and to what they execute, for ever. Calls in
 * the way of another architecture are refused too. Sets no_new_privs. @execute: execve() stays
 * allowed. Returns 0 or -errno: -EINVAL if the kernel has no filters, -EOPNOTSUPP if the
 * architecture is unknown here. After an error nothing is refused, and the caller may go on.
 */
int syscall_filter(bool execute);

#endif
