/* SPDX-License-Identifier: GPL-2.0-only */
/* Requests to rtnetlink and their answers, over libmnl. */
#ifndef AGENT_NET_RTNL_H
#define AGENT_NET_RTNL_H

#include <libmnl/libmnl.h>
#include <stdint.h>

struct rtnl {
	struct mnl_socket *sock;
	uint32_t seq;
};

/* A dump that the kernel marks as inconsistent (-EINTR) is begun again, but not for ever. */
#define NL_DUMP_TRIES 16
/* Room for any request here. */
#define NL_REQUEST_SIZE 512

int rtnl_open(struct rtnl *nl);
/* For __attribute__((cleanup)) too; nothing to do for one that was never opened. */
void rtnl_close(struct rtnl *nl);

/* Starts a request of @type in @buf; @header: size of the family's own one, zeroed, at @extra. */
struct nlmsghdr *rtnl_request(char buf[NL_REQUEST_SIZE], uint16_t type, uint16_t flags,
			      size_t header, void **extra);
/*
 * Sends it and hands each answer to @cb (may be NULL), until the kernel says that it is done.
 * 0 or -errno, which is the kernel's answer; -EINTR: something changed during a dump, begin again.
 */
int rtnl_talk(struct rtnl *nl, struct nlmsghdr *request, mnl_cb_t cb, void *data);

#endif
