/* SPDX-License-Identifier: GPL-2.0-only */
/* Small files of the kernel, below a root directory that tests replace. Paths begin with "/sys". */
#ifndef AGENT_BASE_SYSFS_H
#define AGENT_BASE_SYSFS_H

#include <dirent.h>
#include <stdbool.h>
#include <sys/types.h>

extern const char *sysfs_root; /* "" but in tests */

/* The value without its newline, in the arena. Its length or -errno. */
__attribute__((format(printf, 3, 4))) ssize_t sysfs_read(void **arena, char **text, const char *fmt,
							 ...);
/* A decimal number and nothing else. 0, -EINVAL or another -errno. */
__attribute__((format(printf, 2, 3))) int sysfs_read_long(long *value, const char *fmt, ...);
__attribute__((format(printf, 2, 3))) int sysfs_write(const char *value, const char *fmt, ...);
__attribute__((format(printf, 1, 2))) bool sysfs_exists(const char *fmt, ...);
/* Where a link leads to in the end; NULL if it leads nowhere. */
__attribute__((format(printf, 2, 3))) char *sysfs_realpath(void **arena, const char *fmt, ...);
/* NULL if it is not there. */
DIR *sysfs_dir(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The next name that doesn't begin with a dot; NULL at the end. */
const char *sysfs_next(DIR *dir);

#endif
