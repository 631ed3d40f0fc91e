// SPDX-License-Identifier: GPL-2.0-only
#include "guard/guard_private.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/deadline.h"
#include "base/log.h"
#include "iscsi/pdu_socket.h"
#include "login/portal.h"
#include "session/session_params.h"

/* A target may send us on, but not in a circle. */
#define HOPS_MAX 4

static void take(struct guard *g, struct guarded *s, enum guard_event event);

/* What is in the way, once as long as it is the same. */
__attribute__((format(printf, 2, 3))) static void tell(struct guarded *s, const char *fmt, ...)
{
	char text[sizeof(s->said)];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (!strcmp(text, s->said))
		return;
	memcpy(s->said, text, sizeof(text));
	log_warning("guard", "session%d: %s", s->known.session.sid, text);
}

static void close_socket(struct guarded *s)
{
	cleanup_fd(&s->fd);
	s->fd = -1;
}

/*
 * What the kernel still says of the connection it has said by then, and it is of the past. The
 * kernel carries it out on whatever it has of a connection, so it is first asked whose that is.
 */
static bool stop(struct guard *g, struct guarded *s)
{
	if (!guard_may_act(g))
		return false;
	s->bound = false;
	if (transport_stop(&g->transport, s->known.session.sid) < 0)
		g->look = true;
	guard_hear(g);
	s->lost = false;
	s->answered = false;
	return true;
}

static int open_socket(const struct guarded *s, const struct sockaddr_in6 *to, socklen_t len)
{
	const struct known *k = &s->known;
	int fd = socket(to->sin6_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	wire_tune(fd, to->sin6_family, 0, 0);
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

static void fail(struct guard *g, struct guarded *s, const char *what, int error)
{
	tell(s, "%s: %s", what, strerror(error));
	take(g, s, GUARD_FAILED);
}

static void forget_attempt(struct guarded *s)
{
	close_socket(s);
	exchange_end(&s->exchange);
	s->redirect.host[0] = '\0';
	s->hops = 0;
}

/* Whoever did it. */
static void be_well(struct guarded *s)
{
	forget_attempt(s);
	s->held = false;
	s->lost_ns = 0;
	s->attempts = 0;
	s->said[0] = '\0';
}

static void begin(struct guard *g, struct guarded *s)
{
	bool elsewhere = s->redirect.host[0];
	const char *host = elsewhere ? s->redirect.host : s->known.portal;
	struct sockaddr_in6 to;
	socklen_t len;

	close_socket(s);
	if (s->held && known_state(s->known.session.sid) == KNOWN_WELL) {
		guard_machine_init(&s->machine, now_ns());
		be_well(s);
		return;
	}
	if (!stop(g, s)) {
		take(g, s, GUARD_HELD);
		return;
	}
	s->attempts++;
	len = portal_parse(host, elsewhere ? s->redirect.port : s->known.port, s->known.ifindex,
			   &to);
	s->fd = len ? open_socket(s, &to, len) : -EADDRNOTAVAIL;
	if (s->fd < 0)
		fail(g, s, "connect", -s->fd);
}

static void send_out(struct guard *g, struct guarded *s)
{
	int r = transport_send(&g->transport, s->known.session.sid, &s->exchange.out);

	if (r)
		fail(g, s, "send", -r);
}

static void give_way(struct guard *g, struct guarded *s)
{
	enum failure failure = s->exchange.verdict.failure;

	tell(s, "refused: %s", s->exchange.answer);
	take(g, s,
	     failure == FAILURE_BUSY ? GUARD_BUSY :
	     failure == FAILURE_AUTH ? GUARD_AUTH :
				       GUARD_FAILED);
}

static void log_in(struct guard *g, struct guarded *s)
{
	int r;

	if (!guard_may_act(g)) {
		take(g, s, GUARD_HELD);
		return;
	}
	r = transport_bind(&g->transport, s->known.session.sid, s->fd);
	if (r) {
		fail(g, s, "bind", -r);
		return;
	}
	s->bound = true;
	if (wire_has_ended(s->fd)) {
		fail(g, s, "connect", ECONNRESET);
		return;
	}
	if (exchange_begin(&s->exchange, &s->known.login) == EXCHANGE_SEND)
		send_out(g, s);
	else
		give_way(g, s);
}

static void drop(struct guard *g, struct guarded *s)
{
	forget_attempt(s);
	if (s->bound)
		stop(g, s);
}

static void take(struct guard *g, struct guarded *s, enum guard_event event)
{
	s->held |= event == GUARD_HELD;
	switch (guard_machine_take(&s->machine, event, now_ns(), random_number())) {
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

static void is_back(struct guard *g, struct guarded *s)
{
	s->bound = false; /* it is nobody's but the kernel's */
	g->past->remade++;
	g->news = true;
	log_info("guard", "session%d: back after %.1f s, attempts %u", s->known.session.sid,
		 seconds_since(s->lost_ns), s->attempts);
	be_well(s);
	take(g, s, GUARD_IN);
}

/* The kernel refuses values where iscsid has stopped the connection meanwhile. */
static void finish(struct guard *g, struct guarded *s)
{
	struct session_values v = { 0 };
	enum transport_param failed;
	int r;

	session_values_add_login(&v, &s->exchange);
	r = transport_set_values(&g->transport, &s->known.session, v.list, v.nr, &failed);
	if (r) {
		fail(g, s, "parameters", -r);
		return;
	}
	guard_may_act(g);
	if (g->done)
		return;
	r = transport_start(&g->transport, s->known.session.sid);
	if (r)
		fail(g, s, "start", -r);
	else
		is_back(g, s);
}

static void redirect(struct guard *g, struct guarded *s)
{
	if (s->hops++ == HOPS_MAX) {
		fail(g, s, "redirected", ELOOP);
		return;
	}
	s->redirect = s->exchange.redirect;
	take(g, s, GUARD_REDIRECTED);
}

static void take_answer(struct guard *g, struct guarded *s)
{
	switch (exchange_take(&s->exchange, &s->answer)) {
	case EXCHANGE_SEND:
		send_out(g, s);
		break;
	case EXCHANGE_DONE:
		finish(g, s);
		break;
	case EXCHANGE_REDIRECTED:
		redirect(g, s);
		break;
	case EXCHANGE_FAILED:
		give_way(g, s);
		break;
	}
}

static void look_at_socket(struct guard *g, struct guarded *s)
{
	struct pollfd p = { .fd = s->fd, .events = POLLOUT };
	int r;

	if (poll(&p, 1, 0) <= 0)
		return;
	r = wire_connected(&(struct wire){ .fd = s->fd });
	if (r)
		fail(g, s, "connect", -r);
	else
		take(g, s, GUARD_CONNECTED);
}

static void take_loss(struct guard *g, struct guarded *s)
{
	s->lost = false;
	if (s->machine.state == GUARD_WELL) {
		s->lost_ns = now_ns();
		log_warning("guard", "session%d: the connection is lost", s->known.session.sid);
	}
	take(g, s, GUARD_LOST);
}

static void take_time(struct guard *g, struct guarded *s)
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

void guarded_step(struct guard *g, struct guarded *s)
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

void guarded_free(struct guarded *s)
{
	close_socket(s);
	exchange_end(&s->exchange);
	known_forget(&s->known);
	free(s);
}
