// SPDX-License-Identifier: GPL-2.0-only
/*
 * The native engine: logs in to all paths at once over TCP sockets of the agent. For each path the
 * kernel creates a session first, because its number is part of the ISID that the target sees. The
 * login phase (iscsi/login_phase.c) runs over the socket; then the kernel gets the socket and the
 * negotiated values. If the login fails, the session is destroyed.
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
#include "login/redirect.h"

/*
 * The kernel repeats a SYN after 1 s and 3 s. If the target was down, a new socket is then faster.
 */
#define CONNECT_S 5
/* CmdSN of the first command: any number is allowed. */
#define CMD_SN 1

enum phase { IDLE, QUEUED, CONNECTING, TALKING, RESOLVING };

/* One TCP connection and the login over it; a redirect replaces the connection. */
struct native_conn {
	struct deadline until; /* of the login to this portal, as for open-iscsi */
	bool answered; /* a PDU was received over any of the connections */
	struct login_phase_account login;
	char target_name[IBU_ISCSI_NAME_MAX + 1];
	struct redirects redirects; /* followed so far */
	struct pdu_socket wire;
	struct login_phase x;
};

struct native_attempt {
	enum phase phase;
	struct deadline until; /* of this phase */
	struct native_conn *conn; /* NULL in IDLE and QUEUED */
	unsigned int failures; /* attempts; the next one takes another address of a redirect */
	bool md5_only; /* the target refused the list of CHAP algorithms */
	bool secret_refused; /* it refused the secret, when md5_only was set */
	bool session_exists; /* @session is in the kernel, not logged in; a retry uses it again */
	struct iscsi_nl_session session;
};

struct native {
	struct login *login;
	struct loop *loop;
	struct progress *progress;
	struct native_params params;
	unsigned int login_s; /* time limit from the connection until logged in or redirected */
	struct iscsi_nl transport;
	int transport_error; /* -errno */
	bool congestion_logged; /* that the kernel does not have that algorithm */
	int epoll; /* edge-triggered: sockets are always read and written until they would block */
	struct native_attempt *attempts; /* one for each path */
	unsigned int queued; /* attempts in QUEUED */
};

static struct native_attempt *native_attempt_of(const struct native *e, const struct path *path)
{
	return &e->attempts[path - e->progress->paths];
}

/* Removes the socket from epoll first, because close() does not if the kernel holds the socket. */
static void native_close_socket(struct native *e, struct native_conn *c)
{
	if (c->wire.fd >= 0)
		epoll_ctl(e->epoll, EPOLL_CTL_DEL, c->wire.fd, NULL);
	pdu_socket_close(&c->wire);
}

/* Ends the attempt and frees its connection. Its session stays. */
static void native_free_conn(struct native *e, struct native_attempt *a)
{
	e->queued -= a->phase == QUEUED;
	a->phase = IDLE;
	if (!a->conn)
		return;
	native_close_socket(e, a->conn);
	login_phase_free(&a->conn->x);
	redirects_free(&a->conn->redirects);
	free(a->conn);
	a->conn = NULL;
}

static void native_destroy_session(struct native *e, struct native_attempt *a)
{
	int r = a->session_exists ? iscsi_nl_destroy_session(&e->transport, a->session.sid) : 0;

	a->session_exists = false;
	if (r)
		log_warning("login", "session%d: cannot remove the session of a failed login: %s",
			    a->session.sid, strerror(-r));
}

/* Returns the redirect that led to the current portal, or NULL if there was none. */
static const struct login_redirect *last_redirect(const struct native_attempt *a)
{
	return a->conn ? redirects_last(&a->conn->redirects) : NULL;
}

/*
 * Starts the attempt again with MD5 alone, if the target may have refused the list of algorithms.
 * Returns false if not.
 */
static bool native_reduce_chap(struct native *e, const struct path *path, const char *answer)
{
	struct native_attempt *a = native_attempt_of(e, path);

	if (!a->conn || !login_phase_reduce_chap(&a->conn->x, &a->conn->login))
		return false;
	log_info("login", "target%u: CHAP algorithms refused (%s); trying MD5 alone",
		 path->plan->number, answer);
	a->secret_refused = a->conn->x.chap.challenged;
	native_free_conn(e, a);
	a->md5_only = true;
	a->phase = QUEUED;
	e->queued++;
	return true;
}

/*
 * Ends the attempt. Once a request was sent, a retry uses the same session and so the same ISID: a
 * target that still holds the earlier login then replaces it (session reinstatement, RFC 7143
 * 6.3.5).
 */
static void native_end(struct native *e, struct path *path, struct verdict verdict,
		       const char *answer)
{
	struct native_attempt *a = native_attempt_of(e, path);
	const struct login_redirect *redirect = last_redirect(a);
	AUTO_ARENA arena = NULL;
	const char *text = arena_printf(&arena, "%s", answer ? answer : "?");

	if (verdict.status != STATUS_OK && native_reduce_chap(e, path, text ? text : "?"))
		return;
	a->failures++;
	if (verdict.failure == FAILURE_ALGORITHM && a->secret_refused)
		verdict.failure = FAILURE_AUTH;
	if (redirect && verdict.status != STATUS_OK) {
		text = arena_printf(&arena, "redirected to %s port %u: %s", redirect->host,
				    redirect->port, text);
		verdict.failure = FAILURE_REDIRECT;
		if (verdict.status == STATUS_NO_ANSWER)
			verdict.status = STATUS_REFUSED;
	}
	if (verdict.next != NEXT_TRY || a->phase != TALKING)
		native_destroy_session(e, a);
	native_free_conn(e, a);
	login_ended(e->login, path, verdict, text ? text : "?");
}

static void native_fail_permanent(struct native *e, struct path *path, enum status status,
				  const char *answer)
{
	native_end(e, path, (struct verdict){ status, NEXT_NONE, FAILURE_OTHER }, answer);
}

static void native_fail_transient(struct native *e, struct path *path, enum failure failure,
				  const char *answer)
{
	native_end(e, path, (struct verdict){ STATUS_NO_ANSWER, NEXT_TRY, failure }, answer);
}

static void native_connect_failed(struct native *e, struct path *path, int error)
{
	AUTO_ARENA arena = NULL;
	const struct login_redirect *redirect = last_redirect(native_attempt_of(e, path));
	const char *text = arena_printf(&arena, "no TCP connection to port %u: %s",
					redirect ? redirect->port : path->to.port,
					strerror(-error));

	native_fail_transient(e, path, error == -ECONNREFUSED ? FAILURE_PORTAL : FAILURE_NETWORK,
			      text);
}

static int watch_socket(struct native *e, const struct path *path, int fd)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
				     .data.u32 = (uint32_t)(path - e->progress->paths) };

	return epoll_ctl(e->epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

static void native_connect(struct native *e, struct path *path, const char *host, unsigned int port)
{
	struct native_attempt *a = native_attempt_of(e, path);
	struct pdu_socket *wire = &a->conn->wire;
	struct sockaddr_in6 addr;
	socklen_t len = portal_parse(host, port, path->nic ? path->nic->ifindex : 0, &addr);
	int r;

	if (!len) {
		native_fail_permanent(e, path, STATUS_CONFIG, "not tried: invalid portal address");
		return;
	}
	a->phase = CONNECTING;
	a->until = deadline_sooner(a->conn->until, CONNECT_S);
	wire->fd = portal_socket(e->progress, path, addr.sin6_family);
	if (wire->fd < 0) {
		native_connect_failed(e, path, -errno);
		return;
	}
	r = pdu_socket_tune(wire->fd, addr.sin6_family, &e->params.socket);
	if (r && !e->congestion_logged)
		log_warning("login", "tcp.congestion=%s: %s; ignored", e->params.socket.congestion,
			    strerror(-r));
	e->congestion_logged |= r;
	r = pdu_socket_connect(wire, &addr, len);
	if (!r || r == -EINPROGRESS)
		r = watch_socket(e, path, wire->fd);
	if (r)
		native_connect_failed(e, path, r);
}

static void native_set_account(const struct native *e, const struct path *path,
			       struct native_attempt *a)
{
	const struct ibu_target *target = path->to.target;
	struct login_phase_account *login = &a->conn->login;

	memcpy(a->conn->target_name, target->name.s, target->name.len);
	*login = (struct login_phase_account){ .initiator_name = e->progress->plan->initiator_name,
					       .target_name = a->conn->target_name,
					       .cmd_sn = CMD_SN,
					       .nth_address = a->failures % REDIRECT_ADDRESSES,
					       .offer = e->params.offer };
	session_isid(login->isid, a->session.sid);
	login->chap.algorithms = a->md5_only ? "MD5" : e->params.chap_algorithms;
	native_account(target, &login->chap);
}

/* Returns 0, or an error: then the attempt has ended. */
static int native_create_session(struct native *e, struct path *path)
{
	struct native_attempt *a = native_attempt_of(e, path);
	AUTO_ARENA arena = NULL;
	int r = e->transport_error;

	if (!r && !a->session_exists)
		r = iscsi_nl_create_session(&e->transport, CMD_SN, (uint16_t)e->params.cmds_max,
					    (uint16_t)e->params.queue_depth, &a->session);
	if (!r) {
		a->session_exists = true;
	} else if (r == -ENOENT) {
		native_fail_permanent(e, path, STATUS_MODULE, "the kernel has no iSCSI over TCP");
	} else {
		/* The kernel returns ENOMEM if the crc32c module is missing. */
		native_fail_permanent(e, path, r == -ENOMEM ? STATUS_MODULE : STATUS_ERROR,
				      arena_printf(&arena, "cannot create a session: %s",
						   strerror(-r)));
	}
	return r;
}

/*
 * Starts an attempt. The session is created before connecting: it takes a while, and a connected
 * target would have to wait for it.
 */
static void native_begin(struct native *e, struct path *path)
{
	struct native_attempt *a = native_attempt_of(e, path);

	e->queued--;
	a->phase = IDLE;
	if (native_create_session(e, path))
		return;
	a->conn = calloc(1, sizeof(*a->conn));
	if (!a->conn || path->to.target->name.len > IBU_ISCSI_NAME_MAX) {
		native_fail_permanent(e, path, STATUS_ERROR, "no memory");
		return;
	}
	a->conn->wire.fd = -1;
	a->conn->until = deadline_sooner(e->loop->deadline, e->login_s);
	native_set_account(e, path, a);
	native_connect(e, path, path->to.portal, path->to.port);
}

/* Names the boot objects as the kernel's iscsi_ibft does, for a target of the firmware table. */
static void add_boot_names(void **arena, const struct path *path, struct session_params *p)
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

/*
 * Sets names, timers and negotiated values. Returns 0, or -errno with the refused parameter in
 * @failed.
 */
static int set_session_values(struct native *e, const struct path *path, struct native_attempt *a,
			      enum iscsi_nl_param *failed)
{
	struct session_params p = session_params_defaults;
	struct session_values values = { 0 };
	struct login_iface iface;
	AUTO_ARENA arena = NULL;

	p.initiator_name = e->progress->plan->initiator_name;
	p.target_name = a->conn->target_name;
	p.portal = path->to.portal;
	p.port = path->to.port;
	p.chap = &a->conn->login.chap;
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
	add_boot_names(&arena, path, &p);
	if (a->conn->x.tpgt < 0) /* not in the response: use the same value as iscsistart */
		a->conn->x.tpgt = ibu_has(&path->to.target->f, IBU_TARGET_TPGT) ?
					  (int)path->to.target->tpgt :
					  1;
	session_values_add(&values, &p);
	session_values_add_login(&values, &a->conn->x);
	return iscsi_nl_set_values(&e->transport, &a->session, values.list, values.nr, failed);
}

/* Returns NULL, or the reason of a failure in @arena. */
static const char *hand_over_to_kernel(struct native *e, const struct path *path,
				       struct native_attempt *a, void **arena)
{
	enum iscsi_nl_param failed;
	int r = iscsi_nl_bind_conn(&e->transport, a->session.sid, a->conn->wire.fd);

	if (r)
		return arena_printf(arena, "cannot bind the connection to a session: %s",
				    strerror(-r));
	r = set_session_values(e, path, a, &failed);
	if (r)
		return arena_printf(arena, "cannot set session parameter %d: %s", failed,
				    strerror(-r));
	r = iscsi_nl_start_conn(&e->transport, a->session.sid);
	if (r)
		return arena_printf(arena, "cannot start the session: %s", strerror(-r));
	return NULL;
}

/* Stores for the guard the address of the name that the target redirected to. */
static void native_keep_redirect(struct native *e, struct path *path, const struct native_conn *c)
{
	const struct login_redirect *last = redirects_last(&c->redirects);

	path->redirect_name = NULL;
	if (!last || !c->redirects.lookup.answer || !strcmp(last->host, c->redirects.address))
		return;
	path->redirect_name = arena_printf(&e->progress->arena, "%s", last->host);
	path->redirect_addr = arena_printf(&e->progress->arena, "%s", c->redirects.address);
}

static void native_logged_in(struct native *e, struct path *path)
{
	struct native_attempt *a = native_attempt_of(e, path);
	AUTO_ARENA arena = NULL;
	const char *reason = hand_over_to_kernel(e, path, a, &arena);

	if (reason || pdu_socket_has_ended(a->conn->wire.fd)) {
		native_destroy_session(e, a);
		if (reason)
			native_end(e, path,
				   (struct verdict){ STATUS_ERROR, NEXT_TRY, FAILURE_OTHER },
				   reason);
		else
			native_fail_transient(e, path, FAILURE_NETWORK,
					      "connection closed by the target after login");
		return;
	}
	path->sid = a->session.sid;
	path->host = a->session.host;
	path->chap_algorithm = a->conn->x.chap.algorithm;
	native_keep_redirect(e, path, a->conn);
	a->session_exists = false;
	native_end(e, path, (struct verdict){ STATUS_OK, NEXT_NONE, FAILURE_OTHER }, "");
}

static void native_follow(struct native *e, struct path *path)
{
	struct native_conn *c = native_attempt_of(e, path)->conn;

	c->until = deadline_sooner(e->loop->deadline, e->login_s);
	native_connect(e, path, c->redirects.address, redirects_last(&c->redirects)->port);
}

static void native_redirected(struct native *e, struct path *path)
{
	const struct verdict failed = { STATUS_REFUSED, NEXT_TRY, FAILURE_REDIRECT };
	struct native_attempt *a = native_attempt_of(e, path);
	const struct login_redirect *from = last_redirect(a), *to = &a->conn->x.redirect;
	AUTO_ARENA arena = NULL;
	const char *wrong;

	native_close_socket(e, a->conn);
	log_info("login", "target%u: %s redirects to %s port %u%s", path->plan->number,
		 from ? from->host : path->to.portal, to->host, to->port,
		 to->permanent ? ", permanently" : "");
	wrong = redirects_follow(&a->conn->redirects, e->progress, path, to, &arena);
	if (wrong) {
		native_end(e, path, failed, wrong);
	} else if (a->conn->redirects.resolving) {
		a->phase = RESOLVING;
		a->until = a->conn->until;
	} else {
		native_follow(e, path);
	}
}

static void native_resolve(struct native *e, struct path *path)
{
	struct native_attempt *a = native_attempt_of(e, path);
	const char *wrong;

	if (!redirects_resolved(&a->conn->redirects, a->failures, &wrong))
		return;
	if (wrong)
		native_fail_transient(e, path, FAILURE_REDIRECT, wrong);
	else
		native_follow(e, path);
}

static void native_disconnected(struct native *e, struct path *path, int error)
{
	const struct verdict broken = { STATUS_REFUSED, NEXT_NONE, FAILURE_OTHER };
	const struct native_attempt *a = native_attempt_of(e, path);
	AUTO_ARENA arena = NULL;

	if (error == -EMSGSIZE)
		native_end(e, path, broken, pdu_socket_strerror(error));
	else
		native_fail_transient(e, path, FAILURE_NETWORK,
				      arena_printf(&arena, "%s: %s",
						   a->conn->answered ? "login interrupted" :
								       "no Login Response",
						   pdu_socket_strerror(error)));
}

static void native_receive(struct native *e, struct path *path)
{
	struct native_conn *c = native_attempt_of(e, path)->conn;
	int r;

	while ((r = pdu_socket_poll(&c->wire)) > 0) {
		c->answered = true;
		switch (login_phase_receive(&c->x, &c->wire.in)) {
		case LOGIN_PHASE_SEND:
			pdu_socket_send(&c->wire, &c->x.out);
			continue;
		case LOGIN_PHASE_DONE:
			native_logged_in(e, path);
			return;
		case LOGIN_PHASE_REDIRECTED:
			native_redirected(e, path);
			return;
		default:
			native_end(e, path, c->x.verdict, c->x.answer);
			return;
		}
	}
	if (r)
		native_disconnected(e, path, r);
}

static void native_serve(struct native *e, struct path *path)
{
	struct native_attempt *a = native_attempt_of(e, path);
	int r;

	if (a->phase == CONNECTING) {
		r = pdu_socket_connected(&a->conn->wire);
		if (r) {
			native_connect_failed(e, path, r);
			return;
		}
		a->phase = TALKING;
		a->until = a->conn->until;
		if (login_phase_start(&a->conn->x, &a->conn->login) == LOGIN_PHASE_FAILED) {
			native_end(e, path, a->conn->x.verdict, a->conn->x.answer);
			return;
		}
		pdu_socket_send(&a->conn->wire, &a->conn->x.out);
	}
	if (a->phase == TALKING)
		native_receive(e, path);
}

static void serve_ready(struct native *e)
{
	struct epoll_event events[64];
	int i, nr = epoll_wait(e->epoll, events, ARRAY_SIZE(events), 0);

	for (i = 0; i < nr; i++)
		native_serve(e, &e->progress->paths[events[i].data.u32]);
}

static void native_timed_out(struct native *e, struct path *path)
{
	const struct native_attempt *a = native_attempt_of(e, path);

	if (a->phase == CONNECTING)
		native_connect_failed(e, path, -ETIMEDOUT);
	else if (a->phase == RESOLVING)
		native_fail_transient(e, path, FAILURE_REDIRECT, "no DNS server answers in time");
	else
		native_fail_transient(e, path, FAILURE_NETWORK,
				      a->conn->answered ? "login not completed in time" :
							  "no Login Response in time");
}

/* Discards the kernel's events: a login needs only the results of its own requests. */
static void discard_events(struct native *e)
{
	struct iscsi_nl_event event;

	while (e->transport.fd >= 0 && !iscsi_nl_recv_event(&e->transport, &event))
		;
}

/*
 * Is the time of the attempt over? One that the deadline of boot cuts off tells less than the one
 * before: it just stops.
 */
static bool native_is_over(const struct native *e, unsigned int i)
{
	const struct native_attempt *a = &e->attempts[i];

	return a->phase > QUEUED && !deadline_left_ms(a->until) &&
	       (deadline_left_ms(e->loop->deadline) || !e->progress->paths[i].why);
}

/*
 * Starts one queued attempt in each turn, so that earlier ones go on meanwhile. The paths to the
 * root disk come first.
 */
static void native_step(void *data)
{
	struct native *e = data;
	bool started = !e->queued;
	unsigned int i;

	discard_events(e);
	serve_ready(e);
	for (i = 0; i < e->progress->nr_paths; i++) {
		const struct native_attempt *a = &e->attempts[i];

		if (a->phase == RESOLVING)
			native_resolve(e, &e->progress->paths[i]);
		if (a->phase == QUEUED && !started) {
			started = true;
			native_begin(e, &e->progress->paths[i]);
		} else if (native_is_over(e, i)) {
			native_timed_out(e, &e->progress->paths[i]);
		}
	}
}

static void native_start(void *data, struct path *path)
{
	struct native *e = data;

	native_attempt_of(e, path)->phase = QUEUED;
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
	for (i = 0; i < e->progress->nr_paths; i++) {
		const struct native_attempt *a = &e->attempts[i];

		if (a->phase > QUEUED)
			waits_until(waits, a->until);
		if (a->phase == RESOLVING)
			waits_fd(waits, a->conn->redirects.lookup.task.pidfd, POLLIN);
	}
}

static void native_stop(void *data, struct path *path)
{
	struct native *e = data;

	native_destroy_session(e, native_attempt_of(e, path));
	native_free_conn(e, native_attempt_of(e, path));
}

static int native_open(struct login *login, struct loop *loop, void *data)
{
	struct native *e = data;

	*e = (struct native){ .login = login, .loop = loop, .progress = loop->progress };
	native_params_read(&loop->plan->policy, &e->params);
	e->login_s = node_param_seconds(loop->plan->policy.params[LOGIN_PARAM_LOGIN_TIMEOUT]);
	e->transport_error = iscsi_nl_open(&e->transport, -1);
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
