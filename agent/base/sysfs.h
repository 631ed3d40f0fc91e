/* SPDX-License-Identifier: GPL-2.0-only */
/* Small files of the kernel; all paths, such as "/sys/class", are relative to sysfs_root. */
#ifndef AGENT_BASE_SYSFS_H
#define AGENT_BASE_SYSFS_H

#include <dirent.h>
#include <stdbool.h>
#include <sys/types.h>

extern const char *sysfs_root; /* "" except in tests and with --root= */

/* Reads the value without its newline to @text, in the arena. Returns its length or -errno. */
__attribute__((format(printf, 3, 4))) ssize_t sysfs_read(void **arena, char **text, const char *fmt,
							 ...);
/* Reads a decimal number. Returns 0, -EINVAL if there is anything else, or another -errno. */
__attribute__((format(printf, 2, 3))) int sysfs_read_long(long *value, const char *fmt, ...);
/* Writes @value in one write(). Returns 0 or -errno. */
__attribute__((format(printf, 2, 3))) int sysfs_write(const char *value, const char *fmt, ...);
/* Returns true if the path exists. */
__attribute__((format(printf, 1, 2))) bool sysfs_exists(const char *fmt, ...);
/* Returns the path with all links resolved, in the arena; NULL if it does not exist. */
__attribute__((format(printf, 2, 3))) char *sysfs_realpath(void **arena, const char *fmt, ...);
/* Opens a directory, which the caller closes. NULL if it cannot be opened. */
DIR *sysfs_dir(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Returns the next name without a leading dot, valid until the next call; NULL at the end. */
const char *sysfs_next(DIR *dir);

#endif
