// SPDX-License-Identifier: GPL-2.0-only
#include "base/task_private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Where close_range() is missing (before Linux 5.9) we have no more than a handful open. */
#define FDS_AT_MOST 256

void child_close_from(int fd)
{
	if (!syscall(SYS_close_range, fd, ~0U, 0))
		return;
	for (; fd < FDS_AT_MOST; fd++)
		close(fd);
}

/* But @out (-1: none), which becomes standard output. */
static void close_files(int out)
{
	int fd, null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (fd = 0; fd <= STDERR_FILENO; fd++)
		if (fd == STDOUT_FILENO && out >= 0)
			dup2(out, fd);
		else if (null < 0)
			close(fd);
		else
			dup2(null, fd);
	child_close_from(STDERR_FILENO + 1);
}

/* Nobody could wait for it. It may be in the kernel already, so nor is it waited for here. */
static int end_unseen(struct child *child)
{
	int r = -errno;

	kill(child->pid, SIGKILL);
	waitpid(child->pid, NULL, WNOHANG);
	*child = CHILD_NONE;
	return r;
}

static int start(struct child *child, int (*work)(const void *data), const void *data, int out)
{
	*child = CHILD_NONE;
	child->pid = fork();
	if (child->pid < 0) {
		child->pid = 0;
		return -errno;
	}
	if (!child->pid) {
		close_files(out);
		_exit(work(data));
	}
	child->pidfd = (int)syscall(SYS_pidfd_open, child->pid, 0);
	return child->pidfd < 0 ? end_unseen(child) : 0;
}

int child_start(struct child *child, int (*work)(const void *data), const void *data)
{
	return start(child, work, data, -1);
}

int child_start_telling(struct child *child, int (*work)(const void *data), const void *data,
			int *said)
{
	int fds[2], r;

	*child = CHILD_NONE;
	*said = -1;
	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) < 0)
		return -errno;
	r = start(child, work, data, fds[1]);
	close(fds[1]);
	if (r)
		close(fds[0]);
	else
		*said = fds[0];
	return r;
}

void child_leave(struct child *child)
{
	struct thread *t = child->thread;

	if (child->pidfd >= 0)
		close(child->pidfd);
	/* Whoever of the two comes last frees it, which the analyzer doesn't see. */
	if (t && __atomic_exchange_n(&t->state, THREAD_LEFT, __ATOMIC_ACQ_REL) == THREAD_ENDED)
		free(t); /* NOLINT(clang-analyzer-unix.Malloc) */
	*child = CHILD_NONE;
}

static bool thread_ended(struct child *child, int *error)
{
	struct thread *t = child->thread;

	if (__atomic_load_n(&t->state, __ATOMIC_ACQUIRE) != THREAD_ENDED)
		return false;
	*error = t->error;
	child_leave(child);
	return true;
}

bool child_ended(struct child *child, int *error)
{
	int status;

	if (child->thread)
		return thread_ended(child, error);
	if (!child->pid || waitpid(child->pid, &status, WNOHANG) != child->pid)
		return false;
	*error = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
	child_leave(child);
	return true;
}

int child_wait(struct child *child, struct deadline deadline)
{
	struct pollfd p = { .fd = child->pidfd, .events = POLLIN };
	int error = ETIMEDOUT;

	while (!child_ended(child, &error) && deadline_left_ms(deadline))
		if (poll(&p, 1, deadline_left_ms(deadline)) < 0 && errno != EINTR)
			break;
	child_leave(child);
	return error;
}
