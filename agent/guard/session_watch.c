// SPDX-License-Identifier: GPL-2.0-only
/* Watches the sessions that iscsid has: keeps their values, and probes the portals of lost ones. */
#include <poll.h>

#include "base/cleanup.h"
#include "base/deadline.h"
#include "guard/guard_private.h"
#include "iscsi/pdu_socket.h"

static void close_probe(struct guard_session *s)
{
	cleanup_fd(&s->fd);
	s->fd = -1;
}

/* From here on the guard acts on the session. If it is logged in, nothing follows. */
static void take_session(struct guard_session *s)
{
	unsigned int failures = s->watch.failures + s->watch.hung;

	close_probe(s);
	s->lost = s->down;
	s->lost_ns = s->watch.down_ns;
	s->watch = (struct portal_watch){ .failures = failures };
}

void standby_switch(struct guard *g)
{
	const bool acts = g->standby.state == STANDBY_ACT;
	struct guard_session *s;

	for (s = g->list; s && acts && g->standby.holds; s = s->next)
		guard_session_hold(g, s);
	if (acts == g->acts)
		return;
	g->acts = acts;
	g->rescan = true;
	for (s = g->list; s; s = s->next) {
		if (acts) {
			take_session(s);
		} else {
			guard_session_yield(s);
			s->stale = true;
		}
	}
}

static bool is_logged_in(const struct guard_session *s)
{
	return session_snapshot_state(s->snapshot.session.sid) == SESSION_LOGGED_IN;
}

/* Reads the values of iscsid's login. The kernel shows only some once the session is lost. */
static void refresh_snapshot(struct guard_session *s)
{
	struct session_snapshot k;

	if (!is_logged_in(s))
		return;
	if (session_snapshot_read(&k, s->snapshot.session.sid) || !is_logged_in(s)) {
		session_snapshot_wipe(&k);
		return;
	}
	session_snapshot_wipe(&s->snapshot);
	s->snapshot = k;
	s->stale = false;
	moved_portal_read(s);
}

/*
 * iscsid only knows the configured portal, which may go away after a redirection. So if a probe is
 * not answered, the next one is made at the other portal.
 */
static int connect_probe(struct guard_session *s)
{
	if (!s->watch.answers_ns)
		s->probes_moved = !s->probes_moved;
	if (s->probes_moved && s->moved.host[0])
		return guard_connect(&s->snapshot, s->moved.host, s->moved.port);
	return guard_connect(&s->snapshot, s->snapshot.portal, s->snapshot.port);
}

static void watch_event(struct guard *g, struct guard_session *s, enum portal_event event)
{
	enum portal_act act = portal_watch_event(&s->watch, event, g->limit_s, now_ns());

	if (act == PORTAL_NOTHING)
		return;
	close_probe(s);
	if (act == PORTAL_CLOSE)
		return;
	s->fd = connect_probe(s);
	if (s->fd < 0) {
		s->fd = -1;
		watch_event(g, s, PORTAL_FAILS);
	}
}

static void check_probe(struct guard *g, struct guard_session *s)
{
	struct pollfd p = { .fd = s->fd, .events = POLLOUT };
	bool was_hung = s->watch.hung;

	if (s->fd < 0 || poll(&p, 1, 0) <= 0)
		return;
	watch_event(g, s,
		    pdu_socket_connected(&(struct pdu_socket){ .fd = s->fd }) ? PORTAL_FAILS :
										PORTAL_ANSWERS);
	g->rescan |= s->watch.hung && !was_hung; /* which calls guard_may_act() */
}

void standby_session_step(struct guard *g, struct guard_session *s)
{
	if (s->lost) {
		s->lost = false;
		s->stale = true;
		s->has_response = false;
		g->rescan = true;
	}
	if (s->stale && !s->down)
		refresh_snapshot(s);
	watch_event(g, s,
		    s->down && now_ns() >= s->quiet_ns ? PORTAL_SESSION_DOWN : PORTAL_SESSION_UP);
	check_probe(g, s);
	watch_event(g, s, PORTAL_TIME);
}
