// SPDX-License-Identifier: GPL-2.0-only
/* Tests which sessions shutdown terminates, and that it always ends. */
#include "tests/unit/fake.h"

#include "shutdown/shutdown.h"
#include "session/iscsi_netlink.h"

#include <errno.h>

#define SECONDS 4 /* minimum of the policy; the limit of a session is half of it */

static int refusal, set_refusal; /* errors of the kernel */
static unsigned int opening_ms;
static bool answers;
static uint64_t handle; /* transport of the last ping */
static int asked;

int __wrap_iscsi_nl_open(struct iscsi_nl *t, int sid);
int __wrap_iscsi_nl_send_nop_out(struct iscsi_nl *t, int sid);
int __wrap_iscsi_nl_recv_nop_in(struct iscsi_nl *t);
int __wrap_iscsi_nl_set_param(struct iscsi_nl *t, int sid, enum iscsi_nl_param param, int value);
int __wrap_iscsi_nl_destroy_session(struct iscsi_nl *t, int sid);

int __wrap_iscsi_nl_open(struct iscsi_nl *t, int sid)
{
	*t = (struct iscsi_nl){ .fd = -1, .requests = -1 };
	usleep(opening_ms * 1000);
	return iscsi_nl_select_transport(t, sid);
}

int __wrap_iscsi_nl_send_nop_out(struct iscsi_nl *t, int sid)
{
	handle = t->handle;
	if (!refusal)
		asked = sid;
	return refusal;
}

int __wrap_iscsi_nl_recv_nop_in(struct iscsi_nl *t)
{
	int sid = answers && asked ? asked : -EAGAIN;

	asked = 0;
	return sid;
}

int __wrap_iscsi_nl_set_param(struct iscsi_nl *t, int sid, enum iscsi_nl_param param, int value)
{
	return set_refusal;
}

/* Runs in a task. */
int __wrap_iscsi_nl_destroy_session(struct iscsi_nl *t, int sid)
{
	root_put("/ended", "");
	fake_put("", "/ended-%llu", (unsigned long long)t->handle);
	return 0;
}

static int make(void **state)
{
	sysfs_root = root;
	refusal = set_refusal = asked = 0;
	opening_ms = 0;
	answers = true;
	if (root_make(state))
		return -1;
	fake_session(1, 3, "iqn.x:t\n", "10.0.2.2\n", "3260\n");
	root_put("/sys/class/iscsi_transport/tcp/handle", "18446744072638464000\n");
	root_put("/sys/class/iscsi_transport/iser/handle", "18446744072638465000\n");
	return 0;
}

static bool no_processes;
pid_t __real_fork(void);
pid_t __wrap_fork(void);

/* Replaces fork() (linker option --wrap). */
pid_t __wrap_fork(void)
{
	errno = EAGAIN;
	return no_processes ? -1 : __real_fork();
}

static enum status run_action(const char *action)
{
	struct boot_record_disk disk = { .target = "iqn.x:t", .portal = "10.0.2.2", .port = 3260 };
	struct boot_record wanted = { .disks = &disk, .nr = 1, .shutdown_timeout_s = SECONDS };

	return shutdown_sessions(&wanted, action);
}

static enum status run(void)
{
	return run_action(NULL);
}

static bool was_ended(void)
{
	return sysfs_exists("/ended");
}

static void well(void **state)
{
	assert_int_equal(run(), STATUS_OK);
	assert_false(was_ended());
	assert_value("/sys/class/iscsi_session/session1/recovery_tmo", "4");
}

static void silent(void **state)
{
	answers = false;
	assert_int_equal(run(), STATUS_NO_ANSWER);
	assert_true(was_ended());
}

/* The machine was busy for longer than the limit: a session that was not pinged is not lost. */
static void not_asked_for_long(void **state)
{
	opening_ms = 1000 * SECONDS / 2 + 100;
	assert_int_equal(run(), STATUS_OK);
	assert_false(was_ended());
}

/*
 * The session is logged in, but the kernel cannot ping: the connection is lost, and no process
 * reconnects.
 */
static void cannot_be_asked(void **state)
{
	refusal = -EPERM;
	assert_int_equal(run(), STATUS_NO_ANSWER);
	assert_true(was_ended());
}

/* The target responds, but the kernel refuses the timers: shutdown still ends. */
static void cannot_be_set(void **state)
{
	set_refusal = -EINVAL;
	assert_int_equal(run(), STATUS_NO_ANSWER);
	assert_false(was_ended());
}

static void failed_without_a_listener(void **state)
{
	fake_put("FAILED\n", "/sys/class/iscsi_session/session1/state");
	assert_int_equal(run(), STATUS_NO_ANSWER);
	assert_true(was_ended());
}

/* No process can watch the root disk, so that a lost disk would block the reboot. */
static void cannot_stay(void **state)
{
	no_processes = true;
	assert_int_equal(run_action("reboot"), STATUS_ERROR);
	no_processes = false;
	assert_value("/sys/class/iscsi_session/session1/recovery_tmo", "4");
}

/* Each session uses its own transport. */
static void by_transport(void **state)
{
	assert_int_equal(run(), STATUS_OK);
	assert_true(handle == 18446744072638464000ULL);
	fake_put("iscsi_iser\n", "/sys/devices/host3/scsi_host/host3/proc_name");
	assert_int_equal(run(), STATUS_OK);
	assert_true(handle == 18446744072638465000ULL);
	answers = false;
	assert_int_equal(run(), STATUS_NO_ANSWER);
	assert_true(sysfs_exists("/ended-18446744072638465000"));
	assert_false(sysfs_exists("/ended-18446744072638464000"));
}

/* The transport of the first session is not loaded: the other sessions are still watched. */
static void without_its_transport(void **state)
{
	fake_put("bnx2i\n", "/sys/devices/host3/scsi_host/host3/proc_name");
	assert_int_equal(run(), STATUS_NO_ANSWER);
}

/* A planted file in /dev/shm is neither run nor written through. */
static void planted_before_arm(void **state)
{
	char command[1024];
	struct stat now;

	root_put(WANTED_FILE, "");
	root_put_bytes("/usr/lib/iscsi-boot/iscsi-boot-shutdown", "#!/bin/sh\nexit 2\n", 17, 0755);
	root_put("/victim", "precious\n");
	fake_link("/victim", "/run/iscsi-boot/.shutdown"); /* the only other place */
	root_put_bytes("/dev/shm/.shutdown", "evil\n", 5, 0777);
	snprintf(command, sizeof(command), "%s", root_path("/planted"));
	assert_int_equal(link(root_path("/dev/shm/.shutdown"), command), 0);
	snprintf(command, sizeof(command),
		 "sed 's|/run/|%1$s/run/|g; s|/dev/shm|%1$s/dev/shm|; s|/usr/lib/|%1$s/usr/lib/|;"
		 "s|/dev/iscsi-boot|%1$s/dev/iscsi-boot|' agent/hooks/arm >%1$s/arm; "
		 "sh %1$s/arm; sed -i 's|for dir in [^ ]*|for dir in|' %1$s/arm; sh %1$s/arm", root);
	assert_int_equal(system(command), 0);
	assert_value("/victim", "precious");
	assert_value("/run/iscsi-boot/shutdown", "#!/bin/sh\nexit 2");
	assert_int_equal(stat(root_path("/run/iscsi-boot/shutdown"), &now), 0);
	assert_int_equal(now.st_mode & 07777, 0755);
	assert_value("/planted", "evil");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, root_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(cannot_stay), TEST(well),		 TEST(silent),	      TEST(not_asked_for_long),
		TEST(cannot_be_asked),	 TEST(cannot_be_set), TEST(failed_without_a_listener),
		TEST(without_its_transport), TEST(by_transport),	 TEST(planted_before_arm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
