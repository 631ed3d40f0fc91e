/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a lost connection is remade, step by step: when to begin, when to give an attempt up, how
 * long to pause. Pure: no clock, no randomness, no socket of its own.
 *
 *     WELL -> CONNECT -> LOGIN -> WELL
 *
 * PAUSE from each, and from there CONNECT. There is no end: nobody else would try.
 */
#ifndef AGENT_GUARD_RECONNECT_FSM_H
#define AGENT_GUARD_RECONNECT_FSM_H

#include <stdbool.h>
#include <stdint.h>

/* A SYN that was lost the kernel repeats after a second, then ever later: we begin anew before. */
#define GUARD_CONNECT_MS 1500
/*
 * For the whole login. A connection whose FIN came before the kernel got the socket ends in
 * nothing but silence (seen at a target that restarts): so it is short, and doubles for a target
 * that is just slow.
 */
#define GUARD_LOGIN_MS 2500
#define GUARD_LOGIN_MOST_MS 10000
/* One that is lost again so soon was no success. */
#define GUARD_STABLE_MS 1000
/* While somebody else may be about to act. */
#define GUARD_HOLD_MS 100

enum guard_state { GUARD_LOGGED_IN, GUARD_PAUSE, GUARD_CONNECT, GUARD_LOGIN };

enum guard_event {
	GUARD_TIME, /* nothing but that time has passed */
	GUARD_LOST, /* the kernel, or sysfs, says that the connection is gone */
	GUARD_CONNECTED,
	GUARD_REDIRECTED, /* the target sends us elsewhere */
	GUARD_LOGIN_DONE, /* the kernel has it, commands go */
	GUARD_FAILED, /* refused, not reached, lost while it was made */
	GUARD_BUSY, /* the target says: later */
	GUARD_AUTH, /* the target refuses our credentials: it may lock us out for trying */
	GUARD_HELD, /* not now: somebody else may be at it */
};

enum guard_act {
	GUARD_NOTHING,
	GUARD_BEGIN, /* stop what the kernel still has of the connection, then connect */
	GUARD_LOG_IN, /* give the kernel the socket, and send the first request */
	GUARD_DROP, /* close the socket; stop the connection if the kernel has it */
};

struct reconnect_fsm {
	enum guard_state state;
	int64_t until_ns; /* when GUARD_TIME is due; INT64_MAX: never */
	int64_t since_ns; /* WELL since then */
	unsigned int failures; /* in a row */
	unsigned int silences; /* logins in a row that were never answered */
};

/* A session that is well at @now, or was and is lost: then GUARD_LOST comes next. */
void reconnect_fsm_init(struct reconnect_fsm *m, int64_t now_ns);
/* What to do now. @random spreads the pauses (random_number()). */
enum guard_act reconnect_fsm_event(struct reconnect_fsm *m, enum guard_event event, int64_t now_ns,
				   unsigned int random);

#endif
