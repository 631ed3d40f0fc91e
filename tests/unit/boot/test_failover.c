// SPDX-License-Identifier: GPL-2.0-only
/* Tests when the targets that stand by are tried, and that it is one disk after another. */
#include "tests/unit/fake.h"

#include <string.h>

#include "boot/stages.h"

#define NR 4

static struct ibu_target targets[NR];
static struct plan_path planned[NR];
static struct path paths[NR];
static struct plan plan;
static struct progress progress;
static enum status ends[NR]; /* of a path in PATH_NET; STAYS: it stays there */

#define STAYS ((enum status)-1)

/* The selected target a, then b by two portals and c, which stand by. */
static int make(void **state)
{
	static const char *const names[NR] = { "iqn.x:a", "iqn.x:b", "iqn.x:c", "iqn.x:b" };
	unsigned int i;

	for (i = 0; i < NR; i++) {
		targets[i] = (struct ibu_target){ .name = { names[i], 7 } };
		planned[i] = (struct plan_path){ .number = i, .standby = i > 0 };
		paths[i] = (struct path){ .plan = &planned[i],
					  .to.target = &targets[i],
					  .state = i ? PATH_STANDBY : PATH_NET };
		ends[i] = STATUS_OK;
	}
	plan = (struct plan){ .paths = planned, .nr_paths = NR, .policy.deadline_s = 120 };
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

	for (i = 0; i < NR; i++) {
		if (paths[i].state != PATH_NET || ends[i] == STAYS)
			continue;
		if (ends[i] == STATUS_OK)
			path_goto(&paths[i], PATH_IN);
		else
			path_fail(&progress, &paths[i], ends[i], "as told");
	}
	return 0;
}

static void fake_waits(void *data, struct waits *waits)
{
}

static void fake_give_up(void *data, struct path *path)
{
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
static const struct stage *const stages[] = { &fake, &stage_failover, NULL };

static bool root_is_settled(const struct loop *loop)
{
	return progress_root_in(loop->progress, PATH_IN) || !loop_is_pending(loop);
}

/* Runs until the root disk is there or all have failed. Returns its path, or NULL. */
static const struct path *run(struct deadline deadline)
{
	struct loop loop;

	assert_int_equal(loop_open(&loop, &progress, stages, deadline), 0);
	assert_int_equal(loop_until(&loop, root_is_settled), 0);
	loop_close(&loop);
	arena_free(&progress.arena);
	return progress_root_in(&progress, PATH_IN);
}

static void selected_is_up(void **state)
{
	assert_ptr_equal(run(deadline_in(60)), &paths[0]);
	assert_int_equal(paths[1].state, PATH_STANDBY);
	assert_int_equal(paths[2].state, PATH_STANDBY);
}

static void selected_failed(void **state)
{
	ends[0] = STATUS_AUTH;
	ends[3] = STAYS;
	assert_ptr_equal(run(deadline_in(60)), &paths[1]);
	assert_int_equal(paths[2].state, PATH_STANDBY);
	assert_int_equal(paths[3].state, PATH_NET); /* the same disk as path 1 */
}

static void all_failed(void **state)
{
	unsigned int i;

	for (i = 0; i < NR; i++)
		ends[i] = STATUS_NO_TARGET;
	assert_null(run(deadline_in(60)));
	for (i = 0; i < NR; i++)
		assert_int_equal(paths[i].state, PATH_FAILED);
}

/* The selected target does not answer: half of the time is for others, and it is still tried. */
static void selected_is_silent(void **state)
{
	plan.policy.deadline_s = 2;
	ends[0] = STAYS;
	assert_ptr_equal(run(deadline_in(60)), &paths[1]);
	assert_int_equal(paths[0].state, PATH_NET);
	assert_int_equal(paths[2].state, PATH_STANDBY);
}

/* After the deadline nothing new is started. */
static void too_late(void **state)
{
	ends[0] = STAYS;
	assert_null(run(deadline_in_ms(10)));
	assert_int_equal(paths[0].state, PATH_FAILED);
	assert_int_equal(paths[1].state, PATH_STANDBY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(selected_is_up, make),
		cmocka_unit_test_setup(selected_failed, make),
		cmocka_unit_test_setup(all_failed, make),
		cmocka_unit_test_setup(selected_is_silent, make),
		cmocka_unit_test_setup(too_late, make),
	};

	return cmocka_run_group_tests_name("failover", tests, NULL, NULL);
}
