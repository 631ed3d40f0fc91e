// SPDX-License-Identifier: GPL-2.0-only
/* Starts processes of the initramfs that keep running in the real root. */
#include "base/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/cleanup.h"
#include "base/process_detach.h"

int daemon_detach(void)
{
	pid_t pid = fork();

	if (pid < 0)
		return -errno;
	if (pid)
		exit(0);
	process_detach();
	if (fork() > 0)
		_exit(0);
	return 0;
}

int daemon_copy_unit(const char *unit)
{
	AUTO_ARENA arena = NULL;
	const char *to = arena_printf(&arena, "/run/systemd/system/%s", unit);
	ssize_t len;
	char *text;

	if (access("/etc/initrd-release", F_OK) || access("/run/systemd/system", F_OK))
		return 0;
	len = file_read(&arena, &text, "/usr/lib/systemd/system/%s", unit);
	if (len < 0)
		len = file_read(&arena, &text, "/etc/systemd/system/%s", unit);
	if (len < 0 || !to)
		return len < 0 ? (int)len : -ENOMEM;
	return atomic_file_write_path(to, text, (size_t)len, 0644);
}

int daemon_lock(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600), err;

	if (fd < 0)
		return -errno;
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return fd;
	err = errno;
	close(fd);
	return -err;
}
