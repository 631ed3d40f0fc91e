/* SPDX-License-Identifier: GPL-2.0-only */
/* Decides whether an address can be that of an iSCSI portal. */
#ifndef IBU_PORTAL_H
#define IBU_PORTAL_H

#include "params.h"

/*
 * Returns NULL, or why no portal can have the address, as "is a multicast address" (RFC 1122
 * 3.2.1.3, RFC 1112 4, RFC 4291 2.5 to 2.7).
 */
const char *ibu_portal_fault(const struct ibu_addr *a);

/*
 * Returns NULL, or what the address is to @nic, as "is the address of": its own address, also the
 * link-local one of its MAC, or the network or broadcast address of its subnet. None of them can be
 * a portal.
 */
const char *ibu_portal_clash(const struct ibu_addr *a, const struct ibu_nic *nic);

/*
 * Returns NULL, or what the IPv4 address is in the subnet of @nic: "broadcast address" or "network
 * address". No host has such an address (RFC 1122 3.2.1.3).
 */
const char *ibu_subnet_fault(const struct ibu_addr *a, const struct ibu_nic *nic);

/* Is @a in the subnet of the address of @nic? */
bool ibu_nic_has(const struct ibu_nic *nic, const struct ibu_addr *a);

/* How sure it is that an IPv4 address is the first four bytes of an IPv6 address. */
enum ibu_cut {
	IBU_CUT_NO, /* no IPv6 address in use begins so */
	IBU_CUT_MAYBE, /* a global address may begin so, but it is also a valid IPv4 address */
	IBU_CUT_YES, /* a ULA, link-local or site-local address; reserved in IPv4 */
};

/*
 * Firmware that supports only IPv4 writes an IPv6 address as IPv4: its first four bytes (iPXE, and
 * EDK2 where it configures the address family itself). Prefixes are those that IANA has assigned.
 */
enum ibu_cut ibu_addr_is_cut(const struct ibu_addr *a);

#endif
