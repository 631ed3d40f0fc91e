/* SPDX-License-Identifier: GPL-2.0-only */
/* Sends a request PDU over TCP and receives the response, without blocking. */
#ifndef AGENT_ISCSI_PDU_SOCKET_H
#define AGENT_ISCSI_PDU_SOCKET_H

#include <netinet/in.h>

#include "iscsi/pdu.h"

struct pdu_socket {
	int fd; /* non-blocking; -1: none */
	/* Private: */
	const struct pdu *out;
	size_t sent, got; /* bytes of @out and @in */
	/* Public: */
	struct pdu in; /* the response, once it is complete */
};

struct pdu_socket_options {
	unsigned int window; /* buffer sizes in bytes; 0: the kernel's default */
	unsigned int tos; /* IP type of service, 0 to 255 */
	const char *congestion; /* TCP congestion control algorithm; NULL: the kernel's default */
	unsigned int pacing_mbit; /* highest rate in Mbit/s; 0: no limit */
};

/* The window of open-iscsi (TCP_WINDOW_SIZE). */
#define PDU_SOCKET_WINDOW (512 * 1024)

/*
 * Sets the options of a TCP socket for a session, before it is connected. Returns 0, or -errno if
 * the kernel does not have the congestion control algorithm. Other options that it refuses are
 * ignored.
 */
int pdu_socket_tune(int fd, int family, const struct pdu_socket_options *options);
/* Starts to connect. Returns 0 or -errno, mostly -EINPROGRESS: then poll for POLLOUT. */
int pdu_socket_connect(struct pdu_socket *s, const struct sockaddr_in6 *addr, socklen_t len);
/* Returns the result of a connection attempt that has ended: 0 or -errno. */
int pdu_socket_connected(const struct pdu_socket *s);
/*
 * Returns true if the peer closed the connection, or the connection failed. The kernel does not
 * report that for a socket that had ended before iscsi_nl_bind_conn().
 */
bool pdu_socket_has_ended(int fd);
/* Starts to send @pdu, which must live until the response is complete. */
void pdu_socket_send(struct pdu_socket *s, const struct pdu *pdu);
/*
 * Sends and receives as far as possible. Returns 1: the response is complete, and no byte after it
 * was read; 0: not yet; -ENODATA: the peer closed the connection; -EMSGSIZE: the response is too
 * long (pdu_size()); or another -errno.
 */
int pdu_socket_poll(struct pdu_socket *s);
/* Discards the complete response and waits for the next PDU; no request is sent. */
void pdu_socket_skip(struct pdu_socket *s);
/* Returns the event to poll for: POLLOUT or POLLIN. */
short pdu_socket_events(const struct pdu_socket *s);
/* Returns the text for an error of pdu_socket_poll() or pdu_socket_connected(). */
const char *pdu_socket_strerror(int error);
/* Closes the socket, if it is open. */
void pdu_socket_close(struct pdu_socket *s);

#endif
