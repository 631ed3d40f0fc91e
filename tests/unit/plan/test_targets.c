// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests which targets of the firmware the plan uses, as what, and what it says of the others; and
 * the NIC of a target whose association contradicts the addresses.
 */
#include "tests/unit/root.h"

#include "base/log.h"
#include "loop/path.h"
#include "plan/boot_record_from_plan.h"
#include "plan/plan.h"

static struct view view;
static struct plan plan;
static struct progress progress;
static char *printed;

static void free_all(void)
{
	progress_free(&progress);
	plan_free(&plan);
	view_free(&view);
	free(printed);
	printed = NULL;
}

static int finish(void **state)
{
	free_all();
	return root_remove(state);
}

/* Writes files of the in-tree driver, which the view is read from: "FILE=VALUE" each. */
static void put(const char *dir, const char *const *values)
{
	char path[128], value[128];
	const char *eq;

	for (; *values; values++) {
		eq = strchr(*values, '=');
		snprintf(path, sizeof(path), INTREE "%s/%.*s", dir, (int)(eq - *values), *values);
		snprintf(value, sizeof(value), "%s\n", eq + 1);
		root_put(path, value);
	}
}

#define PUT(dir, ...) put(dir, (const char *const[]){ __VA_ARGS__, NULL })

/* A second target, of the same disk as the first but by another portal and NIC. */
static void put_second(void)
{
	PUT("ethernet1", "index=1", "flags=1", "origin=1", "vlan=0", "mac=52:54:00:12:34:57",
	    "ip-addr=10.0.3.15", "prefix-len=24");
	PUT("target1", "index=1", "flags=1", "ip-addr=10.0.3.2", "port=3260", "lun=01000000",
	    "chap-type=1", "nic-assoc=1", "target-name=iqn.2024-01.example:disk",
	    "chap-name=us\\er", "chap-secret=sec\\ret 123456");
}

/* Makes the plan; the log goes to /dev/null. */
static enum status make(const char *cmdline)
{
	int real = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY);
	enum status status;
	size_t len;
	FILE *out;

	free_all();
	root_put("/proc/cmdline", cmdline);
	assert_int_equal(view_read(root, &view), 0);
	dup2(null, STDERR_FILENO);
	status = plan_make(root, &view, &plan);
	dup2(real, STDERR_FILENO);
	close(real);
	close(null);
	assert_int_equal(progress_make(&progress, &plan), 0);
	out = open_memstream(&printed, &len);
	if (status == STATUS_OK)
		plan_print(&view, &plan, out);
	fclose(out);
	return status;
}

static void assert_printed(const char *text)
{
	if (!strstr(printed, text))
		fail_msg("not printed: \"%s\" but:\n%s", text, printed);
}

static void further_path(void **state)
{
	root_put_intree();
	put_second();
	assert_int_equal(make("quiet"), STATUS_OK);
	assert_int_equal(plan.nr_paths, 2);
	assert_int_equal(plan.nr_nics, 2);
	assert_int_equal(progress.paths[1].state, PATH_NET);
	assert_true(path_is_roots(&progress, &progress.paths[1]));
	assert_printed("path: target1 iqn.2024-01.example:disk at 10.0.3.2:3260, LUN 1, CHAP, nic1 "
		       "(named by the target), root disk; not boot-selected, but the same disk\n");
	assert_int_equal(make("iscsi_boot.failover=no"), STATUS_OK);
	assert_int_equal(plan.nr_paths, 1);
	assert_printed("target1: not used: not boot-selected, and failover=no\n");
}

/* Another disk stands by: it is not tried, nor expected by status, unless nothing else comes up. */
static void another_disk(void **state)
{
	struct boot_record record;

	root_put_intree();
	put_second();
	PUT("target1", "lun=02000000");
	assert_int_equal(make("quiet"), STATUS_OK);
	assert_int_equal(plan.nr_paths, 2);
	assert_true(plan.paths[1].standby);
	assert_int_equal(progress.paths[1].state, PATH_STANDBY);
	assert_false(path_is_roots(&progress, &progress.paths[1]));
	path_goto(&progress.paths[1], PATH_NET);
	assert_true(path_is_roots(&progress, &progress.paths[1]));
	assert_printed("(named by the target); only if no boot-selected target comes up\n");
	assert_int_equal(boot_record_from_plan(&plan, &record), 0);
	assert_int_equal(record.nr, 1);
	boot_record_free(&record);
}

/* A boot-selected target that is unsound does not leave a sound one unused. */
static void instead_of_unsound(void **state)
{
	root_put_intree();
	put_second();
	PUT("target0", "ip-addr=254.192.0.0");
	assert_int_equal(make("quiet"), STATUS_OK);
	assert_int_equal(plan.nr_paths, 1);
	assert_int_equal(plan.paths[0].number, 1);
	assert_false(plan.paths[0].standby);
	assert_printed("root disk; no boot-selected target can be used\n");
	assert_printed("target0: not used: damaged or incomplete, see the diagnostics of show\n");
	PUT("target1", "target-name=iqn.2024-01.example:other");
	assert_int_equal(make("quiet"), STATUS_OK);
	assert_int_equal(plan.paths[0].number, 1);
}

/* Credentials are never weakened: neither beside a sound target nor in the place of a damaged one. */
static void weaker_credentials(void **state)
{
	root_put_intree();
	put_second();
	PUT("target1", "chap-type=0", "chap-name=", "chap-secret=");
	assert_int_equal(make("quiet"), STATUS_OK);
	assert_int_equal(plan.nr_paths, 1);
	assert_printed("target1: not used: its CHAP is weaker than that of target0\n");
	PUT("target0", "chap-secret=");
	assert_int_equal(make("quiet"), STATUS_CONFIG);
	assert_int_equal(plan.nr_paths, 0);
	/* Another target has its own credentials, or none. */
	PUT("target1", "target-name=iqn.2024-01.example:other");
	assert_int_equal(make("quiet"), STATUS_OK);
	assert_int_equal(plan.paths[0].number, 1);
}

/* One session has one set of credentials, that of the selected target. */
static void other_credentials(void **state)
{
	root_put_intree();
	put_second();
	PUT("target1", "ip-addr=10.0.2.2", "lun=02000000", "chap-name=another");
	assert_int_equal(make("quiet"), STATUS_OK);
	assert_int_equal(plan.nr_paths, 1);
	assert_printed("target1: not used: target0 logs in there with other credentials\n");
}

static void same_as_another(void **state)
{
	root_put_intree();
	put_second();
	PUT("target1", "ip-addr=10.0.2.2", "nic-assoc=0");
	assert_int_equal(make("quiet"), STATUS_OK);
	assert_int_equal(plan.nr_paths, 1);
	assert_string_equal(plan.notes, "");
	assert_printed("target1: not used: the same as target0\n");
}

#define OWN "iscsi_boot.target=iscsi://10.0.2.9/iqn.2024-01.example:own/0 "

static void command_line_decides(void **state)
{
	root_put_intree();
	put_second();
	assert_int_equal(make(OWN), STATUS_OK);
	assert_int_equal(plan.nr_paths, 1);
	assert_printed("target0: not used: the command line names the target\n");
	assert_printed("target1: not used: the command line names the target\n");
	/* Asked for too, the firmware's disk is selected, and so is its further path. */
	assert_int_equal(make(OWN "rd.iscsi.firmware=1"), STATUS_OK);
	assert_int_equal(plan.nr_paths, 3);
	assert_int_equal(make(OWN "iscsi_noibft"), STATUS_OK);
	assert_printed("target1: not used: the command line excludes the firmware's targets");
}

/* root= names the second selected disk: the firmware's further path to that one is used. */
static void further_path_to_the_root(void **state)
{
	root_put_intree();
	put_second();
	PUT("target1", "lun=02000000", "flags=3", "nic-assoc=0", "ip-addr=10.0.2.2");
	PUT("target2", "index=2", "flags=1", "ip-addr=10.0.2.3", "port=3260", "lun=02000000",
	    "chap-type=1", "nic-assoc=0", "target-name=iqn.2024-01.example:disk",
	    "chap-name=us\\er", "chap-secret=sec\\ret 123456");
	assert_int_equal(make("quiet"), STATUS_OK);
	assert_int_equal(plan.nr_paths, 3);
	assert_true(plan.paths[2].standby);
	assert_int_equal(make("root=/dev/disk/by-path/"
			      "ip-10.0.2.2:3260-iscsi-iqn.2024-01.example:disk-lun-2"),
			 STATUS_OK);
	assert_int_equal(plan.paths[0].number, 1);
	assert_int_equal(plan.paths[2].number, 2);
	assert_false(plan.paths[2].standby);
}

/* All targets name NIC 0, but the portal of the second is in the subnet of NIC 1. */
static void wrong_association(void **state)
{
	root_put_intree();
	put_second();
	PUT("target1", "nic-assoc=0");
	/* NIC 0 has a gateway, but why would the firmware configure NIC 1? */
	assert_int_equal(make("quiet"), STATUS_OK);
	assert_int_equal(plan.paths[1].nic->number, 1);
	assert_printed("nic1 (the portal is in its subnet, and no target there names it)");
	/* For another target: then the gateway may well lead to the portal. */
	PUT("target2", "index=2", "flags=1", "ip-addr=10.0.3.9", "port=3260", "lun=01000000",
	    "chap-type=0", "nic-assoc=1", "target-name=iqn.2024-01.example:more");
	assert_int_equal(make("quiet"), STATUS_OK);
	assert_int_equal(plan.paths[1].nic->number, 0);
	/* Two that name each other's NIC contradict the addresses, with gateways too. */
	PUT("target2", "ip-addr=10.0.2.9");
	assert_int_equal(make("quiet"), STATUS_OK);
	assert_int_equal(plan.paths[1].nic->number, 1);
	PUT("target2", "ip-addr=10.0.4.9"); /* behind the gateway of NIC 1 */
	assert_int_equal(make("quiet"), STATUS_OK);
	assert_int_equal(plan.paths[1].nic->number, 0);
	PUT("target2", "ip-addr=10.0.3.9");
	unlink(root_path(INTREE "ethernet0/gateway"));
	assert_int_equal(make("quiet"), STATUS_OK);
	assert_int_equal(plan.paths[1].nic->number, 1);
	assert_printed("nic1 (the portal is in its subnet; the target's NIC has no way to it)");
	assert_non_null(strstr(plan.notes, "warning target1 nic-assoc -: nic1 is used instead of"));
	assert_int_equal(plan.paths[0].nic->number, 0);
	/* A route of the command line is a way. */
	assert_int_equal(make("rd.route=10.0.3.0/24:10.0.2.1"), STATUS_OK);
	assert_int_equal(plan.paths[1].nic->number, 0);
}

#define in_root(f) cmocka_unit_test_setup_teardown(f, root_make, finish)

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_root(further_path),	       in_root(another_disk),
		in_root(instead_of_unsound),   in_root(weaker_credentials),
		in_root(other_credentials),    in_root(same_as_another),
		in_root(command_line_decides), in_root(further_path_to_the_root),
		in_root(wrong_association),
	};

	return cmocka_run_group_tests_name("targets", tests, NULL, NULL);
}
