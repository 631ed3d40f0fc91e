/* SPDX-License-Identifier: GPL-2.0-only */
/* Sends and receives the messages that renew one lease. */
#ifndef AGENT_LEASE_LEASE_SOCKET_H
#define AGENT_LEASE_LEASE_SOCKET_H

#include <stdbool.h>
#include <sys/types.h>

#include "lease/lease_record.h"

/*
 * Opens a socket on the client's port of the device of @r, which has its address. @to_addr: bound
 * to that address too. Linux gives a reply to the last socket that is bound so, else a client that
 * has one and hangs would take it; but the socket gets no broadcast then, such as a refusal.
 * Returns a file descriptor that does not block, or -errno.
 */
int lease_socket_open(const struct lease_record *r, bool to_addr);
/*
 * Sends @len bytes to the server of @r, from its address; to all servers on the link if @to_all or
 * for IPv6. Returns 0 or -errno.
 */
int lease_socket_send(int fd, const struct lease_record *r, bool to_all, const void *buf,
		      size_t len);

#endif
