// SPDX-License-Identifier: GPL-2.0-only
/* Tests what the files of network managers say about a device and its lease. */
#include "tests/unit/root.h"

#include "base/cleanup.h"
#include "base/sysfs.h"
#include "net/network_manager.h"

#define in_root(f) cmocka_unit_test_setup_teardown(f, root_make, root_remove)
#define ROOT_PATH "iscsi:192.168.50.1:::1:iqn.2024-01.example:disk"

static void want_root_path(const char *want)
{
	AUTO_ARENA arena = NULL;
	char *got;

	sysfs_root = root;
	got = network_manager_root_path(&arena, 2);
	sysfs_root = "";
	if (want)
		assert_string_equal(got, want);
	else
		assert_null(got);
}

static void of_networkmanager(void **state)
{
	root_put("/proc/12/comm", "NetworkManager\n");
	root_put("/run/NetworkManager/devices/2",
		 "[device]\nmanaged=true\nroot-path=" ROOT_PATH "\nnext-server=10.0.0.1\n");
	want_root_path(ROOT_PATH);
}

static void of_networkd(void **state)
{
	root_put("/proc/12/comm", "systemd-network\n");
	root_put("/run/systemd/netif/links/2", "ADMIN_STATE=configured\n");
	want_root_path(NULL);
	root_put("/run/systemd/netif/leases/2", "ADDRESS=10.0.0.7\nROOT_PATH=" ROOT_PATH "\n");
	want_root_path(ROOT_PATH);
}

static void of_a_device_that_it_does_not_manage(void **state)
{
	root_put("/proc/12/comm", "NetworkManager\n");
	root_put("/run/NetworkManager/devices/2",
		 "[device]\nmanaged=false\nroot-path=" ROOT_PATH "\n");
	want_root_path(NULL);
}

static void of_a_manager_that_has_ended(void **state)
{
	root_put("/proc/12/comm", "sh\n");
	root_put("/run/NetworkManager/devices/2",
		 "[device]\nmanaged=true\nroot-path=" ROOT_PATH "\n");
	want_root_path(NULL);
}

static void without_a_root_path(void **state)
{
	root_put("/proc/12/comm", "NetworkManager\n");
	root_put("/run/NetworkManager/devices/2", "[device]\nmanaged=true\nno-root-path=x\n");
	want_root_path(NULL);
}

static const char *manager_of(int ifindex)
{
	const char *name;

	sysfs_root = root;
	name = network_manager_of(ifindex);
	sysfs_root = "";
	return name;
}

/* networkd has just started; then it has not yet seen device 3, and leaves device 2 alone. */
static void undecided_by_networkd(void **state)
{
	root_put("/proc/12/comm", "systemd-network\n");
	assert_null(manager_of(3)); /* no networkd is installed: no process is looked at */
	root_put("/usr/lib/systemd/systemd-networkd", "");
	assert_string_equal(manager_of(3), "systemd-networkd");
	root_put("/run/systemd/netif/links/2", "ADMIN_STATE=unmanaged\n");
	assert_null(manager_of(2));
	assert_string_equal(manager_of(3), "systemd-networkd");
	root_put("/proc/12/comm", "sh\n");
	assert_null(manager_of(3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_root(of_networkmanager),
		in_root(of_networkd),
		in_root(of_a_device_that_it_does_not_manage),
		in_root(of_a_manager_that_has_ended),
		in_root(without_a_root_path),
		in_root(undecided_by_networkd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
