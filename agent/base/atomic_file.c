// SPDX-License-Identifier: GPL-2.0-only
/* Writes a file under a temporary name and renames it into place. */
#include "base/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

/* Fills @fd. On tmpfs, where most of these files are, fsync() does nothing. */
static int atomic_fill(int fd, const char *text, size_t len, mode_t mode)
{
	errno = ENOSPC; /* for a short write */
	return write(fd, text, len) != (ssize_t)len || fchmod(fd, mode) || fsync(fd) ? -errno : 0;
}

/*
 * Opens a file without a name in the directory of @temp: nothing of it remains if the process is
 * killed. Returns -errno where the file system has no such files.
 */
static int open_unnamed(int temp_dir, const char *temp)
{
	const char *slash = strrchr(temp, '/');
	AUTO_ARENA arena = NULL;
	char *dir = slash ? arena_text(&arena, temp, (size_t)(slash + 1 - temp)) :
			    arena_printf(&arena, ".");
	int fd = dir ? openat(temp_dir, dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600) : -1;

	return dir && fd < 0 ? -errno : fd;
}

/* Gives the file a name; the first way is only for root, the second one needs /proc. */
static int give_name(int fd, int temp_dir, const char *temp)
{
	char path[32];

	if (!linkat(fd, "", temp_dir, temp, AT_EMPTY_PATH))
		return 0;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, path, temp_dir, temp, AT_SYMLINK_FOLLOW) ? -errno : 0;
}

static int atomic_open(int temp_dir, const char *temp, bool *named)
{
	int fd = open_unnamed(temp_dir, temp);

	*named = fd < 0;
	if (fd < 0)
		fd = openat(temp_dir, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			    0600);
	return fd < 0 ? -errno : fd;
}

int atomic_file_write(int temp_dir, const char *temp, int dir, const char *name, const char *text,
		      size_t len, mode_t mode)
{
	bool named;
	int fd, r;

	unlinkat(temp_dir, temp, 0);
	fd = atomic_open(temp_dir, temp, &named);
	if (fd < 0)
		return fd;
	r = atomic_fill(fd, text, len, mode);
	if (!r && !named)
		r = give_name(fd, temp_dir, temp);
	if (close(fd) && !r)
		r = -errno;
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
