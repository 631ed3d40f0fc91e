// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests the loop: no path waits for another, each has a deadline, failed ones are retried if
 * configured.
 */
#include "tests/unit/fake.h"

#include "boot/stages.h"
#include "session/stale_sessions.h"

#include <errno.h>
#include <poll.h>

#define NR 3

static struct ibu_target targets[NR];
static struct plan_path planned[NR];
static struct path paths[NR];
static struct plan plan;
static struct progress progress;

/* Turns that each path stays in the stage of this test; -1: for ever. */
static int turns[NR], given_up[NR], steps;
static enum status fails_with[NR];

static int make(void **state)
{
	unsigned int i;

	for (i = 0; i < NR; i++) {
		targets[i] = (struct ibu_target){ .name = { i ? "iqn.x:b" : "iqn.x:a", 7 } };
		planned[i] = (struct plan_path){ .number = i };
		paths[i] = (struct path){ .plan = &planned[i], .to.target = &targets[i] };
		turns[i] = given_up[i] = 0;
		fails_with[i] = STATUS_OK;
	}
	steps = 0;
	plan = (struct plan){ .paths = planned, .nr_paths = NR };
	progress = (struct progress){ .plan = &plan, .paths = paths, .nr_paths = NR };
	return 0;
}

static int fake_open(struct loop *loop, void *data)
{
	return 0;
}

static int fake_step(void *data)
{
	unsigned int i;

	steps++;
	for (i = 0; i < NR; i++) {
		if (paths[i].state != PATH_NET || !turns[i])
			continue;
		if (turns[i] > 0 && --turns[i])
			continue;
		if (turns[i])
			continue;
		if (fails_with[i] == STATUS_OK)
			path_goto(&paths[i], PATH_IN);
		else
			path_fail(&progress, &paths[i], fails_with[i], "as told");
	}
	return 0;
}

static void fake_waits(void *data, struct waits *waits)
{
	unsigned int i;

	for (i = 0; i < NR; i++)
		if (paths[i].state == PATH_NET && turns[i] > 0)
			waits_until(waits, (struct deadline){ 0 });
}

static void fake_give_up(void *data, struct path *path)
{
	given_up[path - paths]++;
	path_fail(&progress, path, STATUS_NO_ANSWER, "given up");
}

static void fake_close(void *data)
{
}

static const struct stage fake = {
	.name = "fake",
	.size = 1,
	.open = fake_open,
	.step = fake_step,
	.waits = fake_waits,
	.give_up = fake_give_up,
	.state = PATH_NET,
	.close = fake_close,
};
static const struct stage *const stages[] = { &fake, &stage_retry, NULL };

static bool root_is_settled(const struct loop *loop)
{
	return progress_root_in(loop->progress, PATH_IN) || paths[0].state == PATH_FAILED;
}

static bool all_are_settled(const struct loop *loop)
{
	return !loop_is_pending(loop);
}

static bool root_came_back(const struct loop *loop)
{
	return paths[0].state == PATH_NET && !turns[0];
}

static void end(struct loop *loop)
{
	loop_close(loop);
	arena_free(&progress.arena);
}

static void root_does_not_wait(void **state)
{
	struct loop loop;

	turns[0] = 3;
	turns[1] = turns[2] = -1;
	assert_int_equal(loop_open(&loop, &progress, stages, deadline_in(20)), 0);
	assert_int_equal(loop_until(&loop, root_is_settled), 0);
	assert_int_equal(paths[0].state, PATH_IN);
	assert_int_equal(paths[1].state, PATH_NET);
	assert_int_equal(steps, 3);
	assert_true(loop_is_pending(&loop));
	/* Then the other paths have a separate deadline, at which they end. */
	loop.deadline = deadline_in_ms(10);
	assert_int_equal(loop_until(&loop, all_are_settled), 0);
	assert_true(loop.over);
	assert_int_equal(given_up[0], 0);
	assert_int_equal(given_up[1], 1);
	assert_int_equal(paths[2].result, STATUS_NO_ANSWER);
	assert_string_equal(paths[2].why, "given up");
	end(&loop);
}

/* A path that fails permanently does not end the others. */
static void other_fails(void **state)
{
	struct loop loop;

	turns[0] = 5;
	turns[1] = turns[2] = 1;
	fails_with[1] = STATUS_AUTH;
	assert_int_equal(loop_open(&loop, &progress, stages, deadline_in(20)), 0);
	assert_int_equal(loop_until(&loop, all_are_settled), 0);
	assert_int_equal(paths[0].state, PATH_IN);
	assert_int_equal(paths[1].state, PATH_FAILED);
	assert_int_equal(paths[1].result, STATUS_AUTH);
	assert_int_equal(paths[2].state, PATH_IN);
	assert_false(loop.over);
	end(&loop);
}

static void root_fails(void **state)
{
	struct loop loop;

	turns[0] = 2;
	fails_with[0] = STATUS_NO_TARGET;
	turns[1] = turns[2] = -1;
	assert_int_equal(loop_open(&loop, &progress, stages, deadline_in(20)), 0);
	assert_int_equal(loop_until(&loop, root_is_settled), 0);
	assert_ptr_equal(progress_root_in(&progress, PATH_FAILED), &paths[0]);
	assert_null(progress_root_in(&progress, PATH_IN));
	assert_false(loop.over);
	end(&loop);
}

/* on-failure=retry: transient failures are retried after a pause, permanent ones are not. */
static void comes_back(void **state)
{
	struct loop loop;

	plan.policy.on_failure = ON_FAILURE_RETRY;
	turns[0] = turns[1] = turns[2] = 1;
	fails_with[0] = STATUS_NO_TARGET;
	fails_with[1] = STATUS_AUTH;
	assert_int_equal(loop_open(&loop, &progress, stages, deadline_in(20)), 0);
	assert_false(all_are_settled(&loop));
	assert_int_equal(loop_until(&loop, root_came_back), 0);
	assert_int_equal(paths[1].state, PATH_FAILED);
	assert_false(paths[1].comes_back);
	/* At the deadline nothing is retried any more. */
	turns[0] = 1;
	loop.deadline = deadline_in_ms(1);
	assert_int_equal(loop_until(&loop, all_are_settled), 0);
	assert_int_equal(paths[0].state, PATH_FAILED);
	assert_false(paths[0].comes_back);
	assert_true(loop.over);
	end(&loop);
}

/* Tests which sessions in the fake /sys a killed login left. */
static void left_over(void **state)
{
	AUTO_ARENA arena = NULL;
	int saved = dup(STDERR_FILENO), fd;
	char *text;

	fd = open(root_path("/log"), O_RDWR | O_CREAT, 0600);
	fake_session(1, 1, "iqn.x:a\n", "10.0.2.2\n", "3260\n"); /* logged in */
	fake_put("999999999\n", "/sys/class/iscsi_session/session1/creator");
	fake_session(2, 2, "iqn.x:a\n", "10.0.2.2\n", "3260\n"); /* its creator runs */
	fake_put("FREE\n", "/sys/class/iscsi_session/session2/state");
	fake_put("77\n", "/sys/class/iscsi_session/session2/creator");
	fake_put("77 (iscsi ) start) S 1 1 1\n", "/proc/77/stat");
	fake_session(3, 3, "iqn.x:a\n", "10.0.2.2\n", "3260\n"); /* was logged in */
	fake_put("FREE\n", "/sys/class/iscsi_session/session3/state");
	fake_put("999999999\n", "/sys/class/iscsi_session/session3/creator");
	fake_lun(3, 3, 1, "0\n");
	fake_session(4, 4, "iqn.x:a\n", "10.0.2.2\n", "3260\n"); /* creator: zombie */
	fake_put("FREE\n", "/sys/class/iscsi_session/session4/state");
	fake_put("78\n", "/sys/class/iscsi_session/session4/creator");
	fake_put("78 (iscsistart) Z 1 1 1\n", "/proc/78/stat");
	fake_session(5, 5, "iqn.x:a\n", "10.0.2.2\n", "3260\n"); /* its creator is gone */
	fake_put("FREE\n", "/sys/class/iscsi_session/session5/state");
	fake_put("999999999\n", "/sys/class/iscsi_session/session5/creator");
	fake_session(6, 6, "iqn.x:a\n", "10.0.2.2\n",
		     "3260\n"); /* likewise, and its connection failed */
	fake_put("FAILED\n", "/sys/class/iscsi_session/session6/state");
	fake_put("999999999\n", "/sys/class/iscsi_session/session6/creator");
	fake_session(7, 7, "iqn.x:a\n", "10.0.2.2\n", "3260\n"); /* its state cannot be read */
	assert_int_equal(unlink(root_path("/sys/class/iscsi_session/session7/state")), 0);
	fake_put("999999999\n", "/sys/class/iscsi_session/session7/creator");
	dup2(fd, STDERR_FILENO);
	stale_sessions_remove(); /* logs for each that no transport is loaded here */
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(fd);
	assert_true(file_read(&arena, &text, "%s", root_path("/log")) > 0);
	assert_null(strstr(text, "session1: "));
	assert_null(strstr(text, "session2: "));
	assert_null(strstr(text, "session3: "));
	assert_null(strstr(text, "session7: "));
	assert_non_null(strstr(text, "session4: cannot remove session of a killed login"));
	assert_non_null(strstr(text, "session5: cannot remove session of a killed login"));
	assert_non_null(strstr(text, "session6: cannot remove session of a killed login"));
}

static int make_root(void **state)
{
	if (root_make(state))
		return -1;
	sysfs_root = root;
	return 0;
}

#define TEST(f) cmocka_unit_test_setup(f, make)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(root_does_not_wait),
		TEST(other_fails),
		TEST(root_fails),
		TEST(comes_back),
		cmocka_unit_test_setup_teardown(left_over, make_root, root_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
