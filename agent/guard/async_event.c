// SPDX-License-Identifier: GPL-2.0-only
/*
 * Acts on the target's Async Messages (RFC 7143 11.9). The kernel passes them on and does nothing
 * else. Where the target asks for a logout, the guard logs out and in again, at the configured
 * portal: a target that wants another one redirects the login. Meanwhile the disks wait, so no
 * command fails.
 */
#include <stddef.h>

#include "base/deadline.h"
#include "base/log.h"
#include "guard/guard_private.h"

/* Limits for the Logout Response, whatever time the target gives. */
#define LOGOUT_LEAST_S 1
#define LOGOUT_MOST_S 5

static unsigned int response_limit_s(unsigned int given_s)
{
	if (given_s < LOGOUT_LEAST_S)
		return LOGOUT_LEAST_S;
	return given_s < LOGOUT_MOST_S ? given_s : LOGOUT_MOST_S;
}

/* The session stays until the target has replied: then no command is in progress. */
static void begin_logout(struct guard *g, struct guard_session *s, unsigned int limit_s)
{
	const int sid = s->snapshot.session.sid;
	static struct pdu request;

	logout_request(&request);
	log_info("guard", "session%d: target asks for %s within %u s: logging out and in", sid,
		 s->message.event == ASYNC_LOGOUT ? "a logout" : "a negotiation", limit_s);
	s->logged_out = iscsi_nl_send_pdu(&g->nl, sid, &request) != 0;
	reconnect_fsm_logout(&s->fsm, now_ns(), response_limit_s(limit_s) * 1000);
}

/* Ends the connection, because the pause counts from its end, and the target may drop it later. */
static void wait_after_drop(struct guard *g, struct guard_session *s, unsigned int wait_s)
{
	const int sid = s->snapshot.session.sid;

	log_warning("guard", "session%d: target drops the connection; reconnecting after %u s", sid,
		    wait_s);
	if (iscsi_nl_stop_conn(&g->nl, sid) < 0)
		g->rescan = true;
	reconnect_fsm_pause(&s->fsm, now_ns(), wait_s * 1000, random_number());
}

void guard_async_step(struct guard *g, struct guard_session *s)
{
	const struct async_message m = s->message;

	if (m.event && s->fsm.state == GUARD_LOGGED_IN && guard_may_act(g)) {
		s->lost_ns = now_ns();
		if (m.event == ASYNC_LOGOUT || m.event == ASYNC_NEGOTIATE)
			begin_logout(g, s, m.limit_s);
		else
			wait_after_drop(g, s, async_wait_s(&m));
	}
	s->message.event = 0;
	if (s->logged_out && s->fsm.state == GUARD_LOGOUT)
		reconnect_fsm_pause(&s->fsm, now_ns(), 0, random_number());
	s->logged_out = false;
}
