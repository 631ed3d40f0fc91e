// SPDX-License-Identifier: GPL-2.0-only
/* Runs boot in a worker process, and stops it when the machine switches root. */
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

/* In the worker: the pipe for its result; -1 once the result was reported. */
static int report_fd = -1;
static bool detached;

void worker_report(enum status status)
{
	unsigned char byte = (unsigned char)status;

	if (write(report_fd, &byte, 1) < 0)
		log_warning("boot", "cannot report the result to the parent process: %s",
			    strerror(errno));
	cleanup_fd(&report_fd);
	report_fd = -1;
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
	setsid(); /* so that the terminal sends it no signals */
	work(data);
	log_close();
	_exit(0);
}

/* Grace period: a thread blocked in the kernel delays the worker's exit. */
#define END_MS 2000

/* Logs that worker @pid exited or was killed before it reported a result. */
static enum status log_no_result(pid_t pid)
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
	report_fd = fds[1];
	pid = fork();
	if (!pid) {
		cleanup_fd(&reader);
		become_worker(work, data, self);
	}
	cleanup_fd(&report_fd);
	report_fd = -1;
	if (pid < 0)
		return log_failure("boot", STATUS_ERROR, "cannot start a process", strerror(errno),
				   "check memory and process limits");
	do
		n = read(reader, &byte, 1);
	while (n < 0 && errno == EINTR);
	return n == 1 ? (enum status)byte : log_no_result(pid);
}

/* Stage: stops when the machine switches root, that is when another file system is mounted on /. */

struct root_watch {
	struct loop *loop;
	int fd; /* mountinfo: poll() wakes when mounts change; -1: cannot be opened */
	struct stat root; /* at the start */
};

/* Looks at "/..", which leads to the file system that is mounted over our root. */
static bool stat_top_root(struct stat *root)
{
	return !stat("/..", root);
}

static int switch_open(struct loop *loop, void *data)
{
	struct root_watch *watch = data;

	watch->loop = loop;
	watch->fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	stat_top_root(&watch->root);
	return 0;
}

/* After a switch of root, changes to the new root, which has /sys and /run. */
static int switch_step(void *data)
{
	struct root_watch *watch = data;
	struct stat now;

	if (!detached || watch->loop->stop || !stat_top_root(&now) ||
	    (now.st_dev == watch->root.st_dev && now.st_ino == watch->root.st_ino))
		return 0;
	watch->loop->stop = true;
	if (chroot("/..") < 0)
		return -errno;
	log_info("boot", "the machine has switched root: boot ends here");
	return 0;
}

static void switch_waits(void *data, struct waits *waits)
{
	const struct root_watch *watch = data;

	waits_fd(waits, watch->fd, POLLPRI);
}

static void switch_close(void *data)
{
	struct root_watch *watch = data;

	cleanup_fd(&watch->fd);
}

const struct stage stage_switch = {
	.name = "boot",
	.size = sizeof(struct root_watch),
	.open = switch_open,
	.step = switch_step,
	.waits = switch_waits,
	.close = switch_close,
};
