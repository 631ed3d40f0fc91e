/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages of DHCP (RFC 2131) that renew a lease, as bytes. No I/O. */
#ifndef AGENT_LEASE_DHCP4_H
#define AGENT_LEASE_DHCP4_H

#include <stdbool.h>
#include <stddef.h>

#include "lease/lease_record.h"

#define DHCP4_CLIENT_PORT 68
#define DHCP4_SERVER_PORT 67
#define DHCP4_SIZE 548 /* every host accepts it: RFC 2131 2 */

/* Message types: RFC 2132 9.6. */
enum dhcp4_type {
	DHCP4_DISCOVER = 1,
	DHCP4_OFFER = 2,
	DHCP4_REQUEST = 3,
	DHCP4_ACK = 5,
	DHCP4_NAK = 6,
};

struct dhcp4_reply {
	u8 type; /* DHCP4_OFFER, DHCP4_ACK or DHCP4_NAK */
	struct ibu_addr ip; /* that the server gives; zero in a NAK */
	struct ibu_addr server; /* zero: not known */
	unsigned int seconds; /* LEASE_INFINITE, or the lease time; not given: that of before */
	unsigned int t1, t2; /* 0: not given */
};

/*
 * Writes a message for @lease to @buf and returns its length. @type: DHCP4_DISCOVER, or
 * DHCP4_REQUEST. @offered: the server whose offer is requested; NULL: the lease is renewed or
 * rebound (table 4 of RFC 2131).
 */
size_t dhcp4_write(u8 buf[DHCP4_SIZE], enum dhcp4_type type, u32 xid,
		   const struct lease_record *lease, const struct ibu_addr *offered);
/* Reads a reply to @xid of @lease. Returns 0, or -EINVAL if it is damaged or not a reply to it. */
int dhcp4_read(const u8 *buf, size_t len, u32 xid, const struct lease_record *lease,
	       struct dhcp4_reply *reply);

#endif
