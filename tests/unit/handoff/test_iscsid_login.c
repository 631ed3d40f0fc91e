// SPDX-License-Identifier: GPL-2.0-only
/* Tests that an attempt of iscsiadm that does not end is killed, and that another one follows. */
#include "tests/unit/root.h"

#include <signal.h>

#include "base/cleanup.h"
#include "handoff/iscsid_login.h"

/* iscsiadm waits for iscsid without limit. */
int __wrap_execve(const char *path, char *const *argv, char *const *envp);

int __wrap_execve(const char *path, char *const *argv, char *const *envp)
{
	return pause();
}

static void attempt_ends(void **state)
{
	struct ibu_target target = { .name = { "iqn.x:t", 7 } };
	struct plan_path planned = { .number = 0 };
	struct path path = { .plan = &planned, .to = { &target, "10.0.2.2", 3260 } };
	struct progress progress = { .paths = &path, .nr_paths = 1 };
	struct iscsid_login login = { .progress = &progress,
				      .path = &path,
				      .phase = LOGIN_WAITING,
				      .task = TASK_NONE,
				      .output = -1 };
	pid_t pid;

	login.node = (struct node){
		.target = "iqn.x:t", .address = "10.0.2.2", .iface = "default", .port = 3260
	};
	iscsid_login_step(&login, false);
	assert_int_equal(login.phase, LOGIN_TRYING);
	assert_true(deadline_left_ms(login.until) > 0); /* even without a limit for all paths */
	pid = login.task.pid;
	iscsid_login_step(&login, false);
	assert_int_equal(login.phase, LOGIN_TRYING);
	login.until = deadline_in_ms(0);
	iscsid_login_step(&login, false);
	assert_int_equal(login.phase, LOGIN_WAITING); /* for another attempt */
	assert_int_equal(login.tries, 1);
	assert_string_equal(path.why, "iscsid does not respond to iscsiadm");
	assert_false(task_is_running(&login.task));
	assert_int_equal(kill(pid, 0), -1);
	arena_free(&progress.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(attempt_ends) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
