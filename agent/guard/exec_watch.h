/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Notices at once that iscsid starts, by the kernel's process events (linux/cn_proc.h). The kernel
 * queues the event before the new program runs its first instruction. So while nothing is queued,
 * no iscsid has started that could act on a session.
 */
#ifndef AGENT_GUARD_EXEC_WATCH_H
#define AGENT_GUARD_EXEC_WATCH_H

#include <stdbool.h>

/*
 * Returns a socket that becomes readable when a process executes a program, or -errno: also if the
 * kernel has no CONFIG_PROC_EVENTS.
 */
int exec_watch_open(void);
/* Receives all events. Returns true if one of the programs is iscsid, or if events were lost. */
bool exec_watch_receive(int fd);
/* Closes the socket, if it is open, and sets *@fd to -1. */
void exec_watch_close(int *fd);

#endif
