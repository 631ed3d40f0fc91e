/* SPDX-License-Identifier: GPL-2.0-only */
/* Between child.c, which programs without threads have too, and thread.c. */
#ifndef AGENT_BASE_TASK_BACKEND_H
#define AGENT_BASE_TASK_BACKEND_H

#include <stddef.h>

#include "base/task.h"

enum { THREAD_RUNNING, THREAD_ENDED, THREAD_LEFT };

/* Freed by whoever is done with it last. */
struct thread {
	int state; /* of these, atomic */
	int (*work)(const void *data);
	int done;
	int error; /* once it has ended */
	max_align_t data[];
};

/* Closes all files from @fd on. */
void task_close_from(int fd);

#endif
