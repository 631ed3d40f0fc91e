/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What may block without end in the kernel, since a target fell silent, is done by a process of its
 * own, or by a thread where there are many. It has no file of ours, so that nobody waits for it who
 * waits for us, and no lock outlives us; one that is stuck is left behind, and ends by itself once
 * the kernel lets it go.
 */
#ifndef AGENT_BASE_TASK_H
#define AGENT_BASE_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/deadline.h"

struct task {
	pid_t pid; /* 0: none, or it has ended */
	int pidfd; /* readable once it ended; -1: none, or it is a thread */
	struct thread *thread; /* NULL: none, or it has ended */
};

#define TASK_NONE ((struct task){ .pidfd = -1 })

/* Does @work there, which returns an errno or 0. 0 or -errno. */
int task_start(struct task *task, int (*work)(const void *data), const void *data);
/*
 * The same with standard output of its own, some 60 KB and never waited for; once it ended, or was
 * left, what it said is read from @said until there is no more.
 */
int task_start_with_output(struct task *task, int (*work)(const void *data), const void *data,
			   int *said);

static inline bool task_is_running(const struct task *task)
{
	return task->pid || task->thread;
}

/* The type of task_start_thread() (disk/task_thread.h), for rooms that may not include it. */
typedef int task_thread_starter(struct task *task, int done, int (*work)(const void *data),
				const void *data, size_t size);

/*
 * For a process that the caller has started by itself: fills @task for @pid, the result of fork()
 * or clone(). Returns 0 or -errno, then the process is killed.
 */
int task_watch(struct task *task, pid_t pid);

/* Whether it has just ended: then @error is what @work returned, or EINTR if it was killed. */
bool task_has_ended(struct task *task, int *error);
/* What @work returned, or ETIMEDOUT if it does not end in time: then it is left behind. */
int task_wait(struct task *task, struct deadline deadline);
/* Waits for the process without a time limit. Returns its status as waitpid() does. */
int task_reap(struct task *task);
/* Kills the process, and its process group if it leads one. The caller then waits for it. */
void task_kill_group(struct task *task);
/* Leaves it behind, if it is still there. */
void task_abandon(struct task *task);

#endif
