/* SPDX-License-Identifier: GPL-2.0-only */
/* IP addresses, subnets and MAC addresses as bytes and text. No netlink here: see net/addr.h. */
#ifndef AGENT_BASE_IP_ADDR_H
#define AGENT_BASE_IP_ADDR_H

#include <stdbool.h>

#include "kmod/core/params.h"

/* In struct ibu_addr an IPv4 address begins at this byte (RFC 4291 2.5.5.2: ::ffff:a.b.c.d). */
#define ADDR_V4_AT 12

/* Returns AF_INET or AF_INET6. */
unsigned char addr_family(const struct ibu_addr *a);
/* Returns the length of an address of this family in bits: 32 or 128. */
unsigned char addr_bits(const struct ibu_addr *a);
/* Sets @a to the unspecified address: 0.0.0.0 if @v4, else ::. */
void addr_any(struct ibu_addr *a, bool v4);
/* True if @a is in the subnet @subnet/@len. @len: 0 to 32 for IPv4, 0 to 128 for IPv6. */
bool addr_in_subnet(const struct ibu_addr *a, const struct ibu_addr *subnet, unsigned int len);
/* True for an IPv6 address of fe80::/10, which is valid on one link only (RFC 4291 2.5.6). */
bool addr_is_link_local(const struct ibu_addr *a);
/* Clears all but the first @len bits of @a. @len as above. */
void addr_mask(struct ibu_addr *a, unsigned int len);
/*
 * Returns the prefix length for an address given without a netmask: 8, 16 or 24 by the class of an
 * IPv4 address, as for ip= of the kernel (net/ipv4/ipconfig.c), or 64 for IPv6.
 */
unsigned int addr_usual_prefix(const struct ibu_addr *a);

/* A MAC address as text, returned by value: it lives until the end of the caller's statement. */
struct mac_text {
	char s[sizeof("52:54:00:12:34:56")];
};

/* Returns @mac in lower case with colons, as the kernel prints it. */
struct mac_text mac_text(const u8 mac[6]);

#endif
