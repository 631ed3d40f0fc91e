// SPDX-License-Identifier: GPL-2.0-only
/* Which sessions are ended when the machine goes down, and that it never waits for ever. */
#include "fake.h"

#include "agent/shutdown.h"
#include "agent/transport.h"

#include <errno.h>

#define SECONDS 4 /* the least that policy takes: a session has half of it */

static int refusal, set_refusal; /* of the kernel */
static unsigned int opening_ms;
static bool answers;
static int asked;

int __wrap_transport_open(struct transport *t);
int __wrap_transport_ask(struct transport *t, int sid);
int __wrap_transport_answer(struct transport *t);
int __wrap_transport_set(struct transport *t, int sid, enum transport_param param, int value);
int __wrap_transport_end(struct transport *t, int sid);

int __wrap_transport_open(struct transport *t)
{
	*t = (struct transport){ .fd = -1 };
	usleep(opening_ms * 1000);
	return 0;
}

int __wrap_transport_ask(struct transport *t, int sid)
{
	if (!refusal)
		asked = sid;
	return refusal;
}

int __wrap_transport_answer(struct transport *t)
{
	int sid = answers && asked ? asked : -EAGAIN;

	asked = 0;
	return sid;
}

int __wrap_transport_set(struct transport *t, int sid, enum transport_param param, int value)
{
	return set_refusal;
}

/* In a child. */
int __wrap_transport_end(struct transport *t, int sid)
{
	root_put("/ended", "");
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
	return 0;
}

static enum status run(void)
{
	struct wanted_disk disk = { .target = "iqn.x:t", .portal = "10.0.2.2", .port = 3260 };
	struct wanted wanted = { .disks = &disk, .nr = 1, .shutdown_timeout_s = SECONDS };

	return shutdown_sessions(&wanted, NULL);
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

/* The machine was busy for longer than a session has: one that was not asked is not lost. */
static void not_asked_for_long(void **state)
{
	opening_ms = 1000 * SECONDS / 2 + 100;
	assert_int_equal(run(), STATUS_OK);
	assert_false(was_ended());
}

/* Logged in, but the kernel doesn't even ask: the connection is gone, and nobody sees to it. */
static void cannot_be_asked(void **state)
{
	refusal = -EPERM;
	assert_int_equal(run(), STATUS_NO_ANSWER);
	assert_true(was_ended());
}

/* The target is well, the kernel isn't: that is no reason to go on for ever. */
static void cannot_be_set(void **state)
{
	set_refusal = -EINVAL;
	assert_int_equal(run(), STATUS_NO_ANSWER);
	assert_false(was_ended());
}

static void failed_and_nobody_logs_in(void **state)
{
	fake_put("FAILED\n", "/sys/class/iscsi_session/session1/state");
	assert_int_equal(run(), STATUS_NO_ANSWER);
	assert_true(was_ended());
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, root_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(well),		 TEST(silent),	      TEST(not_asked_for_long),
		TEST(cannot_be_asked),	 TEST(cannot_be_set), TEST(failed_and_nobody_logs_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
