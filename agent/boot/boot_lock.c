// SPDX-License-Identifier: GPL-2.0-only
/* Takes the lock file that lets one boot at a time work, and stops an earlier boot's worker. */
#include "boot/boot_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/run_dir.h"
#include "base/sysfs.h"

/* True if process @pid holds the lock: it has the lock file open. */
static bool has_open(long pid, int fd)
{
	AUTO_DIR dir = sysfs_dir("/proc/%ld/fd", pid);
	struct stat lock, its;
	const char *name;

	while ((name = sysfs_next(dir)))
		if (!fstat(fd, &lock) && !fstatat(dirfd(dir), name, &its, 0) &&
		    lock.st_dev == its.st_dev && lock.st_ino == its.st_ino)
			return true;
	return false;
}

/* Time limit for a killed process to exit. */
#define EXIT_MS 5000

/* The file may hold the ID of a process that ended long ago: only a lock holder is killed. */
static bool stop_worker(int fd)
{
	struct pollfd p = { .events = POLLIN };
	AUTO_FD pidfd = -1;
	char text[12] = "";
	long pid;

	if (read(fd, text, sizeof(text) - 1) <= 0)
		return false;
	pid = atol(text);
	pidfd = pid > 0 ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;
	if (pidfd < 0 || !has_open(pid, fd))
		return false;
	log_info("boot",
		 "stopping the earlier boot process, which was still logging in to other paths");
	p.fd = pidfd;
	return !syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0) && poll(&p, 1, EXIT_MS) > 0;
}

enum status boot_lock_take(const char *path, int *fd)
{
	*fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (*fd < 0) {
		log_warning("boot", "cannot open %s, going on without the lock: %s", path,
			    strerror(errno));
		return STATUS_OK;
	}
	if (flock(*fd, LOCK_EX | LOCK_NB) &&
	    flock(*fd, stop_worker(*fd) ? LOCK_EX : LOCK_EX | LOCK_NB))
		return log_failure("boot", STATUS_ERROR, "cannot start a second boot",
				   "another iscsi-boot-agent boot is running",
				   "read " BOOT_RUN_DIR "/log, or wait until it ends");
	if (ftruncate(*fd, 0))
		log_warning("boot", "cannot empty %s: %s", path, strerror(errno));
	return STATUS_OK;
}

void boot_lock_write_pid(int fd)
{
	if (fd >= 0 && dprintf(fd, "%d\n", getpid()) < 0)
		log_warning("boot",
			    "cannot write the lock file: a later boot cannot stop this one");
}
