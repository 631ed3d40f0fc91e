// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests the arguments of iscsistart, the verdict on its output, and logins by a script in its
 * place.
 */
#include "tests/unit/fake.h"
#include "tests/unit/iscsi/login_talk.h"
#include "tests/unit/stage.h"

#include "login/iscsistart.h"
#include "login/path_session.h"
#include "login/login.h"
#include "login/portal.h"
#include "login/path_session.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define TEXT(s)                  \
	{                        \
		s, sizeof(s) - 1 \
	}

static struct ibu_target targets[2];
static struct plan_path planned[2];
static struct path paths[2];
static struct plan plan;
static struct progress progress;
static int listener = -1;
static char program[512];

/* Listens on a free port, so that the probe succeeds. */
static unsigned int listen_somewhere(void)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	socklen_t len = sizeof(addr);

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(listen(listener, 64), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&addr, &len), 0);
	return ntohs(addr.sin_port);
}

static int make(void **state)
{
	unsigned int i, port = listen_somewhere();

	if (root_make(state))
		return -1;
	sysfs_root = root;
	targets[0] = (struct ibu_target){ .name = TEXT("iqn.x:t"), .lun = { 0, 1 } };
	targets[1] = (struct ibu_target){ .name = TEXT("iqn.x:other"), .lun = { 0, 1 } };
	for (i = 0; i < 2; i++) {
		planned[i] = (struct plan_path){ .number = i };
		paths[i] = (struct path){ .plan = &planned[i],
					  .to.target = &targets[i],
					  .to.port = port };
		paths[i].timers = (struct timers){ 86400, 5, 10, 90, 10, 5, "none", 15, 30 };
		memcpy(paths[i].to.portal, "127.0.0.1", 10);
	}
	plan = (struct plan){ .initiator_name = "iqn.x:me",
			      .paths = planned,
			      .nr_paths = 1,
			      .policy.engine = ENGINE_OPENISCSI };
	progress = (struct progress){ .plan = &plan, .paths = paths, .nr_paths = 1 };
	return 0;
}

static int unmake(void **state)
{
	close(listener);
	iscsistart_program = NULL;
	return root_remove(state);
}

/* Makes a session that is not logged in until the script sets its state. */
static void session_to_come(int sid, const char *target)
{
	char port[16];

	snprintf(port, sizeof(port), "%u\n", paths[0].to.port);
	fake_session(sid, sid + 3, target, "127.0.0.1\n", port);
	fake_put("FREE\n", "/sys/class/iscsi_session/session%d/state", sid);
}

#define SAYS(text) "echo 'iscsistart: " text "' >&2\n"
#define COMES(sid) "echo LOGGED_IN > $R/sys/class/iscsi_session/session" sid "/state\n"

/* Makes the script that runs in iscsistart's place; it appends its arguments to the file "args". */
static void program_is(const char *script)
{
	char text[2048];

	snprintf(text, sizeof(text),
		 "#!/bin/sh\nR=%s\necho \"$@\" >> $R/args\n"
		 "echo 'iscsistart: version 2.1.8' >&2\n%s",
		 root, script);
	root_put_bytes("/iscsistart", text, strlen(text), 0700);
	snprintf(program, sizeof(program), "%s", root_path("/iscsistart"));
	iscsistart_program = program;
}

static int runs(void)
{
	AUTO_ARENA arena = NULL;
	char *text, *at;
	int n = 0;

	if (file_read(&arena, &text, "%s/args", root) < 0)
		return 0;
	for (at = text; (at = strchr(at, '\n')); at++)
		n++;
	return n;
}

/* Returns the argument after the @nth @option, counted from 0; NULL: none. */
static const char *arg(char **args, const char *option, unsigned int nth)
{
	for (; *args; args++)
		if (!strcmp(*args, option) && !nth--)
			return args[1];
	return NULL;
}

static void arguments(void **state)
{
	AUTO_ARENA arena = NULL;
	char **args = iscsistart_args(&arena, &progress, &paths[0], 7);
	unsigned int n;

	assert_non_null(args);
	assert_string_equal(args[0], "iscsistart");
	assert_string_equal(arg(args, "-i", 0), "iqn.x:me");
	assert_string_equal(arg(args, "-t", 0), "iqn.x:t");
	assert_string_equal(arg(args, "-g", 0), "1");
	assert_string_equal(arg(args, "-a", 0), "127.0.0.1");
	assert_null(arg(args, "-u", 0));
	assert_null(arg(args, "-w", 0));
	assert_string_equal(arg(args, "-P", 0), "node.session.initial_login_retry_max=0");
	assert_string_equal(arg(args, "-P", 1), "node.conn[0].timeo.login_timeout=7");
	assert_string_equal(arg(args, "-P", 2), "node.conn[0].timeo.noop_out_interval=5");
	assert_string_equal(arg(args, "-P", 3), "node.conn[0].timeo.noop_out_timeout=10");
	assert_string_equal(arg(args, "-P", 4), "node.session.timeo.replacement_timeout=86400");
	assert_string_equal(arg(args, "-P", 5), "node.session.scan=manual");
	for (n = 0; args[n]; n++)
		;
	assert_int_equal(n, 1 + 2 * 11);
}

/* With several NICs the session is bound to its NIC, by MAC if the MAC is unique. */
static void bound_to_its_nic(void **state)
{
	struct plan_nic pn = { .number = 1 };
	struct nic nic = { .plan = &pn, .mac = { 0x52, 0x54, 0, 0, 0, 0xA1 }, .ifname = "eth1.5" };
	AUTO_ARENA arena = NULL;

	paths[0].nic = &nic;
	nic.mac_is_unique = true;
	assert_null(arg(iscsistart_args(&arena, &progress, &paths[0], 7), "-P", 6));
	plan.several_nics = true;
	assert_string_equal(arg(iscsistart_args(&arena, &progress, &paths[0], 7), "-P", 6),
			    "iface.iscsi_ifacename=iscsi-boot-nic1");
	assert_string_equal(arg(iscsistart_args(&arena, &progress, &paths[0], 7), "-P", 7),
			    "iface.hwaddress=52:54:00:00:00:a1");
	nic.mac_is_unique = false;
	assert_null(arg(iscsistart_args(&arena, &progress, &paths[0], 7), "-P", 6));
	planned[0].shares_portal = true;
	assert_string_equal(arg(iscsistart_args(&arena, &progress, &paths[0], 7), "-P", 7),
			    "iface.net_ifacename=eth1.5");
}

/* Two sessions to one portal differ by their NIC. */
static void session_of_the_nic(void **state)
{
	struct plan_nic pn = { .number = 1 };
	struct session session;
	char port[16];

	snprintf(port, sizeof(port), "%u\n", paths[0].to.port);
	fake_session(3, 3, "iqn.x:t\n", "127.0.0.1\n", port);
	fake_session(4, 4, "iqn.x:t\n", "127.0.0.1\n", port);
	fake_put("iscsi-boot-nic0\n", "/sys/class/iscsi_session/session3/ifacename");
	fake_put("iscsi-boot-nic1\n", "/sys/class/iscsi_session/session4/ifacename");
	planned[0].nic = &pn;
	planned[0].shares_portal = true;
	assert_int_equal(path_session_find(&paths[0], &session), 0);
	assert_int_equal(session.sid, 4);
	pn.number = 0;
	assert_int_equal(path_session_find(&paths[0], &session), 0);
	assert_int_equal(session.sid, 3);
	pn.number = 10;
	assert_int_equal(path_session_find(&paths[0], &session), -ENOENT);
}

static void portals(void **state)
{
	struct sockaddr_in6 to;

	assert_int_equal(portal_parse("10.0.2.2", 3261, 7, &to), sizeof(struct sockaddr_in));
	assert_int_equal(ntohs(((struct sockaddr_in *)&to)->sin_port), 3261);
	assert_int_equal(portal_parse("2001:db8::1", 3260, 7, &to), sizeof(to));
	assert_int_equal(to.sin6_scope_id, 0);
	/* The zone of the text is from another boot, when eth0 was another device. */
	assert_int_equal(portal_parse("fe80::1%eth0", 3260, 7, &to), sizeof(to));
	assert_int_equal(to.sin6_scope_id, 7);
	assert_int_equal(portal_parse("san.example", 3260, 7, &to), 0);
}

/* Parameters of the policy precede those of the agent, which therefore override them. */
static void given_params(void **state)
{
	AUTO_ARENA arena = NULL;
	enum node_param p = node_param_find(&(struct ibu_text)TEXT("node.session.cmds_max"));
	char **args;

	memcpy(plan.policy.params[p], "64", 3);
	args = iscsistart_args(&arena, &progress, &paths[0], 7);
	assert_string_equal(arg(args, "-P", 0), "node.session.cmds_max=64");
	assert_string_equal(arg(args, "-P", 1), "node.session.initial_login_retry_max=0");
	for (p = LOGIN_PARAM_FREE; p < NR_NODE_PARAMS; p++)
		memcpy(plan.policy.params[p], "1", 2);
	args = iscsistart_args(&arena, &progress, &paths[0], 7);
	/* login_timeout is given once, with the time of this attempt; congestion_control is not. */
	assert_string_equal(arg(args, "-P", NR_NODE_PARAMS - LOGIN_PARAM_FREE - 2),
			    "node.session.initial_login_retry_max=0");
	assert_string_equal(arg(args, "-P", NR_NODE_PARAMS - LOGIN_PARAM_FREE - 1),
			    "node.conn[0].timeo.login_timeout=7");
}

/* With several NICs a session is bound to its NIC; an offload card's session always is. */
static void transport_arguments(void **state)
{
	struct plan_nic pn = { .number = 4 };
	struct nic nic = { .plan = &pn, .mac = { 2, 0, 0, 0, 0, 1 }, .mac_is_unique = true };
	static const unsigned int own = 6; /* options -P before those of the transport */
	AUTO_ARENA arena = NULL;
	char **args;

	paths[0].nic = &nic;
	ibu_set(&targets[0].f, IBU_TARGET_TRANSPORT);
	targets[0].transport = (struct ibu_text)TEXT("tcp");
	args = iscsistart_args(&arena, &progress, &paths[0], 7);
	assert_null(arg(args, "-P", own));
	targets[0].transport = (struct ibu_text)TEXT("iser");
	args = iscsistart_args(&arena, &progress, &paths[0], 7);
	assert_string_equal(arg(args, "-P", own), "iface.transport_name=iser");
	assert_string_equal(arg(args, "-P", own + 1), "iface.iscsi_ifacename=iser");
	assert_null(arg(args, "-P", own + 2));
	plan.several_nics = true;
	args = iscsistart_args(&arena, &progress, &paths[0], 7);
	assert_string_equal(arg(args, "-P", own), "iface.transport_name=iser");
	assert_string_equal(arg(args, "-P", own + 1), "iface.iscsi_ifacename=iscsi-boot-nic4");
	plan.several_nics = false;
	targets[0].transport = (struct ibu_text)TEXT("qedi");
	args = iscsistart_args(&arena, &progress, &paths[0], 7);
	assert_string_equal(arg(args, "-P", own), "iface.transport_name=qedi");
	assert_string_equal(arg(args, "-P", own + 1), "iface.iscsi_ifacename=iscsi-boot-nic4");
	assert_string_equal(arg(args, "-P", own + 2), "iface.hwaddress=02:00:00:00:00:01");
}

/* With a transport other than TCP the portal is not probed: it may only have RDMA. */
static void no_probe(void **state)
{
	ibu_set(&targets[0].f, IBU_TARGET_TRANSPORT);
	targets[0].transport = (struct ibu_text)TEXT("iser");
	close(listener);
	listener = -1;
	session_to_come(1, "iqn.x:t\n");
	program_is(COMES("1"));
	assert_int_equal(stage_run(&stage_login, &progress, deadline_in(20)), STATUS_OK);
	assert_int_equal(paths[0].sid, 1);
}

static void chap_arguments(void **state)
{
	AUTO_ARENA arena = NULL;
	char **args;

	targets[0].chap_name = (struct ibu_text)TEXT("user");
	targets[0].chap_secret = (struct ibu_text)TEXT("a b$'\"c");
	targets[0].rev_chap_name = (struct ibu_text)TEXT("target");
	targets[0].rev_chap_secret = (struct ibu_text)TEXT("reverse");
	ibu_set(&targets[0].f, IBU_TARGET_CHAP_TYPE);
	args = iscsistart_args(&arena, &progress, &paths[0], 7);
	assert_null(arg(args, "-w", 0)); /* type 0: without CHAP, though there are credentials */
	targets[0].chap_type = 1;
	args = iscsistart_args(&arena, &progress, &paths[0], 7);
	assert_string_equal(arg(args, "-u", 0), "user");
	assert_string_equal(arg(args, "-w", 0), "a b$'\"c");
	assert_null(arg(args, "-U", 0));
	targets[0].chap_type = 2;
	ibu_set(&targets[0].f, IBU_TARGET_TPGT);
	targets[0].tpgt = 3;
	args = iscsistart_args(&arena, &progress, &paths[0], 7);
	assert_string_equal(arg(args, "-U", 0), "target");
	assert_string_equal(arg(args, "-W", 0), "reverse");
	assert_string_equal(arg(args, "-g", 0), "3");
	targets[0].chap_secret = (struct ibu_text)TEXT("a\0b");
	assert_null(iscsistart_args(&arena, &progress, &paths[0], 7));
}

#define EXIT(n) ((n) << 8)
#define REPORTED(n) "iscsistart: initiator reported error (" n " - "

/* Tests output of iscsistart 2.1.8 with tgt, or with a target made for tests. */
static void verdicts(void **state)
{
	static const struct {
		int wait_status;
		const char *said;
		enum status status;
		enum next next;
	} cases[] = {
		{ EXIT(0), "", STATUS_OK, NEXT_NONE },
		{ EXIT(1), REPORTED("15") "session exists)\n", STATUS_REFUSED, NEXT_LOOK },
		{ EXIT(1),
		  "iscsistart: connection2:0 login rejected: initiator error - target not found "
		  "(02/03)\n" REPORTED("19") "encountered non-retryable iSCSI login failure)\n",
		  STATUS_NO_TARGET, NEXT_TRY },
		{ EXIT(1),
		  "iscsistart: session 3 login rejected: Initiator failed authentication with "
		  "target\n" REPORTED("24") "iSCSI login failed due to authorization failure)\n",
		  STATUS_AUTH, NEXT_NONE },
		{ EXIT(1),
		  "iscsistart: connection6:0 login rejected: initiator failed authorization with "
		  "target\n" REPORTED("24") "iSCSI login failed due to authorization failure)\n",
		  STATUS_REFUSED, NEXT_TRY },
		{ EXIT(1),
		  "iscsistart: failing authentication, received incorrect CHAP response from target "
		  "iqn.t:mut\n" REPORTED("19") "encountered non-retryable iSCSI login failure)\n",
		  STATUS_AUTH, NEXT_NONE },
		{ EXIT(1),
		  "iscsistart: connection8:0 login rejected: initiator error (02/00)\n" REPORTED(
			  "19") "encountered non-retryable iSCSI login failure)\n",
		  STATUS_REFUSED, NEXT_NONE },
		{ EXIT(1),
		  "iscsistart: connection9:0 login rejected: initiator error (02/06)\n" REPORTED(
			  "19") "encountered non-retryable iSCSI login failure)\n",
		  STATUS_REFUSED, NEXT_TRY },
		{ EXIT(1),
		  "iscsistart: connection4:0 login rejected: target error (03/01)\n" REPORTED(
			  "8") "connection timed out)\n",
		  STATUS_REFUSED, NEXT_TRY },
		{ EXIT(1),
		  "iscsistart: connect to 10.0.2.2:3999 failed (Connection refused)\n" REPORTED(
			  "8") "connection timed out)\n",
		  STATUS_NO_ANSWER, NEXT_TRY },
		{ EXIT(1), REPORTED("11") "iSCSI PDU timed out)\n", STATUS_NO_ANSWER, NEXT_TRY },
		{ EXIT(1), REPORTED("4") "encountered connection failure)\n", STATUS_NO_ANSWER,
		  NEXT_TRY },
		{ EXIT(1),
		  "iscsistart: Can't create connection for session1.\n" REPORTED(
			  "9") "internal error)\n",
		  STATUS_MODULE, NEXT_NONE },
		{ EXIT(24), "", STATUS_AUTH,
		  NEXT_NONE }, /* if a later version reports it by its exit status */
		{ EXIT(1), "iscsistart: Unknown parameter node.foo.\n", STATUS_ERROR, NEXT_NONE },
		{ EXIT(1), REPORTED("99") "?)\n", STATUS_ERROR, NEXT_NONE },
		{ EXIT(127), "", STATUS_ERROR, NEXT_NONE },
		{ SIGSEGV, "", STATUS_ERROR, NEXT_NONE },
	};
	struct verdict v;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		v = iscsistart_verdict(cases[i].wait_status, cases[i].said);
		if (v.status != cases[i].status || v.next != cases[i].next)
			fail_msg("%d \"%s\": %d %d", cases[i].wait_status, cases[i].said, v.status,
				 v.next);
	}
}

static void answers(void **state)
{
	AUTO_ARENA arena = NULL;

	assert_string_equal(
		iscsistart_answer(
			&arena, EXIT(1),
			"iscsistart: version 2.1.8\niscsistart: Logging into iqn.t:x "
			"10.0.2.2:3999,1\niscsistart: Could not set session1 priority. READ"
			"/WRITE\niscsistart: connect failed\niscsistart: connect failed\n"
			"iscsistart: Connection-1:0 to [target: x] is shutdown.\n"
			"iscsistart: can't accept \x1b[2J\n"),
		"connect failed; can't accept \\x1B[2J");
	assert_non_null(strstr(iscsistart_answer(&arena, EXIT(3), "iscsistart: version 2.1.8\n"),
			       "status 3"));
	assert_non_null(strstr(iscsistart_answer(&arena, SIGKILL, ""), "signal 9"));
}

static void sessions(void **state)
{
	struct session s;

	fake_session(12, 4, "iqn.x:t\n", "fd00:0:0::1\n", "3261\n");
	paths[0].to.port = 3261;
	assert_int_equal(path_session_find(&paths[0], &s), -ENOENT);
	memcpy(paths[0].to.portal, "fd00::1", 8);
	assert_int_equal(path_session_find(&paths[0], &s), 0);
	assert_int_equal(s.sid, 12);
	assert_int_equal(s.host, 4);
	assert_true(s.logged_in);
	fake_put("FAILED\n", "/sys/class/iscsi_session/session12/state");
	assert_int_equal(path_session_find(&paths[0], &s), 0);
	assert_false(s.logged_in);
	paths[0].to.port = 3260;
	assert_int_equal(path_session_find(&paths[0], &s), -ENOENT);
	paths[0].to.port = 3261;
	targets[0].name = (struct ibu_text)TEXT("iqn.x:tt");
	assert_int_equal(path_session_find(&paths[0], &s), -ENOENT);
}

static void logs_in(void **state)
{
	session_to_come(1, "iqn.x:t\n");
	program_is(COMES("1"));
	assert_int_equal(stage_run(&stage_login, &progress, deadline_in(20)), STATUS_OK);
	assert_int_equal(paths[0].sid, 1);
	assert_int_equal(paths[0].host, 4);
	assert_int_equal(runs(), 1);
	/* A second run finds the session; iscsistart is not run. */
	assert_int_equal(stage_run(&stage_login, &progress, deadline_in(20)), STATUS_OK);
	assert_int_equal(paths[0].sid, 1);
	assert_int_equal(runs(), 1);
}

static void permanent_ends_at_once(void **state)
{
	int64_t began = now_ns();

	program_is(SAYS("initiator reported error (24 - x)") "exit 1\n");
	assert_int_equal(stage_run(&stage_login, &progress, deadline_in(60)), STATUS_AUTH);
	assert_int_equal(runs(), 1);
	assert_true(now_ns() - began < 20000000000LL);
}

static void transient_is_tried_again(void **state)
{
	session_to_come(1, "iqn.x:t\n");
	program_is("if [ $(wc -l < $R/args) -lt 3 ]; then " SAYS(
		"connection1:0 login rejected: target error (03/01)")
			   SAYS("initiator reported error (8 - x)") "exit 1; fi\n" COMES("1"));
	assert_int_equal(stage_run(&stage_login, &progress, deadline_in(60)), STATUS_OK);
	assert_int_equal(runs(), 3);
}

static void port_is_closed(void **state)
{
	int64_t began = now_ns();

	program_is("exit 0\n");
	close(listener);
	assert_int_equal(stage_run(&stage_login, &progress, deadline_in(1)), STATUS_NO_ANSWER);
	assert_int_equal(runs(), 0);
	assert_true(now_ns() - began < 10000000000LL);
}

static bool script_runs(const struct loop *loop)
{
	return runs() > 0;
}

/* A path that goes by another NIC from now on ends its attempt, and comes back. */
static void rerouted(void **state)
{
	static const struct stage *const stages[] = { &stage_login, NULL };
	struct loop loop;

	program_is("mkfifo $R/fifo\nread x < $R/fifo\n");
	path_goto(&paths[0], PATH_LOGIN);
	assert_int_equal(loop_open(&loop, &progress, stages, deadline_in(10)), 0);
	assert_int_equal(loop_until(&loop, script_runs), 0);
	paths[0].reroute = true;
	assert_int_equal(stage_login.step(loop.data[0]), 0);
	assert_int_equal(paths[0].state, PATH_NET);
	assert_false(paths[0].reroute);
	program_is(COMES("1"));
	session_to_come(1, "iqn.x:t\n");
	path_goto(&paths[0], PATH_LOGIN);
	stage_alone = &stage_login;
	assert_int_equal(loop_until(&loop, stage_is_done), 0);
	assert_int_equal(paths[0].state, PATH_DISK);
	loop_close(&loop);
	arena_free(&progress.arena);
}

/* At the deadline the child that iscsistart forks is killed too. */
static void silent_is_ended_at_the_deadline(void **state)
{
	AUTO_ARENA arena = NULL;
	char *pid;

	program_is("mkfifo $R/never; (read x < $R/never) & echo $! > $R/pid; read x < $R/never\n");
	assert_int_equal(stage_run(&stage_login, &progress, deadline_in(1)), STATUS_NO_ANSWER);
	assert_int_equal(runs(), 1);
	assert_true(file_read(&arena, &pid, "%s/pid", root) > 0);
	/* The child has exited, or waits for init to reap it. */
	while (!kill((pid_t)atoi(pid), 0)) {
		char *stat;

		if (file_read(&arena, &stat, "/proc/%d/stat", atoi(pid)) > 0)
			assert_non_null(strpbrk(strrchr(stat, ')'), "ZRDX"));
		if (waitpid(-1, NULL, WNOHANG) < 0)
			break;
	}
}

static void output_larger_than_a_pipe(void **state)
{
	program_is("head -c 300000 /dev/zero | tr '\\0' x; echo; " SAYS(
		"initiator reported error (24 - x)") "exit 1\n");
	assert_int_equal(stage_run(&stage_login, &progress, deadline_in(20)), STATUS_AUTH);
	assert_int_equal(runs(), 1);
}

static void no_program(void **state)
{
	iscsistart_program = "/nonexistent/iscsistart";
	assert_int_equal(stage_run(&stage_login, &progress, deadline_in(20)), STATUS_MODULE);
}

/* A session that is not logged in is not adopted. */
static void dead_session_exists(void **state)
{
	session_to_come(1, "iqn.x:t\n");
	program_is(SAYS("initiator reported error (15 - session exists)") "exit 1\n");
	assert_int_equal(stage_run(&stage_login, &progress, deadline_in(1)), STATUS_REFUSED);
}

static void session_exists_meanwhile(void **state)
{
	session_to_come(1, "iqn.x:t\n");
	program_is(COMES("1") SAYS("initiator reported error (15 - session exists)") "exit 1\n");
	assert_int_equal(stage_run(&stage_login, &progress, deadline_in(20)), STATUS_OK);
	assert_int_equal(paths[0].sid, 1);
}

static void all_at_once(void **state)
{
	/* Each script waits for the other. */
	session_to_come(1, "iqn.x:t\n");
	session_to_come(2, "iqn.x:other\n");
	progress.nr_paths = 2;
	program_is("mkfifo $R/meet 2>/dev/null\n"
		   "case \"$*\" in *other*) echo x > $R/meet; " COMES("2") ";;\n"
		   "*) read x < $R/meet; " COMES("1") ";; esac\n");
	assert_int_equal(stage_run(&stage_login, &progress, deadline_in(20)), STATUS_OK);
	assert_int_equal(paths[0].sid, 1);
	assert_int_equal(paths[1].sid, 2);
	assert_int_equal(paths[1].result, STATUS_OK);
}

/* If the root disk is available, failures of other paths do not fail the boot. */
static void other_fails(void **state)
{
	session_to_come(1, "iqn.x:t\n");
	progress.nr_paths = 2;
	program_is("case \"$*\" in *other*) " SAYS(
		"initiator reported error (24 - x)") "exit 1;; esac\n" COMES("1"));
	assert_int_equal(stage_run(&stage_login, &progress, deadline_in(20)), STATUS_OK);
	assert_int_equal(paths[1].result, STATUS_AUTH);
}

static void root_fails(void **state)
{
	session_to_come(2, "iqn.x:other\n");
	progress.nr_paths = 2;
	program_is("case \"$*\" in *other*) " COMES("2") ";;\n*) " SAYS(
		"initiator reported error (24 - x)") "exit 1;; esac\n");
	assert_int_equal(stage_run(&stage_login, &progress, deadline_in(20)), STATUS_AUTH);
	assert_int_equal(paths[1].result, STATUS_OK);
}

/* Two LUNs of one target share a session. */
static void one_session_for_two_luns(void **state)
{
	session_to_come(1, "iqn.x:t\n");
	targets[1] = targets[0];
	targets[1].lun[1] = 2;
	progress.nr_paths = 2;
	program_is(COMES("1"));
	assert_int_equal(stage_run(&stage_login, &progress, deadline_in(20)), STATUS_OK);
	assert_int_equal(runs(), 1);
	assert_int_equal(paths[1].result, STATUS_OK);
	assert_int_equal(paths[1].sid, 1);
}

/*
 * Two paths share a session. The name of its portal has two addresses, of which the second works.
 */
static void two_luns_by_the_second_address(void **state)
{
	struct ibu_addr addrs[2];
	unsigned int i;

	assert_int_equal(ibu_addr_parse("127.0.0.2", 9, &addrs[0]), 0);
	assert_int_equal(ibu_addr_parse("127.0.0.1", 9, &addrs[1]), 0);
	session_to_come(1, "iqn.x:t\n");
	targets[1] = targets[0];
	targets[1].lun[1] = 2;
	progress.nr_paths = 2;
	for (i = 0; i < 2; i++) {
		memcpy(paths[i].to.portal, "127.0.0.2", 10);
		paths[i].addrs = addrs;
		paths[i].nr_addrs = 2;
	}
	program_is(COMES("1"));
	assert_int_equal(stage_run(&stage_login, &progress, deadline_in(20)), STATUS_OK);
	assert_int_equal(paths[0].sid, 1);
	assert_int_equal(paths[1].sid, 1);
	assert_int_equal(runs(), 1);
}

/* Answers one discovery at the listener with @list, in another process. */
static pid_t list_targets(const char *list, size_t len)
{
	static struct pdu login, text;
	pid_t pid = fork();
	int c;

	if (pid)
		return pid;
	talk_bytes(&login, TALK_TO_FULL, "", 0);
	talk_bytes(&text, 0x80, list, len);
	text.header[0] = PDU_TEXT_RESPONSE;
	c = accept(listener, NULL, NULL);
	(void)!write(c, &login, pdu_size(login.header));
	(void)!write(c, &text, pdu_size(text.header));
	while (read(c, &login, sizeof(login)) > 0)
		;
	_exit(0);
}

/* A portal serves discovery alone: the target's own address is tried after it. */
static void discovered_elsewhere(void **state)
{
	static const struct stage *const stages[] = { &stage_login, NULL };
	static const char list[] = "TargetName=iqn.x:t\0TargetAddress=127.0.0.2:%u,1";
	struct sockaddr_in addr = { .sin_family = AF_INET };
	int other = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char text[64], port[16];
	struct loop loop;
	pid_t pid;

	inet_pton(AF_INET, "127.0.0.2", &addr.sin_addr);
	addr.sin_port = htons((uint16_t)paths[0].to.port);
	assert_int_equal(bind(other, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(listen(other, 64), 0);
	memcpy(text, list, sizeof(list));
	snprintf(text + strlen(list) + 1, sizeof(text) - strlen(list) - 1, list + strlen(list) + 1,
		 paths[0].to.port);
	snprintf(port, sizeof(port), "%u\n", paths[0].to.port);
	fake_session(1, 4, "iqn.x:t\n", "127.0.0.2\n", port);
	fake_put("FREE\n", "/sys/class/iscsi_session/session1/state");
	targets[0].name = (struct ibu_text){ NULL, 0 };
	program_is("case \"$*\" in *' -a 127.0.0.1 '*) " SAYS(
		"connection1:0 login rejected: initiator error - target not found (02/03)")
			   SAYS("initiator reported error (19 - x)") "exit 1 ;; esac\n" COMES("1"));
	pid = list_targets(text, strlen(list) + 1 + strlen(text + strlen(list) + 1) + 1);
	stage_alone = &stage_login;
	path_goto(&paths[0], PATH_LOGIN);
	assert_int_equal(loop_open(&loop, &progress, stages, deadline_in(60)), 0);
	assert_int_equal(loop_until(&loop, stage_is_done), 0);
	assert_int_equal(paths[0].state, PATH_DISK);
	assert_int_equal(paths[0].sid, 1);
	assert_string_equal(paths[0].to.portal, "127.0.0.2");
	assert_int_equal(runs(), 2);
	loop_close(&loop);
	arena_free(&progress.arena);
	waitpid(pid, NULL, 0);
	close(other);
}

/* CHAP secrets are not logged. */
static void secrets_stay_out_of_the_log(void **state)
{
	AUTO_ARENA arena = NULL;
	int saved = dup(STDERR_FILENO), fd = open(root_path("/log"), O_RDWR | O_CREAT, 0600);
	char *text;

	targets[0].chap_name = (struct ibu_text)TEXT("user-of-chap");
	targets[0].chap_secret = (struct ibu_text)TEXT("secret-of-chap");
	targets[0].rev_chap_name = (struct ibu_text)TEXT("reverse-user");
	targets[0].rev_chap_secret = (struct ibu_text)TEXT("reverse-secret");
	targets[0].chap_type = 2;
	ibu_set(&targets[0].f, IBU_TARGET_CHAP_TYPE);
	program_is(SAYS("initiator reported error (24 - x)") "exit 1\n");
	dup2(fd, STDERR_FILENO);
	assert_int_equal(stage_run(&stage_login, &progress, deadline_in(20)), STATUS_AUTH);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(fd);
	assert_true(file_read(&arena, &text, "%s", root_path("/log")) > 0);
	assert_non_null(strstr(text, "error: cannot log in to target0 iqn.x:t at 127.0.0.1:"));
	assert_null(strstr(text, "secret-of-chap"));
	assert_null(strstr(text, "reverse-secret"));
	assert_true(file_read(&arena, &text, "%s/args", root) > 0);
	assert_non_null(strstr(text, "-w secret-of-chap -U reverse-user -W reverse-secret"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, unmake)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(arguments),
		TEST(bound_to_its_nic),
		TEST(session_of_the_nic),
		TEST(portals),
		TEST(given_params),
		TEST(transport_arguments),
		TEST(no_probe),
		TEST(chap_arguments),
		TEST(verdicts),
		TEST(answers),
		TEST(sessions),
		TEST(logs_in),
		TEST(permanent_ends_at_once),
		TEST(transient_is_tried_again),
		TEST(port_is_closed),
		TEST(rerouted),
		TEST(silent_is_ended_at_the_deadline),
		TEST(output_larger_than_a_pipe),
		TEST(no_program),
		TEST(dead_session_exists),
		TEST(session_exists_meanwhile),
		TEST(all_at_once),
		TEST(other_fails),
		TEST(root_fails),
		TEST(one_session_for_two_luns),
		TEST(two_luns_by_the_second_address),
		TEST(discovered_elsewhere),
		TEST(secrets_stay_out_of_the_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
