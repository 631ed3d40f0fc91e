/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages of DHCPv6 (RFC 8415) that renew a lease, as bytes. No I/O. */
#ifndef AGENT_LEASE_DHCP6_H
#define AGENT_LEASE_DHCP6_H

#include <stddef.h>

#include "lease/lease_record.h"

#define DHCP6_CLIENT_PORT 546
#define DHCP6_SERVER_PORT 547
#define DHCP6_SERVERS "ff02::1:2" /* All_DHCP_Relay_Agents_and_Servers */
#define DHCP6_SIZE 512
#define DHCP6_DUID_MAX 130 /* RFC 8415 11.1 */

/* Message types: RFC 8415 7.3. */
enum dhcp6_type { DHCP6_REQUEST = 3, DHCP6_RENEW = 5, DHCP6_REBIND = 6 };

/* The DUID of the server; len 0: not known. */
struct dhcp6_server {
	u8 duid[DHCP6_DUID_MAX];
	unsigned int len;
};

struct dhcp6_reply {
	struct dhcp6_server server;
	unsigned int seconds; /* valid lifetime of the address; 0: the server does not extend it */
	unsigned int t1, t2; /* 0: not given */
};

/*
 * Writes a message for @lease to @buf and returns its length. @xid: 24 bits. A Request and a Renew
 * go to @server. The IAID is the last four bytes of the MAC.
 */
size_t dhcp6_write(u8 buf[DHCP6_SIZE], enum dhcp6_type type, u32 xid,
		   const struct lease_record *lease, const struct dhcp6_server *server);
/* Reads a reply to @xid of @lease. Returns 0, or -EINVAL if it is damaged or not a reply to it. */
int dhcp6_read(const u8 *buf, size_t len, u32 xid, const struct lease_record *lease,
	       struct dhcp6_reply *reply);

#endif
