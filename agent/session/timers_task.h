/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets the timers of one disk and its session in a task, because a disk that does not respond may
 * block the write.
 */
#ifndef AGENT_SESSION_TIMERS_TASK_H
#define AGENT_SESSION_TIMERS_TASK_H

#include "base/task.h"
#include "base/exit_status.h"
#include "session/timers.h"

struct timers_output;

struct timers_task {
	const struct timers *timers;
	int sid;
	const char *disk; /* must belong to that session */
	bool held; /* dm-multipath holds all recorded disks of the session */
	/* Private: */
	struct task task;
	struct timers_output *output;
};

/*
 * Starts the task: in a thread if @start is task_start_thread() of the room disk, which gets
 * @threads; in a process if @start is NULL. Returns 0 or -errno. The caller then calls
 * task_has_ended(), or for a process task_wait(), for @timers_task->task.
 */
int timers_task_start(struct timers_task *timers_task, task_thread_starter *start, int threads);
/*
 * Logs the result. @error: errno of the start or of the task; ETIMEDOUT: the task is abandoned.
 * Returns STATUS_OK; or STATUS_TIMERS, and in @why the timers that differ (in @arena; NULL without
 * memory).
 */
enum status timers_task_end(struct timers_task *timers_task, int error, void **arena,
			    const char **why);
/* Abandons the task without logging. */
void timers_task_abandon(struct timers_task *timers_task);

#endif
