// SPDX-License-Identifier: GPL-2.0-only
/*
 * Login by ourselves, over TCP: all at once, in the one loop. The login is spoken over a socket of
 * ours (exchange.c), which the kernel is handed with what came of it. It has a session for each
 * path by then, since the target knows us by its number; where nothing comes of the login, it is
 * ended.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "iscsi/pdu_socket.h"
#include "login/login.h"
#include "login/native_params.h"
#include "login/portal.h"

/* The kernel asks again after 1 s and 3 s; then a new socket, in case the machine was down. */
#define CONNECT_S 5
/* A target that moved sends us on once, and a proxy of its own once more. */
#define HOPS_MAX 4
/* Of the first command; any would do. */
#define CMD_SN 1

enum phase { IDLE, QUEUED, CONNECTING, TALKING };

/* One login, from the connection to its end. */
struct talk {
	struct pdu_socket wire;
	struct login_phase x;
	struct login_phase_account login;
	char target_name[IBU_ISCSI_NAME_MAX + 1];
	struct login_redirect places[HOPS_MAX]; /* where we were sent */
	unsigned int hops;
	bool answered; /* by anything */
	struct deadline until;
};

struct attempt {
	enum phase phase;
	struct deadline until; /* of this phase */
	struct talk *talk; /* CONNECTING, TALKING */
	bool made; /* there is a session, which nobody has logged in yet; kept for the next one */
	struct iscsi_nl_session session;
};

struct native {
	struct login *login;
	struct loop *loop;
	struct progress *progress;
	struct native_params params;
	unsigned int login_s; /* from the connection until it is logged in, wherever we are sent */
	struct iscsi_nl transport;
	int no_transport; /* -errno */
	int epoll; /* edges: what is there is always read and written as far as it goes */
	struct attempt *attempts; /* one for each path */
	unsigned int queued;
};

static struct attempt *attempt_of(const struct native *e, const struct path *path)
{
	return &e->attempts[path - e->progress->paths];
}

/* The kernel may hold the socket too: closed here, it would still be waited for. */
static void hang_up(struct native *e, struct talk *t)
{
	if (t->wire.fd >= 0)
		epoll_ctl(e->epoll, EPOLL_CTL_DEL, t->wire.fd, NULL);
	pdu_socket_close(&t->wire);
}

/* Ends what is under way but for the session. */
static void leave(struct native *e, struct attempt *a)
{
	e->queued -= a->phase == QUEUED;
	a->phase = IDLE;
	if (!a->talk)
		return;
	hang_up(e, a->talk);
	login_phase_free(&a->talk->x);
	free(a->talk);
	a->talk = NULL;
}

static void end_session(struct native *e, struct attempt *a)
{
	int r = a->made ? iscsi_nl_destroy_session(&e->transport, a->session.sid) : 0;

	a->made = false;
	if (r)
		log_warning("login", "session%d, which is not logged in, stays: %s", a->session.sid,
			    strerror(-r));
}

/* Where the target was asked, if it sent us there: told before @answer. */
static const struct login_redirect *place_of(const struct attempt *a)
{
	return a->talk && a->talk->hops ? &a->talk->places[a->talk->hops - 1] : NULL;
}

/*
 * A session is kept for the next attempt once the target was asked: asked again by the same one, it
 * forgets what it may remember of the first (RFC 7143 6.3.5).
 */
static void end(struct native *e, struct path *path, struct verdict verdict, const char *answer)
{
	struct attempt *a = attempt_of(e, path);
	const struct login_redirect *place = place_of(a);
	AUTO_ARENA arena = NULL;
	const char *words = arena_printf(&arena, "%s", answer ? answer : "?");

	if (place && verdict.status != STATUS_OK) {
		words = arena_printf(&arena, "it sends us to %s port %u; there: %s", place->host,
				     place->port, words);
		verdict.failure = FAILURE_REDIRECT;
		if (verdict.status == STATUS_NO_ANSWER)
			verdict.status = STATUS_REFUSED;
	}
	if (verdict.next != NEXT_TRY || a->phase != TALKING)
		end_session(e, a);
	leave(e, a);
	login_ended(e->login, path, verdict, words ? words : "?");
}

static void end_for_good(struct native *e, struct path *path, enum status status,
			 const char *answer)
{
	end(e, path, (struct verdict){ status, NEXT_NONE, FAILURE_OTHER }, answer);
}

static void end_for_now(struct native *e, struct path *path, enum failure failure,
			const char *answer)
{
	end(e, path, (struct verdict){ STATUS_NO_ANSWER, NEXT_TRY, failure }, answer);
}

static void no_connection(struct native *e, struct path *path, int error)
{
	AUTO_ARENA arena = NULL;
	const struct login_redirect *place = place_of(attempt_of(e, path));
	const char *words = arena_printf(&arena, "no TCP connection to port %u: %s",
					 place ? place->port : path->to.port, strerror(-error));

	end_for_now(e, path, error == -ECONNREFUSED ? FAILURE_PORTAL : FAILURE_NETWORK, words);
}

static int watch(struct native *e, const struct path *path, int fd)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
				     .data.u32 = (uint32_t)(path - e->progress->paths) };

	return epoll_ctl(e->epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

static void connect_to(struct native *e, struct path *path, const char *host, unsigned int port)
{
	struct attempt *a = attempt_of(e, path);
	struct pdu_socket *wire = &a->talk->wire;
	struct sockaddr_in6 addr;
	socklen_t len = portal_parse(host, port, path->nic ? path->nic->ifindex : 0, &addr);
	int r;

	if (!len) {
		end_for_good(e, path, STATUS_CONFIG, "not tried: its address is not understood");
		return;
	}
	a->phase = CONNECTING;
	a->until = deadline_sooner(a->talk->until, CONNECT_S);
	wire->fd = portal_socket(e->progress, path, addr.sin6_family);
	if (wire->fd < 0) {
		no_connection(e, path, -errno);
		return;
	}
	pdu_socket_tune(wire->fd, addr.sin6_family, (int)e->params.window, (int)e->params.tos);
	r = pdu_socket_connect(wire, &addr, len);
	if (!r || r == -EINPROGRESS)
		r = watch(e, path, wire->fd);
	if (r)
		no_connection(e, path, r);
}

static void set_login(const struct native *e, const struct path *path, struct attempt *a)
{
	const struct ibu_target *target = path->to.target;
	struct login_phase_account *login = &a->talk->login;

	memcpy(a->talk->target_name, target->name.s, target->name.len);
	*login = (struct login_phase_account){ .initiator_name = e->progress->plan->initiator_name,
					       .target_name = a->talk->target_name,
					       .cmd_sn = CMD_SN,
					       .offer = e->params.offer };
	session_isid(login->isid, a->session.sid);
	login->chap.algorithms = e->params.chap_algorithms;
	native_account(target, &login->chap);
}

/* 0, or it has ended. */
static int make_session(struct native *e, struct path *path)
{
	struct attempt *a = attempt_of(e, path);
	AUTO_ARENA arena = NULL;
	int r = e->no_transport;

	if (!r && !a->made)
		r = iscsi_nl_create_session(&e->transport, CMD_SN, (uint16_t)e->params.cmds_max,
					    (uint16_t)e->params.queue_depth, &a->session);
	if (!r) {
		a->made = true;
	} else if (r == -ENOENT) {
		end_for_good(e, path, STATUS_MODULE, "the kernel has no iSCSI over TCP");
	} else {
		/* It says ENOMEM where it misses crc32c. */
		end_for_good(e, path, r == -ENOMEM ? STATUS_MODULE : STATUS_ERROR,
			     arena_printf(&arena, "the kernel makes no session: %s", strerror(-r)));
	}
	return r;
}

/*
 * The session is made before the connection: made while the SYN is out, it would be the target that
 * waits for us.
 */
static void begin(struct native *e, struct path *path)
{
	struct attempt *a = attempt_of(e, path);

	e->queued--;
	a->phase = IDLE;
	if (make_session(e, path))
		return;
	a->talk = calloc(1, sizeof(*a->talk));
	if (!a->talk || path->to.target->name.len > IBU_ISCSI_NAME_MAX) {
		end_for_good(e, path, STATUS_ERROR, "no memory");
		return;
	}
	a->talk->wire.fd = -1;
	a->talk->until = deadline_sooner(e->loop->deadline, e->login_s);
	set_login(e, path, a);
	connect_to(e, path, path->to.portal, path->to.port);
}

/* As the kernel's own module calls what is in the firmware's table. */
static void add_boot(void **arena, const struct path *path, struct session_params *p)
{
	const struct ibu_target *t = path->to.target;
	const struct ibu_nic *nic = path->nic ? path->nic->config : NULL;

	if (!ibu_has(&t->f, IBU_TARGET_FIRMWARE_INDEX))
		return;
	p->boot_root = "ibft";
	p->boot_target = arena_printf(arena, "target%u", t->firmware_index);
	if (nic && ibu_has(&nic->f, IBU_NIC_FIRMWARE_INDEX))
		p->boot_nic = arena_printf(arena, "ethernet%u", nic->firmware_index);
}

/* Names, timers and what was negotiated. */
static int set_values(struct native *e, const struct path *path, struct attempt *a,
		      enum iscsi_nl_param *failed)
{
	struct session_params p = session_params_defaults;
	struct session_values values = { 0 };
	struct login_iface iface;
	AUTO_ARENA arena = NULL;

	p.initiator_name = e->progress->plan->initiator_name;
	p.target_name = a->talk->target_name;
	p.portal = path->to.portal;
	p.port = path->to.port;
	p.chap = &a->talk->login.chap;
	p.recovery_tmo = path->timers.recovery_tmo;
	p.noop_interval = path->timers.noop_interval;
	p.noop_timeout = path->timers.noop_timeout;
	p.abort_tmo = (int)e->params.abort_tmo;
	p.lu_reset_tmo = (int)e->params.lu_reset_tmo;
	p.tgt_reset_tmo = (int)e->params.tgt_reset_tmo;
	p.fast_abort = e->params.fast_abort;
	if (login_iface(e->progress, path, &iface)) {
		p.iface = iface.name;
		p.hwaddress = iface.mac;
		p.netdev = iface.netdev;
	}
	add_boot(&arena, path, &p);
	if (a->talk->x.tpgt < 0) /* as iscsistart where it is not told */
		a->talk->x.tpgt = ibu_has(&path->to.target->f, IBU_TARGET_TPGT) ?
					  (int)path->to.target->tpgt :
					  1;
	session_values_add(&values, &p);
	session_values_add_login(&values, &a->talk->x);
	return iscsi_nl_set_values(&e->transport, &a->session, values.list, values.nr, failed);
}

/* NULL, or what did not work. */
static const char *hand_over(struct native *e, const struct path *path, struct attempt *a,
			     void **arena)
{
	enum iscsi_nl_param failed;
	int r = iscsi_nl_bind_conn(&e->transport, a->session.sid, a->talk->wire.fd);

	if (r)
		return arena_printf(arena, "the kernel does not take the connection: %s",
				    strerror(-r));
	r = set_values(e, path, a, &failed);
	if (r)
		return arena_printf(arena, "the kernel does not take parameter %d: %s", failed,
				    strerror(-r));
	r = iscsi_nl_start_conn(&e->transport, a->session.sid);
	if (r)
		return arena_printf(arena, "the kernel does not start the session: %s",
				    strerror(-r));
	return NULL;
}

static void logged_in(struct native *e, struct path *path)
{
	struct attempt *a = attempt_of(e, path);
	AUTO_ARENA arena = NULL;
	const char *wrong = hand_over(e, path, a, &arena);

	if (wrong || pdu_socket_has_ended(a->talk->wire.fd)) {
		end_session(e, a);
		if (wrong)
			end(e, path, (struct verdict){ STATUS_ERROR, NEXT_TRY, FAILURE_OTHER },
			    wrong);
		else
			end_for_now(e, path, FAILURE_NETWORK,
				    "it closes the connection after the login");
		return;
	}
	path->sid = a->session.sid;
	path->host = a->session.host;
	a->made = false;
	end(e, path, (struct verdict){ STATUS_OK, NEXT_NONE, FAILURE_OTHER }, "");
}

static bool was_there(const struct path *path, const struct talk *t,
		      const struct login_redirect *place)
{
	unsigned int i;

	if (!strcmp(place->host, path->to.portal) && place->port == path->to.port)
		return true;
	for (i = 0; i < t->hops; i++)
		if (!strcmp(place->host, t->places[i].host) && place->port == t->places[i].port)
			return true;
	return false;
}

/* A host name is not followed: getaddrinfo() blocks, and all logins are in this one loop. */
static bool is_address(const struct login_redirect *to)
{
	struct sockaddr_in6 addr;

	return portal_parse(to->host, to->port, 0, &addr);
}

static void redirected(struct native *e, struct path *path)
{
	const struct verdict circle = { STATUS_REFUSED, NEXT_TRY, FAILURE_REDIRECT };
	const struct verdict name = { STATUS_REFUSED, NEXT_NONE, FAILURE_REDIRECT };
	struct talk *t = attempt_of(e, path)->talk;
	const struct login_redirect *to = &t->x.redirect;
	AUTO_ARENA arena = NULL;

	hang_up(e, t);
	if (was_there(path, t, to) || t->hops == HOPS_MAX) {
		end(e, path, circle,
		    arena_printf(&arena, "it sends us %s %s port %u",
				 t->hops == HOPS_MAX ? "ever further, to" : "in a circle, back to",
				 to->host, to->port));
		return;
	}
	if (!is_address(to)) {
		end(e, path, name,
		    arena_printf(&arena, "it sends us to %s: a name is not followed, an address is",
				 to->host));
		return;
	}
	log_info("login", "target%u: %s sends us to %s port %u%s", path->plan->number,
		 t->hops ? t->places[t->hops - 1].host : path->to.portal, to->host, to->port,
		 to->permanent ? ", for good" : "");
	t->places[t->hops++] = *to;
	connect_to(e, path, t->places[t->hops - 1].host, t->places[t->hops - 1].port);
}

static void lost(struct native *e, struct path *path, int error)
{
	const struct verdict broken = { STATUS_REFUSED, NEXT_NONE, FAILURE_OTHER };
	const struct attempt *a = attempt_of(e, path);
	AUTO_ARENA arena = NULL;

	if (error == -EMSGSIZE)
		end(e, path, broken, pdu_socket_strerror(error));
	else
		end_for_now(e, path, FAILURE_NETWORK,
			    arena_printf(&arena, "the login got %s answer: %s",
					 a->talk->answered ? "half an" : "no",
					 pdu_socket_strerror(error)));
}

static void talk_on(struct native *e, struct path *path)
{
	struct talk *t = attempt_of(e, path)->talk;
	int r;

	while ((r = pdu_socket_poll(&t->wire)) > 0) {
		t->answered = true;
		switch (login_phase_receive(&t->x, &t->wire.in)) {
		case LOGIN_PHASE_SEND:
			pdu_socket_send(&t->wire, &t->x.out);
			continue;
		case LOGIN_PHASE_DONE:
			logged_in(e, path);
			return;
		case LOGIN_PHASE_REDIRECTED:
			redirected(e, path);
			return;
		default:
			end(e, path, t->x.verdict, t->x.answer);
			return;
		}
	}
	if (r)
		lost(e, path, r);
}

static void serve(struct native *e, struct path *path)
{
	struct attempt *a = attempt_of(e, path);
	int r;

	if (a->phase == CONNECTING) {
		r = pdu_socket_connected(&a->talk->wire);
		if (r) {
			no_connection(e, path, r);
			return;
		}
		a->phase = TALKING;
		a->until = a->talk->until;
		if (login_phase_start(&a->talk->x, &a->talk->login) == LOGIN_PHASE_FAILED) {
			end(e, path, a->talk->x.verdict, a->talk->x.answer);
			return;
		}
		pdu_socket_send(&a->talk->wire, &a->talk->x.out);
	}
	if (a->phase == TALKING)
		talk_on(e, path);
}

static void serve_ready(struct native *e)
{
	struct epoll_event events[64];
	int i, nr = epoll_wait(e->epoll, events, ARRAY_SIZE(events), 0);

	for (i = 0; i < nr; i++)
		serve(e, &e->progress->paths[events[i].data.u32]);
}

static void too_late(struct native *e, struct path *path)
{
	const struct attempt *a = attempt_of(e, path);

	if (a->phase == CONNECTING)
		no_connection(e, path, -ETIMEDOUT);
	else
		end_for_now(e, path, FAILURE_NETWORK,
			    a->talk->answered ? "the login does not come to an end in time" :
						"no answer to the login in time");
}

/* Nothing in them is news: what a login needs to know, its requests say. */
static void forget_events(struct native *e)
{
	struct iscsi_nl_event event;

	while (e->transport.fd >= 0 && !iscsi_nl_recv_event(&e->transport, &event))
		;
}

/* One is begun in each turn: those before it go on meanwhile, the root's first of all. */
static void native_step(void *data)
{
	struct native *e = data;
	bool begun = !e->queued;
	unsigned int i;

	forget_events(e);
	serve_ready(e);
	for (i = 0; i < e->progress->nr_paths; i++) {
		const struct attempt *a = &e->attempts[i];

		if (a->phase == QUEUED && !begun) {
			begun = true;
			begin(e, &e->progress->paths[i]);
		} else if (a->phase > QUEUED && !deadline_left_ms(a->until)) {
			too_late(e, &e->progress->paths[i]);
		}
	}
}

static void native_start(void *data, struct path *path)
{
	struct native *e = data;

	attempt_of(e, path)->phase = QUEUED;
	e->queued++;
}

static void native_waits(void *data, struct waits *waits)
{
	struct native *e = data;
	unsigned int i;

	waits_fd(waits, e->epoll, POLLIN);
	waits_fd(waits, e->transport.fd, POLLIN);
	if (e->queued)
		waits_until(waits, (struct deadline){ 0 });
	for (i = 0; i < e->progress->nr_paths; i++)
		if (e->attempts[i].phase > QUEUED)
			waits_until(waits, e->attempts[i].until);
}

static void native_stop(void *data, struct path *path)
{
	struct native *e = data;

	end_session(e, attempt_of(e, path));
	leave(e, attempt_of(e, path));
}

static int native_open(struct login *login, struct loop *loop, void *data)
{
	struct native *e = data;

	*e = (struct native){ .login = login, .loop = loop, .progress = loop->progress };
	native_params_read(&loop->plan->policy, &e->params);
	e->login_s = node_param_seconds(loop->plan->policy.params[LOGIN_PARAM_LOGIN_TIMEOUT]);
	e->no_transport = iscsi_nl_open(&e->transport, -1);
	e->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (e->epoll < 0)
		return -errno;
	e->attempts = calloc(loop->progress->nr_paths + 1, sizeof(*e->attempts));
	return e->attempts ? 0 : -ENOMEM;
}

static void native_close(void *data)
{
	struct native *e = data;
	unsigned int i;

	for (i = 0; e->attempts && i < e->progress->nr_paths; i++)
		native_stop(e, &e->progress->paths[i]);
	cleanup_fd(&e->epoll);
	iscsi_nl_close(&e->transport);
	free(e->attempts);
}

const struct engine engine_native = {
	.name = "native",
	.size = sizeof(struct native),
	.open = native_open,
	.start = native_start,
	.step = native_step,
	.waits = native_waits,
	.stop = native_stop,
	.close = native_close,
};
