/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For a process that outlives the initramfs: where others find /proc, /sys, /run and /dev once the
 * machine has switched root is not where it finds them. It opens these directories before, and what
 * is opened of them goes by way of these: no path of the root is ever looked up, which may
 * be lost. In a process that kept none, keep_open() is open().
 */
#ifndef AGENT_BASE_PREOPENED_H
#define AGENT_BASE_PREOPENED_H

#include <dirent.h>

/* Opens what there is of them. Tests give other names, NULL at the end. 0 or -errno. */
int preopen_dirs(const char *const *dirs);
/* open(), with O_CLOEXEC. A file descriptor, or -1 and errno. */
int preopened_open(const char *path, int flags);
/* opendir(). */
DIR *keep_opendir(const char *path);

/* "/proc", "/sys", "/run", "/dev" */
extern const char *const keep_usual[];

#endif
