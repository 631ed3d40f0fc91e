/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * State machine of a reconnection: when to start an attempt, when to give it up, how long to pause.
 * It uses no clock, no random numbers and no I/O.
 *
 * LOGGED_IN -> CONNECT -> LOGIN -> LOGGED_IN
 * LOGGED_IN -> LOGOUT -> CONNECT ...
 *
 * Each state can go to PAUSE, and PAUSE goes to CONNECT. The machine never gives up, because no
 * other process would reconnect.
 */
#ifndef AGENT_GUARD_RECONNECT_FSM_H
#define AGENT_GUARD_RECONNECT_FSM_H

#include <stdbool.h>
#include <stdint.h>

/* The kernel repeats a lost SYN after 1 s, then after 2 s, ...: a new attempt is faster. */
#define GUARD_CONNECT_MS 1500
/*
 * Limit for the whole login. If the FIN came before the kernel had the socket, no event reports the
 * end of the connection (seen with a target that restarts). So the limit is short, and doubles each
 * time for a target that is slow.
 */
#define GUARD_LOGIN_MS 2500
#define GUARD_LOGIN_MOST_MS 10000
/* A connection that is lost sooner counts as a failed attempt. */
#define GUARD_STABLE_MS 1000
/* Pause while iscsid may act. */
#define GUARD_HOLD_MS 100

enum guard_state {
	GUARD_LOGGED_IN,
	GUARD_LOGOUT, /* a Logout Request was sent, because the target asked for it */
	GUARD_PAUSE,
	GUARD_CONNECT,
	GUARD_LOGIN
};

enum guard_event {
	GUARD_TIME, /* time has passed */
	GUARD_LOST, /* the kernel or sysfs reports that the connection is lost */
	GUARD_CONNECTED,
	GUARD_REDIRECTED,
	GUARD_LOGIN_DONE, /* the kernel has started the connection */
	GUARD_FAILED, /* refused, unreachable, or lost during the login */
	GUARD_BUSY, /* the target asks to retry later */
	GUARD_AUTH, /* the target refuses the credentials, and may lock the initiator out */
	GUARD_HELD, /* iscsid may act now */
};

enum guard_act {
	GUARD_NOTHING,
	GUARD_BEGIN, /* stop the connection in the kernel, then connect */
	GUARD_LOG_IN, /* give the kernel the socket, and send the first Login Request */
	GUARD_DROP, /* close the socket; stop the connection if the kernel has it */
};

struct reconnect_fsm {
	enum guard_state state;
	int64_t until_ns; /* time of the next GUARD_TIME; INT64_MAX: never */
	int64_t since_ns; /* LOGGED_IN since then */
	unsigned int failures; /* in a row */
	unsigned int silences; /* logins without a response, in a row */
};

/* Starts in LOGGED_IN. For a session that is lost already, GUARD_LOST must follow. */
void reconnect_fsm_init(struct reconnect_fsm *m, int64_t now_ns);
/* Handles @event at @now_ns. @random (random_number()) spreads the pauses. Returns what to do. */
enum guard_act reconnect_fsm_event(struct reconnect_fsm *m, enum guard_event event, int64_t now_ns,
				   unsigned int random);
/*
 * A Logout Request was sent. The loss of the connection or the end of the @ms begins an attempt;
 * after the response, the caller calls reconnect_fsm_pause().
 */
void reconnect_fsm_logout(struct reconnect_fsm *m, int64_t now_ns, unsigned int ms);
/*
 * The connection was ended as the target asked: begins an attempt after @ms. A target that asks
 * again soon after the login gets the pauses of failed attempts.
 */
void reconnect_fsm_pause(struct reconnect_fsm *m, int64_t now_ns, unsigned int ms,
			 unsigned int random);

#endif
