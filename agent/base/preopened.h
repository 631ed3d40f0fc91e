/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Directories opened in advance, for a process that outlives the initramfs. After switch_root, the
 * /proc, /sys, /run and /dev of the other processes are no longer reachable by path. Such a process
 * opens these directories in advance and opens files relative to them; it never looks up a path on
 * the root disk, which may be lost. In other processes preopened_open() is open().
 */
#ifndef AGENT_BASE_PREOPENED_H
#define AGENT_BASE_PREOPENED_H

#include <dirent.h>

/*
 * Opens the directories @dirs, a list that ends with NULL; skips those that do not exist. Replaces
 * the earlier list and keeps pointers to the names. Returns 0 or -errno.
 */
int preopen_dirs(const char *const *dirs);
/* Like open(), with O_CLOEXEC added. Returns a file descriptor, or -1 with errno set. */
int preopened_open(const char *path, int flags);
/* Like opendir(). */
DIR *preopened_opendir(const char *path);

/* "/proc", "/sys", "/run", "/dev" */
extern const char *const preopen_default[];

#endif
