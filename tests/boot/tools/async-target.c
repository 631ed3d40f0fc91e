// SPDX-License-Identifier: GPL-2.0-only
/*
 * async-target ADDRESS PORT TARGET-PORT: portals on ADDRESS at PORT and PORT + 1 in front of the target
 * at 127.0.0.1. Each line of standard input is a command:
 *
 *     logout SECONDS, negotiate SECONDS   asks for it (Async Message 1, 4), and enforces the time
 *     drop SECONDS, drop-all SECONDS      announces it (2, 3), drops the connection, and notes logins
 *                                         that come earlier than that
 *     redirect, move                      the first portal redirects logins to the second one: for a
 *                                         time (0101), or for good (0102), and then it goes away
 *     grown                               the LUN has 2048 more blocks; the next response reports
 *                                         that (6/2A/09)
 *
 * Prints the time of each event: login, redirected, asked, logout, dropped, early, late.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define HEADER 48
#define CONNECTIONS 8
#define DATA_MAX (1 << 24)

#define MORE_BLOCKS 2048

enum { READ_CAPACITY_10 = 0x25, SERVICE_ACTION_IN = 0x9e };

enum {
	SCSI_COMMAND = 0x01,
	LOGIN = 0x03,
	LOGOUT = 0x06,
	SCSI_RESPONSE = 0x21,
	LOGIN_RESPONSE = 0x23,
	DATA_IN = 0x25,
	R2T = 0x31,
	ASYNC = 0x32
};

struct pdu {
	uint8_t header[HEADER];
	uint8_t *data; /* of the largest size */
	size_t len; /* of the data, padded */
};

struct connection {
	int fd, target; /* -1: free; -1: no target yet */
	unsigned int port; /* 0 or 1 */
	uint32_t next_stat_sn, shift; /* StatSN of the initiator is that of the target plus shift */
	uint32_t exp_cmd_sn, max_cmd_sn;
	uint32_t capacity_tag; /* of a READ CAPACITY */
	double limit; /* for a Logout Request; 0: not asked */
};

static struct connection list[CONNECTIONS];
static int portals[2];
static const char *address;
static int first_port, target_port;
static unsigned int redirect; /* status; 0: none */
static double earliest; /* for a login after a drop */
static int grown, report; /* the capacity has changed; it must be reported */

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void note(const char *what)
{
	printf("%.6f %s\n", now(), what);
	fflush(stdout);
}

static uint32_t get32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, 4);
	return ntohl(value);
}

static void put32(uint8_t *at, uint32_t value)
{
	value = htonl(value);
	memcpy(at, &value, 4);
}

/* Receives a whole PDU without digests. Returns 0 at the end of the connection. */
static int receive(int fd, struct pdu *p)
{
	size_t len;

	if (recv(fd, p->header, HEADER, MSG_WAITALL) != HEADER)
		return 0;
	len = (size_t)p->header[5] << 16 | (size_t)p->header[6] << 8 | p->header[7];
	p->len = (len + 3) / 4 * 4 + 4U * p->header[4];
	return !p->len ||
	       (p->len < DATA_MAX && recv(fd, p->data, p->len, MSG_WAITALL) == (ssize_t)p->len);
}

static int send_all(int fd, const void *bytes, size_t len)
{
	const char *at = bytes;
	ssize_t n;

	for (; len; at += n, len -= (size_t)n) {
		n = send(fd, at, len, MSG_NOSIGNAL);
		if (n <= 0)
			return 0;
	}
	return 1;
}

static int put(int fd, const struct pdu *p)
{
	return send_all(fd, p->header, HEADER) && send_all(fd, p->data, p->len);
}

static void end(struct connection *c)
{
	close(c->fd);
	if (c->target >= 0)
		close(c->target);
	*c = (struct connection){ .fd = -1, .target = -1 };
}

static int listen_on(int port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (!inet_aton(address, &at.sin_addr) || bind(fd, (struct sockaddr *)&at, sizeof(at)) ||
	    listen(fd, 16))
		err(1, "%s:%d", address, port);
	return fd;
}

static int connect_target(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)target_port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (!connect(fd, (struct sockaddr *)&to, sizeof(to)))
		return fd;
	close(fd);
	return -1;
}

static void answer_redirect(struct connection *c, const struct pdu *asked)
{
	struct pdu p = { { LOGIN_RESPONSE }, (uint8_t[64]){ 0 }, 0 };
	int len = sprintf((char *)p.data, "TargetAddress=%s:%d,1", address, first_port + 1) + 1;

	p.len = (size_t)(len + 3) / 4 * 4;
	p.header[7] = (uint8_t)len;
	memcpy(p.header + 8, asked->header + 8, 6);
	memcpy(p.header + 16, asked->header + 16, 4);
	put32(p.header + 28, get32(asked->header + 24));
	put32(p.header + 32, get32(asked->header + 24));
	p.header[36] = (uint8_t)(redirect >> 8);
	p.header[37] = (uint8_t)redirect;
	put(c->fd, &p);
	note("redirected");
	if (redirect == 0x0102 && portals[0] >= 0) {
		close(portals[0]);
		portals[0] = -1;
	}
}

/* The first request of a connection. Returns 0 if the connection ends. */
static int begin_login(struct connection *c, const struct pdu *p)
{
	char text[32];

	if (now() < earliest)
		note("early");
	sprintf(text, "login %d", first_port + (int)c->port);
	note(text);
	if (redirect && !c->port) {
		answer_redirect(c, p);
		return 0;
	}
	c->target = connect_target();
	return c->target >= 0;
}

static int from_initiator(struct connection *c, struct pdu *p)
{
	unsigned int opcode;

	if (!receive(c->fd, p))
		return 0;
	opcode = p->header[0] & 0x3f;
	if (c->target < 0 && (opcode != LOGIN || !begin_login(c, p)))
		return 0;
	if (opcode == LOGOUT) {
		note("logout");
		c->limit = 0;
	}
	if (opcode == SCSI_COMMAND &&
	    (p->header[32] == READ_CAPACITY_10 || p->header[32] == SERVICE_ACTION_IN))
		c->capacity_tag = get32(p->header + 16);
	put32(p->header + 28, get32(p->header + 28) - c->shift); /* ExpStatSN */
	return put(c->target, p);
}

/* Turns a good response into CHECK CONDITION: UNIT ATTENTION, CAPACITY DATA HAS CHANGED. */
static void report_growth(struct pdu *p)
{
	static const uint8_t sense[20] = { 0, 18, 0x70, 0, 6, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x2a, 9 };

	p->header[3] = 2;
	p->header[7] = sizeof(sense);
	p->len = sizeof(sense);
	memcpy(p->data, sense, sizeof(sense));
	report = 0;
	note("reported");
}

/* Adds blocks to the last address in the data of READ CAPACITY (10) or (16). */
static void grow(struct pdu *p)
{
	uint8_t *low = p->data + (p->len >= 32 ? 4 : 0);

	put32(low, get32(low) + MORE_BLOCKS);
}

static int from_target(struct connection *c, struct pdu *p)
{
	unsigned int opcode;
	uint32_t stat_sn;

	if (!receive(c->target, p))
		return 0;
	opcode = p->header[0] & 0x3f;
	if (report && opcode == SCSI_RESPONSE && !p->len && !p->header[3])
		report_growth(p);
	if (grown && opcode == DATA_IN && p->len >= 8 && get32(p->header + 16) == c->capacity_tag)
		grow(p);
	c->exp_cmd_sn = get32(p->header + 28);
	c->max_cmd_sn = get32(p->header + 32);
	if (opcode != DATA_IN || p->header[1] & 1) { /* else it has no StatSN */
		stat_sn = get32(p->header + 24) + c->shift;
		put32(p->header + 24, stat_sn);
		c->next_stat_sn = stat_sn + (opcode != R2T);
	}
	return put(c->fd, p);
}

/* Sends an Async Message, which takes a StatSN of its own. */
static void send_async(struct connection *c, unsigned int event, unsigned int wait_s,
		       unsigned int limit_s)
{
	struct pdu p = { { ASYNC, 0x80 }, NULL, 0 };

	memset(p.header + 16, 0xff, 4);
	put32(p.header + 24, c->next_stat_sn++);
	put32(p.header + 28, c->exp_cmd_sn);
	put32(p.header + 32, c->max_cmd_sn);
	p.header[36] = (uint8_t)event;
	p.header[40] = (uint8_t)(wait_s >> 8);
	p.header[41] = (uint8_t)wait_s;
	p.header[42] = (uint8_t)(limit_s >> 8);
	p.header[43] = (uint8_t)limit_s;
	c->shift++;
	send_all(c->fd, p.header, HEADER);
	note("asked");
}

static void ask_logout(struct connection *c, unsigned int event, unsigned int seconds)
{
	send_async(c, event, 0, seconds);
	c->limit = now() + seconds;
}

static void drop(struct connection *c, unsigned int event, unsigned int seconds)
{
	send_async(c, event, seconds, seconds + 20);
	earliest = now() + seconds;
	note("dropped");
	end(c);
}

static void obey(const char *line)
{
	unsigned int seconds = 0, i;
	char word[16] = "";

	sscanf(line, "%15s %u", word, &seconds);
	report |= !strcmp(word, "grown");
	grown |= report;
	if (!strcmp(word, "redirect"))
		redirect = 0x0101;
	else if (!strcmp(word, "move"))
		redirect = 0x0102;
	for (i = 0; i < CONNECTIONS; i++) {
		if (list[i].target < 0)
			continue;
		if (!strcmp(word, "logout"))
			ask_logout(&list[i], 1, seconds);
		else if (!strcmp(word, "negotiate"))
			ask_logout(&list[i], 4, seconds);
		else if (!strcmp(word, "drop"))
			drop(&list[i], 2, seconds);
		else if (!strcmp(word, "drop-all"))
			drop(&list[i], 3, seconds);
	}
}

static void take(unsigned int port)
{
	int fd = accept(portals[port], NULL, NULL), on = 1;
	unsigned int i;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	for (i = 0; i < CONNECTIONS && list[i].fd >= 0; i++)
		;
	if (i == CONNECTIONS)
		errx(1, "too many connections");
	list[i] = (struct connection){ .fd = fd, .target = -1, .port = port };
}

static void serve(struct connection *c, const struct pollfd *p, struct pdu *pdu)
{
	if (c->limit && now() > c->limit) {
		note("late");
		end(c);
	} else if ((p[0].revents && !from_initiator(c, pdu)) ||
		   (p[1].revents && !from_target(c, pdu))) {
		end(c);
	}
}

int main(int argc, char **argv)
{
	struct pollfd p[3 + 2 * CONNECTIONS];
	struct pdu pdu = { .data = malloc(DATA_MAX) };
	char line[128];
	unsigned int i;

	if (argc != 4 || !pdu.data)
		errx(2, "usage: async-target ADDRESS PORT TARGET-PORT");
	address = argv[1];
	first_port = atoi(argv[2]);
	target_port = atoi(argv[3]);
	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdin, NULL, _IONBF, 0); /* poll() sees every line */
	for (i = 0; i < CONNECTIONS; i++)
		list[i] = (struct connection){ .fd = -1, .target = -1 };
	for (i = 0; i < 2; i++)
		portals[i] = listen_on(first_port + (int)i);
	for (;;) {
		p[0] = (struct pollfd){ .fd = STDIN_FILENO, .events = POLLIN };
		for (i = 0; i < 2; i++)
			p[1 + i] = (struct pollfd){ .fd = portals[i], .events = POLLIN };
		for (i = 0; i < CONNECTIONS; i++) {
			p[3 + 2 * i] = (struct pollfd){ .fd = list[i].fd, .events = POLLIN };
			p[4 + 2 * i] = (struct pollfd){ .fd = list[i].target, .events = POLLIN };
		}
		if (poll(p, 3 + 2 * CONNECTIONS, 100) < 0 && errno != EINTR)
			err(1, "poll");
		for (i = 0; i < CONNECTIONS; i++)
			if (list[i].fd >= 0)
				serve(&list[i], &p[3 + 2 * i], &pdu);
		for (i = 0; i < 2; i++)
			if (p[1 + i].revents)
				take(i);
		if (p[0].revents && fgets(line, sizeof(line), stdin))
			obey(line);
	}
}
