// SPDX-License-Identifier: GPL-2.0-only
/* Runs tasks in threads; base/task_process.c runs them in processes. */
#include "disk/task_thread.h"

#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/task_backend.h"

static void *thread_main(void *data)
{
	struct thread *t = data;
	const uint64_t one = 1;
	int fd, done = t->done;

	/*
	 * Gets a separate file table and closes all but @done, which reports the end of the thread.
	 */
	if (unshare(CLONE_FILES)) {
		t->error = errno;
	} else {
		for (fd = 0; fd < done; fd++)
			close(fd);
		task_close_from(done + 1);
		t->error = t->work(t->data);
	}
	if (__atomic_exchange_n(&t->state, THREAD_ENDED, __ATOMIC_ACQ_REL) == THREAD_ABANDONED)
		free(t);
	else
		(void)!write(done, &one,
			     sizeof(one)); /* fails only if @done is readable already or closed */
	return NULL;
}

/* Stack size: the work needs some KiB; directories are read into allocated memory. */
#define STACK (PTHREAD_STACK_MIN + 64 * 1024)

static int create_thread(struct thread *t)
{
	pthread_attr_t attr;
	pthread_t id;
	int r = pthread_attr_init(&attr);

	if (r)
		return -r;
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, (size_t)STACK);
	r = pthread_create(&id, &attr, thread_main, t);
	pthread_attr_destroy(&attr);
	return -r;
}

int task_start_thread(struct task *task, int done, int (*work)(const void *data), const void *data,
		      size_t size)
{
	struct thread *t = malloc(sizeof(*t) + size);
	int r;

	*task = TASK_NONE;
	if (!t)
		return -ENOMEM;
	*t = (struct thread){ .work = work, .done = done };
	memcpy(t->data, data, size);
	r = create_thread(t);
	if (r)
		free(t);
	else
		task->thread = t;
	return r;
}

int task_threads_open(void)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

#ifdef M_ARENA_MAX /* glibc: use one heap; by default each thread maps its own */
	mallopt(M_ARENA_MAX, 1);
#endif
	return fd < 0 ? -errno : fd;
}

void task_threads_drain(int done)
{
	uint64_t ended;

	while (read(done, &ended, sizeof(ended)) < 0 && errno == EINTR)
		;
}
