// SPDX-License-Identifier: GPL-2.0-only
/* Reconnects one session: TCP connection, login through the kernel, start. */
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
#include "guard/guard.h"
#include "iscsi/pdu_socket.h"
#include "iscsi/portal_addr.h"
#include "session/session_params.h"

/* Limit of redirections in one attempt. */
#define HOPS_MAX 4

static void handle(struct guard *g, struct guard_session *s, enum guard_event event);

/* Logs a reason that differs from the last one. */
__attribute__((format(printf, 2, 3))) static void log_reason(struct guard_session *s,
							     const char *fmt, ...)
{
	char text[sizeof(s->last_warning)];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (!strcmp(text, s->last_warning))
		return;
	memcpy(s->last_warning, text, sizeof(text));
	log_warning("guard", "session%d: %s", s->snapshot.session.sid, text);
}

static void close_socket(struct guard_session *s)
{
	cleanup_fd(&s->fd);
	s->fd = -1;
}

/* Called before each request to the kernel. Ends the attempt if iscsid may act now. */
static bool may_go_on(struct guard *g, struct guard_session *s)
{
	if (guard_may_act(g))
		return true;
	handle(g, s, GUARD_HELD);
	return false;
}

/* Stops the connection, and drops events of it that are still queued. */
static void stop_connection(struct guard *g, struct guard_session *s)
{
	s->bound = false;
	if (iscsi_nl_stop_conn(&g->nl, s->snapshot.session.sid) < 0)
		g->rescan = true;
	guard_receive_events(g);
	s->lost = false;
	s->has_response = false;
}

int guard_connect(const struct session_snapshot *k, const char *host, unsigned int port)
{
	struct sockaddr_in6 to;
	socklen_t len = portal_parse(host, port, k->ifindex, &to);
	int fd = len ? socket(to.sin6_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0) : -1;

	if (fd < 0)
		return len ? -errno : -EADDRNOTAVAIL;
	(void)pdu_socket_tune(fd, to.sin6_family, &k->socket); /* boot has logged a failure */
	/* A device that was replugged has another number: then the routes choose the device. */
	if ((k->bound_to_device &&
	     setsockopt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, &k->ifindex, sizeof(int)) &&
	     errno != ENODEV) ||
	    (connect(fd, (const struct sockaddr *)&to, len) && errno != EINPROGRESS)) {
		int r = -errno;

		close(fd);
		return r;
	}
	return fd;
}

static void attempt_fail(struct guard *g, struct guard_session *s, const char *what, int error)
{
	log_reason(s, "%s: %s", what, strerror(error));
	handle(g, s, GUARD_FAILED);
}

static void end_attempt(struct guard_session *s)
{
	close_socket(s);
	login_phase_free(&s->login_phase);
	s->redirect.host[0] = '\0';
	s->hops = 0;
}

/* The session is logged in, by the guard or by another process. */
static void set_logged_in(struct guard_session *s)
{
	end_attempt(s);
	s->held = false;
	s->down = false;
	s->lost_ns = 0;
	s->attempts = 0;
	s->last_warning[0] = '\0';
	s->watch = (struct portal_watch){ 0 };
}

void guard_session_yield(struct guard_session *s)
{
	end_attempt(s);
	s->bound = false;
	s->lost = false;
	s->has_response = false;
	s->held = true;
	reconnect_fsm_init(&s->fsm, now_ns());
}

static void begin_attempt(struct guard *g, struct guard_session *s)
{
	const struct login_redirect *moved = moved_portal_next(s);

	close_socket(s);
	if (s->held && session_snapshot_state(s->snapshot.session.sid) == SESSION_LOGGED_IN) {
		reconnect_fsm_init(&s->fsm, now_ns());
		set_logged_in(s);
		return;
	}
	if (!may_go_on(g, s))
		return;
	stop_connection(g, s);
	s->attempts++;
	s->fd = guard_connect(&s->snapshot, moved ? moved->host : s->snapshot.portal,
			      moved ? moved->port : s->snapshot.port);
	if (s->fd < 0)
		attempt_fail(g, s, "cannot connect", -s->fd);
}

static void send_login_request(struct guard *g, struct guard_session *s)
{
	int r;

	if (!may_go_on(g, s))
		return;
	r = iscsi_nl_send_pdu(&g->nl, s->snapshot.session.sid, &s->login_phase.out);

	if (r)
		attempt_fail(g, s, "cannot send a Login Request", -r);
}

static void login_refused(struct guard *g, struct guard_session *s)
{
	enum failure failure = s->login_phase.verdict.failure;

	log_reason(s, "login refused: %s", s->login_phase.answer);
	if (login_phase_reduce_chap(&s->login_phase, &s->snapshot.login)) {
		handle(g, s, GUARD_REDIRECTED); /* at once, to the same portal */
		return;
	}
	handle(g, s,
	       failure == FAILURE_BUSY				       ? GUARD_BUSY :
	       failure == FAILURE_AUTH || failure == FAILURE_ALGORITHM ? GUARD_AUTH :
									 GUARD_FAILED);
}

static void start_login(struct guard *g, struct guard_session *s)
{
	int r;

	if (!may_go_on(g, s))
		return;
	r = iscsi_nl_bind_conn(&g->nl, s->snapshot.session.sid, s->fd);
	if (r) {
		attempt_fail(g, s, "cannot bind the connection", -r);
		return;
	}
	s->bound = true;
	s->snapshot.login.nth_address = random_number() % REDIRECT_ADDRESSES;
	if (pdu_socket_has_ended(s->fd)) {
		attempt_fail(g, s, "cannot connect", ECONNRESET);
		return;
	}
	if (login_phase_start(&s->login_phase, &s->snapshot.login) == LOGIN_PHASE_SEND)
		send_login_request(g, s);
	else
		login_refused(g, s);
}

/*
 * An iscsid that serves stops the connection itself. One that starts must not find it: then two
 * processes would act in one login.
 */
static void drop_attempt(struct guard *g, struct guard_session *s)
{
	end_attempt(s);
	if (!s->bound)
		return;
	guard_may_act(g);
	if (g->standby.state == STANDBY_ACT)
		stop_connection(g, s);
}

void guard_session_hold(struct guard *g, struct guard_session *s)
{
	if (s->fsm.state == GUARD_CONNECT || s->fsm.state == GUARD_LOGIN)
		handle(g, s, GUARD_HELD);
}

static void handle(struct guard *g, struct guard_session *s, enum guard_event event)
{
	s->held |= event == GUARD_HELD;
	switch (reconnect_fsm_event(&s->fsm, event, now_ns(), random_number())) {
	case GUARD_BEGIN:
		begin_attempt(g, s);
		break;
	case GUARD_LOG_IN:
		start_login(g, s);
		break;
	case GUARD_DROP:
		drop_attempt(g, s);
		break;
	case GUARD_NOTHING:
		break;
	}
}

static void reconnected(struct guard *g, struct guard_session *s)
{
	s->bound = false; /* later responses are not for the guard */
	g->past->remade++;
	g->changed = true;
	log_info("guard", "session%d: reconnected after %.1f s, attempts %u",
		 s->snapshot.session.sid, seconds_since(s->lost_ns), s->attempts);
	moved_portal_keep(s);
	set_logged_in(s);
	handle(g, s, GUARD_LOGIN_DONE);
}

static void finish_login(struct guard *g, struct guard_session *s)
{
	struct session_values v = { 0 };
	enum iscsi_nl_param failed;
	int r;

	if (!may_go_on(g, s))
		return;
	session_values_add_login(&v, &s->login_phase);
	r = iscsi_nl_set_values(&g->nl, &s->snapshot.session, v.list, v.nr, &failed);
	if (r) {
		attempt_fail(g, s, "cannot set the negotiated values", -r);
		return;
	}
	if (!may_go_on(g, s))
		return;
	r = iscsi_nl_start_conn(&g->nl, s->snapshot.session.sid);
	if (r)
		attempt_fail(g, s, "cannot start the connection", -r);
	else
		reconnected(g, s);
}

/* Replaces the name that boot resolved by its address. */
static void resolve_redirect(struct guard_session *s)
{
	const struct session_snapshot *k = &s->snapshot;

	if (k->redirect_name && !strcasecmp(s->redirect.host, k->redirect_name))
		snprintf(s->redirect.host, sizeof(s->redirect.host), "%s", k->redirect_addr);
}

static void follow_redirect(struct guard *g, struct guard_session *s)
{
	struct sockaddr_in6 to;

	if (s->hops++ == HOPS_MAX) {
		attempt_fail(g, s, "redirected", ELOOP);
		return;
	}
	s->redirect = s->login_phase.redirect;
	resolve_redirect(s);
	if (!portal_parse(s->redirect.host, s->redirect.port, s->snapshot.ifindex, &to)) {
		log_reason(s, "redirected to %s, a name that boot did not resolve",
			   s->redirect.host);
		handle(g, s, GUARD_FAILED);
		return;
	}
	handle(g, s, GUARD_REDIRECTED);
}

static void handle_response(struct guard *g, struct guard_session *s)
{
	switch (login_phase_receive(&s->login_phase, &s->response)) {
	case LOGIN_PHASE_SEND:
		send_login_request(g, s);
		break;
	case LOGIN_PHASE_DONE:
		finish_login(g, s);
		break;
	case LOGIN_PHASE_REDIRECTED:
		follow_redirect(g, s);
		break;
	case LOGIN_PHASE_FAILED:
		login_refused(g, s);
		break;
	}
}

static void check_socket(struct guard *g, struct guard_session *s)
{
	struct pollfd p = { .fd = s->fd, .events = POLLOUT };
	int r;

	if (poll(&p, 1, 0) <= 0)
		return;
	r = pdu_socket_connected(&(struct pdu_socket){ .fd = s->fd });
	if (r)
		attempt_fail(g, s, "cannot connect", -r);
	else
		handle(g, s, GUARD_CONNECTED);
}

static void handle_loss(struct guard *g, struct guard_session *s)
{
	s->lost = false;
	if (s->fsm.state == GUARD_LOGGED_IN) {
		if (!s->lost_ns)
			s->lost_ns = now_ns();
		log_warning("guard", "session%d: connection lost", s->snapshot.session.sid);
	} else if (s->fsm.state == GUARD_LOGIN) {
		login_phase_reduce_chap(&s->login_phase, &s->snapshot.login);
	}
	handle(g, s, GUARD_LOST);
}

/*
 * The kernel reports an error of the socket if another process stops the connection, or if it is
 * lost. A response may have come before.
 */
static void check_login(struct guard *g, struct guard_session *s)
{
	struct pollfd p = { .fd = s->fd };

	if (s->fsm.state != GUARD_LOGIN || poll(&p, 1, 0) <= 0 || !may_go_on(g, s))
		return;
	guard_receive_events(g);
	s->lost |= !s->has_response;
}

static void handle_timeout(struct guard *g, struct guard_session *s)
{
	bool silent = s->fsm.state == GUARD_CONNECT || s->fsm.state == GUARD_LOGIN;

	if (now_ns() < s->fsm.until_ns)
		return;
	if (silent)
		log_reason(s,
			   s->fsm.state == GUARD_LOGIN ? "no login response" : "connect timed out");
	/* The next attempt starts at the configured portal, which may redirect elsewhere. */
	s->redirect.host[0] = '\0';
	s->hops = 0;
	handle(g, s, GUARD_TIME);
}

void guard_session_step(struct guard *g, struct guard_session *s)
{
	guard_async_step(g, s);
	check_login(g, s);
	/* A target that refuses or redirects closes the connection: the response came first. */
	if (s->has_response && s->fsm.state == GUARD_LOGIN)
		handle_response(g, s);
	s->has_response = false;
	if (s->lost)
		handle_loss(g, s);
	if (s->fsm.state == GUARD_CONNECT && s->fd >= 0)
		check_socket(g, s);
	handle_timeout(g, s);
}

void guard_session_free(struct guard_session *s)
{
	close_socket(s);
	login_phase_free(&s->login_phase);
	session_snapshot_wipe(&s->snapshot);
	free(s);
}
