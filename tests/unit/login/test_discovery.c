// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests discovery: bytes of PDUs, the target chosen from a SendTargets response, hostile portals.
 */
#include "tests/unit/root.h"

#include "base/cleanup.h"
#include "login/discovery.h"
#include "iscsi/pdu.h"
#include "tests/unit/iscsi/login_talk.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define LIST(s) s, sizeof(s) /* including the last NUL */

static void chosen(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *name; /* NULL: no target is chosen */
		long tpgt;
		unsigned int others;
	} cases[] = {
		{ LIST("TargetName=iqn.x:a\0TargetAddress=10.0.2.2:3260,1"), "iqn.x:a", 1, 0 },
		{ LIST("TargetName=iqn.x:a\0TargetAddress=10.0.2.2,7"), "iqn.x:a", 7, 0 },
		/* A target with the portal's own address is preferred. */
		{ LIST("TargetName=iqn.x:a\0TargetAddress=10.9.9.9:3260,1\0"
		       "TargetName=iqn.x:b\0TargetAddress=10.9.9.9:3260,2\0"
		       "TargetAddress=10.0.2.2:3260,3"),
		  "iqn.x:b", 3, 1 },
		{ LIST("TargetName=iqn.x:a\0TargetAddress=10.9.9.9:3260,1"), "iqn.x:a", -1, 0 },
		{ LIST("TargetName=iqn.x:a\0TargetAddress=10.0.2.2:3261,1"), "iqn.x:a", -1, 0 },
		{ LIST("TargetName=iqn.x:a"), "iqn.x:a", -1, 0 },
		{ LIST("TargetName=iqn.x:a\0TargetName=iqn.x:b\0TargetName=iqn.x:c"), "iqn.x:a", -1,
		  2 },
		/* So is one without an address, and one at any address; the group may be missing. */
		{ LIST("TargetName=iqn.x:a\0TargetAddress=10.9.9.9:3260,1\0TargetName=iqn.x:b\0"
		       "TargetName=iqn.x:c\0TargetAddress=10.0.2.2:3260,1"),
		  "iqn.x:b", -1, 2 },
		{ LIST("TargetName=iqn.x:a\0TargetAddress=10.9.9.9,1\0TargetName=iqn.x:b"), "iqn.x:b",
		  -1, 1 },
		{ LIST("TargetName=iqn.x:a\0TargetAddress=10.9.9.9,1\0TargetName=iqn.x:b\0"
		       "TargetAddress=0.0.0.0:3260,5"),
		  "iqn.x:b", 5, 1 },
		{ LIST("TargetName=iqn.x:a\0TargetAddress=10.9.9.9,1\0TargetName=iqn.x:b\0"
		       "TargetAddress=[::]:3260,5"),
		  "iqn.x:b", 5, 1 },
		{ LIST("TargetName=iqn.x:a\0TargetAddress=10.9.9.9,1\0TargetName=iqn.x:b\0"
		       "TargetAddress=10.0.2.2"),
		  "iqn.x:b", -1, 1 },
		{ LIST("TargetName=iqn.x:a\0TargetAddress=10.9.9.9,1\0TargetName=iqn.x:b\0"
		       "TargetAddress=10.0.2.2:3260"),
		  "iqn.x:b", -1, 1 },
		{ LIST("TargetName=iqn.x:a\0TargetAddress=10.9.9.9,1\0TargetName=iqn.x:b\0"
		       "TargetAddress=0.0.0.0:3261,1"),
		  "iqn.x:a", -1, 1 },
		/* Invalid names are skipped. */
		{ LIST("TargetName=iqn.x:a b;c\0TargetName=iqn.x:b"), "iqn.x:b", -1, 1 },
		{ LIST("TargetName=\0TargetAddress=10.0.2.2:3260,1"), NULL, -1, 0 },
		{ LIST("TargetAddress=10.0.2.2:3260,1"), NULL, -1, 0 },
		{ LIST("TargetName=iqn.x:a\0TargetAddress=[10.0.2.2:3260,1"), "iqn.x:a", -1, 0 },
		{ LIST("TargetName=iqn.x:a\0TargetAddress=[,1"), "iqn.x:a", -1, 0 },
		{ LIST("TargetName=iqn.x:a\0TargetAddress=,"), "iqn.x:a", -1, 0 },
		{ LIST("TargetName=iqn.x:a\0TargetAddress=10.0.2.2:3260,99999999999"), "iqn.x:a",
		  -1, 0 },
		{ LIST("TargetName=iqn.x:a\0TargetAddress=host.example:3260,1"), "iqn.x:a", -1, 0 },
		{ "TargetName=iqn.x:a", strlen("TargetName=iqn.x:a"), NULL, -1, 0 }, /* no last NUL */
		{ "", 0, NULL, -1, 0 },
	};
	struct discovered found;
	unsigned int i;
	bool any;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		/* Allocated in its exact size, so that the sanitizer sees a read beyond it. */
		char *copy = malloc(cases[i].len + !cases[i].len);

		memcpy(copy, cases[i].text, cases[i].len);
		any = discovery_choose(copy, cases[i].len, "10.0.2.2", 3260, &found);
		free(copy);
		if (any != !!cases[i].name || (any && strcmp(found.name, cases[i].name)) ||
		    (any && (found.tpgt != cases[i].tpgt || found.others != cases[i].others)))
			fail_msg("case %u: %s %ld %u", i, found.name, found.tpgt, found.others);
	}
	any = discovery_choose(LIST("TargetName=iqn.x:a\0TargetAddress=[fd00:0::1]:3260,4"),
			       "fd00::1", 3260, &found);
	assert_true(any && found.tpgt == 4);
}

/* Returns where the target is, if not at the portal: "10.9.9.9 fd00::2 ". */
static const char *elsewhere(const char *text, size_t len)
{
	static char said[4 * IBU_ADDR_STRLEN];
	struct discovered found;
	unsigned int i;

	assert_true(discovery_choose(text, len, "10.0.2.2", 3260, &found));
	assert_string_equal(found.name, "iqn.x:a");
	for (*said = '\0', i = 0; i < found.nr_elsewhere; i++) {
		ibu_addr_print(&found.elsewhere[i], said + strlen(said));
		strcat(said, " ");
	}
	return said;
}

/* The portal may serve discovery alone: then the addresses of the target count. */
static void is_elsewhere(void **state)
{
	assert_string_equal(elsewhere(LIST("TargetName=iqn.x:a\0TargetAddress=10.9.9.9:3260,1\0"
					   "TargetAddress=10.9.9.8:3261,1\0TargetAddress=host.example,1\0"
					   "TargetAddress=[fd00::2],2\0TargetName=iqn.x:b\0"
					   "TargetAddress=10.9.9.7:3260,1")),
			    "10.9.9.9 fd00::2 ");
	assert_string_equal(elsewhere(LIST("TargetName=iqn.x:a\0TargetAddress=10.9.9.9:3260,1\0"
					   "TargetAddress=10.0.2.2:3260,1")),
			    "");
	assert_string_equal(elsewhere(LIST("TargetName=iqn.x:a\0TargetAddress=10.9.9.1,1\0"
					   "TargetAddress=10.9.9.2,1\0TargetAddress=10.9.9.3,1\0"
					   "TargetAddress=10.9.9.4,1\0TargetAddress=10.9.9.5,1")),
			    "10.9.9.1 10.9.9.2 10.9.9.3 10.9.9.4 ");
}

static void a_login_request(void **state)
{
	static const struct pdu_numbers n = { { 1, 2, 3, 4, 5, 6 }, 0x01020304, 0x05060708 };
	static struct pdu pdu;

	pdu_login_request(&pdu, &n, PDU_STAGE_OPERATIONAL, PDU_STAGE_FULL);
	assert_true(pdu_add_text(&pdu, "SessionType", "Discovery"));
	assert_memory_equal(pdu.header, "\x43\x87\0\0\0\0\0\x16", 8);
	assert_memory_equal(pdu.header + 8, "\1\2\3\4\5\6\0\0\0\0\0\1\0\0\0\0\1\2\3\4\5\6\7\x08", 24);
	assert_memory_equal(pdu.data, "SessionType=Discovery\0\0", 24);
	assert_int_equal(pdu_size(pdu.header), 48 + 24);
	while (pdu_add_text(&pdu, "a", "b"))
		;
	assert_in_range(pdu_data_len(&pdu), PDU_DATA_MAX - 3, PDU_DATA_MAX);
	pdu.header[5] = 1;
	assert_int_equal(pdu_size(pdu.header), 0);
}

static void refusals(void **state)
{
	static struct pdu pdu;
	const char *text;
	struct verdict v;
	unsigned int i;

	for (i = 0; i < 65536; i++) {
		pdu.header[36] = (uint8_t)(i >> 8);
		pdu.header[37] = (uint8_t)i;
		v = pdu_login_verdict(&pdu, &text);
		assert_true(*text);
		assert_int_equal(v.status == STATUS_OK, i < 256);
		if (i >> 8 == 3 || i == 0x0206)
			assert_true(v.next == NEXT_TRY && v.failure == FAILURE_BUSY);
		else
			assert_int_equal(v.next, i == 0x0202 || i == 0x0203 ? NEXT_TRY : NEXT_NONE);
	}
	pdu.header[36] = 2;
	pdu.header[37] = 1;
	assert_int_equal(pdu_login_verdict(&pdu, &text).status, STATUS_AUTH);
	pdu.header[37] = 3;
	assert_int_equal(pdu_login_verdict(&pdu, &text).status, STATUS_NO_TARGET);
}

/* The path to a test's portal, which is a process that sends bytes and closes the connection. */
static struct ibu_target target;
static struct plan_path planned;
static struct path path;
static struct plan plan = { .initiator_name = "iqn.x:me" };
static struct progress progress = { .plan = &plan, .paths = &path, .nr_paths = 1 };
static pid_t portal;

struct response {
	const uint8_t *bytes;
	size_t len;
};

/* Listens on a free port, which becomes the portal of the path. */
static int portal_listen(void)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	socklen_t size = sizeof(addr);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&addr, &size), 0);
	path = (struct path){ .plan = &planned, .to.target = &target, .to.port = ntohs(addr.sin_port) };
	memcpy(path.to.portal, "127.0.0.1", 10);
	return fd;
}

/* Starts the portal: it sends the first response over the first connection, and so on. */
static void portal_serve(int fd, const struct response *responses, unsigned int nr)
{
	unsigned int i;
	int c;

	portal = fork();
	for (i = 0; !portal && i < nr; i++) {
		char buf[4096];

		c = accept(fd, NULL, NULL);
		if (send(c, responses[i].bytes, responses[i].len, MSG_NOSIGNAL) != (ssize_t)responses[i].len)
			_exit(1);
		shutdown(c, SHUT_WR);
		while (recv(c, buf, sizeof(buf), 0) > 0)
			;
	}
	if (!portal)
		_exit(0);
	close(fd);
}

static void portal_sends_each(const struct response *responses, unsigned int nr)
{
	portal_serve(portal_listen(), responses, nr);
}

static void portal_sends(const uint8_t *bytes, size_t len)
{
	const struct response responses = { bytes, len };

	portal_sends_each(&responses, 1);
}

static void portal_stop(void)
{
	if (portal > 0) {
		kill(portal, SIGKILL);
		waitpid(portal, NULL, 0);
	}
	portal = 0;
}

/* Limit of open files to set once the discovery has started; NULL: no change. */
static const struct rlimit *no_more;

static struct verdict discover(char *name, size_t size)
{
	struct discovery *d = discovery_start(&progress, &path, deadline_in(20));
	struct waits waits = { .fds = NULL };
	struct discovered found;
	struct verdict verdict;
	const char *answer;

	assert_non_null(d);
	if (no_more)
		setrlimit(RLIMIT_NOFILE, no_more);
	while (!discovery_step(d, &verdict, &answer, &found)) {
		waits.nr = 0;
		waits.until = deadline_in(0);
		discovery_waits(d, &waits);
		poll(waits.fds, waits.nr, deadline_left_ms(waits.until));
	}
	snprintf(name, size, "%s", verdict.status == STATUS_OK ? found.name : "");
	discovery_free(d);
	free(waits.fds);
	portal_stop();
	return verdict;
}

/* Makes all responses: the Login Response, and two Text Responses with parts of the list. */
static size_t make_good_responses(uint8_t *b)
{
	static const char one[] = "TargetName=iqn.x:a\0Targ", two[] = "etAddress=10.0.2.2:3260,1";

	memset(b, 0, 48 * 3 + 128);
	b[0] = PDU_LOGIN_RESPONSE;
	b[1] = 0x87;
	b[19] = 1;
	b += 48;
	b[0] = PDU_TEXT_RESPONSE;
	b[7] = sizeof(one) - 1;
	memcpy(b + 48, one, sizeof(one) - 1);
	b += 48 + (sizeof(one) - 1 + 3) / 4 * 4;
	b[0] = PDU_TEXT_RESPONSE;
	b[1] = 0x80;
	b[7] = sizeof(two);
	memcpy(b + 48, two, sizeof(two));
	return 48 * 3 + (sizeof(one) - 1 + 3) / 4 * 4 + (sizeof(two) + 3) / 4 * 4;
}

static void is_found(void **state)
{
	uint8_t answer[512];
	char name[256];

	portal_sends(answer, make_good_responses(answer));
	assert_int_equal(discover(name, sizeof(name)).status, STATUS_OK);
	assert_string_equal(name, "iqn.x:a");
}

static size_t add(uint8_t *b, size_t at, unsigned int flags, const char *text)
{
	static struct pdu pdu;

	talk_text(&pdu, flags, text);
	memcpy(b + at, &pdu, pdu_size(pdu.header));
	return at + pdu_size(pdu.header);
}

/* The portal requires CHAP: discovery logs in again with the account, if there is one. */
static void wants_chap(void **state)
{
	uint8_t refusal[48] = { PDU_LOGIN_RESPONSE }, good[1024];
	struct response both[] = { { refusal, sizeof(refusal) }, { good, 0 } };
	char name[256];
	size_t len = 0;

	refusal[19] = 1;
	refusal[36] = 2;
	refusal[37] = 1;
	len = add(good, len, TALK_STAY_SECURITY, "AuthMethod=CHAP|");
	len = add(good, len, TALK_STAY_SECURITY, "CHAP_A=5|CHAP_I=1|CHAP_C=0x0102|");
	len = add(good, len, TALK_TO_OPERATIONAL, "");
	len += make_good_responses(good + len);
	both[1].len = len;
	portal_sends_each(both, 2);
	assert_int_equal(discover(name, sizeof(name)).status, STATUS_AUTH);
	target.chap_type = 1;
	target.chap_name = (struct ibu_text){ "me", 2 };
	target.chap_secret = (struct ibu_text){ "secretsecret1", 13 };
	ibu_set(&target.f, IBU_TARGET_CHAP_TYPE);
	portal_sends_each(both, 2);
	assert_int_equal(discover(name, sizeof(name)).status, STATUS_OK);
	assert_string_equal(name, "iqn.x:a");
	refusal[37] = 2; /* not authorized */
	portal_sends_each(both, 2);
	assert_int_equal(discover(name, sizeof(name)).status, STATUS_OK);
	refusal[37] = 1;
	both[1] = both[0]; /* refused with the account too */
	portal_sends_each(both, 2);
	assert_int_equal(discover(name, sizeof(name)).status, STATUS_AUTH);
	memset(&target, 0, sizeof(target));
}

static void set_account(void)
{
	target.chap_type = 1;
	target.chap_name = (struct ibu_text){ "me", 2 };
	target.chap_secret = (struct ibu_text){ "secretsecret1", 13 };
	ibu_set(&target.f, IBU_TARGET_CHAP_TYPE);
}

static size_t make_chap_refusal(uint8_t *b)
{
	memset(b, 0, 48);
	b[0] = PDU_LOGIN_RESPONSE;
	b[19] = 1;
	b[36] = 2;
	b[37] = 1;
	return 48;
}

/* The connection for the second login fails at once: the discovery fails. */
static void cannot_reconnect(void **state)
{
	struct rlimit limit, none;
	uint8_t refusal[48];
	char name[256];
	struct verdict v;

	set_account();
	portal_sends(refusal, make_chap_refusal(refusal));
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = limit;
	none.rlim_cur = 0;
	no_more = &none;
	v = discover(name, sizeof(name));
	no_more = NULL;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	memset(&target, 0, sizeof(target));
	assert_int_equal(v.status, STATUS_NO_ANSWER);
	assert_int_equal(v.next, NEXT_TRY);
}

/* Discovery uses only the policy's CHAP algorithms. If it knows none of them, it fails. */
static void uses_algorithms_of_the_policy(void **state)
{
	uint8_t refusal[48], md5[512];
	struct response both[] = { { refusal, make_chap_refusal(refusal) }, { md5, 0 } };
	size_t len = add(md5, 0, TALK_STAY_SECURITY, "AuthMethod=CHAP|");
	char name[256];

	set_account();
	both[1].len = add(md5, len, TALK_STAY_SECURITY, "CHAP_A=5|CHAP_I=1|CHAP_C=0x0102|");
	strcpy(plan.policy.params[LOGIN_PARAM_CHAP_ALGS], "SHA256");
	portal_sends_each(both, 2);
	assert_int_equal(discover(name, sizeof(name)).status, STATUS_AUTH);
	strcpy(plan.policy.params[LOGIN_PARAM_CHAP_ALGS], "none-such");
	portal_sends_each(both, 2);
	assert_int_equal(discover(name, sizeof(name)).status, STATUS_CONFIG);
	plan.policy.params[LOGIN_PARAM_CHAP_ALGS][0] = '\0';
	memset(&target, 0, sizeof(target));
}

/* The portal refuses the list of algorithms, by a status or by a FIN, and takes MD5 alone. */
static void takes_md5_alone(void **state)
{
	uint8_t refused[512], cut[512], good[1024];
	struct response all[] = { { refused, 0 }, { good, 0 }, { good, 0 } };
	size_t len = add(refused, 0, TALK_STAY_SECURITY, "AuthMethod=CHAP|");
	char name[256];

	set_account();
	memcpy(cut, refused, len);
	all[0].len = len + make_chap_refusal(refused + len);
	all[1] = all[0];
	all[2].len = add(good, 0, TALK_STAY_SECURITY, "AuthMethod=CHAP|");
	all[2].len = add(good, all[2].len, TALK_STAY_SECURITY, "CHAP_A=5|CHAP_I=1|CHAP_C=0x0102|");
	all[2].len = add(good, all[2].len, TALK_TO_OPERATIONAL, "");
	all[2].len += make_good_responses(good + all[2].len);
	/* The first refusal makes discovery use the account, the second one MD5 alone. */
	all[0] = (struct response){ refused + len, all[0].len - len };
	portal_sends_each(all, 3);
	assert_int_equal(discover(name, sizeof(name)).status, STATUS_OK);
	all[1] = (struct response){ cut, len };
	portal_sends_each(all, 3);
	assert_int_equal(discover(name, sizeof(name)).status, STATUS_OK);
	all[2] = all[1]; /* closes again: fails, without a further attempt */
	portal_sends_each(all, 3);
	assert_int_equal(discover(name, sizeof(name)).status, STATUS_NO_ANSWER);
	memset(&target, 0, sizeof(target));
}

static size_t make_redirect(uint8_t *b, const char *host)
{
	char text[64];
	size_t len;

	snprintf(text, sizeof(text), "TargetAddress=%s:%u,1|", host, path.to.port);
	len = add(b, 0, 0, text);
	b[36] = 1;
	b[37] = 1;
	return len;
}

/* The portal redirects the discovery to a host name, or in a circle. */
static void is_redirected(void **state)
{
	uint8_t named[512], good[512];
	struct response all[] = { { named, 0 }, { good, make_good_responses(good) } };
	char name[256];
	int fd = portal_listen(); /* the redirect needs the port */

	all[0].len = make_redirect(named, "localhost");
	portal_serve(fd, all, 2);
	assert_int_equal(discover(name, sizeof(name)).status, STATUS_OK);
	assert_string_equal(name, "iqn.x:a");
	fd = portal_listen();
	all[0].len = make_redirect(named, "127.0.0.1");
	portal_serve(fd, all, 2);
	assert_int_equal(discover(name, sizeof(name)).status, STATUS_REFUSED);
}

/* The connection is closed after each possible byte: no success, no hang. */
static void is_cut_off_anywhere(void **state)
{
	uint8_t answer[512];
	size_t len = make_good_responses(answer), i;
	struct verdict v;
	char name[256];

	for (i = 0; i < len; i++) {
		portal_sends(answer, i);
		v = discover(name, sizeof(name));
		assert_int_equal(v.status, STATUS_NO_ANSWER);
		assert_int_equal(v.next, NEXT_TRY);
	}
}

/* Each byte is changed in turn: the discovery ends, and never with an invalid name. */
static void is_damaged_anywhere(void **state)
{
	uint8_t answer[512];
	size_t len = make_good_responses(answer), i;
	char name[256];

	for (i = 0; i < len; i++) {
		make_good_responses(answer);
		answer[i] ^= 0xff;
		portal_sends(answer, len);
		discover(name, sizeof(name));
		assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-:"), strlen(name));
	}
}

/*
 * Before its last response the portal sends a ping and an event; that response has no F bit, but no
 * tag to go on either.
 */
static void is_talkative(void **state)
{
	uint8_t good[512], answer[1024] = { 0 };
	size_t len = make_good_responses(good), last = len - 48 - 28;
	char name[256];

	memcpy(answer, good, last);
	answer[last] = PDU_NOP_IN;
	answer[last + 48] = PDU_ASYNC_MESSAGE;
	memcpy(answer + last + 96, good + last, len - last);
	assert_int_equal(answer[last + 96], PDU_TEXT_RESPONSE);
	answer[last + 96 + 1] = 0;
	memset(answer + last + 96 + 20, 0xff, 4);
	portal_sends(answer, len + 96);
	assert_int_equal(discover(name, sizeof(name)).status, STATUS_OK);
	assert_string_equal(name, "iqn.x:a");
}

static void is_endless(void **state)
{
	static uint8_t answer[48 + 48 * 6000];
	char name[256];
	size_t i;

	answer[0] = PDU_LOGIN_RESPONSE;
	answer[1] = 0x87;
	answer[19] = 1;
	for (i = 1; i <= 6000; i++)
		answer[48 * i] = PDU_TEXT_RESPONSE; /* without the F bit */
	portal_sends(answer, sizeof(answer));
	assert_int_equal(discover(name, sizeof(name)).status, STATUS_REFUSED);
	for (i = 1; i <= 6000; i++)
		answer[48 * i] = PDU_NOP_IN;
	portal_sends(answer, sizeof(answer));
	assert_int_equal(discover(name, sizeof(name)).status, STATUS_REFUSED);
	for (i = 0; i <= 6000; i++) {
		answer[48 * i] = PDU_LOGIN_RESPONSE;
		answer[48 * i + 1] = 0x04;
		answer[48 * i + 19] = 1;
	}
	portal_sends(answer, sizeof(answer));
	assert_int_equal(discover(name, sizeof(name)).status, STATUS_REFUSED);
}

static void port_is_closed(void **state)
{
	char name[256];
	struct verdict v;

	portal_sends((const uint8_t *)"", 0);
	portal_stop();
	v = discover(name, sizeof(name));
	assert_int_equal(v.status, STATUS_NO_ANSWER);
	assert_int_equal(v.failure, FAILURE_PORTAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chosen),
		cmocka_unit_test(is_elsewhere),
		cmocka_unit_test(a_login_request),
		cmocka_unit_test(refusals),
		cmocka_unit_test(is_found),
		cmocka_unit_test(wants_chap),
		cmocka_unit_test(cannot_reconnect),
		cmocka_unit_test(uses_algorithms_of_the_policy),
		cmocka_unit_test(takes_md5_alone),
		cmocka_unit_test(is_redirected),
		cmocka_unit_test(is_cut_off_anywhere),
		cmocka_unit_test(is_damaged_anywhere),
		cmocka_unit_test(is_talkative),
		cmocka_unit_test(is_endless),
		cmocka_unit_test(port_is_closed),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
