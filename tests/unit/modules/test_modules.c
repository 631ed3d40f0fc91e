// SPDX-License-Identifier: GPL-2.0-only
/* Tests that a view which is there is not loaded again, and the list of controllers without a driver. */
#include "tests/unit/fake.h"

#include "modules/modules.h"

#define E1000 "pci:v00008086d0000100Esv00001AF4sd00001100bc02sc00i00"

static int make(void **state)
{
	if (root_make(state))
		return -1;
	sysfs_root = root;
	return 0;
}

static void view_is_there(void **state)
{
	root_put("/sys/firmware/iscsi_boot_unified/abi-version", "1\n");
	assert_int_equal(modules_load_view(deadline_in(20)), 0);
}

/* Without abi-version, which the module creates last, loading is tried again; it is harmless. */
static void incomplete_view(void **state)
{
	root_put("/sys/firmware/iscsi_boot_unified/sources", "none\n");
	assert_int_not_equal(modules_load_view(deadline_in(20)), 0);
}

static void udev(void **state)
{
	assert_false(udev_runs());
	root_put("/run/udev/control", "");
	assert_true(udev_runs());
}

static void without_a_driver(void **state)
{
	AUTO_ARENA arena = NULL;

	assert_string_equal(modules_driverless(&arena), "");
	root_put("/sys/bus/pci/devices/0000:00:03.0/modalias", E1000 "\n");
	/* The first device has a driver; the others are not NICs. */
	root_put("/sys/bus/pci/devices/0000:00:04.0/modalias", E1000 "\n");
	root_put("/sys/bus/pci/devices/0000:00:04.0/driver/uevent", "");
	root_put("/sys/bus/pci/devices/0000:00:01.1/modalias",
		 "pci:v00008086d00007010sv00001AF4sd00001100bc01sc01i80\n");
	root_put("/sys/bus/virtio/devices/virtio1/modalias", "virtio:d00000002v00001AF4\n");
	assert_string_equal(modules_driverless(&arena), "0000:00:03.0 (" E1000 ")");
	root_put("/sys/bus/virtio/devices/virtio0/modalias", "virtio:d00000001v00001AF4\n");
	assert_string_equal(modules_driverless(&arena),
			    "0000:00:03.0 (" E1000 "), virtio0 (virtio:d00000001v00001AF4)");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, root_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(view_is_there),
		TEST(incomplete_view),
		TEST(udev),
		TEST(without_a_driver),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
