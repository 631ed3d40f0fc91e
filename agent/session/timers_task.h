/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The timers of one disk and its session: set, read back and told, in a process or thread of its
 * own, since a disk that does not answer may hold it up.
 */
#ifndef AGENT_SESSION_TIMERS_TASK_H
#define AGENT_SESSION_TIMERS_TASK_H

#include "base/task.h"
#include "base/exit_status.h"
#include "session/timers.h"

struct tuning_said;

struct timers_task {
	const struct timers *timers;
	int sid;
	const char *disk; /* of that session, or it is left alone */
	bool held; /* by dm-multipath, as all our disks of the session */
	/* Private: */
	struct task task;
	struct tuning_said *said;
};

/*
 * Starts in a thread by @start (task_start_thread() of the room disk) with @threads, or in a
 * process if @start is NULL. Returns 0 or -errno. The caller then calls task_has_ended(), or for a
 * process task_wait(), for @timers_task->task.
 */
int timers_task_start(struct timers_task *timers_task, task_thread_starter *start, int threads);
/*
 * Says in the log what it came to. @error: errno of its start or end; ETIMEDOUT: it is left behind.
 * STATUS_OK, or STATUS_TIMERS and the words (in @arena; NULL without memory) for what differs.
 */
enum status timers_task_end(struct timers_task *timers_task, int error, void **arena,
			    const char **why);
/* Leaves it behind without a word. */
void timers_task_abandon(struct timers_task *timers_task);

#endif
