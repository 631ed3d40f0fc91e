// SPDX-License-Identifier: GPL-2.0-only
/* iscsiadm waits for iscsid for as long as that takes; not we for iscsiadm. */
#include "tests/unit/root.h"

#define handoff_retry_command handoff_again_here
#define execve(path, argv, envp) stands_still((path), (argv), (envp))
static int stands_still(const char *path, char *const *argv, char *const *envp)
{
	return pause();
}
#include "handoff/iscsid_retry.c"

static void attempt_ends(void **state)
{
	struct ibu_target target = { .name = { "iqn.x:t", 7 } };
	struct plan_path planned = { .number = 0 };
	struct path path = { .plan = &planned, .to = { &target, "10.0.2.2", 3260 } };
	struct again again = { .path = &path, .phase = WAITING };
	struct all a = { .progress = { .paths = &path, .nr_paths = 1 }, .list = &again, .nr = 1 };
	pid_t pid;

	again.node = (struct node){
		.target = "iqn.x:t", .address = "10.0.2.2", .iface = "default", .port = 3260
	};
	step(&a, &again, false);
	assert_int_equal(again.phase, TRYING);
	assert_true(deadline_left_ms(again.until) > 0); /* also without a limit for all */
	pid = again.task.pid;
	step(&a, &again, false);
	assert_int_equal(again.phase, TRYING);
	again.until = deadline_in_ms(0);
	step(&a, &again, false);
	assert_int_equal(again.phase, WAITING); /* for another attempt */
	assert_int_equal(again.tries, 1);
	assert_string_equal(path.why, "iscsid does not answer iscsiadm");
	assert_false(task_is_running(&again.task));
	assert_int_equal(kill(pid, 0), -1);
	arena_free(&a.progress.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(attempt_ends) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
