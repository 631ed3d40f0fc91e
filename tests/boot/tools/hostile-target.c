// SPDX-License-Identifier: GPL-2.0-only
/*
 * hostile-target PORT ADDRESS TARGET-PORT: portals on 127.0.0.1 at PORT and the PORTS - 1 ports
 * after it, which the machine reaches at ADDRESS. The last part of the target's name selects the
 * misbehaviour ("iqn.x:close-17"). The initiator's account is "me" with "secretsecret1"; the
 * target's account is "it" with "othersecret22". The mode "honest" forwards to TARGET-PORT; so do the
 * quirks of tests/quirks.h ("iqn.x:tag-twice"), which edit the login on its way. Prints the target's
 * name for each login.
 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "iscsi/digest.h"
#include "tests/quirks.h"

#define PORTS 8
#define HEADER 48
#define OUR_SECRET "secretsecret1"
#define THEIR_SECRET "othersecret22"

/* Flags of a Login Response: current and next stage, with T (TO_...); C. */
enum {
	SECURITY = 0x00,
	TO_OPERATIONAL = 0x81,
	OPERATIONAL = 0x04,
	TO_FULL = 0x87,
	HAS_CONTINUE = 0x40,
};

struct request {
	uint8_t header[HEADER];
	char text[16384];
	size_t len;
};

/* A connection and its login. */
struct connection {
	int fd;
	unsigned int port; /* index of the portal, from 0 */
	struct request asked;
	uint32_t stat_sn;
	long number; /* of "close-17" */
};

static const char *address, *target_port;
static unsigned int first_port;
static int reflected[2]; /* a pipe that passes a challenge from one login to another */

/* Reads a request. Exits if the machine closes the connection. */
static void receive(struct connection *c)
{
	struct request *r = &c->asked;
	size_t padded;

	memset(r, 0, sizeof(*r));
	if (recv(c->fd, r->header, HEADER, MSG_WAITALL) != HEADER)
		exit(0);
	r->len = (size_t)r->header[6] << 8 | r->header[7];
	padded = (r->len + 3) / 4 * 4;
	if (padded >= sizeof(r->text) || /* recv() of 0 bytes would wait, so it is not called */
	    (padded && recv(c->fd, r->text, padded, MSG_WAITALL) != (ssize_t)padded))
		exit(0);
}

static const char *asked(const struct connection *c, const char *key)
{
	const char *at = c->asked.text, *end = at + c->asked.len;

	for (; at < end; at += strlen(at) + 1)
		if (!strncmp(at, key, strlen(key)) && at[strlen(key)] == '=')
			return at + strlen(key) + 1;
	return "";
}

/* Builds a Login Response; each pair in @text ends with '|'. */
static size_t make(struct connection *c, uint8_t *pdu, unsigned int flags, unsigned int status,
		   const char *text)
{
	size_t len = strlen(text), i;
	uint32_t stat_sn = htonl(c->stat_sn++);

	memset(pdu, 0, HEADER + len + 4);
	pdu[0] = 0x23;
	pdu[1] = (uint8_t)flags;
	pdu[6] = (uint8_t)(len >> 8);
	pdu[7] = (uint8_t)len;
	memcpy(pdu + 8, c->asked.header + 8, 6); /* ISID */
	pdu[15] = flags == TO_FULL; /* TSIH */
	memcpy(pdu + 16, c->asked.header + 16, 4); /* task tag */
	memcpy(pdu + 24, &stat_sn, 4);
	memcpy(pdu + 28, c->asked.header + 24, 4); /* ExpCmdSN, MaxCmdSN */
	memcpy(pdu + 32, c->asked.header + 24, 4);
	pdu[36] = (uint8_t)(status >> 8);
	pdu[37] = (uint8_t)status;
	for (i = 0; i < len; i++)
		pdu[HEADER + i] = text[i] == '|' ? 0 : (uint8_t)text[i];
	return HEADER + (len + 3) / 4 * 4;
}

static void put(struct connection *c, const void *bytes, size_t len)
{
	if (send(c->fd, bytes, len, MSG_NOSIGNAL) != (ssize_t)len)
		exit(0);
}

static void answer(struct connection *c, unsigned int flags, unsigned int status, const char *text)
{
	static uint8_t pdu[HEADER + 16384];

	put(c, pdu, make(c, pdu, flags, status, text));
}

/* Reads until the machine closes the connection. */
static void drain(struct connection *c)
{
	char buf[4096];

	while (recv(c->fd, buf, sizeof(buf), 0) > 0)
		;
}

/* Modes that consist of one response to the first request. */
static const struct {
	const char *name;
	unsigned int flags, status;
	const char *text;
} simple[] = {
	{ "number", TO_FULL, 0, "MaxBurstLength=12x|" },
	{ "twice", TO_FULL, 0, "MaxBurstLength=8192|MaxBurstLength=16384|" },
	{ "contradiction", TO_FULL, 0, "MaxBurstLength=8192|FirstBurstLength=16384|" },
	{ "level", TO_FULL, 0, "ErrorRecoveryLevel=2|" },
	{ "digest", TO_FULL, 0, "HeaderDigest=SHA256|" },
	{ "no-pair", TO_FULL, 0, "\x1b[2J|" },
	{ "krb5", OPERATIONAL, 0, "AuthMethod=KRB5|" },
	{ "wants-chap", OPERATIONAL, 0, "AuthMethod=CHAP|" },
	{ "wants-chap-first", SECURITY, 0, "AuthMethod=CHAP|" },
	{ "none", SECURITY, 0, "AuthMethod=None|" },
	{ "lets-in", TO_OPERATIONAL, 0, "" },
	{ "lets-in-at-once", TO_FULL, 0, "" },
	{ "reject-chap", SECURITY, 0, "AuthMethod=Reject|" },
	{ "nowhere", 0, 0x0101, "TargetAddress=a b;c|" },
	{ "named", 0, 0x0101, "TargetAddress=far.example:3260,1|" },
	{ "not-said-where", 0, 0x0102, "" },
	{ "0200", 0, 0x0200, "" },
	{ "0202", 0, 0x0202, "" },
	{ "0204", 0, 0x0204, "" },
	{ "0207", 0, 0x0207, "" },
	{ "0909", 0, 0x0909, "" },
};

/* Modes that change one byte in the header of a valid response. */
static const struct {
	const char *name;
	unsigned int at, value;
} damages[] = {
	{ "opcode", 0, 0x25 },  { "rejected", 0, 0x3f }, { "stage", 1, 0x8f }, { "version", 3, 0x7f },
	{ "additional", 4, 1 }, { "long", 5, 0xff },	 { "isid", 9, 0xee },  { "tag", 19, 0x77 },
};

static void do_slow(struct connection *c)
{
	uint8_t pdu[512];
	size_t len = make(c, pdu, TO_FULL, 0, "TargetPortalGroupTag=1|"), i;
	struct pollfd p = { .fd = c->fd, .events = POLLIN | POLLRDHUP };

	for (i = 0; i < len && !poll(&p, 1, 1000); i++)
		put(c, pdu + i, 1);
}

static void do_silent(struct connection *c)
{
	drain(c);
}

/* Closes the connection after @number bytes of the target's side of a login. */
static void do_close(struct connection *c)
{
	uint8_t pdu[512];
	size_t len = make(c, pdu, OPERATIONAL, 0, "TargetPortalGroupTag=1|"), left = (size_t)c->number;

	put(c, pdu, left < len ? left : len);
	if (left < len)
		return;
	receive(c);
	put(c, pdu, left - len < len ? left - len : len);
}

static void do_endless(struct connection *c)
{
	static char text[8193];

	memset(text, 'a', 8192);
	for (;;) {
		answer(c, OPERATIONAL | HAS_CONTINUE, 0, text);
		receive(c);
	}
}

static void do_rounds(struct connection *c)
{
	for (;;) {
		answer(c, OPERATIONAL, 0, "");
		receive(c);
	}
}

static void do_long_key(struct connection *c)
{
	char text[400];

	memset(text, 'K', 300);
	strcpy(text + 300, "=1|");
	answer(c, TO_FULL, 0, text);
}

static void do_long_value(struct connection *c)
{
	char text[5000] = "MaxBurstLength=";
	size_t len = strlen(text);

	memset(text + len, '9', 4000);
	strcpy(text + len + 4000, "|");
	answer(c, TO_FULL, 0, text);
}

/*
 * Sends unknown keys. An initiator that answers them as RFC 7143 6.2 requires gets "not
 * authorized".
 */
static void do_unknown(struct connection *c)
{
	answer(c, OPERATIONAL, 0, "X-org.example.one=1|OFMarker=Yes|");
	receive(c);
	answer(c, 0,
	       strcmp(asked(c, "X-org.example.one"), "NotUnderstood") ||
			       strcmp(asked(c, "OFMarker"), "Reject") ?
		       0x0200 :
		       0x0202,
	       "");
}

static void send_to(struct connection *c, unsigned int port, unsigned int status)
{
	char text[128];

	snprintf(text, sizeof(text), "TargetAddress=%s:%u,1|", address, port);
	answer(c, 0, status, text);
}

static void do_circle(struct connection *c)
{
	send_to(c, first_port, 0x0101);
}

static void do_circle_of_two(struct connection *c)
{
	send_to(c, first_port + !c->port, 0x0102);
}

static void do_further(struct connection *c)
{
	send_to(c, first_port + (c->port + 1) % PORTS, 0x0101);
}

static void do_no_listener(struct connection *c)
{
	send_to(c, 9, 0x0101);
}

static size_t hex(const char *text, uint8_t *bytes, size_t size)
{
	unsigned int b;
	size_t n = 0;

	for (text += *text ? 2 : 0; n < size && sscanf(text, "%2x", &b) == 1; text += 2)
		bytes[n++] = (uint8_t)b;
	return n;
}

static void respond(unsigned int id, const char *secret, const uint8_t *challenge, size_t len,
		    char *text)
{
	uint8_t byte = (uint8_t)id, result[32];
	const struct digest_part parts[] = { { &byte, 1 }, { secret, strlen(secret) }, { challenge, len } };
	unsigned int i;

	digest(DIGEST_MD5, parts, 3, result);
	text += sprintf(text, "0x");
	for (i = 0; i < digest_size(DIGEST_MD5); i++)
		text += sprintf(text, "%02x", result[i]);
}

/* Runs CHAP until the initiator has answered our challenge. Returns 1 if the answer is right. */
static int chap(struct connection *c, const char *challenge)
{
	char text[256], due[128];
	uint8_t bytes[64];

	answer(c, SECURITY, 0, "TargetPortalGroupTag=1|AuthMethod=CHAP|");
	receive(c);
	snprintf(text, sizeof(text), "CHAP_A=5|CHAP_I=77|CHAP_C=%s|", challenge);
	answer(c, SECURITY, 0, text);
	receive(c);
	respond(77, OUR_SECRET, bytes, hex(challenge, bytes, sizeof(bytes)), due);
	return !strcmp(asked(c, "CHAP_R"), due) && !strcmp(asked(c, "CHAP_N"), "me");
}

#define CHALLENGE "0x00112233445566778899aabbccddeeff"

/* Checks the secret and reports the result by the status, but refuses the login in any case. */
static void do_chap(struct connection *c)
{
	answer(c, 0, chap(c, CHALLENGE) ? 0x0202 : 0x0201, "");
}

static void prove(struct connection *c, const char *name, const char *secret)
{
	char text[256], due[128];
	uint8_t challenge[64];
	size_t len;

	if (!chap(c, CHALLENGE)) {
		answer(c, 0, 0x0201, "");
		return;
	}
	len = hex(asked(c, "CHAP_C"), challenge, sizeof(challenge));
	respond((unsigned int)atoi(asked(c, "CHAP_I")), secret, challenge, len, due);
	snprintf(text, sizeof(text), "CHAP_N=%s|CHAP_R=%s|", name, due);
	answer(c, TO_OPERATIONAL, 0, text);
}

/* Proves its identity correctly, then refuses the login. */
static void do_mutual(struct connection *c)
{
	prove(c, "it", THEIR_SECRET);
	receive(c);
	answer(c, 0, 0x0202, "");
}

static void do_mutual_wrong(struct connection *c)
{
	prove(c, "it", "somethingelse");
}

static void do_mutual_name(struct connection *c)
{
	prove(c, "other", THEIR_SECRET);
}

static void do_mutual_ours(struct connection *c)
{
	prove(c, "it", OUR_SECRET);
}

static void do_mutual_none(struct connection *c)
{
	chap(c, CHALLENGE);
	answer(c, TO_OPERATIONAL, 0, "");
}

/* Receives the initiator's challenge in one login, for do_reflect_to(). */
static void do_reflect_from(struct connection *c)
{
	char challenge[128] = "";

	chap(c, CHALLENGE);
	snprintf(challenge, sizeof(challenge), "%s", asked(c, "CHAP_C"));
	if (write(reflected[1], challenge, sizeof(challenge)) < 0)
		err(1, "pipe");
	drain(c);
}

/* Sends the challenge of do_reflect_from() to the initiator in another login. */
static void do_reflect_to(struct connection *c)
{
	char challenge[128];

	if (read(reflected[0], challenge, sizeof(challenge)) != sizeof(challenge))
		err(1, "pipe");
	chap(c, challenge);
}

/* Bytes until a bit is changed on its way: to the machine, to the target; 0: none is. */
static ssize_t flip_in[2];

/* Copies the data that @from has to @to; small data goes byte by byte in separate packets. */
static int forward(int from, int to, ssize_t *flip)
{
	char buf[65536];
	ssize_t n = recv(from, buf, sizeof(buf), 0), sent, m;

	if (*flip && n >= *flip)
		buf[*flip - 1] ^= 0x10;
	if (*flip && n > 0)
		*flip = n < *flip ? *flip - n : 0;
	for (sent = 0; sent < n; sent += m) {
		m = send(to, buf + sent, n < 1024 ? 1 : (size_t)(n - sent), MSG_NOSIGNAL);
		if (m <= 0)
			return 0;
	}
	return n > 0;
}

static int connect_target(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)atoi(target_port)) };
	int target = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (connect(target, (struct sockaddr *)&to, sizeof(to)))
		err(1, "connect");
	setsockopt(target, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return target;
}

static void relay(struct connection *c, int target)
{
	struct pollfd p[2] = { { .fd = c->fd, .events = POLLIN }, { .fd = target, .events = POLLIN } };

	while (poll(p, 2, -1) > 0)
		if ((p[0].revents && !forward(c->fd, target, &flip_in[1])) ||
		    (p[1].revents && !forward(target, c->fd, &flip_in[0])))
			break;
}

static void send_pdu(int fd, struct request *r)
{
	r->header[6] = (uint8_t)(r->len >> 8);
	r->header[7] = (uint8_t)r->len;
	memset(r->text + r->len, 0, 4);
	if (send(fd, r, HEADER + (r->len + 3) / 4 * 4, MSG_NOSIGNAL) < 0)
		exit(0);
}

static void do_honest(struct connection *c)
{
	int target = connect_target();

	send_pdu(target, &c->asked);
	relay(c, target);
}

/*
 * "flips-N": like "honest", but in each of the first FLIPS connections to that N, one bit is changed on its way
 * after 4 MiB: in turn one of the target's and one of the machine's.
 */
static int *flipped; /* for each N, in shared memory */
#define FLIPS 4
#define FLIP_TARGETS 2
#define FLIP_AT (4 << 20)

static void do_flips(struct connection *c)
{
	int *nr = &flipped[c->number % FLIP_TARGETS];

	if (*nr < FLIPS)
		flip_in[(*nr)++ % 2] = FLIP_AT;
	do_honest(c);
}

/* Time of the first login to each late target, in shared memory. */
static struct late_target {
	char name[224]; /* empty: a free entry */
	time_t first_login;
} *late_targets;
#define LATE_TARGETS 64
#define LATE_S 6

static int is_late(const struct quirk *q, const char *name)
{
	struct late_target *t = late_targets;
	struct timespec now;

	if (!q->late)
		return 0;
	clock_gettime(CLOCK_MONOTONIC, &now);
	while (t->name[0] && strcmp(t->name, name) != 0)
		if (++t == late_targets + LATE_TARGETS)
			errx(1, "more than %d late targets", LATE_TARGETS);
	if (!t->name[0]) {
		snprintf(t->name, sizeof(t->name), "%s", name);
		t->first_login = now.tv_sec;
	}
	return now.tv_sec - t->first_login < LATE_S;
}

/* Returns 1 if the login was refused or redirected. */
static int quirk_ends(struct connection *c, const struct quirk *q)
{
	char text[128];

	if (is_late(q, asked(c, "TargetName")) || quirk_refuses(q, c->asked.text, c->asked.len)) {
		if (q->refusal)
			answer(c, 0, q->refusal, "");
		return 1;
	}
	if (!q->redirect || c->port)
		return 0;
	snprintf(text, sizeof(text), "TargetAddress=%s:%u,1", q->redirect, first_port + 1);
	answer(c, 0, 0x0101, text);
	return 1;
}

/* Passes the login on to the target, edited; then the session as it is. */
static void do_quirk(struct connection *c, const struct quirk *q)
{
	struct connection target = { .fd = -1 };

	while (!quirk_ends(c, q)) {
		if (target.fd < 0)
			target.fd = connect_target();
		c->asked.len = quirk_edit(q->request, 0, c->asked.text, c->asked.len);
		send_pdu(target.fd, &c->asked);
		receive(&target);
		target.asked.len = quirk_echo(q->echo, c->asked.text, c->asked.len,
					      target.asked.text, target.asked.len);
		target.asked.len = quirk_edit(q->response, target.asked.header[1] == TO_FULL,
					      target.asked.text, target.asked.len);
		send_pdu(c->fd, &target.asked);
		if (target.asked.header[1] == TO_FULL) {
			relay(c, target.fd);
			break;
		}
		receive(c);
	}
}

static const struct {
	const char *name;
	void (*does)(struct connection *c);
} modes[] = {
	{ "slow", do_slow },
	{ "silent", do_silent },
	{ "close", do_close },
	{ "endless", do_endless },
	{ "rounds", do_rounds },
	{ "long-key", do_long_key },
	{ "long-value", do_long_value },
	{ "unknown", do_unknown },
	{ "circle", do_circle },
	{ "circle-of-two", do_circle_of_two },
	{ "further", do_further },
	{ "no-listener", do_no_listener },
	{ "chap", do_chap },
	{ "mutual", do_mutual },
	{ "mutual-wrong", do_mutual_wrong },
	{ "mutual-name", do_mutual_name },
	{ "mutual-ours", do_mutual_ours },
	{ "mutual-none", do_mutual_none },
	{ "reflect-from", do_reflect_from },
	{ "reflect-to", do_reflect_to },
	{ "honest", do_honest },
	{ "flips", do_flips },
};

#define NR(a) (sizeof(a) / sizeof(*(a)))

static int do_simple(struct connection *c, const char *name)
{
	size_t i;

	for (i = 0; i < NR(simple); i++)
		if (!strcmp(simple[i].name, name))
			break;
	if (i < NR(simple))
		answer(c, simple[i].flags, simple[i].status, simple[i].text);
	return i < NR(simple);
}

static int do_damage(struct connection *c, const char *name)
{
	uint8_t pdu[128];
	size_t i, len;

	for (i = 0; i < NR(damages); i++)
		if (!strcmp(damages[i].name, name))
			break;
	if (i == NR(damages))
		return 0;
	len = make(c, pdu, TO_FULL, 0, "TargetPortalGroupTag=1|");
	pdu[damages[i].at] = (uint8_t)damages[i].value;
	put(c, pdu, len);
	return 1;
}

/* Runs the mode "MODE" or "MODE-NUMBER". */
static int do_mode(struct connection *c, const char *name)
{
	size_t i, len;

	for (i = 0; i < NR(modes); i++) {
		len = strlen(modes[i].name);
		if (strncmp(modes[i].name, name, len) != 0 ||
		    (name[len] && (name[len] != '-' || !strspn(name + len + 1, "0123456789"))))
			continue;
		c->number = name[len] ? atol(name + len + 1) : 0;
		modes[i].does(c);
		return 1;
	}
	return 0;
}

static int do_quirk_named(struct connection *c, const char *name)
{
	const struct quirk *q = quirk_find(name);

	if (q)
		do_quirk(c, q);
	return q != NULL;
}

static void serve(int fd, unsigned int port)
{
	static struct connection c;
	const char *name;
	int on = 1;

	c.fd = fd;
	c.port = port;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	receive(&c);
	name = strrchr(asked(&c, "TargetName"), ':');
	printf("%s\n", asked(&c, "TargetName"));
	fflush(stdout);
	if (!name || (!do_mode(&c, name + 1) && !do_simple(&c, name + 1) && !do_damage(&c, name + 1) &&
		      !do_quirk_named(&c, name + 1)))
		errx(1, "no such mode: %s", asked(&c, "TargetName"));
	/* Data that is unread at close() would cause a reset, which discards our response. */
	shutdown(fd, SHUT_WR);
	drain(&c);
}

static int portal(unsigned int port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) || listen(fd, 1024))
		err(1, "port %u", port);
	return fd;
}

int main(int argc, char **argv)
{
	struct pollfd listeners[PORTS];
	unsigned int i;
	int fd;

	if (argc != 4)
		errx(2, "usage: hostile-target PORT ADDRESS TARGET-PORT");
	first_port = (unsigned int)atoi(argv[1]);
	address = argv[2];
	target_port = argv[3];
	signal(SIGCHLD, SIG_IGN);
	late_targets = mmap(NULL, LATE_TARGETS * sizeof(*late_targets), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	flipped = mmap(NULL, FLIP_TARGETS * sizeof(*flipped), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (pipe(reflected) || late_targets == MAP_FAILED || flipped == MAP_FAILED)
		err(1, "pipe");
	for (i = 0; i < PORTS; i++)
		listeners[i] = (struct pollfd){ .fd = portal(first_port + i), .events = POLLIN };
	while (poll(listeners, PORTS, -1) >= 0)
		for (i = 0; i < PORTS; i++) {
			if (!listeners[i].revents)
				continue;
			fd = accept(listeners[i].fd, NULL, NULL);
			if (fd >= 0 && !fork()) {
				serve(fd, i);
				exit(0);
			}
			close(fd);
		}
	err(1, "poll");
}
