/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses of network devices: finds and adds them by rtnetlink. */
#ifndef AGENT_NET_ADDR_H
#define AGENT_NET_ADDR_H

#include "base/ip_addr.h"
#include "net/rtnl.h"

enum addr_state {
	ADDR_ABSENT,
	ADDR_TENTATIVE, /* IPv6: duplicate address detection is running (RFC 4862 5.4) */
	ADDR_READY,
	ADDR_DUPLICATE, /* another machine on the link has it */
};

/*
 * Reads the state of @addr on the device @ifindex into @state. With @addr NULL: the best state of
 * the addresses of @peer's family that have global scope or a subnet that contains @peer.
 * Returns 0 or -errno.
 */
int addr_find(struct rtnl *nl, int ifindex, const struct ibu_addr *addr,
	      const struct ibu_addr *peer, enum addr_state *state);
/* Adds @addr to the device. An address that exists already is no error. Returns 0 or -errno. */
int addr_add(struct rtnl *nl, int ifindex, const struct ibu_addr *addr, unsigned int prefix_len);
/* Removes all addresses of the device. Returns 0 or -errno. */
int addr_flush(struct rtnl *nl, int ifindex);
/* Appends @a to the message as attribute @type: 4 bytes for IPv4, 16 for IPv6. */
void addr_put(struct nlmsghdr *nlh, uint16_t type, const struct ibu_addr *a);
/* Reads the address in @attr into @a; 0.0.0.0 if it is neither 4 nor 16 bytes long. */
void addr_get(struct ibu_addr *a, const struct nlattr *attr);

#endif
