// SPDX-License-Identifier: GPL-2.0-only
/* Tests that the guard ends its login when iscsid starts, before iscsid can act on the session. */
#include "tests/unit/fake.h"

#include "base/deadline.h"
#include "guard/exec_watch.h"
#include "guard/guard.h"
#include "guard/guard_private.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <time.h>

static struct guard_past past;
static struct guard g;
static struct guard_session s;
/* The kernel: */
static struct iscsi_nl_event queue[4];
static unsigned int queued, received;
static unsigned int stops, binds, sends, starts, values;
static int events[2]; /* process events; [1] is the kernel's end */
static int open_error;

int __wrap_exec_watch_open(void);
int __wrap_iscsi_nl_recv_event(struct iscsi_nl *t, struct iscsi_nl_event *event);
int __wrap_iscsi_nl_send_pdu(struct iscsi_nl *t, int sid, const struct pdu *pdu);
int __wrap_iscsi_nl_stop_conn(struct iscsi_nl *t, int sid);
int __wrap_iscsi_nl_bind_conn(struct iscsi_nl *t, int sid, int fd);
int __wrap_iscsi_nl_start_conn(struct iscsi_nl *t, int sid);
int __wrap_iscsi_nl_set_values(struct iscsi_nl *nl, const struct iscsi_nl_session *session,
			       const struct iscsi_nl_value *list, unsigned int nr,
			       enum iscsi_nl_param *failed);

int __wrap_exec_watch_open(void)
{
	return open_error ? open_error : fcntl(events[0], F_DUPFD_CLOEXEC, 3);
}

int __wrap_iscsi_nl_recv_event(struct iscsi_nl *t, struct iscsi_nl_event *event)
{
	if (received == queued)
		return -EAGAIN;
	*event = queue[received++];
	return 0;
}

int __wrap_iscsi_nl_send_pdu(struct iscsi_nl *t, int sid, const struct pdu *pdu)
{
	sends++;
	return 0;
}

int __wrap_iscsi_nl_stop_conn(struct iscsi_nl *t, int sid)
{
	stops++;
	return 0;
}

int __wrap_iscsi_nl_bind_conn(struct iscsi_nl *t, int sid, int fd)
{
	binds++;
	return 0;
}

int __wrap_iscsi_nl_start_conn(struct iscsi_nl *t, int sid)
{
	starts++;
	return 0;
}

int __wrap_iscsi_nl_set_values(struct iscsi_nl *nl, const struct iscsi_nl_session *session,
			       const struct iscsi_nl_value *list, unsigned int nr,
			       enum iscsi_nl_param *failed)
{
	values++;
	return 0;
}

/* A lost session. The connection of the guard's login has no other end: nothing answers. */
static int make(void **state)
{
	int pair[2];

	sysfs_root = root;
	if (root_make(state))
		return -1;
	fake_session(7, 3, "iqn.x:t\n", "127.0.0.1\n", "9\n");
	fake_put("FAILED\n", "/sys/class/iscsi_session/session7/state");
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, events),
			 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	g = (struct guard){ .nl = { .fd = -1, .requests = -1, .port = 99 },
			    .list = &s,
			    .past = &past,
			    .acts = true,
			    .pidfd = -1,
			    .execs = -1 };
	s = (struct guard_session){ .snapshot.session.sid = 7, .snapshot.port = 9, .fd = pair[0] };
	strcpy(s.snapshot.portal, "127.0.0.1");
	s.snapshot.login.through_kernel = true;
	s.snapshot.login.initiator_name = "iqn.x:i";
	s.snapshot.login.target_name = "iqn.x:t";
	s.snapshot.login.offer = login_phase_defaults;
	reconnect_fsm_init(&s.fsm, now_ns());
	s.fsm.state = GUARD_CONNECT;
	s.fsm.until_ns = INT64_MAX; /* the test may run slowly */
	queued = received = 0;
	stops = binds = sends = starts = values = 0;
	open_error = 0;
	*state = (void *)(intptr_t)pair[1];
	return 0;
}

static int done(void **state)
{
	close((int)(intptr_t)*state);
	cleanup_fd(&s.fd);
	exec_watch_close(&g.execs);
	close(events[0]);
	close(events[1]);
	return root_remove(state);
}

static const char *uid = "0";
static unsigned int switches;

/* Process 5 is executed now. */
static void executed(const char *name)
{
	struct cn_msg cn = { .id = { CN_IDX_PROC, CN_VAL_PROC }, .len = sizeof(struct proc_event) };
	char message[NLMSG_HDRLEN + sizeof(cn) + sizeof(struct proc_event)] = { 0 };
	struct proc_event event = { .what = PROC_EVENT_EXEC };
	char comm[32], status[200];

	snprintf(comm, sizeof(comm), "%s\n", name);
	snprintf(status, sizeof(status),
		 "Name:\t%s\nState:\tR (x)\nPid:\t5\nPPid:\t1\nUid:\t%s\t0\t0\t0\n"
		 "voluntary_ctxt_switches:\t%u\nnonvoluntary_ctxt_switches:\t2\n",
		 name, uid, ++switches);
	fake_put(comm, "/proc/5/comm");
	fake_put(status, "/proc/5/status");
	event.event_data.exec.process_pid = event.event_data.exec.process_tgid = 5;
	memcpy(message + NLMSG_HDRLEN, &cn, sizeof(cn));
	memcpy(message + NLMSG_HDRLEN + sizeof(cn), &event, sizeof(event));
	assert_int_equal(send(events[1], message, sizeof(message), 0), (ssize_t)sizeof(message));
}

/* What process 5 was started with: boot time now, less @ago_s. */
static void started(long ago_s)
{
	struct timespec now;
	char stat[200];

	clock_gettime(CLOCK_BOOTTIME, &now);
	snprintf(stat, sizeof(stat),
		 "5 (a) R 9 (x) S 1 5 5 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 %lld 1 2\n",
		 (long long)(now.tv_sec - ago_s) * sysconf(_SC_CLK_TCK));
	fake_put(stat, "/proc/5/stat");
}

/* The guard's login, until it waits for the response. */
static void log_in(void)
{
	guard_session_step(&g, &s);
	assert_int_equal(s.fsm.state, GUARD_LOGIN);
	assert_int_equal(binds, 1);
	assert_int_equal(sends, 1);
	assert_true(s.bound);
	s.fsm.until_ns = INT64_MAX;
}

static void assert_held(void)
{
	assert_int_equal(s.fsm.state, GUARD_PAUSE);
	assert_int_equal(s.fd, -1);
	assert_false(s.bound);
	assert_int_equal(starts + values, 0);
}

/* At once, by the event alone: the connection is stopped, and no request follows. */
static void ends_its_login(void **state)
{
	log_in();
	assert_true(g.execs >= 0);
	executed("iscsid");
	assert_false(guard_may_act(&g)); /* as guard_wait() does */
	standby_switch(&g);
	assert_held();
	assert_int_equal(stops, 1);
	executed("iscsid"); /* it runs */
	s.fsm.until_ns = now_ns();
	guard_session_step(&g, &s);
	assert_held();
	assert_int_equal(stops, 1);
	assert_int_equal(binds, 1);
}

/* The response is queued when iscsid starts: neither values nor start follow. */
static void does_not_finish_it(void **state)
{
	log_in();
	queue[queued++] = (struct iscsi_nl_event){ .type = ISCSI_NL_PDU, .sid = 7 };
	queue[0].pdu.header[0] = 0x23;
	queue[0].pdu.header[1] = 0x87; /* full feature phase */
	executed("iscsid");
	guard_receive_events(&g);
	guard_session_step(&g, &s);
	assert_held();
	assert_int_equal(sends, 1);
	assert_int_equal(stops, 1);
}

/* Without iscsid the same response ends the login. */
static void finishes_it(void **state)
{
	log_in();
	queue[queued++] = (struct iscsi_nl_event){ .type = ISCSI_NL_PDU, .sid = 7 };
	queue[0].pdu.header[0] = 0x23;
	queue[0].pdu.header[1] = 0x87;
	executed("sleep");
	guard_receive_events(&g);
	guard_session_step(&g, &s);
	assert_int_equal(starts, 1);
	assert_int_equal(s.fsm.state, GUARD_LOGGED_IN);
	guard_may_act(&g);
	assert_int_equal(g.execs, -1); /* nothing to wait for */
}

static void begins_none(void **state)
{
	open_error = -EPERM;
	executed("iscsid");
	started(0);
	guard_session_step(&g, &s);
	assert_held();
	assert_int_equal(binds, 0);
	/* A helper of an earlier iscsid, which has ended. */
	started(10);
	assert_true(guard_may_act(&g));
}

/* It had begun before the guard could receive events. */
static void finds_an_earlier_start(void **state)
{
	executed("iscsid");
	started(0);
	recv(events[0], (char[256]){ 0 }, 256, 0); /* before the socket was open */
	assert_false(guard_may_act(&g));
	unlink(root_path("/proc/5/status"));
	assert_true(guard_may_act(&g));
}

/* Its age does not count then: a shell may execute it. */
static void old_process_executes_it(void **state)
{
	started(3600);
	assert_true(guard_may_act(&g));
	executed("iscsid");
	assert_false(guard_may_act(&g));
	g.starts_until_ns = now_ns(); /* it has not become ready in time */
	assert_true(guard_may_act(&g));
}

/* Any user can call a program iscsid, even one that is setuid root. */
static void is_not_of_root(void **state)
{
	log_in();
	uid = "1000";
	executed("iscsid");
	started(0);
	assert_true(guard_may_act(&g));
	uid = "0";
	executed("iscsid");
	assert_false(guard_may_act(&g));
}

/* Another process stopped the connection: the kernel reports an error of the socket. */
static void loses_its_connection(void **state)
{
	int end = (int)(intptr_t)*state;

	log_in();
	guard_session_step(&g, &s);
	assert_int_equal(s.fsm.state, GUARD_LOGIN);
	shutdown(end, SHUT_RDWR);
	guard_session_step(&g, &s);
	assert_int_equal(s.fsm.state, GUARD_PAUSE);
	assert_int_equal(starts + values, 0);
}

/* Events were lost; others are cut or of other kinds. */
static void odd_events(void **state)
{
	int fd = exec_watch_open();

	assert_false(exec_watch_receive(fd));
	send(events[1], "x", 1, 0);
	send(events[1], "", 0, 0);
	assert_false(exec_watch_receive(fd));
	executed("sleep");
	executed("iscsid");
	executed("sleep");
	assert_false(exec_watch_receive(fd)); /* it is called sleep by now */
	executed("iscsid");
	send(events[1], "x", 1, 0);
	assert_true(exec_watch_receive(fd));
	assert_false(exec_watch_receive(fd));
	exec_watch_close(&fd);
	assert_int_equal(fd, -1);
	exec_watch_close(&fd);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, done)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(ends_its_login), TEST(does_not_finish_it),	    TEST(finishes_it),
		TEST(begins_none),    TEST(finds_an_earlier_start), TEST(old_process_executes_it),
		TEST(is_not_of_root), TEST(loses_its_connection),   TEST(odd_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
