/* SPDX-License-Identifier: GPL-2.0-only */
/* The DHCP lease of a NIC. */
#ifndef AGENT_LOOP_LEASE_H
#define AGENT_LOOP_LEASE_H

#include "kmod/core/params.h"
#include "plan/dhcp_clients.h"

#define LEASE_DNS_MAX 4

/*
 * Values that a DHCP server gave a NIC. The texts are as received: their length was checked,
 * nothing is escaped. Code that writes one into a file must check what that file allows.
 */
struct lease {
	enum lease_from from;
	struct ibu_addr ip; /* IPv4 by DHCP, IPv6 by DHCPv6 */
	unsigned int prefix_len; /* 128 by DHCPv6, which has no subnets */
	struct ibu_addr router; /* zero: none */
	struct ibu_addr dns[LEASE_DNS_MAX];
	unsigned int nr_dns;
	struct ibu_addr server; /* DHCPv4: the server; zero: not known */
	unsigned int mtu; /* 0: not given */
	unsigned int seconds; /* lease time; 0: not known, UINT_MAX: infinite */
	int64_t since_ns; /* CLOCK_MONOTONIC */
	/*
	 * The client's identifier as hex digits: option 61 (RFC 2132 9.14), or the DUID (RFC 8415
	 * 11). Empty: not known, or the MAC of the packet. With DHCPv6 the IAID is the last four
	 * bytes of the MAC.
	 */
	char client_id[2 * 32 + 1];
	char hostname[IBU_TEXT_MAX + 1];
	char domain[IBU_TEXT_MAX + 1];
	char root_path[IBU_TEXT_MAX + 1]; /* as the server sent it; RFC 4173 */
};

#endif
