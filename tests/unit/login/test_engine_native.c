// SPDX-License-Identifier: GPL-2.0-only
/* Our own login where it fails: a target that answers wrongly or not, a kernel that refuses. */
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

/* The kernel: sessions that were made and ended, and why one is not. */
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

/* The target: to each connection's first request these flags, this status, this text; or nothing. */
static void answers(bool speaks, unsigned int flags, unsigned int status, const char *text)
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
		if (speaks)
			send(fd, &out, pdu_size(out.header), MSG_NOSIGNAL);
		if (!speaks && !status)
			pause();
		close(fd);
	}
}

static void logs_in(unsigned int seconds, enum status status, const char *words)
{
	static char text[65536];
	enum status is = stage_run(&stage_login, &progress, deadline_in(seconds));
	ssize_t n = pread(STDERR_FILENO, text, sizeof(text) - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	if (is != status || !strstr(text, words))
		fail_msg("status %d, not %d with \"%s\": %s", is, status, words, text);
	assert_int_equal(kernel.made, kernel.ended);
}

static void no_module(void **state)
{
	kernel.no_transport = -ENOENT;
	logs_in(20, STATUS_MODULE, "the kernel has no iSCSI over TCP");
}

static void no_session(void **state)
{
	kernel.no_session = -EPERM;
	logs_in(20, STATUS_ERROR, "cannot create a session: Operation not permitted");
	path.result = STATUS_OK;
	kernel.no_session = -ENOMEM; /* it misses crc32c */
	logs_in(20, STATUS_MODULE, "cannot create a session: Cannot allocate memory");
}

static void nobody_listens(void **state)
{
	close(listener);
	listener = -1;
	logs_in(1, STATUS_NO_ANSWER, "Connection refused");
	assert_true(kernel.made > 0);
}

static void hangs_up(void **state)
{
	answers(false, 0, 1, "");
	logs_in(1, STATUS_NO_ANSWER, "connection closed by the target");
}

/* For as long as it was told to wait for one attempt. */
static void says_nothing(void **state)
{
	strcpy(plan.policy.params[LOGIN_PARAM_LOGIN_TIMEOUT], "1");
	answers(false, 0, 0, "");
	logs_in(3, STATUS_NO_ANSWER, "no Login Response in time");
}

static void unknown(void **state)
{
	answers(true, 0, 0x0203, "");
	logs_in(20, STATUS_NO_TARGET, "02/03");
}

static void sent_to_a_name(void **state)
{
	answers(true, 0, 0x0101, "TargetAddress=far.example:3260,1|");
	logs_in(20, STATUS_REFUSED, "redirected to far.example: host names are not followed");
}

static void sent_in_a_circle(void **state)
{
	char text[64];

	snprintf(text, sizeof(text), "TargetAddress=127.0.0.1:%u,1|", path.to.port);
	answers(true, 0, 0x0101, text);
	logs_in(1, STATUS_REFUSED, "redirect loop, back to 127.0.0.1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(no_module, make, unmake),
		cmocka_unit_test_setup_teardown(no_session, make, unmake),
		cmocka_unit_test_setup_teardown(nobody_listens, make, unmake),
		cmocka_unit_test_setup_teardown(hangs_up, make, unmake),
		cmocka_unit_test_setup_teardown(says_nothing, make, unmake),
		cmocka_unit_test_setup_teardown(unknown, make, unmake),
		cmocka_unit_test_setup_teardown(sent_to_a_name, make, unmake),
		cmocka_unit_test_setup_teardown(sent_in_a_circle, make, unmake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
