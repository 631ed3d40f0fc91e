// SPDX-License-Identifier: GPL-2.0-only
#include "boot/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/process_detach.h"
#include "loop/loop.h"

/* In the worker: where its word goes, -1 once it was given. */
static int word_fd = -1;
static bool detached;

void worker_word(enum status status)
{
	unsigned char byte = (unsigned char)status;

	if (write(word_fd, &byte, 1) < 0)
		log_warning("boot", "cannot report the result to the parent process: %s",
			    strerror(errno));
	cleanup_fd(&word_fd);
	word_fd = -1;
}

void worker_detach(void)
{
	process_detach();
	prctl(PR_SET_PDEATHSIG, 0);
	detached = true;
}

__attribute__((noreturn)) static void become_worker(void (*work)(void *data), void *data,
						    pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(STATUS_ERROR);
	setsid(); /* the terminal sends it no signals */
	work(data);
	log_close();
	_exit(0);
}

/* Grace period: a thread that is blocked in the kernel delays the worker's exit. */
#define END_MS 2000

/* The worker exited without reporting a result. */
static enum status no_word(pid_t pid)
{
	AUTO_FD pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd p = { .fd = pidfd, .events = POLLIN };
	AUTO_ARENA arena = NULL;
	const char *answer = NULL;
	int status = 0;

	if (pidfd >= 0)
		(void)poll(&p, 1, END_MS);
	waitpid(pid, &status, WNOHANG);
	if (WIFSIGNALED(status))
		answer = arena_printf(&arena, "killed by signal %d", WTERMSIG(status));
	return log_failure("boot", STATUS_ERROR, "cannot get a result from the worker process",
			   answer ? answer : "it exited without one",
			   "read the kernel log; check for lack of memory");
}

enum status worker_run(void (*work)(void *data), void *data)
{
	AUTO_FD reader = -1;
	unsigned char byte;
	pid_t pid, self = getpid();
	int fds[2];
	ssize_t n;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return log_failure("boot", STATUS_ERROR, "cannot create a pipe", strerror(errno),
				   "check the limit of open files");
	reader = fds[0];
	word_fd = fds[1];
	pid = fork();
	if (!pid) {
		cleanup_fd(&reader);
		become_worker(work, data, self);
	}
	cleanup_fd(&word_fd);
	word_fd = -1;
	if (pid < 0)
		return log_failure("boot", STATUS_ERROR, "cannot start a process", strerror(errno),
				   "check memory and process limits");
	do
		n = read(reader, &byte, 1);
	while (n < 0 && errno == EINTR);
	return n == 1 ? (enum status)byte : no_word(pid);
}

/* The end of the initramfs: another file system becomes /. */

struct watch {
	struct loop *loop;
	int fd; /* mountinfo, for which poll() wakes when mounts change; -1: it is not there */
	struct stat root;
};

/* What is mounted over our own root is found by way of "..". */
static bool look(struct stat *root)
{
	return !stat("/..", root);
}

static int watch_open(struct loop *loop, void *data)
{
	struct watch *watch = data;

	watch->loop = loop;
	watch->fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	look(&watch->root);
	return 0;
}

/* Then we go there, where /sys and /run are now. */
static int watch_step(void *data)
{
	struct watch *watch = data;
	struct stat now;

	if (!detached || watch->loop->stop || !look(&now) ||
	    (now.st_dev == watch->root.st_dev && now.st_ino == watch->root.st_ino))
		return 0;
	watch->loop->stop = true;
	if (chroot("/..") < 0)
		return -errno;
	log_info("boot", "the machine has switched root: the rest is left to it");
	return 0;
}

static void watch_waits(void *data, struct waits *waits)
{
	const struct watch *watch = data;

	waits_fd(waits, watch->fd, POLLPRI);
}

static void watch_close(void *data)
{
	struct watch *watch = data;

	cleanup_fd(&watch->fd);
}

const struct stage stage_switch = {
	.name = "boot",
	.size = sizeof(struct watch),
	.open = watch_open,
	.step = watch_step,
	.waits = watch_waits,
	.close = watch_close,
};
