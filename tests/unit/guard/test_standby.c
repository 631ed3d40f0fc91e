// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests in virtual time when the guard stands by, terminates iscsid and takes over, and how it finds
 * out that iscsid hangs.
 */
#include "tests/unit/fake.h"

#include "guard/portal_watch.h"
#include "guard/standby_fsm.h"

#include <limits.h>

#define MS 1000000LL
#define SWITCHES 40

static struct standby_fsm m;
static struct standby_view view;
static int64_t now;

static void start(void)
{
	now = 1000000 * MS;
	m = (struct standby_fsm){ 0 };
	view = (struct standby_view){ 0 };
}

static enum standby_act see(enum iscsid_state is)
{
	view.iscsid = (struct iscsid){ .is = is,
				       .pid = is == ISCSID_NONE ? 0 : 5,
				       .child = view.iscsid.child,
				       .switches = SWITCHES };
	return standby_fsm_step(&m, &view, now);
}

static enum standby_act see_after(unsigned int ms, enum iscsid_state is)
{
	now += ms * MS;
	return see(is);
}

/* From here on iscsid has the sessions. */
static void hand_over(void)
{
	start();
	see(ISCSID_WORKS);
}

static void acts_without_iscsid(void **state)
{
	start();
	assert_true(standby_fsm_may_act(&m));
	assert_int_equal(see(ISCSID_NONE), STANDBY_NOTHING);
	assert_true(standby_fsm_may_act(&m));
}

static void hands_over_and_takes_over(void **state)
{
	start();
	assert_int_equal(see(ISCSID_COMES), STANDBY_NOTHING);
	assert_false(standby_fsm_may_act(&m));
	assert_int_equal(see(ISCSID_WORKS), STANDBY_HAND_OVER);
	assert_int_equal(m.pid, 5);
	assert_int_equal(see_after(3600 * 1000, ISCSID_WORKS), STANDBY_NOTHING);
	assert_false(standby_fsm_may_act(&m));
	assert_int_equal(see(ISCSID_NONE), STANDBY_TAKE_OVER);
	assert_true(standby_fsm_may_act(&m));
	assert_int_equal(see(ISCSID_WORKS), STANDBY_HAND_OVER);
}

static void another_iscsid(void **state)
{
	hand_over();
	view.iscsid = (struct iscsid){ .is = ISCSID_COMES, .pid = 6 };
	assert_int_equal(standby_fsm_step(&m, &view, now), STANDBY_NOTHING);
	assert_false(standby_fsm_may_act(&m));
	assert_int_equal(m.pid, 6);
	view.iscsid.is = ISCSID_WORKS;
	assert_int_equal(standby_fsm_step(&m, &view, now), STANDBY_HAND_OVER);
}

static void exits_if_off(void **state)
{
	start();
	view.off = true;
	see(ISCSID_COMES);
	assert_int_equal(m.state, STANDBY_WAIT);
	assert_int_equal(see(ISCSID_WORKS), STANDBY_HAND_OVER);
	assert_int_equal(m.state, STANDBY_EXIT);
	assert_int_equal(see(ISCSID_NONE), STANDBY_NOTHING);
	assert_false(standby_fsm_may_act(&m));
	start();
	view.off = true;
	assert_int_equal(see(ISCSID_WORKS), STANDBY_HAND_OVER);
	assert_int_equal(m.state, STANDBY_EXIT);
}

/* It may act as soon as it serves: no login of the guard may be under way then. */
static void holds_while_one_starts(void **state)
{
	start();
	assert_int_equal(see(ISCSID_STARTS), STANDBY_NOTHING);
	assert_false(standby_fsm_may_act(&m));
	assert_int_equal(m.state, STANDBY_ACT);
	assert_int_equal(see(ISCSID_NONE), STANDBY_NOTHING); /* it has ended */
	assert_true(standby_fsm_may_act(&m));
	see(ISCSID_STARTS);
	see(ISCSID_COMES);
	assert_int_equal(m.state, STANDBY_WAIT);
	assert_int_equal(see(ISCSID_STARTS), STANDBY_TAKE_OVER); /* another one */
	assert_int_equal(m.state, STANDBY_ACT);
	assert_false(standby_fsm_may_act(&m));
}

/* It does not run, so it may wait for the disk. Once it runs, the guard holds still again. */
static void goes_on_if_it_does_not_run(void **state)
{
	start();
	see(ISCSID_STARTS);
	see_after(STANDBY_STUCK_MS - 1, ISCSID_STARTS);
	assert_false(standby_fsm_may_act(&m));
	see_after(1, ISCSID_STARTS);
	assert_true(standby_fsm_may_act(&m));
	view.iscsid.switches++;
	standby_fsm_step(&m, &view, now);
	assert_false(standby_fsm_may_act(&m));
	see(ISCSID_STARTS);
	assert_false(standby_fsm_may_act(&m));
}

/* An iscsid that has not served yet is not terminated: no process may start it again. */
static void blocked_at_its_start(void **state)
{
	start();
	assert_int_equal(see(ISCSID_STUCK), STANDBY_NOTHING);
	assert_false(standby_fsm_may_act(&m));
	see_after(STANDBY_STUCK_MS - 1, ISCSID_STUCK);
	assert_false(standby_fsm_may_act(&m));
	assert_int_equal(see_after(1, ISCSID_STUCK), STANDBY_NOTHING);
	assert_true(standby_fsm_may_act(&m));
	assert_int_equal(see(ISCSID_COMES), STANDBY_NOTHING);
	assert_false(standby_fsm_may_act(&m));
}

/* iscsid knows no session yet: its child reads the records first. */
static void its_child_is_blocked(void **state)
{
	start();
	view.lost = view.iscsid.child = true;
	see(ISCSID_COMES);
	assert_int_equal(see(ISCSID_STUCK), STANDBY_NOTHING);
	assert_false(standby_fsm_may_act(&m));
	assert_int_equal(see_after(STANDBY_STUCK_MS, ISCSID_STUCK), STANDBY_NOTHING);
	assert_true(standby_fsm_may_act(&m));
	see(ISCSID_COMES);
	assert_false(standby_fsm_may_act(&m));
	assert_int_equal(see(ISCSID_WORKS), STANDBY_HAND_OVER);
}

/* iscsid has stopped the connection and makes another one, for which the child waits. */
static void waits_for_its_new_connection(void **state)
{
	start();
	view.lost = view.iscsid.child = view.touched = true;
	see(ISCSID_STUCK);
	assert_int_equal(see_after(3600 * 1000, ISCSID_STUCK), STANDBY_NOTHING);
	assert_false(standby_fsm_may_act(&m));
	view.hung = true;
	assert_int_equal(see(ISCSID_STUCK), STANDBY_SEND_KILL_HUNG);
	start();
	view.iscsid =
		(struct iscsid){ .is = ISCSID_STUCK, .pid = 5, .child = true, .reported = true };
	standby_fsm_step(&m, &view, now);
	now += 3600 * 1000 * MS;
	standby_fsm_step(&m, &view, now);
	assert_false(standby_fsm_may_act(&m));
	start();
	view.lost = view.touched = true;
	see(ISCSID_STUCK);
	see(ISCSID_STUCK);
	assert_int_equal(see_after(STANDBY_KILL_MS, ISCSID_STUCK), STANDBY_SEND_KILL);
}

/* The worker of the guard that handed over was killed. */
static void known_to_have_served(void **state)
{
	start();
	view.lost = view.served = true;
	assert_int_equal(see(ISCSID_STUCK), STANDBY_HAND_OVER);
	see(ISCSID_STUCK);
	assert_false(standby_fsm_may_act(&m));
	assert_int_equal(see_after(STANDBY_KILL_MS, ISCSID_STUCK), STANDBY_SEND_KILL);
}

static void terminates_a_stuck_one(void **state)
{
	hand_over();
	see(ISCSID_STUCK);
	assert_int_equal(see_after(STANDBY_KILL_MS, ISCSID_STUCK), STANDBY_NOTHING); /* not lost */
	view.lost = true;
	assert_int_equal(see(ISCSID_STUCK), STANDBY_SEND_KILL);
	assert_int_equal(see_after(3600 * 1000, ISCSID_STUCK), STANDBY_NOTHING);
	assert_false(standby_fsm_may_act(&m));
	assert_int_equal(see(ISCSID_NONE), STANDBY_TAKE_OVER);
	assert_true(standby_fsm_may_act(&m));
}

/* In state D whenever the guard looks, but it runs in between. */
static void runs_in_between(void **state)
{
	unsigned int i;

	hand_over();
	view.lost = true;
	for (i = 0; i < 100; i++) {
		now += (STANDBY_KILL_MS - 1) * MS;
		view.iscsid = (struct iscsid){ .is = ISCSID_STUCK, .pid = 5, .switches = i };
		assert_int_equal(standby_fsm_step(&m, &view, now), STANDBY_NOTHING);
	}
	see(ISCSID_WORKS);
	see(ISCSID_STUCK);
	assert_int_equal(see_after(STANDBY_KILL_MS - 1, ISCSID_STUCK), STANDBY_NOTHING);
}

/* iscsid has the sessions and reconnects without that child. */
static void a_later_child_is_blocked(void **state)
{
	hand_over();
	view.lost = view.iscsid.child = true;
	see(ISCSID_STUCK);
	assert_int_equal(see_after(3600 * 1000, ISCSID_STUCK), STANDBY_NOTHING);
}

static void terminates_a_hung_one(void **state)
{
	hand_over();
	view.lost = view.hung = true;
	assert_int_equal(see(ISCSID_WORKS), STANDBY_SEND_KILL_HUNG);
	assert_int_equal(see(ISCSID_WORKS), STANDBY_NOTHING);
	assert_int_equal(see(ISCSID_NONE), STANDBY_TAKE_OVER);
}

/* In any order, the guard may act only if the last look found no iscsid that may act too. */
static void one_actor_in_any_order(void **state)
{
	unsigned int i;
	pid_t served = 0;

	srandom(1);
	start();
	for (i = 0; i < 200000; i++) {
		now += random() % 1500 * MS;
		view = (struct standby_view){ .lost = random() % 2, .hung = random() % 20 == 0 };
		view.iscsid.is = (enum iscsid_state)(random() % (ISCSID_WORKS + 1));
		view.iscsid.pid = view.iscsid.is == ISCSID_NONE ? 0 : (pid_t)(5 + random() % 2);
		view.iscsid.child = random() % 2;
		view.served = view.iscsid.pid && view.iscsid.pid == served;
		view.touched = random() % 2;
		if (standby_fsm_step(&m, &view, now) == STANDBY_HAND_OVER)
			served = m.pid;
		if (view.iscsid.is == ISCSID_NONE)
			assert_true(standby_fsm_may_act(&m));
		else if (view.iscsid.is != ISCSID_STARTS &&
			 (view.iscsid.is != ISCSID_STUCK || view.served || view.touched))
			assert_false(standby_fsm_may_act(&m));
	}
}

/* Portals of lost sessions */

static struct portal_watch w;

static enum portal_act watch(enum portal_event event)
{
	return portal_watch_event(&w, event, 30, now);
}

static enum portal_act watch_after(unsigned int ms, enum portal_event event)
{
	now += ms * MS;
	return watch(event);
}

static void lose(void)
{
	start();
	w = (struct portal_watch){ 0 };
	assert_int_equal(watch(PORTAL_SESSION_UP), PORTAL_NOTHING);
	assert_true(portal_watch_until(&w) == INT64_MAX);
	assert_int_equal(watch(PORTAL_SESSION_DOWN), PORTAL_NOTHING);
}

static enum portal_act probe_next(enum portal_event answer)
{
	now = portal_watch_until(&w);
	assert_int_equal(watch(PORTAL_TIME), PORTAL_PROBE);
	return watch(answer);
}

static void hangs_after_the_limit(void **state)
{
	int64_t lost;

	lose();
	lost = now;
	assert_int_equal(watch_after(PORTAL_FIRST_MS - 1, PORTAL_TIME), PORTAL_NOTHING);
	assert_int_equal(watch_after(1, PORTAL_TIME), PORTAL_PROBE);
	assert_int_equal(watch(PORTAL_ANSWERS), PORTAL_CLOSE);
	while (!w.hung) {
		assert_true(now - lost < 30000 * MS);
		assert_int_equal(probe_next(PORTAL_ANSWERS), PORTAL_CLOSE);
	}
	assert_int_equal(now - lost, 30000 * MS);
}

/* The time in which the portal did not answer does not count. */
static void target_is_away(void **state)
{
	unsigned int i;

	lose();
	for (i = 0; i < 100; i++)
		assert_int_equal(probe_next(PORTAL_FAILS), PORTAL_CLOSE);
	for (i = 0; i < 100; i++) {
		now = portal_watch_until(&w);
		assert_int_equal(watch(PORTAL_TIME), PORTAL_PROBE);
		assert_int_equal(watch_after(PORTAL_PROBE_MS, PORTAL_TIME), PORTAL_CLOSE);
	}
	for (i = 0; i < 6; i++)
		probe_next(PORTAL_ANSWERS);
	assert_false(w.hung);
	probe_next(PORTAL_FAILS);
	for (i = 0; i < 6; i++)
		probe_next(PORTAL_ANSWERS);
	assert_false(w.hung);
	probe_next(PORTAL_ANSWERS);
	assert_true(w.hung);
}

static void iscsid_reconnects(void **state)
{
	lose();
	now = portal_watch_until(&w);
	watch(PORTAL_TIME);
	assert_int_equal(watch(PORTAL_SESSION_UP), PORTAL_CLOSE);
	assert_int_equal(watch(PORTAL_ANSWERS), PORTAL_NOTHING);
	assert_int_equal(watch(PORTAL_FAILS), PORTAL_NOTHING);
	assert_true(portal_watch_until(&w) == INT64_MAX);
}

/* If the guard cannot log in either, iscsid is terminated less and less often. */
/* Without a limit a probe would only disturb: iscsid may be about to log in. */
static void no_probe_without_a_limit(void **state)
{
	w = (struct portal_watch){ 0 };
	assert_int_equal(portal_watch_event(&w, PORTAL_SESSION_DOWN, 0, now), PORTAL_NOTHING);
	assert_true(portal_watch_until(&w) == INT64_MAX);
}

static void limit_doubles(void **state)
{
	unsigned int failures;
	int64_t first;

	for (failures = 0; failures < 20; failures++) {
		lose();
		w.failures = failures;
		first = now;
		while (!w.hung)
			probe_next(PORTAL_ANSWERS);
		assert_int_equal(now - first, (30000 * MS) << (failures < 10 ? failures : 10));
	}
	watch(PORTAL_SESSION_UP);
	assert_int_equal(w.failures, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(acts_without_iscsid),
		cmocka_unit_test(hands_over_and_takes_over),
		cmocka_unit_test(another_iscsid),
		cmocka_unit_test(exits_if_off),
		cmocka_unit_test(holds_while_one_starts),
		cmocka_unit_test(goes_on_if_it_does_not_run),
		cmocka_unit_test(blocked_at_its_start),
		cmocka_unit_test(its_child_is_blocked),
		cmocka_unit_test(waits_for_its_new_connection),
		cmocka_unit_test(known_to_have_served),
		cmocka_unit_test(terminates_a_stuck_one),
		cmocka_unit_test(runs_in_between),
		cmocka_unit_test(a_later_child_is_blocked),
		cmocka_unit_test(terminates_a_hung_one),
		cmocka_unit_test(one_actor_in_any_order),
		cmocka_unit_test(hangs_after_the_limit),
		cmocka_unit_test(target_is_away),
		cmocka_unit_test(iscsid_reconnects),
		cmocka_unit_test(no_probe_without_a_limit),
		cmocka_unit_test(limit_doubles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
