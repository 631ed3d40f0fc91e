/* SPDX-License-Identifier: GPL-2.0-only */
/* Sends requests to rtnetlink and receives the replies, with libmnl. */
#ifndef AGENT_NET_RTNL_H
#define AGENT_NET_RTNL_H

#include <libmnl/libmnl.h>
#include <stdint.h>

struct rtnl {
	struct mnl_socket *sock;
	uint32_t seq;
};

/* How often a dump that the kernel marks as inconsistent (-EINTR) is tried. */
#define NL_DUMP_TRIES 16
/* Size in bytes of a buffer that holds any request of this room. */
#define NL_REQUEST_SIZE 512

/* Opens the socket. Returns 0 or -errno. */
int rtnl_open(struct rtnl *nl);
/* Closes the socket, if it is open; usable with __attribute__((cleanup)). */
void rtnl_close(struct rtnl *nl);

/*
 * Starts a request of @type in @buf. @header: size of the family's header, which is zeroed;
 * @extra points to it then. Returns the request, which is in @buf.
 */
struct nlmsghdr *rtnl_request(char buf[NL_REQUEST_SIZE], uint16_t type, uint16_t flags,
			      size_t header, void **extra);
/*
 * Sends @request and calls @cb (unless NULL) with @data for each reply until the last. Opens the
 * socket if it is closed. Returns 0 or the kernel's -errno. -EINTR: the data changed during the
 * dump; start it again.
 */
int rtnl_talk(struct rtnl *nl, struct nlmsghdr *request, mnl_cb_t cb, void *data);

#endif
