// SPDX-License-Identifier: GPL-2.0-only
/* Tests the drop-in that has systemd wait for the root device. */
#include "tests/unit/root.h"

#include "cmd/systemd_generator.h"

#define in_root(f) cmocka_unit_test_setup_teardown(f, root_make, root_remove)

static void want_limit(const char *cmdline, const char *conf, const char *limit)
{
	char text[128] = "", want[64];
	FILE *in;

	root_put("/proc/cmdline", cmdline);
	root_put("/etc/iscsi-boot-agent.conf", conf);
	root_put("/out/x", "");
	assert_int_equal(systemd_generator(root, root_path("/out")), 0);
	in = fopen(root_path("/out/device.d/10-iscsi-boot.conf"), "r");
	assert_non_null(in);
	assert_true(fread(text, 1, sizeof(text) - 1, in) > 0);
	fclose(in);
	snprintf(want, sizeof(want), "[Unit]\nJobRunningTimeoutSec=%s\n", limit);
	assert_string_equal(text, want);
}

static void follows_the_deadline(void **state)
{
	want_limit("quiet\n", "", "210");
	want_limit("iscsi_boot.deadline=300\n", "deadline = 20\n", "330");
	want_limit("quiet\n", "deadline = 100\n", "130");
}

static void is_never_below_systemds_own(void **state)
{
	want_limit("iscsi_boot.deadline=20\n", "", "90");
}

static void is_infinite_without_a_deadline(void **state)
{
	want_limit("iscsi_boot.deadline=0\n", "", "infinity");
}

static void reports_what_it_cannot_write(void **state)
{
	root_put("/proc/cmdline", "quiet\n");
	assert_int_equal(systemd_generator(root, root_path("/absent/dir")), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_root(follows_the_deadline),
		in_root(is_never_below_systemds_own),
		in_root(is_infinite_without_a_deadline),
		in_root(reports_what_it_cannot_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
