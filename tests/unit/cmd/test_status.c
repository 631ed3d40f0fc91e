// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests that status and tune find recorded disks under their current names, and change no others.
 */
#include "tests/unit/fake.h"

#include <poll.h>

#include "base/deadline.h"
#include "base/task.h"
#include "session/recorded_disks.h"
#include "cmd/status.h"
#include "session/timers_set_all.h"

#define DEVICE1 "/sys/devices/host3/session1/target3:0:0/3:0:0:1/"
#define DEVICE2 "/sys/devices/host4/session2/target4:0:0/4:0:0:1/"
#define TIMERS                                                                                \
	"recovery-tmo=86400 multipath-recovery-tmo=15 noop-interval=0 noop-timeout=0 "        \
	"command-timeout=90 multipath-command-timeout=30 eh-timeout=10 max-retries=5 "        \
	"scheduler=none"

/*
 * Two disks of one session share recovery_tmo. In sysfs a write replaces a value at once; in a file a
 * reader could see it cut: so each process ends here before the next one starts.
 */
int __real_task_start(struct task *task, int (*work)(const void *data), const void *data);
int __wrap_task_start(struct task *task, int (*work)(const void *data), const void *data);
int __wrap_task_start(struct task *task, int (*work)(const void *data), const void *data)
{
	int r = __real_task_start(task, work, data);
	struct pollfd p = { .fd = task->pidfd, .events = POLLIN };

	if (!r)
		assert_int_equal(poll(&p, 1, 5000), 1);
	return r;
}

static struct boot_record wanted;
static char *text;
static size_t text_len;

/* Makes the recorded disk, a disk of another target, and another LUN of the recorded target. */
static int make(void **state)
{
	if (root_make(state))
		return -1;
	sysfs_root = root;
	root_put(WANTED_FILE, "shutdown-timeout=20\n"
			      "target=iqn.x:t portal=10.0.2.2 port=3260 lun=1 root=1 " TIMERS "\n");
	fake_session(1, 3, "iqn.x:t\n", "10.0.2.2\n", "3260\n");
	fake_lun(1, 3, 1, "0\n");
	fake_disk(1, 3, 1, "sda");
	fake_lun(1, 3, 2, "0\n");
	fake_disk(1, 3, 2, "sdb");
	root_put("/run/iscsi-boot/no-guard", "guard=no\n");
	fake_session(2, 4, "iqn.x:other\n", "10.0.2.2\n", "3260\n");
	fake_lun(2, 4, 1, "0\n");
	fake_disk(2, 4, 1, "sdc");
	return boot_record_read(&wanted);
}

static int finish(void **state)
{
	boot_record_free(&wanted);
	free(text);
	text = NULL;
	return root_remove(state);
}

static enum status print(bool json)
{
	enum status status;
	FILE *out;

	free(text);
	out = open_memstream(&text, &text_len);
	assert_non_null(out);
	status = status_print(&wanted, json, out);
	fclose(out);
	return status;
}

static void assert_printed(const char *part)
{
	if (!strstr(text, part))
		fail_msg("no \"%s\" in:\n%s", part, text);
}

/* Makes dm-multipath hold @disk. */
static void hold(const char *disk)
{
	fake_put("", "/sys/class/block/%s/holders/dm-0", disk);
	root_put("/sys/class/block/dm-0/dm/uuid", "mpath-3600\n");
}

static void others_untouched(void)
{
	assert_value(DEVICE2 "timeout", "30");
	assert_value("/sys/class/iscsi_session/session2/recovery_tmo", "120");
	assert_value("/sys/devices/host3/session1/target3:0:0/3:0:0:2/timeout", "30");
	assert_value("/sys/class/block/sdb/queue/scheduler", "[mq-deadline] none");
}

static void differs_then_tuned(void **state)
{
	assert_int_equal(print(false), STATUS_TIMERS);
	assert_printed("iqn.x:t LUN 1 at 10.0.2.2:3260, root disk\n"
		       "  ok       session1 LOGGED_IN\n  ok       disk sda\n");
	assert_printed("  differs  recovery_tmo is 120, not 86400\n");
	assert_printed("  differs  timeout is 30, not 90\n");
	assert_null(strstr(text, "sdb"));
	assert_null(strstr(text, "other"));
	assert_int_equal(tune_command(&wanted, NULL, 0), STATUS_OK);
	root_put("/sys/class/block/sda/queue/scheduler", "[none] mq-deadline\n");
	assert_int_equal(print(false), STATUS_OK);
	assert_printed("  ok       recovery_tmo 86400\n");
	assert_null(strstr(text, "differs"));
	others_untouched();
}

static void json(void **state)
{
	assert_int_equal(print(true), STATUS_TIMERS);
	assert_printed("[\n  {\n    \"target-name\": \"iqn.x:t\",\n");
	assert_printed("\"name\": \"timeout\",\n        \"wanted\": \"90\",\n"
		       "        \"actual\": \"30\",\n        \"verdict\": \"differs\"\n");
}

static void named(void **state)
{
	char *by_name[] = { (char *)"sda" }, *by_session[] = { (char *)"session1" };
	char *not_ours[] = { (char *)"sdb", (char *)"sdc", (char *)"session2", (char *)"session11",
			     (char *)"nothing", (char *)"session1x" };

	assert_int_equal(tune_command(&wanted, not_ours, ARRAY_SIZE(not_ours)), STATUS_OK);
	assert_value(DEVICE1 "timeout", "30");
	others_untouched();
	assert_int_equal(tune_command(&wanted, by_name, 1), STATUS_OK);
	assert_value(DEVICE1 "timeout", "90");
	fake_put("7\n", DEVICE1 "timeout");
	assert_int_equal(tune_command(&wanted, by_session, 1), STATUS_OK);
	assert_value(DEVICE1 "timeout", "90");
	others_untouched();
}

/* The disk returned in another session and under another name. */
static void found_again(void **state)
{
	assert_int_equal(root_remove(state), 0);
	root_make(state);
	fake_session(7, 9, "iqn.x:t\n", "10.0.2.2\n", "3260\n");
	fake_lun(7, 9, 1, "0\n");
	fake_disk(7, 9, 1, "sdq");
	assert_int_equal(tune_command(&wanted, NULL, 0), STATUS_OK);
	assert_value("/sys/class/iscsi_session/session7/recovery_tmo", "86400");
	assert_value("/sys/devices/host9/session7/target9:0:0/9:0:0:1/timeout", "90");
}

/* With multipath, recovery_tmo is shorter; only a value that multipathd has set is kept. */
static void held_by_multipath(void **state)
{
	hold("sda");
	assert_int_equal(tune_command(&wanted, (char *[]){ (char *)"dm-0" }, 1), STATUS_OK);
	assert_value("/sys/class/iscsi_session/session1/recovery_tmo", "15");
	assert_value(DEVICE1 "timeout", "30");
	root_put("/sys/class/iscsi_session/session1/recovery_tmo", "86400\n");
	assert_int_equal(tune_command(&wanted, NULL, 0), STATUS_OK);
	assert_value("/sys/class/iscsi_session/session1/recovery_tmo", "15");
	root_put("/sys/class/iscsi_session/session1/recovery_tmo", "5\n");
	assert_int_equal(tune_command(&wanted, NULL, 0), STATUS_OK);
	assert_value("/sys/class/iscsi_session/session1/recovery_tmo", "5");
	root_put("/sys/class/block/sda/queue/scheduler", "[none] mq-deadline\n");
	assert_int_equal(print(false), STATUS_OK);
	assert_printed("  ok       recovery_tmo 5 (set by multipathd, otherwise 15)\n");
	assert_printed("  ok       multipath dm-0\n");
}

/* A holder that is not multipath's, such as LVM, changes nothing. */
static void held_by_others(void **state)
{
	hold("sda");
	root_put("/sys/class/block/dm-0/dm/uuid", "LVM-x\n");
	assert_int_equal(tune_command(&wanted, NULL, 0), STATUS_OK);
	assert_value("/sys/class/iscsi_session/session1/recovery_tmo", "86400");
}

/* A session keeps the longer recovery_tmo if multipath holds only one of its two LUNs. */
static void held_in_part(void **state)
{
	boot_record_free(&wanted);
	root_put(WANTED_FILE, "target=iqn.x:t portal=10.0.2.2 port=3260 lun=1 root=1 " TIMERS "\n"
			      "target=iqn.x:t portal=10.0.2.2 port=3260 lun=2 root=0 " TIMERS "\n");
	assert_int_equal(boot_record_read(&wanted), 0);
	hold("sda");
	assert_int_equal(tune_command(&wanted, NULL, 0), STATUS_OK);
	assert_value("/sys/class/iscsi_session/session1/recovery_tmo", "86400");
	hold("sdb");
	assert_int_equal(tune_command(&wanted, NULL, 0), STATUS_OK);
	assert_value("/sys/class/iscsi_session/session1/recovery_tmo", "15");
}

static void session_of_another_portal(void **state)
{
	fake_put("10.0.2.3\n", "/sys/class/iscsi_connection/connection1:0/persistent_address");
	assert_int_equal(print(false), STATUS_NO_ANSWER);
	assert_printed("  ok       other portal 10.0.2.3:3260\n");
	assert_printed("  MISSING  session\n");
	assert_int_equal(print(true), STATUS_NO_ANSWER);
	assert_printed("\"portal\": \"another one\",\n");
	assert_printed("\"session\": \"\"\n");
	root_put("/run/iscsi-boot/paths", "iqn.x:t 10.0.2.20:3260 failed other\niqn.x:t 10.0.2.2:32600 in\n"
		 "iqn.x:t 10.0.2.2:3260 failed network: no answer\n");
	assert_int_equal(print(false), STATUS_NO_ANSWER);
	assert_printed("  MISSING  session, last attempt: failed network: no answer\n");
	assert_int_equal(print(true), STATUS_NO_ANSWER);
	assert_printed("\"tried\": \"failed network: no answer\"\n");
	assert_int_equal(tune_command(&wanted, NULL, 0), STATUS_OK);
	assert_value(DEVICE1 "timeout", "90");
}

static void session_failed(void **state)
{
	assert_int_equal(tune_command(&wanted, NULL, 0), STATUS_OK);
	root_put("/sys/class/iscsi_session/session1/state", "FAILED\n");
	assert_int_equal(print(false), STATUS_NO_ANSWER);
	assert_printed("  differs  session1 FAILED\n");
}

static void no_session(void **state)
{
	assert_int_equal(root_remove(state), 0);
	root_make(state);
	assert_int_equal(print(false), STATUS_NO_ANSWER);
	assert_int_equal(print(true), STATUS_NO_ANSWER);
	assert_int_equal(tune_command(&wanted, NULL, 0), STATUS_OK);
}

static void no_disk(void **state)
{
	wanted.disks[0].lun = 5;
	assert_int_equal(print(false), STATUS_NO_LUN);
	assert_printed("  MISSING  disk\n");
	others_untouched();
}

/* If no LUN is recorded, all disks of the session are set, but not other LUNs. */
#define DEVICE_SDB "/sys/devices/host3/session1/target3:0:0/3:0:0:2/"

static void all_disks(void **state)
{
	struct boot_record_disk disks[2] = { wanted.disks[0], wanted.disks[0] };

	fake_lun(1, 3, 0, "12\n");
	wanted.disks[0].lun = -1;
	assert_int_equal(tune_command(&wanted, NULL, 0), STATUS_OK);
	assert_value(DEVICE1 "timeout", "90");
	assert_value(DEVICE_SDB "timeout", "90");
	assert_int_equal(print(false), STATUS_OK);
	assert_printed("LUN 1 at ");
	assert_printed("LUN 2 at ");
	/* A line for the root disk records only this one, the other line the rest. */
	disks[0].lun = -1;
	disks[0].root = false;
	disks[1].lun = 2;
	disks[1].root = true;
	wanted.disks = disks;
	wanted.nr = 2;
	assert_true(boot_record_wants_all(&wanted, &disks[1]));
	disks[0].timers.command_timeout = 77;
	assert_int_equal(tune_command(&wanted, NULL, 0), STATUS_OK);
	assert_value(DEVICE1 "timeout", "77");
	assert_value(DEVICE_SDB "timeout", "90");
	disks[0].lun = 1;
	assert_false(boot_record_wants_all(&wanted, &disks[1]));
}

static void unreadable(void **state)
{
	assert_int_equal(tune_command(&wanted, NULL, 0), STATUS_OK);
	root_put("/sys/class/block/sda/queue/scheduler", "[none] mq-deadline\n");
	assert_int_equal(unlink(root_path(DEVICE1 "timeout")), 0);
	assert_int_equal(unlink(root_path(DEVICE1 "scsi_disk/3:0:0:1/max_retries")), 0);
	assert_int_equal(print(false), STATUS_ERROR);
	assert_printed("  error    timeout cannot be read (No such file or directory)");
	assert_printed("  ok       max_retries not supported by this kernel");
}

/* The record is read as boot writes it; lines of other programs are refused or ignored. */
static void file(void **state)
{
	struct boot_record again;

	wanted.disks[0].timers.recovery_tmo = -1;
	wanted.chap_algs = "SHA256,MD5";
	assert_int_equal(boot_record_write(&wanted), 0);
	assert_int_equal(boot_record_read(&again), 0);
	assert_int_equal(again.nr, 1);
	assert_int_equal(again.shutdown_timeout_s, 20);
	assert_string_equal(again.chap_algs, "SHA256,MD5");
	assert_string_equal(again.disks[0].target, "iqn.x:t");
	assert_string_equal(again.disks[0].portal, "10.0.2.2");
	assert_int_equal(again.disks[0].port, 3260);
	assert_int_equal(again.disks[0].lun, 1);
	assert_true(again.disks[0].root);
	assert_memory_equal(&again.disks[0].timers, &wanted.disks[0].timers, sizeof(struct timers));
	assert_null(again.disks[0].redirect_name);
	boot_record_free(&again);
	wanted.disks[0].redirect_name = "far.example";
	wanted.disks[0].redirect_addr = "fd00::7";
	wanted.disks[0].chap_algorithm = 8;
	assert_int_equal(boot_record_write(&wanted), 0);
	assert_int_equal(boot_record_read(&again), 0);
	assert_string_equal(again.disks[0].redirect_name, "far.example");
	assert_string_equal(again.disks[0].redirect_addr, "fd00::7");
	assert_int_equal(again.disks[0].chap_algorithm, 8);
	boot_record_free(&again);
	root_put(WANTED_FILE, "later-key=x\ntarget=a new-key=1 lun=2 newer-key=text\n");
	assert_int_equal(boot_record_read(&again), 0);
	assert_int_equal(again.disks[0].lun, 2);
	assert_null(again.chap_algs);
	boot_record_free(&again);
	root_put(WANTED_FILE, "target=a lun=x");
	assert_int_equal(boot_record_read(&again), -EINVAL);
	root_put(WANTED_FILE, "target=a scheduler=sixteencharacter");
	assert_int_equal(boot_record_read(&again), -EINVAL);
	root_put(WANTED_FILE, "target");
	assert_int_equal(boot_record_read(&again), -EINVAL);
	assert_int_equal(unlink(root_path(WANTED_FILE)), 0);
	assert_int_equal(boot_record_read(&again), -ENOENT);
}

/* The guard */

static void guard_states(void **state)
{
	static const struct {
		const char *file, *name; /* name of process 77; NULL: no such process */
		enum status status;
		const char *printed;
	} rows[] = {
		{ NULL, NULL, STATUS_GUARD, "guard\n  state                 MISSING\n" },
		{ "", NULL, STATUS_GUARD, "MISSING" },
		{ "77\nsince=4.213\nremade=2\nsessions=1 2\n", NULL, STATUS_GUARD, "MISSING" },
		{ "77\nsince=4.213\nremade=2\nsessions=1\n", "sh\n", STATUS_GUARD, "MISSING" },
		{ "77\nsince=4.213\nremade=2\nsessions=2 1\n", "iscsi-boot-guar\n", STATUS_OK,
		  "guard\n  state                 running\n  process               77\n"
		  "  since                 4.213\n  remade                2\n"
		  "  sessions              2 1\n" },
		{ "77\nsince=4.213\nremade=2\niscsid=80\nsessions=1\n", "iscsi-boot-guar\n",
		  STATUS_OK, "  state                 standing by\n" },
		{ "77\nsince=4.213\nremade=2\niscsid=80\nsessions=1\n", NULL, STATUS_GUARD,
		  "MISSING" },
		{ "77\nsince=4.213\nremade=2\niscsid=80\nstandby=off\nsessions=1\n", NULL,
		  STATUS_OK, "  state                 handed over to iscsid\n" },
	};
	unsigned int i;

	assert_int_equal(tune_command(&wanted, NULL, 0), STATUS_OK);
	root_put("/sys/class/block/sda/queue/scheduler", "[none] mq-deadline\n");
	assert_int_equal(print(false), STATUS_OK);
	assert_printed("  state                 not wanted\n");
	assert_int_equal(unlink(root_path("/run/iscsi-boot/no-guard")), 0);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].file)
			root_put("/run/iscsi-boot/guard", rows[i].file);
		unlink(root_path("/proc/77/comm"));
		if (rows[i].name)
			root_put("/proc/77/comm", rows[i].name);
		assert_int_equal(print(false), rows[i].status);
		assert_printed(rows[i].printed);
	}
	assert_int_equal(print(true), STATUS_OK);
	assert_printed("  {\n    \"guard\": \"left to iscsid\",\n    \"process\": \"77\",\n");
	root_put(DEVICE1 "timeout", "7\n"); /* a timer decides the status before the guard */
	unlink(root_path("/run/iscsi-boot/guard"));
	assert_int_equal(print(false), STATUS_TIMERS);
	/* Boot has not run. */
	unlink(root_path(WANTED_FILE));
	assert_int_equal(print(false), STATUS_TIMERS);
	assert_null(strstr(text, "guard"));
}

/* Leases */

/* Returns the second of CLOCK_MONOTONIC @ago seconds ago. */
static const char *second_of(int ago)
{
	static char number[16];

	snprintf(number, sizeof(number), "%d", (int)(now_ns() / 1000000000) - ago);
	return number;
}

static void put_kept_lease(int ago, const char *state)
{
	char line[512];

	snprintf(line, sizeof(line),
		 "78\nifname=eth0 mac=52:54:00:12:34:56 ip=10.7.0.77 seconds=20 since=%s renewed=3 "
		 "by=iscsi-boot-lease state=%s\nend\n",
		 second_of(ago), state);
	root_put("/run/iscsi-boot/lease", line);
}

static void lease_states(void **state)
{
	char line[256];

	assert_int_equal(tune_command(&wanted, NULL, 0), STATUS_OK);
	root_put("/sys/class/block/sda/queue/scheduler", "[none] mq-deadline\n");
	snprintf(line, sizeof(line),
		 "ifname=eth0 mac=52:54:00:12:34:56 ip=10.7.0.77 seconds=20 since=%s\n",
		 second_of(17));
	root_put("/run/iscsi-boot/leases/dhcp-eth0", line);
	assert_int_equal(print(false), STATUS_LEASE); /* no program keeps it */
	assert_printed("lease of 10.7.0.77 on eth0\n  kept by               none\n");
	assert_printed(" s of 20 s\n  state                 low\n");
	put_kept_lease(1, "ok");
	assert_int_equal(print(false), STATUS_LEASE); /* left behind by a process that has ended */
	root_put("/proc/78/comm", "iscsi-boot-leas\n");
	assert_int_equal(print(false), STATUS_OK);
	assert_printed("  kept by               iscsi-boot-lease\n");
	assert_printed("  renewed               3\n  state                 ok\n");
	assert_int_equal(print(true), STATUS_OK);
	assert_printed("    \"lease\": \"eth0\",\n    \"ip-addr\": \"10.7.0.77\",\n"
		       "    \"kept-by\": \"iscsi-boot-lease\",\n    \"seconds-left\": \"");
	assert_printed(
		"    \"seconds\": \"20\",\n    \"renewed\": \"3\",\n    \"verdict\": \"ok\"\n");
	put_kept_lease(8, "refused");
	assert_int_equal(print(false), STATUS_OK);
	assert_printed("  state                 refused\n");
	put_kept_lease(40, "expired");
	assert_int_equal(print(false), STATUS_LEASE);
	assert_printed("  left                  0 s of 20 s\n");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, finish)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(differs_then_tuned),
		TEST(json),
		TEST(named),
		TEST(found_again),
		TEST(held_by_multipath),
		TEST(held_by_others),
		TEST(held_in_part),
		TEST(session_of_another_portal),
		TEST(session_failed),
		TEST(no_session),
		TEST(no_disk),
		TEST(all_disks),
		TEST(unreadable),
		TEST(guard_states),
		TEST(lease_states),
		TEST(file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
