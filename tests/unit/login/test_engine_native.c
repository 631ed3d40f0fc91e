// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests failures of the native engine: a target that refuses or does not respond, a kernel that
 * refuses.
 */
#include "tests/unit/fake.h"
#include "tests/unit/stage.h"
#include "tests/unit/iscsi/login_talk.h"

#include "login/login.h"
#include "session/iscsi_netlink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

static struct ibu_target target;
static struct plan_path planned;
static struct path path;
static struct plan plan;
static struct progress progress;
static int listener = -1, said;
static pid_t peer;

/* Replaces the kernel: numbers of sessions created and destroyed, and its errors. */
static struct {
	int no_transport, no_session;
	unsigned int made, ended;
} kernel;

int __wrap_iscsi_nl_open(struct iscsi_nl *t, int sid);
void __wrap_iscsi_nl_close(struct iscsi_nl *t);
int __wrap_iscsi_nl_create_session(struct iscsi_nl *t, uint32_t cmd_sn, uint16_t cmds_max,
			    uint16_t queue_depth, struct iscsi_nl_session *session);
int __wrap_iscsi_nl_destroy_session(struct iscsi_nl *t, int sid);

int __wrap_iscsi_nl_open(struct iscsi_nl *t, int sid)
{
	t->fd = -1;
	t->requests = -1;
	return kernel.no_transport;
}

void __wrap_iscsi_nl_close(struct iscsi_nl *t)
{
}

int __wrap_iscsi_nl_create_session(struct iscsi_nl *t, uint32_t cmd_sn, uint16_t cmds_max,
			    uint16_t queue_depth, struct iscsi_nl_session *session)
{
	if (kernel.no_session)
		return kernel.no_session;
	session->sid = (int)++kernel.made;
	return 0;
}

int __wrap_iscsi_nl_destroy_session(struct iscsi_nl *t, int sid)
{
	assert_in_range(sid, 1, kernel.made);
	kernel.ended++;
	return 0;
}

static int make(void **state)
{
	struct sockaddr_in addr = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(addr);
	FILE *file = tmpfile();

	if (root_make(state) || !file)
		return -1;
	sysfs_root = root;
	fflush(stderr);
	said = dup(STDERR_FILENO);
	dup2(fileno(file), STDERR_FILENO);
	fclose(file);
	memset(&kernel, 0, sizeof(kernel));
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(listen(listener, 64), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&addr, &len), 0);
	target = (struct ibu_target){ .name = { "iqn.x:t", 7 }, .lun = { 0, 1 } };
	path = (struct path){ .plan = &planned, .to.target = &target, .to.port = ntohs(addr.sin_port) };
	path.timers = (struct timers){ 86400, 5, 10, 90, 10, 5, "none", 15, 30 };
	memcpy(path.to.portal, "127.0.0.1", 10);
	plan = (struct plan){ .initiator_name = "iqn.x:me", .paths = &planned, .nr_paths = 1,
			      .policy.engine = ENGINE_NATIVE };
	progress = (struct progress){ .plan = &plan, .paths = &path, .nr_paths = 1 };
	return 0;
}

static int unmake(void **state)
{
	if (peer > 0) {
		kill(peer, SIGKILL);
		waitpid(peer, NULL, 0);
	}
	peer = 0;
	if (listener >= 0)
		close(listener);
	dup2(said, STDERR_FILENO);
	close(said);
	return root_remove(state);
}

static unsigned int pause_ms; /* before each response */

/*
 * Starts the target. It responds to the first request of each connection with @flags, @status and
 * @text. If @responds is false it closes the connection, or, if @status is 0 too, keeps it open.
 */
static void start_target(bool responds, unsigned int flags, unsigned int status, const char *text)
{
	struct pdu in, out;
	int fd;

	peer = fork();
	if (peer)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		fd = accept(listener, NULL, NULL);
		if (recv(fd, &in, sizeof(in), 0) < PDU_HEADER)
			_exit(1);
		talk_text(&out, flags, text);
		memcpy(out.header + 8, in.header + 8, 12); /* ISID, TSIH, the request's tag */
		out.header[36] = (uint8_t)(status >> 8);
		out.header[37] = (uint8_t)status;
		poll(NULL, 0, (int)pause_ms);
		if (responds)
			send(fd, &out, pdu_size(out.header), MSG_NOSIGNAL);
		if (!responds && !status)
			pause();
		close(fd);
	}
}

static char messages[65536];

/* Logs in, and reads the log into @messages. */
static enum status log_in(unsigned int seconds)
{
	enum status status = stage_run(&stage_login, &progress, deadline_in(seconds));
	ssize_t n = pread(STDERR_FILENO, messages, sizeof(messages) - 1, 0);

	messages[n > 0 ? n : 0] = '\0';
	return status;
}

static void assert_login(unsigned int seconds, enum status status, const char *want)
{
	enum status is = log_in(seconds);

	if (is != status || !strstr(messages, want))
		fail_msg("status %d, not %d with \"%s\": %s", is, status, want, messages);
	assert_int_equal(kernel.made, kernel.ended);
}

static void no_module(void **state)
{
	kernel.no_transport = -ENOENT;
	assert_login(20, STATUS_MODULE, "the kernel has no iSCSI over TCP");
}

static void no_session(void **state)
{
	kernel.no_session = -EPERM;
	assert_login(20, STATUS_ERROR, "cannot create a session: Operation not permitted");
	path.result = STATUS_OK;
	kernel.no_session = -ENOMEM; /* crc32c is missing */
	assert_login(20, STATUS_MODULE, "cannot create a session: Cannot allocate memory");
}

static void port_is_closed(void **state)
{
	close(listener);
	listener = -1;
	assert_login(1, STATUS_NO_ANSWER, "Connection refused");
	assert_true(kernel.made > 0);
}

static void closes_connection(void **state)
{
	start_target(false, 0, 1, "");
	assert_login(1, STATUS_NO_ANSWER, "connection closed by the target");
}

/* The time limit of one attempt is the policy's login_timeout. */
static void is_silent(void **state)
{
	strcpy(plan.policy.params[LOGIN_PARAM_LOGIN_TIMEOUT], "1");
	start_target(false, 0, 0, "");
	assert_login(3, STATUS_NO_ANSWER, "no Login Response in time");
}

static void target_is_unknown(void **state)
{
	start_target(true, 0, 0x0203, "");
	assert_login(1, STATUS_NO_TARGET, "target not found (02/03); retrying");
}

/* A retry cannot help: the error is reported at once. */
static void target_is_gone(void **state)
{
	int64_t began = now_ns();

	start_target(true, 0, 0x0204, "");
	assert_login(20, STATUS_NO_TARGET, "target removed (02/04)");
	assert_true(now_ns() - began < 5000000000LL);
}

static void redirect_to_name(void **state)
{
	char text[64];

	snprintf(text, sizeof(text), "TargetAddress=localhost:%u,1|", path.to.port);
	start_target(true, 0, 0x0101, text);
	snprintf(text, sizeof(text), "127.0.0.1 redirects to localhost port %u", path.to.port);
	assert_login(2, STATUS_REFUSED, text);
	/* The name is resolved, and the portal there redirects again. */
	assert_non_null(strstr(messages, "localhost redirects to localhost"));
	assert_non_null(strstr(messages, "redirect loop, back to localhost"));
}

static void redirect_loop(void **state)
{
	char text[64];

	snprintf(text, sizeof(text), "TargetAddress=127.0.0.1:%u,1|", path.to.port);
	start_target(true, 0, 0x0101, text);
	assert_login(1, STATUS_REFUSED, "redirect loop, back to 127.0.0.1");
}

/* A redirect has several addresses: the next attempt takes the next one. */
static void redirect_to_several(void **state)
{
	start_target(true, 0, 0x0101, "TargetAddress=127.0.0.1:9,1|TargetAddress=127.0.0.2:9,1|");
	assert_login(3, STATUS_REFUSED, "redirects to 127.0.0.1 port 9");
	assert_non_null(strstr(messages, "redirects to 127.0.0.2 port 9"));
}

/* Each portal of a redirect has the time limit of a login for itself. */
static void redirect_by_slow_portals(void **state)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons((uint16_t)path.to.port) };
	int first = listener, second = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pid_t first_peer;
	char text[64];

	inet_pton(AF_INET, "127.0.0.2", &addr.sin_addr);
	assert_int_equal(bind(second, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(listen(second, 64), 0);
	strcpy(plan.policy.params[LOGIN_PARAM_LOGIN_TIMEOUT], "4");
	pause_ms = 2500;
	snprintf(text, sizeof(text), "TargetAddress=127.0.0.2:%u,1|", path.to.port);
	start_target(true, 0, 0x0101, text);
	first_peer = peer;
	listener = second;
	start_target(true, 0, 0x0101, "TargetAddress=127.0.0.3:9,1|");
	/* The second attempt is cut off, but the first one counts. */
	assert_int_equal(log_in(8), STATUS_REFUSED);
	assert_non_null(strstr(messages, "127.0.0.2 redirects to 127.0.0.3 port 9"));
	pause_ms = 0;
	kill(first_peer, SIGKILL);
	waitpid(first_peer, NULL, 0);
	listener = first;
	close(second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(no_module, make, unmake),
		cmocka_unit_test_setup_teardown(no_session, make, unmake),
		cmocka_unit_test_setup_teardown(port_is_closed, make, unmake),
		cmocka_unit_test_setup_teardown(closes_connection, make, unmake),
		cmocka_unit_test_setup_teardown(is_silent, make, unmake),
		cmocka_unit_test_setup_teardown(target_is_unknown, make, unmake),
		cmocka_unit_test_setup_teardown(target_is_gone, make, unmake),
		cmocka_unit_test_setup_teardown(redirect_to_name, make, unmake),
		cmocka_unit_test_setup_teardown(redirect_loop, make, unmake),
		cmocka_unit_test_setup_teardown(redirect_to_several, make, unmake),
		cmocka_unit_test_setup_teardown(redirect_by_slow_portals, make, unmake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
