// SPDX-License-Identifier: GPL-2.0-only
/* Tests what the guard does on Async Messages of the target, and which portal it connects to. */
#include "tests/unit/fake.h"

#include "base/deadline.h"
#include "guard/guard.h"
#include "guard/guard_private.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <sys/socket.h>

#define MS 1000000LL
#define S (1000 * MS)

static struct guard_past past;
static struct guard g;
static struct guard_session s;
/* The kernel: */
static struct iscsi_nl_event queue[8];
static unsigned int queued, received, stops;
static struct pdu sent;
static int send_error;

int __wrap_iscsi_nl_recv_event(struct iscsi_nl *t, struct iscsi_nl_event *event);
int __wrap_iscsi_nl_send_pdu(struct iscsi_nl *t, int sid, const struct pdu *pdu);
int __wrap_iscsi_nl_stop_conn(struct iscsi_nl *t, int sid);

int __wrap_iscsi_nl_recv_event(struct iscsi_nl *t, struct iscsi_nl_event *event)
{
	if (received == queued)
		return -EAGAIN;
	*event = queue[received++];
	return 0;
}

int __wrap_iscsi_nl_send_pdu(struct iscsi_nl *t, int sid, const struct pdu *pdu)
{
	sent = *pdu;
	return send_error;
}

int __wrap_iscsi_nl_stop_conn(struct iscsi_nl *t, int sid)
{
	stops++;
	return 0;
}

/* A session that is logged in for long, to a portal that refuses connections. */
static int make(void **state)
{
	sysfs_root = root;
	if (root_make(state))
		return -1;
	fake_session(7, 3, "iqn.x:t\n", "127.0.0.1\n", "9\n");
	g = (struct guard){ .nl = { .fd = -1, .requests = -1, .port = 99 },
			    .list = &s,
			    .past = &past,
			    .acts = true,
			    .pidfd = -1,
			    .execs = -1 };
	s = (struct guard_session){ .snapshot.session.sid = 7, .snapshot.port = 9, .fd = -1 };
	strcpy(s.snapshot.portal, "127.0.0.1");
	reconnect_fsm_init(&s.fsm, now_ns());
	queued = received = stops = 0;
	send_error = 0;
	sent = (struct pdu){ .header = { 0 } };
	return 0;
}

static int done(void **state)
{
	cleanup_fd(&s.fd);
	return root_remove(state);
}

static void push(enum iscsi_nl_event_type type, uint8_t opcode, uint8_t event, uint8_t wait_s,
		 uint8_t limit_s)
{
	struct iscsi_nl_event *e = &queue[queued++];

	*e = (struct iscsi_nl_event){ .type = type, .sid = 7 };
	e->pdu.header[0] = opcode;
	e->pdu.header[36] = event;
	e->pdu.header[41] = wait_s;
	e->pdu.header[43] = limit_s;
}

static void step(void)
{
	guard_receive_events(&g);
	guard_session_step(&g, &s);
}

static void message(uint8_t event, uint8_t wait_s, uint8_t limit_s)
{
	push(ISCSI_NL_PDU, 0x32, event, wait_s, limit_s);
	step();
}

/* Returns true if the next attempt is due in @ms or up to half a second less. */
static bool is_due_in(int64_t ms)
{
	int64_t left = s.fsm.until_ns - now_ns();

	return left <= ms * MS && left > (ms - 500) * MS;
}

static void assert_attempt(void)
{
	assert_int_equal(s.attempts, 1);
	assert_true(stops > 0);
	assert_true(s.fsm.state == GUARD_CONNECT || s.fsm.state == GUARD_PAUSE);
}

static void asks_for_a_logout(void **state)
{
	message(ASYNC_LOGOUT, 0, 3);
	assert_int_equal(sent.header[0], 0x46);
	assert_int_equal(sent.header[1], 0x80);
	assert_int_equal(s.fsm.state, GUARD_LOGOUT);
	assert_true(is_due_in(3000));
	assert_int_equal(stops, 0);
	push(ISCSI_NL_PDU, 0x26, 0, 2, 0);
	step();
	assert_attempt();
}

static void asks_for_a_negotiation(void **state)
{
	message(ASYNC_NEGOTIATE, 0, 200);
	assert_int_equal(sent.header[0], 0x46);
	assert_true(is_due_in(5000)); /* the response does not take that long */
	message(ASYNC_NEGOTIATE, 0, 1);
	assert_true(is_due_in(5000)); /* a second message changes nothing */
	s.fsm.until_ns = now_ns(); /* no response */
	step();
	assert_attempt();
}

static void closes_without_a_response(void **state)
{
	message(ASYNC_LOGOUT, 0, 0);
	assert_int_equal(s.fsm.state, GUARD_LOGOUT);
	assert_true(is_due_in(1000));
	push(ISCSI_NL_CONN_ERROR, 0, 0, 0, 0);
	step();
	assert_attempt();
}

static void cannot_be_sent(void **state)
{
	send_error = -ENOTCONN;
	message(ASYNC_LOGOUT, 0, 30);
	assert_attempt();
}

static void drops_the_connection(void **state)
{
	static const uint8_t events[] = { ASYNC_DROP, ASYNC_DROP_ALL };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(events); i++) {
		reconnect_fsm_init(&s.fsm, now_ns());
		stops = 0;
		message(events[i], 4, 100);
		assert_int_equal(sent.header[0], 0);
		assert_int_equal(stops, 1);
		assert_int_equal(s.fsm.state, GUARD_PAUSE);
		push(ISCSI_NL_CONN_ERROR, 0, 0, 0, 0);
		step();
		assert_true(is_due_in(4000));
	}
	assert_int_equal(s.attempts, 0);
	s.fsm.until_ns = now_ns();
	step();
	assert_attempt();
}

static void wants_a_long_wait(void **state)
{
	push(ISCSI_NL_PDU, 0x32, ASYNC_DROP, 255, 0);
	queue[0].pdu.header[40] = 255;
	step();
	assert_true(is_due_in(60000));
}

/* A target that asks again right after each login: the guard waits longer and longer. */
static void asks_without_end(void **state)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		s.fsm.state = GUARD_LOGGED_IN;
		s.fsm.since_ns = now_ns();
		s.attempts = 0;
		message(ASYNC_DROP, 0, 0);
		assert_int_equal(s.fsm.state, GUARD_PAUSE);
		assert_int_equal(s.fsm.failures, i + 1);
		assert_true(s.fsm.until_ns > now_ns());
	}
	queued = received = 0;
	s.fsm.state = GUARD_LOGGED_IN;
	s.fsm.since_ns = now_ns();
	message(ASYNC_LOGOUT, 0, 1);
	push(ISCSI_NL_CONN_ERROR, 0, 0, 0, 0);
	step();
	assert_int_equal(s.fsm.state, GUARD_PAUSE);
	assert_int_equal(s.fsm.failures, 4);
}

static void ignores_other_messages(void **state)
{
	static const uint8_t others[] = { ASYNC_SCSI, 5, 6, 255 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(others); i++)
		message(others[i], 4, 4);
	push(ISCSI_NL_PDU, 0x32, ASYNC_DROP, 4, 4); /* of connection 1, which does not exist */
	queue[queued - 1].pdu.header[39] = 1;
	push(ISCSI_NL_PDU, 0x26, 0, 0, 0); /* iscsid logged out and is logged in again */
	step();
	assert_int_equal(s.fsm.state, GUARD_LOGGED_IN);
	assert_int_equal(sent.header[0], 0);
	assert_int_equal(stops, 0);
}

/* An attempt is made already. */
static void ignores_late_messages(void **state)
{
	s.fsm.state = GUARD_PAUSE;
	s.fsm.until_ns = now_ns() + 10 * S;
	message(ASYNC_DROP, 1, 0);
	message(ASYNC_LOGOUT, 0, 1);
	assert_true(is_due_in(10000));
	assert_int_equal(sent.header[0], 0);
}

static void leaves_it_to_iscsid(void **state)
{
	fake_put("sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode\n"
		 "00000000793e42c0 8 4711 00000001 0 0 0 2 0 77\n",
		 "/proc/net/netlink");
	fake_put("Name:\tiscsid\nState:\tS (x)\nPPid:\t1\nVmLck:\t   4096 kB\n", "/proc/5/status");
	fake_put("", "/proc/5/fd/0");
	assert_int_equal(symlink("socket:[77]", root_path("/proc/5/fd/3")), 0);
	message(ASYNC_LOGOUT, 0, 3);
	message(ASYNC_DROP, 3, 0);
	assert_int_equal(s.fsm.state, GUARD_LOGGED_IN);
	assert_int_equal(sent.header[0], 0);
	assert_int_equal(stops, 0);
	assert_int_equal(past.served, 5);
	unlink(root_path("/proc/5/status"));
	assert_true(guard_may_act(&g));
	assert_int_equal(past.served, 0); /* another iscsid may get the number 5 */
}

/* iscsid does not hang: it waits as the target asked. */
static void iscsid_waits(void **state)
{
	g.acts = false;
	g.limit_s = 30;
	message(ASYNC_DROP, 0, 0);
	s.down = true;
	standby_session_step(&g, &s);
	assert_int_not_equal(s.watch.down_ns, 0);
	s.watch = (struct portal_watch){ 0 };
	push(ISCSI_NL_PDU, 0x32, ASYNC_DROP, 50, 0);
	guard_receive_events(&g);
	standby_session_step(&g, &s);
	assert_int_equal(s.watch.down_ns, 0);
	push(ISCSI_NL_PDU, 0x32, 255, 0, 0); /* any later message */
	push(ISCSI_NL_PDU, 0x32, ASYNC_DROP, 1, 0);
	guard_receive_events(&g);
	assert_true(s.quiet_ns > now_ns() + 40 * S);
	s.quiet_ns = now_ns();
	standby_session_step(&g, &s);
	assert_int_not_equal(s.watch.down_ns, 0);
}

/* The guard follows a redirection at once, to an address; four times at most in one attempt. */
static void is_redirected_to(const char *address, unsigned int times)
{
	static const struct login_phase_account account = { .initiator_name = "iqn.x:i",
							    .target_name = "iqn.x:t",
							    .through_kernel = true };
	struct pdu response = { .header = { 0x23, [36] = 1, [37] = 2 } }; /* for good */

	assert_true(pdu_add_text(&response, "TargetAddress", address));
	for (; times; times--) {
		cleanup_fd(&s.fd);
		s.fd = -1;
		s.bound = true;
		s.fsm.state = GUARD_LOGIN;
		s.fsm.until_ns = now_ns() + 10 * S;
		login_phase_free(&s.login_phase);
		assert_int_equal(login_phase_start(&s.login_phase, &account), LOGIN_PHASE_SEND);
		s.response = response;
		s.has_response = true;
		step();
	}
	login_phase_free(&s.login_phase);
}

/* A portal of 127.0.0.1 that answers no more connections: its queue is full. */
struct full_portal {
	int listener, clients[4];
	char address[32]; /* behind the host */
};

static void full_portal_open(struct full_portal *p)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	unsigned int i;

	p->listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(p->listener, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(p->listener, 0), 0);
	assert_int_equal(getsockname(p->listener, (struct sockaddr *)&at, &len), 0);
	for (i = 0; i < ARRAY_SIZE(p->clients); i++) {
		p->clients[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)connect(p->clients[i], (struct sockaddr *)&at, len);
	}
	snprintf(p->address, sizeof(p->address), ":%u,1", ntohs(at.sin_port));
}

static void full_portal_close(struct full_portal *p)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(p->clients); i++)
		close(p->clients[i]);
	close(p->listener);
}

static void is_redirected_to_a_name(void **state)
{
	struct full_portal p;
	char address[64];

	full_portal_open(&p);
	is_redirected_to("portal.example:3260,1", 1);
	assert_string_equal(s.last_warning,
			    "redirected to portal.example, a name that boot did not resolve");
	assert_int_equal(s.fsm.state, GUARD_PAUSE);
	s.snapshot.redirect_name = "Portal.example";
	s.snapshot.redirect_addr = "127.0.0.1";
	snprintf(address, sizeof(address), "portal.example%s", p.address);
	is_redirected_to(address, 1);
	assert_int_equal(s.fsm.state, GUARD_CONNECT);
	assert_string_equal(s.redirect.host, "127.0.0.1");
	full_portal_close(&p);
}

static void is_redirected_to_itself(void **state)
{
	struct full_portal p;
	char address[64];

	full_portal_open(&p);
	snprintf(address, sizeof(address), "127.0.0.1%s", p.address);
	is_redirected_to(address, 4);
	assert_int_equal(s.fsm.state, GUARD_CONNECT);
	is_redirected_to(address, 1);
	full_portal_close(&p);
	assert_non_null(strstr(s.last_warning, "redirected: "));
	assert_int_equal(s.fsm.state, GUARD_PAUSE);
	assert_string_equal(s.moved.host, ""); /* no login there succeeded */
}

/* Messages come while the guard logs in: they are no responses. */
static void comes_during_a_login(void **state)
{
	s.bound = true;
	s.fsm.state = GUARD_LOGIN;
	s.fsm.until_ns = now_ns() + 10 * S;
	message(ASYNC_LOGOUT, 0, 1);
	message(ASYNC_DROP, 9, 0);
	message(255, 9, 9);
	assert_false(s.has_response);
	assert_int_equal(s.fsm.state, GUARD_LOGIN);
	assert_int_equal(sent.header[0], 0);
	s.fsm.state = GUARD_LOGGED_IN;
	step();
	assert_int_equal(s.fsm.state, GUARD_LOGGED_IN);
}

/* Time2Wait above Time2Retain: the target has forgotten the session then, and a login makes it. */
static void waits_longer_than_it_retains(void **state)
{
	push(ISCSI_NL_PDU, 0x32, ASYNC_DROP, 30, 2);
	push(ISCSI_NL_PDU, 0x32, ASYNC_SCSI, 0, 0);
	step();
	assert_true(is_due_in(30000));
	assert_int_equal(stops, 1);
}

/* The response and the end of the connection are received together. */
static void is_refused_and_closed(void **state)
{
	static const struct login_phase_account account = { .initiator_name = "iqn.x:i",
							    .target_name = "iqn.x:t",
							    .through_kernel = true };

	s.bound = true;
	s.fsm.state = GUARD_LOGIN;
	s.fsm.until_ns = now_ns() + 10 * S;
	assert_int_equal(login_phase_start(&s.login_phase, &account), LOGIN_PHASE_SEND);
	push(ISCSI_NL_PDU, 0x23, 2, 0, 0);
	queue[0].pdu.header[37] = 1; /* 02/01 */
	push(ISCSI_NL_CONN_ERROR, 0, 0, 0, 0);
	step();
	assert_non_null(strstr(s.last_warning, "authentication failed"));
	assert_int_equal(s.fsm.state, GUARD_PAUSE);
	login_phase_free(&s.login_phase);
}

/* Redirections */

static const char *next_host(unsigned int attempts)
{
	const struct login_redirect *next;

	s.attempts = attempts;
	next = moved_portal_next(&s);
	return next ? next->host : "";
}

static void redirected_to(const char *host, bool permanent)
{
	s.redirect = (struct login_redirect){ .port = 3260, .permanent = permanent };
	strcpy(s.redirect.host, host);
}

static void moves_for_a_time(void **state)
{
	redirected_to("10.0.0.9", false);
	assert_string_equal(next_host(1), "10.0.0.9");
	moved_portal_keep(&s);
	s.redirect.host[0] = '\0';
	assert_string_equal(next_host(0), "");
	assert_string_equal(next_host(1), "10.0.0.9");
	assert_string_equal(next_host(2), "");
}

static void moves_for_good(void **state)
{
	redirected_to("10.0.0.9", true);
	moved_portal_keep(&s);
	s.redirect.host[0] = '\0';
	moved_portal_keep(&s); /* a login without a redirection */
	assert_string_equal(next_host(0), "10.0.0.9");
	assert_string_equal(next_host(1), "");
	assert_string_equal(next_host(2), "10.0.0.9");
	redirected_to("10.0.0.10", false); /* from there, for a time */
	moved_portal_keep(&s);
	s.redirect.host[0] = '\0';
	assert_string_equal(next_host(0), "10.0.0.10");
}

static void was_redirected_by_boot(void **state)
{
	fake_put("127.0.0.1\n", "/sys/class/iscsi_connection/connection7:0/address");
	fake_put("9\n", "/sys/class/iscsi_connection/connection7:0/port");
	moved_portal_read(&s);
	assert_string_equal(next_host(1), "");
	fake_put("127.0.0.2\n", "/sys/class/iscsi_connection/connection7:0/address");
	moved_portal_read(&s);
	assert_string_equal(next_host(0), "");
	assert_string_equal(next_host(1), "127.0.0.2");
	assert_int_equal(s.moved.port, 9);
}

/* The configured portal of iscsid is gone: the guard asks the one where the session was. */
static void probes_where_it_was(void **state)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t len = sizeof(at);
	char port[16];
	unsigned int i;

	assert_int_equal(bind(listener, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(listener, 4), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &len), 0);
	snprintf(port, sizeof(port), "%u\n", ntohs(at.sin_port));
	fake_put("iqn.x:i\n", "/sys/class/iscsi_session/session7/initiatorname");
	fake_put("127.0.0.1\n", "/sys/class/iscsi_connection/connection7:0/address");
	fake_put(port, "/sys/class/iscsi_connection/connection7:0/port");
	g.acts = false;
	g.limit_s = 30;
	s.stale = true; /* iscsid logged in, and was redirected */
	standby_session_step(&g, &s);
	assert_int_equal(s.moved.port, ntohs(at.sin_port));
	s.down = true;
	standby_session_step(&g, &s);
	for (i = 0; i < 3; i++) { /* one refused probe, then two that are answered */
		s.watch.until_ns = now_ns();
		standby_session_step(&g, &s);
		if (s.watch.state == PORTAL_PROBING)
			standby_session_step(&g, &s);
		if (i)
			assert_int_not_equal(s.watch.answers_ns, 0);
		else
			assert_int_equal(s.watch.answers_ns, 0);
	}
	close(listener);
	session_snapshot_wipe(&s.snapshot);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(asks_for_a_logout),
		TEST(asks_for_a_negotiation),
		TEST(closes_without_a_response),
		TEST(cannot_be_sent),
		TEST(drops_the_connection),
		TEST(wants_a_long_wait),
		TEST(asks_without_end),
		TEST(ignores_other_messages),
		TEST(ignores_late_messages),
		TEST(leaves_it_to_iscsid),
		TEST(iscsid_waits),
		TEST(is_refused_and_closed),
		TEST(is_redirected_to_a_name),
		TEST(is_redirected_to_itself),
		TEST(comes_during_a_login),
		TEST(waits_longer_than_it_retains),
		TEST(moves_for_a_time),
		TEST(moves_for_good),
		TEST(was_redirected_by_boot),
		TEST(probes_where_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
