// SPDX-License-Identifier: GPL-2.0-only
#include "base/preopened.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define MOST 4

const char *const keep_usual[] = { "/proc", "/sys", "/run", "/dev", NULL };

static struct {
	const char *path;
	size_t len;
	int fd;
} kept[MOST];
static unsigned int nr;

int preopen_dirs(const char *const *dirs)
{
	int fd;

	for (; nr; nr--)
		close(kept[nr - 1].fd);
	for (; *dirs && nr < MOST; dirs++) {
		fd = open(*dirs, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0 && errno != ENOENT)
			return -errno;
		if (fd < 0)
			continue;
		kept[nr].path = *dirs;
		kept[nr].len = strlen(*dirs);
		kept[nr++].fd = fd;
	}
	return 0;
}

int preopened_open(const char *path, int flags)
{
	const char *below;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		below = path + kept[i].len;
		if (strncmp(path, kept[i].path, kept[i].len) != 0)
			continue;
		if (!*below)
			return openat(kept[i].fd, ".", flags | O_CLOEXEC);
		if (*below == '/')
			return openat(kept[i].fd, below + 1, flags | O_CLOEXEC);
	}
	return open(path, flags | O_CLOEXEC);
}

DIR *keep_opendir(const char *path)
{
	int fd = preopened_open(path, O_RDONLY | O_DIRECTORY);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (fd >= 0 && !dir)
		close(fd);
	return dir;
}
