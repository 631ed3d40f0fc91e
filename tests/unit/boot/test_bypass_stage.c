// SPDX-License-Identifier: GPL-2.0-only
/* Tests that rd.iscsi.bypass ends the boot for a root on another disk, and only then. */
#include "tests/unit/fake.h"
#include "tests/unit/stage.h"

static struct plan plan;
static struct progress progress;

static int make(void **state)
{
	if (root_make(state))
		return -1;
	sysfs_root = root;
	plan = (struct plan){ .bypass = true, .root_dev = "UUID=12", .root_lun = -1 };
	progress = (struct progress){ .plan = &plan };
	return 0;
}

static bool is_over(const struct loop *loop)
{
	return true;
}

/* Runs one turn of the stage. */
static bool bypasses(void)
{
	static const struct stage *const stages[] = { &stage_bypass, NULL };
	struct loop loop;

	progress.root_elsewhere = false;
	assert_int_equal(loop_open(&loop, &progress, stages, deadline_in(5)), 0);
	assert_int_equal(loop_until(&loop, is_over), 0);
	assert_int_equal(loop.stop, progress.root_elsewhere);
	loop_close(&loop);
	return progress.root_elsewhere;
}

/* Makes the block device @name at @real, and the link of its UUID. */
static void put_root(const char *name, const char *real)
{
	char link[128], to[128];

	fake_put("", "/dev/%s", name);
	fake_put("2048\n", "%s/size", real);
	snprintf(link, sizeof(link), "/sys/class/block/%s", name);
	fake_put("", "/sys/class/block/x");
	(void)unlink(root_path(link));
	fake_link(real, link);
	fake_put("", "/dev/disk/by-uuid/x");
	snprintf(to, sizeof(to), "../../%s", name);
	(void)unlink(root_path("/dev/disk/by-uuid/12"));
	assert_int_equal(symlink(to, root_path("/dev/disk/by-uuid/12")), 0);
}

static void local_disk(void **state)
{
	assert_false(bypasses()); /* not there yet */
	put_root("vda1", "/sys/devices/pci0000:00/virtio1/block/vda/vda1");
	assert_true(bypasses());
	plan.bypass = false;
	assert_false(bypasses());
	plan = (struct plan){ .bypass = true, .root_dev = "/dev/vda1" };
	assert_true(bypasses());
	plan.root_dev = "/dev/vdb1";
	assert_false(bypasses());
}

static void disk_of_a_session(void **state)
{
	put_root("sda1", "/sys/devices/platform/host3/session1/target3:0:0/3:0:0:1/block/sda/sda1");
	assert_false(bypasses());
}

/* A device-mapper device is local if all below it is. */
static void stacked(void **state)
{
	put_root("vda1", "/sys/devices/pci0000:00/virtio1/block/vda/vda1");
	put_root("dm-0", "/sys/devices/virtual/block/dm-0");
	fake_put("", "/sys/devices/virtual/block/dm-0/slaves/vda1");
	assert_true(bypasses());
	put_root("sda1", "/sys/devices/platform/host3/session1/target3:0:0/3:0:0:1/block/sda/sda1");
	put_root("dm-0", "/sys/devices/virtual/block/dm-0");
	fake_put("", "/sys/devices/virtual/block/dm-0/slaves/sda1");
	assert_false(bypasses());
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, root_remove)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(local_disk), TEST(disk_of_a_session), TEST(stacked) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
