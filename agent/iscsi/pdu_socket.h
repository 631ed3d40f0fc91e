/* SPDX-License-Identifier: GPL-2.0-only */
/* PDUs over a TCP connection, one question and one answer at a time, without blocking. */
#ifndef AGENT_ISCSI_PDU_SOCKET_H
#define AGENT_ISCSI_PDU_SOCKET_H

#include <netinet/in.h>

#include "iscsi/pdu.h"

struct pdu_socket {
	int fd; /* that does not block; -1: none */
	struct pdu in; /* the answer, once it is there */
	/* Private: */
	const struct pdu *out;
	size_t sent, got; /* of them */
};

/*
 * A socket for the root's disk, before it is connected. Buffers of @window bytes, 0: as the kernel
 * likes; @tos: of IP, 0 to 255. What is refused stays as it was.
 */
void pdu_socket_tune(int fd, int family, int window, int tos);
/* 0: there already, or -errno, mostly -EINPROGRESS: writable once it is or has failed. */
int pdu_socket_connect(struct pdu_socket *wire, const struct sockaddr_in6 *addr, socklen_t len);
/* Of a connection that was in progress: 0 or -errno. */
int pdu_socket_connected(const struct pdu_socket *wire);
/* A connection has ended or failed: the kernel is not told of what came before it was handed it. */
bool pdu_socket_has_ended(int fd);
/* @pdu is to be sent, and must live until its answer is there. */
void pdu_socket_send(struct pdu_socket *wire, const struct pdu *pdu);
/*
 * Goes on. 1: the answer is there, and not a byte behind it was read; 0: not yet; -ENODATA: the
 * peer has closed the connection; -EMSGSIZE: the answer is longer than it may be; or another
 * -errno.
 */
int pdu_socket_poll(struct pdu_socket *wire);
/* What is waited for: POLLOUT or POLLIN. */
short pdu_socket_events(const struct pdu_socket *wire);
/* For people, of what wire_step() or wire_connected() returned. */
const char *pdu_socket_strerror(int error);
void pdu_socket_close(struct pdu_socket *wire);

#endif
