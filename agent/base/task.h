/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A task does work that may block in the kernel without limit because a target stopped responding.
 * It runs in a process, or in a thread where there are many (disk/task_thread.h). It closes its
 * copies of the agent's files: a program that reads the agent's pipes does not wait for the task,
 * and no lock outlives the agent. A blocked task is abandoned and exits when the kernel call
 * returns.
 */
#ifndef AGENT_BASE_TASK_H
#define AGENT_BASE_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/deadline.h"

struct task {
	pid_t pid; /* 0: no process, or it has ended */
	int pidfd; /* readable once it has ended; -1: no process */
	struct thread *thread; /* NULL: no thread, or it has ended */
};

#define TASK_NONE ((struct task){ .pidfd = -1 })

/* Starts a process that runs @work, which returns an errno or 0. Returns 0 or -errno. */
int task_start(struct task *task, int (*work)(const void *data), const void *data);
/*
 * Starts a process in the same way, with its standard output on a pipe. The pipe holds some 60 KB
 * and never blocks the process. @said: the descriptor to read from once the task has ended or is
 * abandoned; the caller closes it.
 */
int task_start_with_output(struct task *task, int (*work)(const void *data), const void *data,
			   int *said);

/* Returns true until the end of the task is noticed or it is abandoned. */
static inline bool task_is_running(const struct task *task)
{
	return task->pid || task->thread;
}

/* The type of task_start_thread() (disk/task_thread.h), for rooms that may not include it. */
typedef int task_thread_starter(struct task *task, int done, int (*work)(const void *data),
				const void *data, size_t size);

/*
 * Fills @task for a process that the caller has started: @pid is the result of fork() or clone().
 * Returns 0, or -errno after killing the process.
 */
int task_watch(struct task *task, pid_t pid);

/*
 * Returns true if the task has ended since it was started or last checked. @error is then the value
 * that @work returned, or EINTR if the process was killed.
 */
bool task_has_ended(struct task *task, int *error);
/* Waits for the process. Returns the result of @work, or ETIMEDOUT; the task is then abandoned. */
int task_wait(struct task *task, struct deadline deadline);
/* Waits for the process without a time limit. Returns its status as waitpid() does. */
int task_reap(struct task *task);
/* Kills the process, and its process group if it leads one. The caller then waits for it. */
void task_kill_group(struct task *task);
/* Stops watching the task. If it still runs, it exits by itself later. */
void task_abandon(struct task *task);

#endif
