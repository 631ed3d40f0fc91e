// SPDX-License-Identifier: GPL-2.0-only
#include "iscsi/pdu_socket.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"

/*
 * A peer that is silent without a word (power lost, a failover to another machine) is found by TCP
 * alone, which would go on for a quarter of an hour; NOP-Outs are off for a root on one path, since
 * they cut off a target that is merely slow. TCP is answered by the target's kernel however slow
 * its disks are. 60 s: longer than a switch that restarts its ports (30 to 50 s with 802.1D), and
 * shorter than a command may take (90 s), so that the connection is made anew, and commands are
 * sent again, before the kernel's error handling takes them for lost. Also where nothing is asked.
 */
#define SILENT_MS 60000
#define KEEPALIVE_IDLE_S 30
#define KEEPALIVE_EVERY_S 10

static void set(int fd, int level, int option, int value)
{
	(void)setsockopt(fd, level, option, &value, sizeof(value));
}

void pdu_socket_tune(int fd, int family, int window, int tos)
{
	/* A command that waits for the answer to the one before it waits for its delayed ACK. */
	set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, SILENT_MS);
	set(fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S);
	set(fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_EVERY_S);
	set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	if (window) { /* above net.core.{r,w}mem_max too */
		set(fd, SOL_SOCKET, SO_RCVBUFFORCE, window);
		set(fd, SOL_SOCKET, SO_SNDBUFFORCE, window);
	}
	if (tos && family == AF_INET6)
		set(fd, IPPROTO_IPV6, IPV6_TCLASS, tos);
	else if (tos)
		set(fd, IPPROTO_IP, IP_TOS, tos);
}

int pdu_socket_connect(struct pdu_socket *w, const struct sockaddr_in6 *addr, socklen_t len)
{
	return connect(w->fd, (const struct sockaddr *)addr, len) < 0 ? -errno : 0;
}

int pdu_socket_connected(const struct pdu_socket *w)
{
	socklen_t len = sizeof(int);
	int error = 0;

	return getsockopt(w->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0 ? -errno : -error;
}

bool pdu_socket_has_ended(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLRDHUP };

	return poll(&p, 1, 0) > 0;
}

void pdu_socket_send(struct pdu_socket *w, const struct pdu *pdu)
{
	w->out = pdu;
	w->sent = 0;
	w->got = 0;
}

static bool is_sent(const struct pdu_socket *w)
{
	return !w->out || w->sent == pdu_size(w->out->header);
}

short pdu_socket_events(const struct pdu_socket *w)
{
	return is_sent(w) ? POLLIN : POLLOUT;
}

static int send_rest(struct pdu_socket *w)
{
	const uint8_t *bytes = (const uint8_t *)w->out;
	ssize_t n = send(w->fd, bytes + w->sent, pdu_size(w->out->header) - w->sent, MSG_NOSIGNAL);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	w->sent += (size_t)n;
	return 0;
}

/* First the header, which says how long it is. */
static int receive(struct pdu_socket *w)
{
	size_t size = PDU_HEADER;
	ssize_t n;

	for (;;) {
		if (w->got >= PDU_HEADER)
			size = pdu_size(w->in.header);
		if (!size)
			return -EMSGSIZE;
		if (w->got >= PDU_HEADER && w->got == size)
			return 1;
		n = recv(w->fd, (uint8_t *)&w->in + w->got, size - w->got, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return !n ? -ENODATA : errno == EAGAIN ? 0 : -errno;
		w->got += (size_t)n;
	}
}

int pdu_socket_poll(struct pdu_socket *w)
{
	int r = is_sent(w) ? 0 : send_rest(w);

	return r || !is_sent(w) ? r : receive(w);
}

const char *pdu_socket_strerror(int error)
{
	switch (error) {
	case -ENODATA:
		return "it closes the connection";
	case -EMSGSIZE:
		return "an answer that is longer than it may be";
	default:
		return strerror(-error);
	}
}

void pdu_socket_close(struct pdu_socket *w)
{
	cleanup_fd(&w->fd);
	w->fd = -1;
}
