// SPDX-License-Identifier: GPL-2.0-only
/* Runs tasks in child processes. */
#include "base/task_backend.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/process_detach.h"

/* For kernels without close_range() (before Linux 5.9): the agent never has more files open. */
#define FDS_MAX 256

void task_close_from(int fd)
{
	if (!syscall(SYS_close_range, fd, ~0U, 0))
		return;
	for (; fd < FDS_MAX; fd++)
		close(fd);
}

/* Kills a process without pidfd. It may be blocked in the kernel, so this does not wait for it. */
static int kill_unwatched(struct task *task)
{
	int r = -errno;

	kill(task->pid, SIGKILL);
	waitpid(task->pid, NULL, WNOHANG);
	*task = TASK_NONE;
	return r;
}

int task_watch(struct task *task, pid_t pid)
{
	*task = TASK_NONE;
	if (pid < 0)
		return -errno;
	task->pid = pid;
	task->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	return task->pidfd < 0 ? kill_unwatched(task) : 0;
}

static int fork_task(struct task *task, int (*work)(const void *data), const void *data, int out)
{
	pid_t pid = fork();

	if (!pid) {
		process_redirect_stdio(out);
		task_close_from(STDERR_FILENO + 1);
		_exit(work(data));
	}
	return task_watch(task, pid);
}

int task_start(struct task *task, int (*work)(const void *data), const void *data)
{
	return fork_task(task, work, data, -1);
}

int task_start_with_output(struct task *task, int (*work)(const void *data), const void *data,
			   int *said)
{
	int fds[2], r;

	*task = TASK_NONE;
	*said = -1;
	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) < 0)
		return -errno;
	r = fork_task(task, work, data, fds[1]);
	close(fds[1]);
	if (r)
		close(fds[0]);
	else
		*said = fds[0];
	return r;
}

void task_abandon(struct task *task)
{
	struct thread *t = task->thread;

	if (task->pidfd >= 0)
		close(task->pidfd);
	/*
	 * The thread or this function frees it, whichever is last; the analyzer does not see that.
	 */
	if (t && __atomic_exchange_n(&t->state, THREAD_ABANDONED, __ATOMIC_ACQ_REL) == THREAD_ENDED)
		free(t); /* NOLINT(clang-analyzer-unix.Malloc) */
	*task = TASK_NONE;
}

static bool thread_ended(struct task *task, int *error)
{
	struct thread *t = task->thread;

	if (__atomic_load_n(&t->state, __ATOMIC_ACQUIRE) != THREAD_ENDED)
		return false;
	*error = t->error;
	task_abandon(task);
	return true;
}

bool task_has_ended(struct task *task, int *error)
{
	int status;

	if (task->thread)
		return thread_ended(task, error);
	if (!task->pid || waitpid(task->pid, &status, WNOHANG) != task->pid)
		return false;
	*error = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
	task_abandon(task);
	return true;
}

int task_reap(struct task *task)
{
	int status = 0;

	while (waitpid(task->pid, &status, 0) < 0 && errno == EINTR)
		;
	task_abandon(task);
	return status;
}

void task_kill_group(struct task *task)
{
	kill(-task->pid, SIGKILL);
	kill(task->pid, SIGKILL); /* it may not lead its group yet */
}

int task_wait(struct task *task, struct deadline deadline)
{
	struct pollfd p = { .fd = task->pidfd, .events = POLLIN };
	int error = ETIMEDOUT;

	while (!task_has_ended(task, &error) && deadline_left_ms(deadline))
		if (poll(&p, 1, deadline_left_ms(deadline)) < 0 && errno != EINTR)
			break;
	task_abandon(task);
	return error;
}
