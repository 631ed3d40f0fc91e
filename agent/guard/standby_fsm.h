/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * State machine of standing by: decides whether the guard or iscsid may act on the sessions, and
 * when the guard terminates an iscsid that no longer works. It uses no clock and no I/O.
 *
 * ACT -> WAIT -> YIELD -> ACT
 *
 * WAIT and YIELD can go to KILL, which goes to ACT once iscsid has ended. The guard acts on
 * sessions only in ACT, and ACT follows only if no iscsid can act. So there is one actor at any
 * time.
 *
 * In ACT the guard holds still while an iscsid starts, so that no login of the guard is under way
 * once that iscsid acts. It goes on if that iscsid does not run: then it waits for the lost disk.
 */
#ifndef AGENT_GUARD_STANDBY_FSM_H
#define AGENT_GUARD_STANDBY_FSM_H

#include "guard/iscsid_probe.h"

/* An iscsid that starts and does not run for so long may wait for the disk. */
#define STANDBY_STUCK_MS 1000
/* The same for an iscsid that may know a session; the guard terminates it then. */
#define STANDBY_KILL_MS 2000

enum standby_state {
	STANDBY_ACT, /* no iscsid serves */
	STANDBY_WAIT, /* iscsid serves, and learns of the sessions */
	STANDBY_YIELD, /* iscsid has the sessions */
	STANDBY_KILL, /* the guard has sent SIGKILL to iscsid, which still exists */
	STANDBY_EXIT, /* iscsid has the sessions, and the guard does not stand by */
};

enum standby_act {
	STANDBY_NOTHING,
	STANDBY_HAND_OVER, /* iscsid has the sessions now */
	STANDBY_TAKE_OVER, /* reconnect the lost sessions */
	STANDBY_SEND_KILL, /* terminate iscsid: it is stuck */
	STANDBY_SEND_KILL_HUNG, /* terminate iscsid: it does not reconnect a session */
};

/* What the guard sees. */
struct standby_view {
	struct iscsid iscsid;
	bool lost; /* a guarded session has no connection */
	bool hung; /* so it stays, although its portal answers (portal_watch.h) */
	bool off; /* the guard exits once iscsid has the sessions */
	bool served; /* this iscsid had the sessions before, as an earlier worker saw */
	bool touched; /* this iscsid has logged a session in, so it knows at least one */
};

struct standby_fsm {
	enum standby_state state;
	pid_t pid; /* iscsid in WAIT, YIELD, KILL and EXIT */
	bool holds; /* in ACT: an iscsid that starts has run a short time ago, so it may act soon */
	int64_t stuck_ns; /* since then that process has not run; 0: it is not stuck */
	unsigned long switches; /* its context switches then */
};

/* Handles what the guard sees at @now_ns. Returns what to do. */
enum standby_act standby_fsm_step(struct standby_fsm *m, const struct standby_view *view,
				  int64_t now_ns);
/* Returns true if the guard may act on sessions. */
bool standby_fsm_may_act(const struct standby_fsm *m);

#endif
