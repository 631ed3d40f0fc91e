// SPDX-License-Identifier: GPL-2.0-only
/* Reads and writes small files in /sys and /proc. */
#include "base/sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/preopened.h"

const char *sysfs_root = "";

static char *vpath(void **arena, const char *fmt, va_list args)
{
	char *name, *path;

	if (vasprintf(&name, fmt, args) < 0)
		return NULL;
	path = arena_alloc(arena, strlen(sysfs_root) + strlen(name) + 1);
	if (path)
		stpcpy(stpcpy(path, sysfs_root), name);
	free(name);
	return path;
}

static ssize_t read_value(void **arena, char **text, const char *path)
{
	ssize_t len;

	if (!path)
		return -ENOMEM;
	len = file_read(arena, text, "%s", path);
	while (len > 0 && (*text)[len - 1] == '\n')
		(*text)[--len] = '\0';
	return len;
}

ssize_t sysfs_read(void **arena, char **text, const char *fmt, ...)
{
	va_list args;
	char *path;

	va_start(args, fmt);
	path = vpath(arena, fmt, args);
	va_end(args);
	return read_value(arena, text, path);
}

int sysfs_read_long(long *value, const char *fmt, ...)
{
	AUTO_ARENA arena = NULL;
	char *path, *text, *end;
	va_list args;
	ssize_t len;
	long v;

	va_start(args, fmt);
	path = vpath(&arena, fmt, args);
	va_end(args);
	len = read_value(&arena, &text, path);
	if (len < 0)
		return (int)len;
	errno = 0;
	v = strtol(text, &end, 10);
	if (errno || end == text || *end)
		return -EINVAL;
	*value = v;
	return 0;
}

/* The kernel takes each write() as a complete value. */
int sysfs_write(const char *value, const char *fmt, ...)
{
	AUTO_ARENA arena = NULL;
	AUTO_FD fd = -1;
	va_list args;
	char *path;

	va_start(args, fmt);
	path = vpath(&arena, fmt, args);
	va_end(args);
	if (!path)
		return -ENOMEM;
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return -errno;
	errno = EIO; /* for a short write */
	return write(fd, value, strlen(value)) == (ssize_t)strlen(value) ? 0 : -errno;
}

bool sysfs_exists(const char *fmt, ...)
{
	AUTO_ARENA arena = NULL;
	va_list args;
	char *path;

	va_start(args, fmt);
	path = vpath(&arena, fmt, args);
	va_end(args);
	return path && !access(path, F_OK);
}

/*
 * One link of /proc has what realpath() would look up part by part. A thread may have its own
 * descriptors.
 */
char *sysfs_realpath(void **arena, const char *fmt, ...)
{
	char real[PATH_MAX], *path, *link;
	AUTO_FD fd = -1;
	va_list args;
	ssize_t len;

	va_start(args, fmt);
	path = vpath(arena, fmt, args);
	va_end(args);
	fd = path ? open(path, O_PATH | O_CLOEXEC) : -1;
	link = fd < 0 ? NULL : arena_printf(arena, "/proc/thread-self/fd/%d", fd);
	len = link ? readlink(link, real, sizeof(real)) : -1;
	return len < 0 || len == sizeof(real) ? NULL : arena_printf(arena, "%.*s", (int)len, real);
}

DIR *sysfs_dir(const char *fmt, ...)
{
	AUTO_ARENA arena = NULL;
	va_list args;
	char *path;

	va_start(args, fmt);
	path = vpath(&arena, fmt, args);
	va_end(args);
	return path ? preopened_opendir(path) : NULL;
}

const char *sysfs_next(DIR *dir)
{
	struct dirent *e;

	while (dir && (e = readdir(dir)))
		if (e->d_name[0] != '.')
			return e->d_name;
	return NULL;
}
