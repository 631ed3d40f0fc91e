// SPDX-License-Identifier: GPL-2.0-only
/* Tests listeners of the kernel's iSCSI events, and shutdown without sessions to watch. */
#include "tests/unit/fake.h"

#include "shutdown/shutdown.h"
#include "session/iscsi_netlink.h"

#include <errno.h>

#define HEAD "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n"

static int make(void **state)
{
	sysfs_root = root;
	return root_make(state);
}

static void served(void **state)
{
	static const struct {
		const char *line;
		bool served;
	} cases[] = {
		{ "00000000793e42c0 8   4711       00000001 0 0 0 2 0 563\n", true },
		{ "00000000793e42c0 8   4711       00000003 0 0 0 2 0 563\n", true },
		{ "00000000793e42c0 8   4711       00000002 0 0 0 2 0 563\n", false }, /* uIP alone */
		{ "00000000793e42c0 8   42         00000001 0 0 0 2 0 563\n", false }, /* this process */
		{ "00000000793e42c0 8   0          00000001 0 0 0 2 0 563\n", false }, /* the kernel */
		{ "00000000793e42c0 15  4711       00000001 0 0 0 2 0 563\n", false },
		{ "", false },
		{ "garbage\n", false },
	};
	char text[400];
	size_t i;

	assert_int_equal(iscsi_nl_listeners(42, NULL, 0), 0);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(text, sizeof(text), HEAD "%s", cases[i].line);
		root_put("/proc/net/netlink", text);
		if (iscsi_nl_listeners(42, NULL, 0) != cases[i].served)
			fail_msg("%s", cases[i].line);
	}
}

static void nothing_to_do(void **state)
{
	struct boot_record_disk disk = { .target = "iqn.x:t", .portal = "10.0.2.2", .port = 3260 };
	struct boot_record wanted = { .disks = &disk, .nr = 1, .shutdown_timeout_s = 20 };

	assert_int_equal(shutdown_sessions(&wanted, "explode"), STATUS_USAGE);
	assert_int_equal(shutdown_sessions(&wanted, "reboot"), STATUS_OK);
	fake_session(1, 3, "iqn.x:other\n", "10.0.2.2\n", "3260\n");
	assert_int_equal(shutdown_sessions(&wanted, NULL), STATUS_OK);
	/* A session is recorded, but iscsi_tcp is not loaded. */
	fake_session(2, 4, "iqn.x:t\n", "10.0.2.2\n", "3260\n");
	assert_int_equal(shutdown_sessions(&wanted, NULL), STATUS_ERROR);
	assert_value("/sys/class/iscsi_session/session1/recovery_tmo", "120");
}

/* The transport of a session is that of its host's driver; new sessions use tcp. */
static void chosen(void **state)
{
	struct iscsi_nl t = { 0 };

	fake_session(1, 3, "iqn.x:t\n", "10.0.2.2\n", "3260\n");
	fake_session(2, 4, "iqn.x:t\n", "10.0.2.3\n", "3260\n");
	assert_int_equal(iscsi_nl_select_transport(&t, -1), -ENOENT);
	root_put("/sys/class/iscsi_transport/tcp/handle", "18446744072638464000\n");
	root_put("/sys/class/iscsi_transport/iser/handle", "18446744072638465000\n");
	root_put("/sys/class/iscsi_transport/qedi/handle", "7\n");
	fake_put("iscsi_iser\n", "/sys/devices/host4/scsi_host/host4/proc_name");
	assert_int_equal(iscsi_nl_select_transport(&t, -1), 0);
	assert_true(t.handle == 18446744072638464000ULL);
	assert_int_equal(iscsi_nl_select_transport(&t, 2), 0);
	assert_true(t.handle == 18446744072638465000ULL);
	assert_int_equal(iscsi_nl_select_transport(&t, 1), 0);
	assert_true(t.handle == 18446744072638464000ULL);
	fake_put("qedi\n", "/sys/devices/host4/scsi_host/host4/proc_name");
	assert_int_equal(iscsi_nl_select_transport(&t, 2), 0);
	assert_true(t.handle == 7);
	fake_put("bnx2i\n", "/sys/devices/host4/scsi_host/host4/proc_name");
	assert_int_equal(iscsi_nl_select_transport(&t, 2), -ENOENT);
	assert_int_equal(iscsi_nl_select_transport(&t, 5), -ENOENT);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, root_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(served),
		TEST(nothing_to_do),
		TEST(chosen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
