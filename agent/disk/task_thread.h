/* SPDX-License-Identifier: GPL-2.0-only */
/* Tasks (base/task.h) that run in a thread instead of a process. */
#ifndef AGENT_DISK_TASK_THREAD_H
#define AGENT_DISK_TASK_THREAD_H

#include "base/task.h"

/*
 * Starts a thread that runs @work, which returns an errno or 0, with a copy of the @size bytes of
 * @data. A thread costs a tenth of a process: fork() copies the page tables, and later each page
 * that the parent writes to. The thread shares our memory, so @work must touch nothing else that
 * may change or be freed. Its only open file is @done. Returns 0 or -errno.
 *
 * @done: from task_threads_open(). It is readable once one of its threads has ended; drain it
 * before calling task_has_ended() for them.
 */
int task_start_thread(struct task *task, int done, int (*work)(const void *data), const void *data,
		      size_t size);
/* Returns a descriptor for @done, which the caller closes, or -errno. */
int task_threads_open(void);
/* Reads @done until it is not readable any more. */
void task_threads_drain(int done);

#endif
