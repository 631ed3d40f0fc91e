// SPDX-License-Identifier: GPL-2.0-only
/* Implements the state machine of standing by (standby_fsm.h). */
#include "guard/standby_fsm.h"

#define NS_PER_MS 1000000LL

/* Returns true if iscsid is blocked, or starts, and has not run for @ms. */
static bool is_stuck(struct standby_fsm *m, const struct iscsid *iscsid, int64_t now, int64_t ms)
{
	if (iscsid->is != ISCSID_STUCK && iscsid->is != ISCSID_STARTS) {
		m->stuck_ns = 0;
		return false;
	}
	if (!m->stuck_ns || iscsid->switches != m->switches) {
		m->stuck_ns = now;
		m->switches = iscsid->switches;
	}
	return now - m->stuck_ns >= ms * NS_PER_MS;
}

static enum standby_act to_state(struct standby_fsm *m, enum standby_state state, pid_t pid,
				 enum standby_act act)
{
	*m = (struct standby_fsm){ .state = state, .pid = pid };
	return act;
}

static enum standby_act fsm_yield(struct standby_fsm *m, const struct standby_view *v)
{
	return to_state(m, v->off ? STANDBY_EXIT : STANDBY_YIELD, v->iscsid.pid, STANDBY_HAND_OVER);
}

/*
 * True if iscsid or its child is blocked before iscsid knows any session. Once it knows one, it
 * stops the connection, and the child waits with its request open until iscsid has logged in.
 */
static bool is_blocked_early(const struct standby_view *v)
{
	return v->iscsid.is == ISCSID_STUCK && !v->served && !v->touched && !v->iscsid.reported;
}

/* No iscsid can act, as far as the guard has seen. */
static enum standby_act fsm_act(struct standby_fsm *m, const struct standby_view *v, int64_t now)
{
	bool early = v->iscsid.is == ISCSID_STARTS || is_blocked_early(v);

	if (v->iscsid.is == ISCSID_WORKS || (v->iscsid.is == ISCSID_STUCK && v->served))
		return fsm_yield(m, v);
	if (v->iscsid.is != ISCSID_NONE && !early)
		return to_state(m, STANDBY_WAIT, v->iscsid.pid, STANDBY_NOTHING);
	m->holds = !is_stuck(m, &v->iscsid, now, STANDBY_STUCK_MS) && early;
	return STANDBY_NOTHING;
}

/*
 * If iscsid knows a session, it reconnects that without its child, which may be blocked until then.
 */
static enum standby_act fsm_watch(struct standby_fsm *m, const struct standby_view *v, int64_t now)
{
	struct iscsid iscsid = v->iscsid;

	if (m->state == STANDBY_WAIT && is_blocked_early(v)) {
		to_state(m, STANDBY_ACT, 0, STANDBY_NOTHING);
		return fsm_act(m, v, now);
	}
	if (iscsid.is == ISCSID_STUCK && iscsid.child)
		iscsid.is = ISCSID_COMES;
	if (is_stuck(m, &iscsid, now, STANDBY_KILL_MS) && v->lost)
		return to_state(m, STANDBY_KILL, m->pid, STANDBY_SEND_KILL);
	if (v->hung)
		return to_state(m, STANDBY_KILL, m->pid, STANDBY_SEND_KILL_HUNG);
	if (m->state == STANDBY_WAIT && iscsid.is == ISCSID_WORKS)
		return fsm_yield(m, v);
	return STANDBY_NOTHING;
}

enum standby_act standby_fsm_step(struct standby_fsm *m, const struct standby_view *v, int64_t now)
{
	if (m->state == STANDBY_ACT)
		return fsm_act(m, v, now);
	if (m->state == STANDBY_EXIT)
		return STANDBY_NOTHING;
	if (v->iscsid.is == ISCSID_NONE || v->iscsid.is == ISCSID_STARTS) {
		to_state(m, STANDBY_ACT, 0, STANDBY_NOTHING);
		fsm_act(m, v, now);
		return STANDBY_TAKE_OVER;
	}
	if (v->iscsid.pid != m->pid) { /* another iscsid */
		to_state(m, STANDBY_ACT, 0, STANDBY_NOTHING);
		return fsm_act(m, v, now);
	}
	return m->state == STANDBY_KILL ? STANDBY_NOTHING : fsm_watch(m, v, now);
}

bool standby_fsm_may_act(const struct standby_fsm *m)
{
	return m->state == STANDBY_ACT && !m->holds;
}
