/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses and routes of the kernel. */
#ifndef AGENT_ADDR_H
#define AGENT_ADDR_H

#include "../kmod/params.h"
#include "netlink.h"

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
int addr_find(struct nl *nl, int ifindex, const struct ibu_addr *addr, const struct ibu_addr *peer,
	      enum addr_state *state);
/* What is there already is no error. 0 or -errno. */
int addr_add(struct nl *nl, int ifindex, const struct ibu_addr *addr, unsigned int prefix_len);
/*
 * @dst NULL: all. @gateway NULL: @dst is on the link. @onlink: the gateway is in no subnet. 0,
 * -EEXIST if there is a route to @dst, perhaps another one, or another -errno.
 */
int route_add(struct nl *nl, int ifindex, const struct ibu_addr *dst,
	      const struct ibu_addr *gateway, bool onlink);
/* How the kernel sends somewhere. */
struct route {
	int ifindex;
	struct ibu_addr gateway; /* zero: it is on the link */
};

/* The one to @dst. 0, or -ENETUNREACH or another -errno. */
int route_find(struct nl *nl, const struct ibu_addr *dst, struct route *route);

/* @len counts in the family of @a: 0 to 32 or 128. */
bool addr_in_subnet(const struct ibu_addr *a, const struct ibu_addr *subnet, unsigned int len);
/* By the classes of old, as the kernel's ip= does it where no netmask is given; 64 for IPv6. */
unsigned int addr_usual_prefix(const struct ibu_addr *a);

#endif
