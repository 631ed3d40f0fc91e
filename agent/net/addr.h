/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses of the kernel, and what they are in its messages. */
#ifndef AGENT_NET_ADDR_H
#define AGENT_NET_ADDR_H

#include "base/ip_addr.h"
#include "net/rtnl.h"

enum addr_state {
	ADDR_ABSENT,
	ADDR_TENTATIVE, /* IPv6: the kernel still asks whether somebody else has it */
	ADDR_READY,
	ADDR_DUPLICATE, /* somebody else has it */
};

/*
 * Of @addr on the device; with @addr NULL of the best address of the family of @peer there: that is
 * an address of global scope, or any address whose subnet @peer is in. 0 or -errno.
 */
int addr_find(struct rtnl *nl, int ifindex, const struct ibu_addr *addr,
	      const struct ibu_addr *peer, enum addr_state *state);
/* What is there already is no error. 0 or -errno. */
int addr_add(struct rtnl *nl, int ifindex, const struct ibu_addr *addr, unsigned int prefix_len);
/* Into a message, and out of it. */
void addr_put(struct nlmsghdr *nlh, uint16_t type, const struct ibu_addr *a);
void addr_get(struct ibu_addr *a, const struct nlattr *attr);

#endif
