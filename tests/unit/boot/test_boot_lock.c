// SPDX-License-Identifier: GPL-2.0-only
/* Tests that a second boot stops the worker that holds the lock, and no other process. */
#include "tests/unit/root.h"

#include "boot/boot_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

static int home = -1;
static pid_t holder, other;

static pid_t start(bool takes_lock)
{
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (!pid) {
		if (!takes_lock || !flock(open("lock", O_RDWR | O_CREAT, 0600), LOCK_EX | LOCK_NB))
			(void)!write(ready[1], "", 1);
		pause();
		_exit(0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static int make(void **state)
{
	if (root_make(state))
		return -1;
	home = open(".", O_RDONLY);
	assert_int_equal(chdir(root), 0);
	holder = start(true);
	other = start(false);
	return 0;
}

static int unmake(void **state)
{
	kill(holder, SIGKILL);
	kill(other, SIGKILL);
	while (wait(NULL) > 0)
		;
	assert_int_equal(fchdir(home), 0);
	close(home);
	return root_remove(state);
}

static void lock_put_pid(pid_t pid)
{
	char text[16];

	snprintf(text, sizeof(text), "%d\n", pid);
	root_put("/lock", text);
}

static bool lives(pid_t pid)
{
	return !waitpid(pid, NULL, WNOHANG);
}

static void worker_holds_it(void **state)
{
	struct stat st;
	int fd;

	lock_put_pid(holder);
	assert_int_equal(boot_lock_take("lock", &fd), STATUS_OK);
	assert_false(lives(holder));
	assert_true(lives(other));
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_size, 0);
	close(fd);
}

/* The file has the ID of a worker that ended; the lock holder has not written its ID. */
static void number_is_anothers(void **state)
{
	int fd;

	lock_put_pid(other);
	assert_int_equal(boot_lock_take("lock", &fd), STATUS_ERROR);
	assert_true(lives(other));
	assert_true(lives(holder));
	close(fd);
}

static void no_number(void **state)
{
	static const char *const texts[] = { "", "0\n", "-1\n", "x\n", "99999999999" };
	unsigned int i;
	int fd;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		root_put("/lock", texts[i]);
		assert_int_equal(boot_lock_take("lock", &fd), STATUS_ERROR);
		close(fd);
	}
	assert_true(lives(holder));
}

/* A lock file that cannot be emptied is logged, and boot continues. */
static bool refused;
int __wrap_ftruncate(int fd, off_t len);
int __real_ftruncate(int fd, off_t len);

int __wrap_ftruncate(int fd, off_t len)
{
	errno = EIO;
	return refused ? -1 : __real_ftruncate(fd, len);
}

static void cannot_be_emptied(void **state)
{
	int fd;

	lock_put_pid(holder);
	refused = true;
	assert_int_equal(boot_lock_take("lock", &fd), STATUS_OK);
	refused = false;
	close(fd);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, unmake)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(worker_holds_it),
		TEST(number_is_anothers),
		TEST(no_number),
		TEST(cannot_be_emptied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
