// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests that task_wait() waits at most until the deadline, and that a task has none of our open
 * files.
 */
#include "tests/unit/parsed.h"

#include "base/task.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static struct task task;

static int ends(const void *data)
{
	return *(const int *)data;
}

static int never_ends(const void *data)
{
	while (!data)
		pause();
	return 0;
}

/* Returns the number of open files, or 100 if the standard streams are unusable. */
static int files(const void *data)
{
	int fd, nr = 0;

	for (fd = 0; fd < 100; fd++)
		nr += fcntl(fd, F_GETFD) >= 0;
	if (write(STDOUT_FILENO, "x", 1) != 1 || read(STDIN_FILENO, &fd, 1))
		return 100;
	return nr;
}

static void result_comes_back(void **state)
{
	static const int values[] = { 0, EIO };
	unsigned int i;

	for (i = 0; i < 2; i++) {
		assert_int_equal(task_start(&task, ends, &values[i]), 0);
		assert_int_equal(task_wait(&task, deadline_in(20)), values[i]);
		assert_int_equal(task.pid, 0);
		assert_int_equal(task.pidfd, -1);
	}
}

static void none_has_ended(void **state)
{
	int error = 77;

	task = TASK_NONE;
	assert_false(task_has_ended(&task, &error));
	assert_int_equal(error, 77);
	task_abandon(&task);
}

static void deadline_holds(void **state)
{
	int64_t began = now_ns();
	pid_t pid;

	assert_int_equal(task_start(&task, never_ends, NULL), 0);
	pid = task.pid;
	assert_int_equal(task_wait(&task, deadline_in(1)), ETIMEDOUT);
	assert_true(now_ns() - began < 5000000000LL);
	assert_int_equal(task.pid, 0);
	kill(pid, SIGKILL);
}

static void killed(void **state)
{
	struct pollfd p = { .events = POLLIN };
	int error = 0;

	assert_int_equal(task_start(&task, never_ends, NULL), 0);
	assert_false(task_has_ended(&task, &error));
	kill(task.pid, SIGKILL);
	p.fd = task.pidfd;
	assert_int_equal(poll(&p, 1, 20000), 1);
	assert_true(task_has_ended(&task, &error));
	assert_int_equal(error, EINTR);
}

static void has_no_file_of_ours(void **state)
{
	int fd = open("/dev/null", O_RDONLY);

	assert_true(fd > 2);
	assert_int_equal(task_start(&task, files, NULL), 0);
	assert_int_equal(task_wait(&task, deadline_in(20)), 3);
	close(fd);
}

/* In this test the kernel refuses a pidfd. */

static bool refused;

long __wrap_syscall(long number, long a, long b, long c);
long __real_syscall(long number, long a, long b, long c);

long __wrap_syscall(long number, long a, long b, long c)
{
	if (!refused || number != SYS_pidfd_open)
		return __real_syscall(number, a, b, c);
	errno = EMFILE;
	return -1;
}

static void none_is_left(void **state)
{
	int status = 0;

	refused = true;
	assert_int_equal(task_start(&task, never_ends, NULL), -EMFILE);
	refused = false;
	assert_false(task_is_running(&task));
	if (wait(&status) < 0)
		assert_int_equal(errno, ECHILD);
	else
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(result_comes_back),   cmocka_unit_test(none_has_ended),
		cmocka_unit_test(deadline_holds),      cmocka_unit_test(killed),
		cmocka_unit_test(has_no_file_of_ours), cmocka_unit_test(none_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
