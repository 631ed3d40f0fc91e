// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests the guard: its state machine in virtual time, and how it reads sessions and iscsid's state.
 */
#include "tests/unit/fake.h"

#include "base/deadline.h"
#include "guard/guard.h"
#include "guard/guard_private.h"
#include "guard/iscsid_probe.h"
#include "guard/session_snapshot.h"
#include "guard/reconnect_fsm.h"
#include "base/preopened.h"

#include <arpa/inet.h>
#include <limits.h>
#include <netinet/in.h>
#include <sys/wait.h>

#define MS 1000000LL

static int make(void **state)
{
	sysfs_root = root;
	return root_make(state);
}

/* State machine of a reconnection */

static struct reconnect_fsm m;
static int64_t now;

static enum guard_act take(enum guard_event event)
{
	return reconnect_fsm_event(&m, event, now, UINT_MAX - 1);
}

static enum guard_act pass(unsigned int ms)
{
	now += ms * MS;
	return take(GUARD_TIME);
}

static void machine(void)
{
	now = 1000000 * MS;
	reconnect_fsm_init(&m, now);
}

static void remakes_at_once(void **state)
{
	machine();
	assert_int_equal(pass(3600 * 1000), GUARD_NOTHING);
	assert_int_equal(take(GUARD_LOST), GUARD_BEGIN);
	assert_int_equal(take(GUARD_CONNECTED), GUARD_LOG_IN);
	assert_int_equal(take(GUARD_LOGIN_DONE), GUARD_NOTHING);
	assert_int_equal(m.state, GUARD_LOGGED_IN);
	assert_int_equal(m.until_ns, INT64_MAX);
}

/* The kernel reports one failure several times. */
static void repeated_reports(void **state)
{
	machine();
	take(GUARD_LOST);
	assert_int_equal(take(GUARD_LOST), GUARD_NOTHING);
	assert_int_equal(m.state, GUARD_CONNECT);
	take(GUARD_CONNECTED);
	assert_int_equal(take(GUARD_LOST), GUARD_DROP);
	assert_int_equal(m.state, GUARD_PAUSE);
	assert_int_equal(take(GUARD_LOST), GUARD_NOTHING);
	assert_int_equal(take(GUARD_CONNECTED), GUARD_NOTHING);
}

/* Without a response, the next SYN is sent earlier than the kernel would repeat it. */
static void syn_without_response(void **state)
{
	unsigned int i;

	machine();
	take(GUARD_LOST);
	for (i = 0; i < 100; i++) {
		assert_int_equal(pass(GUARD_CONNECT_MS - 1), GUARD_NOTHING);
		assert_int_equal(pass(1), GUARD_BEGIN);
	}
}

static void refused(void **state)
{
	unsigned int i;

	machine();
	take(GUARD_LOST);
	for (i = 0; i < 100; i++) {
		assert_int_equal(take(GUARD_FAILED), GUARD_DROP);
		assert_true(m.until_ns - now <= 1000 * MS && m.until_ns > now);
		assert_int_equal(pass(1000), GUARD_BEGIN);
	}
}

/* Without a login response the limit doubles each time, until another event. */
static void silent_login(void **state)
{
	static const unsigned int want[] = { 2500, 5000, 10000, 10000, 10000 };
	unsigned int i;

	machine();
	take(GUARD_LOST);
	for (i = 0; i < ARRAY_SIZE(want); i++) {
		assert_int_equal(take(GUARD_CONNECTED), GUARD_LOG_IN);
		assert_int_equal(pass(want[i] - 1), GUARD_NOTHING);
		assert_int_equal(pass(1), GUARD_DROP);
		assert_int_equal(pass(1000), GUARD_BEGIN);
	}
	take(GUARD_FAILED);
	assert_int_equal(pass(1000), GUARD_BEGIN);
	take(GUARD_CONNECTED);
	assert_int_equal(pass(2500), GUARD_DROP);
}

/* If each connection is lost at once, the next attempt starts after a pause. */
static void lost_at_once(void **state)
{
	unsigned int i;

	machine();
	take(GUARD_LOST);
	for (i = 0; i < 20; i++) {
		take(GUARD_CONNECTED);
		take(GUARD_LOGIN_DONE);
		now += (GUARD_STABLE_MS - 1) * MS;
		assert_int_equal(take(GUARD_LOST), GUARD_NOTHING);
		assert_int_equal(m.state, GUARD_PAUSE);
		assert_int_equal(pass(1000), GUARD_BEGIN);
	}
	take(GUARD_CONNECTED);
	take(GUARD_LOGIN_DONE);
	now += GUARD_STABLE_MS * MS;
	assert_int_equal(take(GUARD_LOST), GUARD_BEGIN);
}

static void busy_and_locked_out(void **state)
{
	machine();
	take(GUARD_LOST);
	assert_int_equal(take(GUARD_BUSY), GUARD_DROP);
	assert_true(m.until_ns - now > 1000 * MS);
	machine();
	take(GUARD_LOST);
	take(GUARD_AUTH);
	assert_int_equal(pass(1000), GUARD_BEGIN);
	take(GUARD_AUTH);
	assert_true(m.until_ns - now > 1000 * MS);
}

static void held(void **state)
{
	machine();
	assert_int_equal(take(GUARD_LOST), GUARD_BEGIN);
	assert_int_equal(take(GUARD_HELD), GUARD_DROP);
	assert_int_equal(pass(GUARD_HOLD_MS), GUARD_BEGIN);
	assert_int_equal(m.failures, 0);
}

/*
 * In any order of events, the kernel gets a socket only after a stop, and a timeout is always set.
 */
static void any_order(void **state)
{
	bool stopped = false;
	unsigned int i;

	srandom(1);
	machine();
	for (i = 0; i < 200000; i++) {
		enum guard_event event = (enum guard_event)(random() % (GUARD_HELD + 1));
		enum guard_act act;

		now += random() % 3000 * MS;
		if (event == GUARD_LOGIN_DONE && m.state != GUARD_LOGIN)
			continue;
		act = reconnect_fsm_event(&m, event, now, (unsigned int)random());
		assert_true(act != GUARD_LOG_IN || stopped);
		stopped = act == GUARD_BEGIN || (stopped && act == GUARD_NOTHING);
		assert_true(m.state == GUARD_LOGGED_IN || m.until_ns - now <= 16000 * MS);
		assert_true(m.state != GUARD_LOGGED_IN || m.until_ns == INT64_MAX);
	}
}

/* States of iscsid */

#define LISTENERS                                              \
	"sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode\n" \
	"00000000793e42c0 8 4711 00000001 0 0 0 2 0 77\n"      \
	"00000000793e42c1 8 99 00000001 0 0 0 2 0 99\n"

static const char *pending = "0000000000000000";

static void process(int pid, int parent, const char *name, char state, int locked)
{
	char text[300];

	snprintf(text, sizeof(text),
		 "Name:\t%s\nUmask:\t0022\nState:\t%c (x)\nPid:\t%d\nPPid:\t%d\nVmLck:\t   %d kB\n"
		 "SigPnd:\t%s\nvoluntary_ctxt_switches:\t%d\nnonvoluntary_ctxt_switches:\t2\n",
		 name, state, pid, parent, locked, pending, pid * 10);
	fake_put(text, "/proc/%d/status", pid);
	fake_put("", "/proc/%d/fd/0", pid);
}

static void listens(int pid, const char *inode)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd/3", pid);
	assert_int_equal(symlink(inode, root_path(path)), 0);
}

static int iscsid_is(void)
{
	return (int)iscsid_probe(99).is;
}

static void no_listener(void **state)
{
	process(5, 1, "iscsid", 'S', 4096);
	assert_int_equal(iscsid_is(), ISCSID_NONE);
	fake_put("sk Eth Pid Groups\n00000000793e42c1 8 99 00000001 0 0 0 2 0 99\n",
		 "/proc/net/netlink");
	listens(5, "socket:[99]");
	assert_int_equal(iscsid_is(), ISCSID_NONE); /* the caller's socket */
}

static void iscsid_comes_to_work(void **state)
{
	fake_put(LISTENERS, "/proc/net/netlink");
	process(5, 1, "iscsid", 'S', 0);
	process(6, 5, "iscsid", 'S', 0);
	listens(5, "socket:[77]");
	assert_int_equal(iscsid_is(), ISCSID_NONE);
	process(5, 1, "iscsid", 'S', 4096);
	assert_int_equal(iscsid_is(), ISCSID_COMES);
	process(6, 5, "iscsid", 'D', 0);
	assert_int_equal(iscsid_is(), ISCSID_STUCK);
	process(6, 5, "iscsid", 'Z', 0);
	assert_int_equal(iscsid_is(), ISCSID_WORKS);
	process(5, 1, "iscsid", 'D', 4096);
	assert_int_equal(iscsid_is(), ISCSID_STUCK);
	process(5, 1, "iscsid", 'S', 4096);
	process(6, 5, "other", 'S', 0);
	assert_int_equal(iscsid_is(), ISCSID_WORKS);
	assert_int_equal(iscsid_probe(99).pid, 5);
}

/* Tells which process is blocked, and how often it ran. */
static void iscsid_is_blocked(void **state)
{
	fake_put(LISTENERS, "/proc/net/netlink");
	process(5, 1, "iscsid", 'S', 4096);
	process(6, 5, "iscsid", 'D', 0);
	listens(5, "socket:[77]");
	assert_true(iscsid_probe(99).child);
	listens(6, "socket:[77]"); /* inherited */
	assert_false(iscsid_probe(99).reported);
	fake_put("", "/proc/6/fd/0");
	assert_int_equal(symlink("socket:[78]", root_path("/proc/6/fd/4")), 0);
	assert_true(iscsid_probe(99).reported);
	assert_int_equal(iscsid_probe(99).switches, 62);
	assert_int_equal(iscsid_check(5).is, ISCSID_WORKS); /* it alone */
	process(5, 1, "iscsid", 'D', 4096);
	assert_false(iscsid_probe(99).child);
	assert_int_equal(iscsid_check(5).is, ISCSID_STUCK);
	assert_int_equal(iscsid_check(5).switches, 52);
	/* After SIGKILL it does not return to its program. */
	pending = "0000000000000100";
	process(5, 1, "iscsid", 'D', 4096);
	assert_int_equal(iscsid_is(), ISCSID_NONE);
	assert_int_equal(iscsid_check(5).is, ISCSID_NONE);
	process(5, 1, "iscsid", 'R', 4096); /* it may finish a request to the kernel */
	assert_int_equal(iscsid_check(5).is, ISCSID_WORKS);
	pending = "0000000000000000";
	process(5, 1, "other", 'S', 4096);
	assert_int_equal(iscsid_check(5).is, ISCSID_NONE);
	assert_int_equal(iscsid_check(4).is, ISCSID_NONE);
}

/* Other processes that lock their memory and listen do not count as iscsid. */
static void others_listen(void **state)
{
	fake_put(LISTENERS, "/proc/net/netlink");
	process(5, 1, "iscsi-boot-shut", 'S', 4096);
	listens(5, "socket:[77]");
	process(7, 1, "iscsiuio", 'S', 4096);
	listens(7, "socket:[77]");
	assert_int_equal(iscsid_is(), ISCSID_NONE);
	process(8, 1, "iscsid", 'S', 4096); /* this one has another socket */
	listens(8, "socket:[78]");
	assert_int_equal(iscsid_is(), ISCSID_NONE);
}

/* Reading a session */

static void session(void)
{
	fake_session(258, 3, "iqn.x:t\n", "10.0.2.2\n", "3261\n");
	fake_put("iqn.x:i\n", "/sys/class/iscsi_session/session258/initiatorname");
	fake_put("(null)\n", "/sys/class/iscsi_session/session258/username");
	fake_put("(null)\n", "/sys/class/iscsi_session/session258/password");
	fake_put("65536\n", "/sys/class/iscsi_session/session258/first_burst_len");
	fake_put("1\n", "/sys/class/iscsi_connection/connection258:0/header_digest");
	fake_put("0\n", "/sys/class/iscsi_connection/connection258:0/data_digest");
	fake_put("::1\n", "/sys/class/iscsi_host/host3/ipaddress");
	fake_put("(null)\n", "/sys/class/iscsi_host/host3/hwaddress");
	fake_put("(null)\n", "/sys/class/iscsi_host/host3/netdev");
	fake_put("default\n", "/sys/class/iscsi_session/session258/ifacename");
}

static void reads_a_session(void **state)
{
	static const uint8_t isid[] = { 0, 2, 0x3d, 0, 1, 2 };
	struct session_snapshot k;

	session();
	assert_int_equal(session_snapshot_read(&k, 258), 0);
	assert_int_equal(k.session.host, 3);
	assert_string_equal(k.login.initiator_name, "iqn.x:i");
	assert_string_equal(k.login.target_name, "iqn.x:t");
	assert_memory_equal(k.login.isid, isid, sizeof(isid));
	assert_null(k.login.chap.initiator.user);
	assert_int_equal(k.login.offer.first_burst, 65536);
	assert_int_equal(k.login.offer.max_burst, login_phase_defaults.max_burst);
	assert_int_equal(k.login.offer.header_digest, DIGEST_CRC32C);
	assert_int_equal(k.login.offer.data_digest, DIGEST_NONE_CRC32C);
	assert_string_equal(k.portal, "10.0.2.2");
	assert_int_equal(k.port, 3261);
	assert_false(k.bound_to_device);
	session_snapshot_wipe(&k);
}

static void reads_secrets(void **state)
{
	struct session_snapshot k;

	session();
	fake_put("user\n", "/sys/class/iscsi_session/session258/username");
	fake_put("a secret \n", "/sys/class/iscsi_session/session258/password");
	fake_put("iscsi-boot-nic0\n", "/sys/class/iscsi_session/session258/ifacename");
	assert_int_equal(session_snapshot_read(&k, 258), 0);
	assert_string_equal(k.login.chap.initiator.user, "user");
	assert_int_equal(k.login.chap.initiator.secret_len, strlen("a secret "));
	assert_null(k.login.chap.target.user);
	assert_null(k.login.chap.algorithms); /* all */
	assert_true(k.bound_to_device && k.ifindex); /* the device of address ::1 */
	session_snapshot_wipe(&k);
	root_put(
		"/run/iscsi-boot/wanted",
		"shutdown-timeout=20\nparam.node.session.auth.chap_algs=SHA256,MD5\ntarget=iqn.x:t\n");
	fake_put("a secret\n\n", "/sys/class/iscsi_session/session258/password");
	assert_int_equal(session_snapshot_read(&k, 258), 0);
	assert_memory_equal(k.login.chap.initiator.secret, "a secret\n", strlen("a secret\n"));
	assert_int_equal(k.login.chap.initiator.secret_len, strlen("a secret\n"));
	assert_string_equal(k.login.chap.algorithms, "SHA256,MD5");
	session_snapshot_wipe(&k);
	/* open-iscsi ignores unknown algorithms, and logs in. */
	root_put("/run/iscsi-boot/wanted",
		 "param.node.session.auth.chap_algs=md5\ntarget=iqn.x:t\n");
	assert_int_equal(session_snapshot_read(&k, 258), 0);
	assert_null(chap_check(&k.login.chap));
	session_snapshot_wipe(&k);
}

/* What boot used at this portal is used again: the algorithm, the address of a redirect by name. */
static void reads_the_boot_record(void **state)
{
	struct session_snapshot k;

	session();
	fake_put("user\n", "/sys/class/iscsi_session/session258/username");
	fake_put("a secret \n", "/sys/class/iscsi_session/session258/password");
	fake_put("4\n", "/sys/class/iscsi_session/session258/max_outstanding_r2t");
	fake_put("131072\n", "/sys/class/iscsi_connection/connection258:0/max_xmit_dlength");
	root_put(
		"/run/iscsi-boot/wanted",
		"param.node.conn[0].tcp.window_size=65536\nparam.node.conn[0].tcp.type_of_service=16\n"
		"param.node.conn[0].tcp.congestion_control=bbr\ntcp.pacing=950\n"
		"target=iqn.x:t portal=10.0.2.9 port=3261 chap-algorithm=8\n"
		"target=iqn.x:t portal=10.0.2.2 port=3261 later=text lun=1 chap-algorithm=6 "
		"redirect-name=far.example redirect-address=10.0.2.7\n");
	assert_int_equal(session_snapshot_read(&k, 258), 0);
	assert_string_equal(k.login.chap.algorithms, "SHA1,MD5");
	assert_string_equal(k.redirect_name, "far.example");
	assert_string_equal(k.redirect_addr, "10.0.2.7");
	assert_int_equal(k.login.offer.max_r2t, 4);
	assert_int_equal(k.login.offer.max_xmit, 131072);
	assert_int_equal(k.socket.window, 65536);
	assert_int_equal(k.socket.tos, 16);
	assert_string_equal(k.socket.congestion, "bbr");
	assert_int_equal(k.socket.pacing_mbit, 950);
	session_snapshot_wipe(&k);
	/* The policy's list is never widened. */
	root_put("/run/iscsi-boot/wanted",
		 "param.node.session.auth.chap_algs=SHA256\n"
		 "target=iqn.x:t portal=10.0.2.2 port=3261 chap-algorithm=7\n");
	assert_int_equal(session_snapshot_read(&k, 258), 0);
	assert_string_equal(k.login.chap.algorithms, "SHA256");
	assert_null(k.redirect_name);
	assert_int_equal(k.socket.window, PDU_SOCKET_WINDOW);
	session_snapshot_wipe(&k);
}

/* Part of an account is an error, not a reason to log in without it. */
static void needs_all_of_an_account(void **state)
{
	static const char *const files[] = { "username", "password", "username_in", "password_in" };
	char path[PATH_MAX];
	struct session_snapshot k;
	unsigned int i;

	session();
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		fake_put("user\n", "/sys/class/iscsi_session/session258/%s", files[i ^ 1]);
		assert_int_equal(session_snapshot_read(&k, 258), -EACCES);
		session_snapshot_wipe(&k);
		snprintf(path, sizeof(path), "%s/sys/class/iscsi_session/session258/%s", root,
			 files[i]);
		unlink(path);
		assert_int_equal(mkdir(path, 0700), 0);
		assert_int_equal(session_snapshot_read(&k, 258), -EISDIR);
		session_snapshot_wipe(&k);
		assert_int_equal(rmdir(path), 0);
		fake_put("(null)\n", "/sys/class/iscsi_session/session258/%s", files[i]);
		fake_put("(null)\n", "/sys/class/iscsi_session/session258/%s", files[i ^ 1]);
	}
}

static void states(void **state)
{
	assert_int_equal(session_snapshot_state(258), SESSION_GONE);
	session();
	assert_int_equal(session_snapshot_state(258), SESSION_LOGGED_IN);
	fake_put("FAILED\n", "/sys/class/iscsi_session/session258/state");
	assert_int_equal(session_snapshot_state(258), SESSION_NEW);
	fake_lun(258, 3, 1, "0\n");
	assert_int_equal(session_snapshot_state(258), SESSION_LOST);
	fake_put("FREE\n", "/sys/class/iscsi_session/session258/state");
	assert_int_equal(session_snapshot_state(258), SESSION_NEW);
}

static void whose(void **state)
{
	session();
	assert_false(session_snapshot_is_recorded(258));
	root_put("/run/iscsi-boot/wanted", "shutdown-timeout=20\ntarget=iqn.x:other lun=1\n");
	assert_false(session_snapshot_is_recorded(258));
	root_put("/run/iscsi-boot/wanted", "target=iqn.x:other lun=1\ntarget=iqn.x:t lun=1\n");
	assert_true(session_snapshot_is_recorded(258));
}

static void cannot_be_read(void **state)
{
	struct session_snapshot k;

	session();
	fake_put("0\n", "/sys/class/iscsi_connection/connection258:0/persistent_port");
	assert_int_not_equal(session_snapshot_read(&k, 258), 0);
	session_snapshot_wipe(&k);
	fake_put("3260\n", "/sys/class/iscsi_connection/connection258:0/persistent_port");
	fake_put("(null)\n", "/sys/class/iscsi_session/session258/initiatorname");
	assert_int_not_equal(session_snapshot_read(&k, 258), 0);
	session_snapshot_wipe(&k);
}

/* Replaces the kernel */
int __wrap_iscsi_nl_stop_conn(struct iscsi_nl *t, int sid);

int __wrap_iscsi_nl_stop_conn(struct iscsi_nl *t, int sid)
{
	return 0;
}

int __wrap_iscsi_nl_open(struct iscsi_nl *t, int sid);

int __wrap_iscsi_nl_open(struct iscsi_nl *t, int sid)
{
	*t = (struct iscsi_nl){ .fd = -1, .requests = -1, .port = 99 };
	return 0;
}

/* If the portal of a redirection does not respond, the next attempt uses the configured portal. */
static void returns_to_the_portal(void **state)
{
	static const struct iscsi_nl nothing = { .fd = -1, .requests = -1 };
	struct guard_session *s = calloc(1, sizeof(*s));
	struct guard_past past = { 0 };
	struct guard g = { .nl = nothing, .past = &past, .pidfd = -1, .execs = -1 };
	struct sockaddr_in to = { .sin_family = AF_INET };
	socklen_t len = sizeof(to);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(listener, (struct sockaddr *)&to, len), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&to, &len), 0);
	session();
	assert_int_equal(session_snapshot_read(&s->snapshot, 258), 0);
	strcpy(s->snapshot.portal, "127.0.0.1");
	s->snapshot.port = ntohs(to.sin_port);
	s->fd = -1;
	strcpy(s->redirect.host, "127.0.0.2");
	s->redirect.port = s->snapshot.port;
	s->hops = 1;
	s->fsm.state = GUARD_CONNECT;
	s->fsm.until_ns = now_ns() - 1;
	guard_session_step(&g, s);
	assert_int_equal(s->fsm.state, GUARD_CONNECT);
	assert_true(s->fd >= 0);
	len = sizeof(to);
	assert_int_equal(getpeername(s->fd, (struct sockaddr *)&to, &len), 0);
	assert_int_equal(to.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
	assert_int_equal(s->hops, 0);
	close(listener);
	guard_session_free(s);
}

/* Tests the file for the command status if iscsid runs already. */
static void writes_its_file(void **state)
{
	struct guard_past past = { .since_ns = 4213000000, .remade = 2 };
	char text[200], want[200];
	int fd;

	root_put("/run/iscsi-boot/wanted", "guard-standby=0\n");
	root_put("/guard",
		 "4711\nmuch longer than what is going to be in there, once it is over.....\n");
	fd = open(root_path("/guard"), O_RDWR);
	fake_put(LISTENERS, "/proc/net/netlink");
	process(5, 1, "iscsid", 'S', 4096);
	listens(5, "socket:[77]");
	assert_int_equal(guard_run(fd, &past), 0);
	text[pread(fd, text, sizeof(text) - 1, 0)] = '\0';
	snprintf(want, sizeof(want),
		 "%d\nsince=4.213\nremade=2\niscsid=5\nstandby=off\n"
		 "terminated=0\nlocked=0\nsessions=\n",
		 getpid());
	assert_string_equal(text, want);
	close(fd);
}

/* A session of another transport is only logged. iscsid starts later. */
static void leaves_other_transports(void **state)
{
	struct guard_past past = { 0 };
	AUTO_ARENA arena = NULL;
	int fd, log, saved = dup(STDERR_FILENO), tries;
	char *text;
	pid_t pid;

	session();
	root_put("/run/iscsi-boot/wanted", "guard-standby=0\ntarget=iqn.x:t lun=1\n");
	fake_put("iscsi_iser\n", "/sys/devices/host3/scsi_host/host3/proc_name");
	fd = open(root_path("/guard"), O_RDWR | O_CREAT, 0600);
	log = open(root_path("/log"), O_RDWR | O_CREAT, 0600);
	dup2(log, STDERR_FILENO);
	pid = fork();
	if (!pid) {
		for (tries = 0; tries < 5000; tries++) {
			if (file_read(&arena, &text, "%s/log", root) > 0)
				break;
			usleep(1000);
		}
		process(5, 1, "iscsid", 'S', 4096);
		listens(5, "socket:[77]");
		fake_put(LISTENERS, "/proc/net/netlink");
		_exit(0);
	}
	assert_int_equal(guard_run(fd, &past), 0);
	dup2(saved, STDERR_FILENO);
	close(saved);
	waitpid(pid, NULL, 0);
	assert_true(file_read(&arena, &text, "%s/log", root) > 0);
	text = strstr(text, "session258");
	assert_non_null(text);
	assert_non_null(strstr(text, "session258: not guarded: its transport is iser, not tcp"));
	assert_null(strstr(text + 1, "session258"));
	assert_true(file_read(&arena, &text, "%s/guard", root) > 0);
	assert_non_null(strstr(text, "sessions=\n"));
	close(log);
	close(fd);
}

/* A preopened directory is used after its path was renamed. */
static void keeps_directories(void **state)
{
	const char *dirs[] = { root, NULL }, *none[] = { NULL };
	char away[sizeof(root) + 8];
	AUTO_ARENA arena = NULL;
	AUTO_DIR top = NULL;
	AUTO_DIR dir = NULL;
	char *text;

	root_put("/proc/x", "kept\n");
	assert_int_equal(preopen_dirs(dirs), 0);
	snprintf(away, sizeof(away), "%s.away", root);
	assert_int_equal(rename(root, away), 0);
	assert_int_equal(sysfs_read(&arena, &text, "/proc/x"), 4);
	dir = sysfs_dir("/proc");
	assert_string_equal(sysfs_next(dir), "x");
	top = preopened_opendir(root);
	assert_string_equal(sysfs_next(top), "proc");
	assert_int_equal(preopen_dirs(none), 0);
	assert_true(sysfs_read(&arena, &text, "/proc/x") < 0);
	assert_int_equal(rename(away, root), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(remakes_at_once),
		cmocka_unit_test(repeated_reports),
		cmocka_unit_test(syn_without_response),
		cmocka_unit_test(refused),
		cmocka_unit_test(silent_login),
		cmocka_unit_test(lost_at_once),
		cmocka_unit_test(busy_and_locked_out),
		cmocka_unit_test(held),
		cmocka_unit_test(any_order),
		cmocka_unit_test_setup_teardown(no_listener, make, root_remove),
		cmocka_unit_test_setup_teardown(iscsid_comes_to_work, make, root_remove),
		cmocka_unit_test_setup_teardown(iscsid_is_blocked, make, root_remove),
		cmocka_unit_test_setup_teardown(others_listen, make, root_remove),
		cmocka_unit_test_setup_teardown(reads_a_session, make, root_remove),
		cmocka_unit_test_setup_teardown(reads_secrets, make, root_remove),
		cmocka_unit_test_setup_teardown(writes_its_file, make, root_remove),
		cmocka_unit_test_setup_teardown(leaves_other_transports, make, root_remove),
		cmocka_unit_test_setup_teardown(needs_all_of_an_account, make, root_remove),
		cmocka_unit_test_setup_teardown(reads_the_boot_record, make, root_remove),
		cmocka_unit_test_setup_teardown(states, make, root_remove),
		cmocka_unit_test_setup_teardown(whose, make, root_remove),
		cmocka_unit_test_setup_teardown(cannot_be_read, make, root_remove),
		cmocka_unit_test_setup_teardown(returns_to_the_portal, make, root_remove),
		cmocka_unit_test_setup_teardown(keeps_directories, make, root_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
