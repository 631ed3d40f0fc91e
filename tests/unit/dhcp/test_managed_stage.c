// SPDX-License-Identifier: GPL-2.0-only
/* Tests which lease of a network manager names the target of a path. */
#include "tests/unit/plan/planned.h"

#include "base/sysfs.h"
#include "boot/stages.h"
#include "loop/loop.h"

#define ROOT_PATH "iscsi:192.168.50.1:::1:iqn.2024-01.example:disk"

/* A device that NetworkManager manages, with its lease. */
static void put_managed(unsigned int ifindex, const char *name, const char *mac, const char *lease)
{
	char path[128], text[256];

	root_put_netdev(name, mac);
	snprintf(path, sizeof(path), "/sys/class/net/%s/ifindex", name);
	snprintf(text, sizeof(text), "%u\n", ifindex);
	root_put(path, text);
	snprintf(path, sizeof(path), "/run/NetworkManager/devices/%u", ifindex);
	snprintf(text, sizeof(text), "[device]\nmanaged=true\n%s", lease);
	root_put(path, text);
}

static void step(void)
{
	struct loop loop = { .progress = &progress, .plan = &plan };
	void *data = calloc(1, stage_managed.size);

	sysfs_root = root;
	assert_int_equal(stage_managed.open(&loop, data), 0);
	assert_int_equal(stage_managed.step(data), 0);
	stage_managed.close(data);
	sysfs_root = "";
	free(data);
}

static void start(const char *words)
{
	root_put("/proc/12/comm", "NetworkManager\n");
	put_managed(2, "eth0", "52:54:00:aa:00:01\n", "");
	put_managed(3, "eth1", "52:54:00:aa:00:02\n", "root-path=" ROOT_PATH "\n");
	assert_int_equal(make(words), STATUS_OK);
	assert_true(path_awaits_root_path(&progress.paths[0]));
}

static void named_nic(void **state)
{
	start(INIT "root=/dev/root netroot=dhcp ip=eth0:dhcp");
	strcpy(progress.nics[0].ifname, "eth0");
	step();
	assert_true(path_awaits_root_path(&progress.paths[0]));
	strcpy(progress.nics[0].ifname, "eth1");
	step();
	assert_false(path_awaits_root_path(&progress.paths[0]));
	assert_string_equal(progress.paths[0].to.portal, "192.168.50.1");
}

/* ip=dhcp: any NIC may get the lease; the path goes by the one that did. */
static void any_nic(void **state)
{
	static const u8 macs[2][6] = { { 0x52, 0x54, 0, 0xaa, 0, 1 }, { 0x52, 0x54, 0, 0xaa, 0, 2 } };
	static const char *const names[] = { "eth0", "eth1" };
	struct nic *nic = NULL;
	unsigned int i;

	start(INIT "root=/dev/root netroot=dhcp ip=dhcp");
	for (i = 0; i < 2; i++) {
		nic = progress_add_nic(&progress, &progress.nics[0], macs[i]);
		assert_non_null(nic);
		strcpy(nic->ifname, names[i]);
	}
	step();
	assert_false(path_awaits_root_path(&progress.paths[0]));
	assert_ptr_equal(progress.paths[0].nic, nic);
	assert_true(nic->used);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_root(named_nic),
		in_root(any_nic),
	};

	return cmocka_run_group_tests_name("managed_stage", tests, NULL, NULL);
}
