/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by task_process.c and disk/task_thread.c; programs without threads link only the first. */
#ifndef AGENT_BASE_TASK_BACKEND_H
#define AGENT_BASE_TASK_BACKEND_H

#include <stddef.h>

#include "base/task.h"

enum { THREAD_RUNNING, THREAD_ENDED, THREAD_ABANDONED };

/* Freed by the thread or by task_abandon(), whichever is last. */
struct thread {
	int state; /* one of the above, atomic */
	int (*work)(const void *data);
	int done;
	int error; /* valid in THREAD_ENDED */
	max_align_t data[];
};

/* Closes all descriptors from @fd on. */
void task_close_from(int fd);

#endif
