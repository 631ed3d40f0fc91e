// SPDX-License-Identifier: GPL-2.0-only
/* Sends and receives PDUs over a non-blocking TCP socket. */
#include "iscsi/pdu_socket.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"

/*
 * TCP alone would notice a peer that vanished (power loss, failover to another machine) only after
 * a quarter of an hour. NOP-Out pings are off for a root disk on one path, because they would cut
 * off a target that is merely slow; TCP is acknowledged by the target's kernel however slow its
 * disks are. 60 s is longer than a switch port takes to restart (30 to 50 s with 802.1D) and
 * shorter than the command timeout (90 s): the guard reconnects, and commands are sent again,
 * before the kernel's error handling starts. Keepalives cover an idle connection.
 */
#define PEER_TIMEOUT_MS 60000
#define KEEPALIVE_IDLE_S 30
#define KEEPALIVE_EVERY_S 10

static void set_option(int fd, int level, int option, int value)
{
	(void)setsockopt(fd, level, option, &value, sizeof(value));
}

static void set_pacing(int fd, unsigned int mbit)
{
	unsigned long rate = mbit * (1000000UL / 8);

	(void)setsockopt(fd, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, sizeof(rate));
}

int pdu_socket_tune(int fd, int family, const struct pdu_socket_options *o)
{
	/* Nagle's algorithm would delay a command until the delayed ACK of the previous one. */
	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, PEER_TIMEOUT_MS);
	set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S);
	set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_EVERY_S);
	set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	if (o->window) { /* may exceed net.core.{r,w}mem_max */
		set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, (int)o->window);
		set_option(fd, SOL_SOCKET, SO_SNDBUFFORCE, (int)o->window);
	}
	if (o->tos && family == AF_INET6)
		set_option(fd, IPPROTO_IPV6, IPV6_TCLASS, (int)o->tos);
	else if (o->tos)
		set_option(fd, IPPROTO_IP, IP_TOS, (int)o->tos);
	if (o->pacing_mbit)
		set_pacing(fd, o->pacing_mbit);
	if (!o->congestion)
		return 0;
	return setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, o->congestion,
			  (socklen_t)strlen(o->congestion)) ?
		       -errno :
		       0;
}

int pdu_socket_connect(struct pdu_socket *s, const struct sockaddr_in6 *addr, socklen_t len)
{
	return connect(s->fd, (const struct sockaddr *)addr, len) < 0 ? -errno : 0;
}

int pdu_socket_connected(const struct pdu_socket *s)
{
	socklen_t len = sizeof(int);
	int error = 0;

	return getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0 ? -errno : -error;
}

bool pdu_socket_has_ended(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLRDHUP };

	return poll(&p, 1, 0) > 0;
}

void pdu_socket_send(struct pdu_socket *s, const struct pdu *pdu)
{
	s->out = pdu;
	s->sent = 0;
	s->got = 0;
}

void pdu_socket_skip(struct pdu_socket *s)
{
	s->got = 0;
}

static bool is_sent(const struct pdu_socket *s)
{
	return !s->out || s->sent == pdu_size(s->out->header);
}

short pdu_socket_events(const struct pdu_socket *s)
{
	return is_sent(s) ? POLLIN : POLLOUT;
}

static int send_rest(struct pdu_socket *s)
{
	const uint8_t *bytes = (const uint8_t *)s->out;
	ssize_t n = send(s->fd, bytes + s->sent, pdu_size(s->out->header) - s->sent, MSG_NOSIGNAL);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	s->sent += (size_t)n;
	return 0;
}

/* Receives the header first, because it contains the length. */
static int receive_rest(struct pdu_socket *s)
{
	size_t size = PDU_HEADER;
	ssize_t n;

	for (;;) {
		if (s->got >= PDU_HEADER)
			size = pdu_size(s->in.header);
		if (!size)
			return -EMSGSIZE;
		if (s->got >= PDU_HEADER && s->got == size)
			return 1;
		n = recv(s->fd, (uint8_t *)&s->in + s->got, size - s->got, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return !n ? -ENODATA : errno == EAGAIN ? 0 : -errno;
		s->got += (size_t)n;
	}
}

int pdu_socket_poll(struct pdu_socket *s)
{
	int r = is_sent(s) ? 0 : send_rest(s);

	return r || !is_sent(s) ? r : receive_rest(s);
}

const char *pdu_socket_strerror(int error)
{
	switch (error) {
	case -ENODATA:
		return "connection closed by the target";
	case -EMSGSIZE:
		return "response PDU too long";
	default:
		return strerror(-error);
	}
}

void pdu_socket_close(struct pdu_socket *s)
{
	cleanup_fd(&s->fd);
	s->fd = -1;
}
