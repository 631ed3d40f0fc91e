/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses of the kernel, and what they are in its messages. */
#ifndef AGENT_NET_ADDR_H
#define AGENT_NET_ADDR_H

#include "net/rtnl.h"
#include "kmod/core/params.h"

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
/* @len counts in the family of @a: 0 to 32 or 128. */
bool addr_in_subnet(const struct ibu_addr *a, const struct ibu_addr *subnet, unsigned int len);
/* Its first @len bits, the others 0; as above. */
void addr_mask(struct ibu_addr *a, unsigned int len);
/* All zero, of either family. */
void addr_any(struct ibu_addr *a, bool v4);
/* AF_INET or AF_INET6, and 32 or 128. */
unsigned char addr_family(const struct ibu_addr *a);
unsigned char addr_bits(const struct ibu_addr *a);
/* Into a message, and out of it. */
void addr_put(struct nlmsghdr *nlh, uint16_t type, const struct ibu_addr *a);
void addr_get(struct ibu_addr *a, const struct nlattr *attr);
/* A MAC as the kernel writes it, for as long as the expression lasts that asks for it. */
struct mac_text {
	char s[sizeof("52:54:00:12:34:56")];
};

struct mac_text mac_text(const u8 mac[6]);
/* By the classes of old, as the kernel's ip= does it where no netmask is given; 64 for IPv6. */
unsigned int addr_usual_prefix(const struct ibu_addr *a);

#endif
