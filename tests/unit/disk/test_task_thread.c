// SPDX-License-Identifier: GPL-2.0-only
/* Tests that a thread without a separate file table does no work and reports the error. */
#include "tests/unit/parsed.h"

#include "disk/task_thread.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <unistd.h>

static struct task task;
static sem_t go;
static pid_t thread;

int __wrap_unshare(int flags);

static int ends(const void *data)
{
	return *(const int *)data;
}

int __wrap_unshare(int flags)
{
	thread = gettid();
	sem_wait(&go);
	errno = ENOMEM;
	return -1;
}

static void await_thread(void)
{
	struct deadline deadline = deadline_in(20);
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/task/%d", (int)thread);
	while (!access(path, F_OK) && deadline_left_ms(deadline))
		sched_yield();
	assert_int_not_equal(access(path, F_OK), 0);
}

/* The result is the same if the descriptor is closed. */
static void no_separate_files(void **state)
{
	int done = task_threads_open(), value = 0, error = 0;
	struct deadline deadline = deadline_in(20);
	struct pollfd p = { .fd = done, .events = POLLIN };

	sem_init(&go, 0, 0);
	assert_int_equal(task_start_thread(&task, done, ends, &value, sizeof(value)), 0);
	sem_post(&go);
	assert_int_equal(poll(&p, 1, 20000), 1);
	assert_true(task_has_ended(&task, &error));
	assert_int_equal(error, ENOMEM);
	await_thread();
	task_threads_drain(done);
	assert_int_equal(task_start_thread(&task, done, ends, &value, sizeof(value)), 0);
	close(done);
	sem_post(&go);
	while (!task_has_ended(&task, &error) && deadline_left_ms(deadline))
		sched_yield();
	assert_false(task_is_running(&task));
	await_thread();
	sem_destroy(&go);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(no_separate_files) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
