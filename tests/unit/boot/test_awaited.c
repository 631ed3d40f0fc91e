// SPDX-License-Identifier: GPL-2.0-only
/* Tests for which disks boot waits, and what it does without some of them. */
#include "tests/unit/root.h"

#include "base/sysfs.h"
#include "boot/boot_private.h"

#define NR 4

static struct ibu_target targets[NR];
static struct plan_path planned[NR];
static struct path paths[NR];
static struct plan plan;
static struct progress progress;

/* Three disks; the second one has two paths, and the last one comes from the firmware's table. */
static int make(void **state)
{
	static const char *const names[NR] = { "iqn.x:a", "iqn.x:b", "iqn.x:b", "iqn.x:c" };
	unsigned int i;

	if (root_make(state))
		return -1;
	sysfs_root = root;
	plan = (struct plan){ .paths = planned, .nr_paths = NR };
	progress = (struct progress){ .plan = &plan, .paths = paths, .nr_paths = NR };
	for (i = 0; i < NR; i++) {
		targets[i] = (struct ibu_target){ .source = IBU_FROM_CMDLINE };
		targets[i].name = (struct ibu_text){ names[i], 7 };
		planned[i] = (struct plan_path){ .number = i };
		paths[i] = (struct path){ .plan = &planned[i],
					  .to.target = &targets[i],
					  .disk = "sda",
					  .why = "refused" };
	}
	targets[3].source = IBU_FROM_IBFT;
	return 0;
}

static void put(unsigned int i, enum path_state path_state)
{
	paths[i].state = path_state;
	paths[i].result = path_state == PATH_FAILED ? STATUS_REFUSED : STATUS_OK;
}

static void root_alone(void **state)
{
	assert_false(awaited_settled(&progress));
	put(0, PATH_IN);
	assert_true(awaited_settled(&progress));
	assert_ptr_equal(awaited_root(&progress), &paths[0]);
	assert_int_equal(awaited_report_missing(&progress), 0);
	put(0, PATH_FAILED);
	put(1, PATH_IN);
	assert_true(awaited_settled(&progress));
	assert_null(awaited_root(&progress));
	paths[0].comes_back = true;
	assert_false(awaited_settled(&progress));
}

/* A disk that stood by is the root disk once it is there, even if another one is still tried. */
static void stood_by(void **state)
{
	planned[3].standby = true;
	put(3, PATH_STANDBY);
	assert_false(awaited_settled(&progress));
	put(3, PATH_LOGIN);
	assert_false(awaited_settled(&progress));
	put(3, PATH_IN);
	assert_true(awaited_settled(&progress));
	assert_ptr_equal(awaited_root(&progress), &paths[3]);
	assert_int_equal(awaited_report_missing(&progress), 0);
}

/* One path of each disk of the command line is enough. */
static void all_of_command_line(void **state)
{
	plan.awaits_all = true;
	put(0, PATH_IN);
	assert_false(awaited_settled(&progress));
	put(1, PATH_FAILED);
	assert_false(awaited_settled(&progress));
	put(2, PATH_IN);
	assert_true(awaited_settled(&progress));
	assert_int_equal(awaited_report_missing(&progress), 0);
}

static void refused_disk(void **state)
{
	plan.awaits_all = true;
	put(0, PATH_IN);
	put(1, PATH_FAILED);
	put(2, PATH_FAILED);
	put(3, PATH_FAILED);
	assert_true(awaited_settled(&progress));
	assert_ptr_equal(awaited_root(&progress), &paths[0]);
	/* two paths to one disk; the table's disk is not waited for */
	assert_int_equal(awaited_report_missing(&progress), 1);
}

/* Without the first disk the root may be on another one; then that one is recorded as the root. */
static void first_disk_is_missing(void **state)
{
	const char *path = root_path("/dev/iscsi-boot/root"); /* makes /dev */
	char link[16];

	plan.awaits_all = true;
	put(0, PATH_FAILED);
	put(1, PATH_LOGIN);
	put(2, PATH_IN);
	assert_true(awaited_settled(&progress));
	assert_ptr_equal(awaited_root(&progress), &paths[2]);
	assert_ptr_equal(progress.root, &paths[2]);
	assert_true(path_is_roots(&progress, &paths[1]));
	assert_int_equal(awaited_report_missing(&progress), 1);
	assert_true(readlink(path, link, sizeof(link)) == 6);
	assert_memory_equal(link, "../sda", 6);
}

/* A path without a LUN attaches all disks of the target, also that which another path names. */
static void attached_with_all(void **state)
{
	ibu_set(&targets[1].f, IBU_TARGET_LUN);
	plan.awaits_all = true;
	put(0, PATH_IN);
	put(1, PATH_LOGIN);
	put(2, PATH_IN);
	put(3, PATH_FAILED);
	assert_true(awaited_settled(&progress));
	put(1, PATH_FAILED);
	assert_int_equal(awaited_report_missing(&progress), 0);
	put(1, PATH_IN);
	put(2, PATH_LOGIN);
	assert_false(awaited_settled(&progress));
}

static void all_disks_are_missing(void **state)
{
	unsigned int i;

	plan.awaits_all = true;
	for (i = 0; i < NR; i++)
		put(i, PATH_FAILED);
	assert_true(awaited_settled(&progress));
	assert_null(awaited_root(&progress));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, root_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(root_alone),	   TEST(all_of_command_line),	TEST(stood_by),
		TEST(all_of_command_line), TEST(refused_disk),		TEST(first_disk_is_missing),
		TEST(attached_with_all),   TEST(all_disks_are_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
