// SPDX-License-Identifier: GPL-2.0-only
#include "guard/guard_private.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/deadline.h"
#include "base/log.h"
#include "iscsi/pdu_socket.h"
#include "iscsi/portal_addr.h"
#include "session/session_params.h"

/* A target may send us on, but not in a circle. */
#define HOPS_MAX 4

static void take(struct guard *g, struct guard_session *s, enum guard_event event);

/* What is in the way, once as long as it is the same. */
__attribute__((format(printf, 2, 3))) static void tell(struct guard_session *s, const char *fmt,
						       ...)
{
	char text[sizeof(s->said)];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (!strcmp(text, s->said))
		return;
	memcpy(s->said, text, sizeof(text));
	log_warning("guard", "session%d: %s", s->snapshot.session.sid, text);
}

static void close_socket(struct guard_session *s)
{
	cleanup_fd(&s->fd);
	s->fd = -1;
}

/*
 * What the kernel still says of the connection it has said by then, and it is of the past. The
 * kernel carries it out on whatever it has of a connection, so it is first asked whose that is.
 */
static bool stop(struct guard *g, struct guard_session *s)
{
	if (!guard_may_act(g))
		return false;
	s->bound = false;
	if (iscsi_nl_stop_conn(&g->transport, s->snapshot.session.sid) < 0)
		g->look = true;
	guard_hear(g);
	s->lost = false;
	s->answered = false;
	return true;
}

static int open_socket(const struct guard_session *s, const struct sockaddr_in6 *to, socklen_t len)
{
	const struct session_snapshot *k = &s->snapshot;
	int fd = socket(to->sin6_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	pdu_socket_tune(fd, to->sin6_family, 0, 0);
	/* A device that was plugged in again has another number: then by whichever leads there. */
	if ((k->bound && setsockopt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, &k->ifindex, sizeof(int)) &&
	     errno != ENODEV) ||
	    (connect(fd, (const struct sockaddr *)to, len) && errno != EINPROGRESS)) {
		int r = -errno;

		close(fd);
		return r;
	}
	return fd;
}

static void fail(struct guard *g, struct guard_session *s, const char *what, int error)
{
	tell(s, "%s: %s", what, strerror(error));
	take(g, s, GUARD_FAILED);
}

static void forget_attempt(struct guard_session *s)
{
	close_socket(s);
	login_phase_free(&s->login_phase);
	s->redirect.host[0] = '\0';
	s->hops = 0;
}

/* Whoever did it. */
static void be_well(struct guard_session *s)
{
	forget_attempt(s);
	s->held = false;
	s->lost_ns = 0;
	s->attempts = 0;
	s->said[0] = '\0';
}

static void begin(struct guard *g, struct guard_session *s)
{
	bool elsewhere = s->redirect.host[0];
	const char *host = elsewhere ? s->redirect.host : s->snapshot.portal;
	struct sockaddr_in6 to;
	socklen_t len;

	close_socket(s);
	if (s->held && session_snapshot_state(s->snapshot.session.sid) == SESSION_LOGGED_IN) {
		reconnect_fsm_init(&s->machine, now_ns());
		be_well(s);
		return;
	}
	if (!stop(g, s)) {
		take(g, s, GUARD_HELD);
		return;
	}
	s->attempts++;
	len = portal_parse(host, elsewhere ? s->redirect.port : s->snapshot.port,
			   s->snapshot.ifindex, &to);
	s->fd = len ? open_socket(s, &to, len) : -EADDRNOTAVAIL;
	if (s->fd < 0)
		fail(g, s, "connect", -s->fd);
}

static void send_out(struct guard *g, struct guard_session *s)
{
	int r = iscsi_nl_send_pdu(&g->transport, s->snapshot.session.sid, &s->login_phase.out);

	if (r)
		fail(g, s, "send", -r);
}

static void give_way(struct guard *g, struct guard_session *s)
{
	enum failure failure = s->login_phase.verdict.failure;

	tell(s, "refused: %s", s->login_phase.answer);
	take(g, s,
	     failure == FAILURE_BUSY ? GUARD_BUSY :
	     failure == FAILURE_AUTH ? GUARD_AUTH :
				       GUARD_FAILED);
}

static void log_in(struct guard *g, struct guard_session *s)
{
	int r;

	if (!guard_may_act(g)) {
		take(g, s, GUARD_HELD);
		return;
	}
	r = iscsi_nl_bind_conn(&g->transport, s->snapshot.session.sid, s->fd);
	if (r) {
		fail(g, s, "bind", -r);
		return;
	}
	s->bound = true;
	if (pdu_socket_has_ended(s->fd)) {
		fail(g, s, "connect", ECONNRESET);
		return;
	}
	if (login_phase_start(&s->login_phase, &s->snapshot.login) == LOGIN_PHASE_SEND)
		send_out(g, s);
	else
		give_way(g, s);
}

static void drop(struct guard *g, struct guard_session *s)
{
	forget_attempt(s);
	if (s->bound)
		stop(g, s);
}

static void take(struct guard *g, struct guard_session *s, enum guard_event event)
{
	s->held |= event == GUARD_HELD;
	switch (reconnect_fsm_event(&s->machine, event, now_ns(), random_number())) {
	case GUARD_BEGIN:
		begin(g, s);
		break;
	case GUARD_LOG_IN:
		log_in(g, s);
		break;
	case GUARD_DROP:
		drop(g, s);
		break;
	case GUARD_NOTHING:
		break;
	}
}

static void is_back(struct guard *g, struct guard_session *s)
{
	s->bound = false; /* it is nobody's but the kernel's */
	g->past->remade++;
	g->news = true;
	log_info("guard", "session%d: back after %.1f s, attempts %u", s->snapshot.session.sid,
		 seconds_since(s->lost_ns), s->attempts);
	be_well(s);
	take(g, s, GUARD_LOGIN_DONE);
}

/* The kernel refuses values where iscsid has stopped the connection meanwhile. */
static void finish(struct guard *g, struct guard_session *s)
{
	struct session_values v = { 0 };
	enum iscsi_nl_param failed;
	int r;

	session_values_add_login(&v, &s->login_phase);
	r = iscsi_nl_set_values(&g->transport, &s->snapshot.session, v.list, v.nr, &failed);
	if (r) {
		fail(g, s, "parameters", -r);
		return;
	}
	guard_may_act(g);
	if (g->done)
		return;
	r = iscsi_nl_start_conn(&g->transport, s->snapshot.session.sid);
	if (r)
		fail(g, s, "start", -r);
	else
		is_back(g, s);
}

static void redirect(struct guard *g, struct guard_session *s)
{
	if (s->hops++ == HOPS_MAX) {
		fail(g, s, "redirected", ELOOP);
		return;
	}
	s->redirect = s->login_phase.redirect;
	take(g, s, GUARD_REDIRECTED);
}

static void take_answer(struct guard *g, struct guard_session *s)
{
	switch (login_phase_receive(&s->login_phase, &s->answer)) {
	case LOGIN_PHASE_SEND:
		send_out(g, s);
		break;
	case LOGIN_PHASE_DONE:
		finish(g, s);
		break;
	case LOGIN_PHASE_REDIRECTED:
		redirect(g, s);
		break;
	case LOGIN_PHASE_FAILED:
		give_way(g, s);
		break;
	}
}

static void look_at_socket(struct guard *g, struct guard_session *s)
{
	struct pollfd p = { .fd = s->fd, .events = POLLOUT };
	int r;

	if (poll(&p, 1, 0) <= 0)
		return;
	r = pdu_socket_connected(&(struct pdu_socket){ .fd = s->fd });
	if (r)
		fail(g, s, "connect", -r);
	else
		take(g, s, GUARD_CONNECTED);
}

static void take_loss(struct guard *g, struct guard_session *s)
{
	s->lost = false;
	if (s->machine.state == GUARD_LOGGED_IN) {
		s->lost_ns = now_ns();
		log_warning("guard", "session%d: the connection is lost", s->snapshot.session.sid);
	}
	take(g, s, GUARD_LOST);
}

static void take_time(struct guard *g, struct guard_session *s)
{
	bool silent = s->machine.state == GUARD_CONNECT || s->machine.state == GUARD_LOGIN;

	if (now_ns() < s->machine.until_ns)
		return;
	if (silent)
		tell(s, s->machine.state == GUARD_LOGIN ? "no answer to the login" : "no answer");
	/* Where we were sent nobody is: who sent us there may know better by now. */
	s->redirect.host[0] = '\0';
	s->hops = 0;
	take(g, s, GUARD_TIME);
}

void guard_session_step(struct guard *g, struct guard_session *s)
{
	if (s->lost)
		take_loss(g, s);
	if (s->answered && s->machine.state == GUARD_LOGIN)
		take_answer(g, s);
	s->answered = false;
	if (s->machine.state == GUARD_CONNECT && s->fd >= 0)
		look_at_socket(g, s);
	take_time(g, s);
}

void guard_session_free(struct guard_session *s)
{
	close_socket(s);
	login_phase_free(&s->login_phase);
	session_snapshot_wipe(&s->snapshot);
	free(s);
}
