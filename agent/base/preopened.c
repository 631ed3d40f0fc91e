// SPDX-License-Identifier: GPL-2.0-only
/* Directories opened in advance, for a process that outlives the initramfs. */
#include "base/preopened.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define DIRS_MAX 4

const char *const preopen_default[] = { "/proc", "/sys", "/run", "/dev", NULL };

static struct {
	const char *path;
	size_t len;
	int fd;
} dirs_open[DIRS_MAX];
static unsigned int nr;

int preopen_dirs(const char *const *dirs)
{
	int fd;

	for (; nr; nr--)
		close(dirs_open[nr - 1].fd);
	for (; *dirs && nr < DIRS_MAX; dirs++) {
		fd = open(*dirs, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0 && errno != ENOENT)
			return -errno;
		if (fd < 0)
			continue;
		dirs_open[nr].path = *dirs;
		dirs_open[nr].len = strlen(*dirs);
		dirs_open[nr++].fd = fd;
	}
	return 0;
}

int preopened_open(const char *path, int flags)
{
	const char *below;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		below = path + dirs_open[i].len;
		if (strncmp(path, dirs_open[i].path, dirs_open[i].len) != 0)
			continue;
		if (!*below)
			return openat(dirs_open[i].fd, ".", flags | O_CLOEXEC);
		if (*below == '/')
			return openat(dirs_open[i].fd, below + 1, flags | O_CLOEXEC);
	}
	return open(path, flags | O_CLOEXEC);
}

DIR *preopened_opendir(const char *path)
{
	int fd = preopened_open(path, O_RDONLY | O_DIRECTORY);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (fd >= 0 && !dir)
		close(fd);
	return dir;
}
