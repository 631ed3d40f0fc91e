// SPDX-License-Identifier: GPL-2.0-only
/* Writes a file under a temporary name and renames it into place. */
#include "base/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

/* Writes and closes @fd. On tmpfs, where most of these files are, fsync() does nothing. */
static int fill_and_close(int fd, const char *text, size_t len, mode_t mode)
{
	int r = 0;

	errno = ENOSPC; /* for a short write */
	if (write(fd, text, len) != (ssize_t)len || fchmod(fd, mode) || fsync(fd))
		r = -errno;
	if (close(fd) && !r)
		r = -errno;
	return r;
}

int atomic_file_write(int temp_dir, const char *temp, int dir, const char *name, const char *text,
		      size_t len, mode_t mode)
{
	int fd, r;

	unlinkat(temp_dir, temp, 0);
	fd = openat(temp_dir, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	r = fill_and_close(fd, text, len, mode);
	if (!r && renameat(temp_dir, temp, dir, name))
		r = -errno;
	if (r)
		unlinkat(temp_dir, temp, 0);
	return r;
}

int atomic_file_write_path(const char *path, const char *text, size_t len, mode_t mode)
{
	AUTO_ARENA arena = NULL;
	char *temp = arena_printf(&arena, "%s.new", path);

	return temp ? atomic_file_write(AT_FDCWD, temp, AT_FDCWD, path, text, len, mode) : -ENOMEM;
}
