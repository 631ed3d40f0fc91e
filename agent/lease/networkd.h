/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads what systemd-networkd says of its leases, in files below /run/systemd/netif. */
#ifndef AGENT_LEASE_NETWORKD_H
#define AGENT_LEASE_NETWORKD_H

#include <stdbool.h>

#include "lease/lease_record.h"

struct networkd_lease {
	struct ibu_addr ip, server; /* IPv4 only; zero: not known */
	unsigned int prefix_len; /* 0: not known */
	unsigned int seconds; /* the lease time; LEASE_UNKNOWN */
	unsigned int since_s; /* when it was granted, CLOCK_MONOTONIC; 0: not known */
	u8 id[LEASE_ID_MAX]; /* client ID */
	unsigned int id_len; /* 0: not known */
};

/*
 * Reads the DHCPv4 lease of the device @ifindex. Returns 0; -ENOENT: networkd has none; or another
 * -errno: networkd does not answer, because it starts, is busy or hangs.
 */
int networkd_read_lease(int ifindex, struct networkd_lease *lease);
/*
 * Returns 1 if networkd runs and holds a lease of the address of @r on the device @ifindex, 0 if it
 * does not, or -errno: it runs and does not answer. For IPv6 @lease has no values, and networkd is
 * the holder if it configures the device.
 */
int networkd_has_lease(int ifindex, const struct lease_record *r, struct networkd_lease *lease);

#endif
