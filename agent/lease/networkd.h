/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads what systemd-networkd says of its leases, in files below /run/systemd/netif. */
#ifndef AGENT_LEASE_NETWORKD_H
#define AGENT_LEASE_NETWORKD_H

#include <stdbool.h>

#include "lease/lease_record.h"

struct networkd_lease {
	unsigned int seconds; /* LEASE_UNKNOWN for IPv6, of which networkd has no file */
	int64_t stamp; /* changes with each renewal; 0 for IPv6 */
	u8 id[LEASE_ID_MAX]; /* client ID */
	unsigned int id_len; /* 0: not known */
};

/*
 * Returns true if networkd runs and holds a lease of the address of @r on the device @ifindex, as
 * in @lease.
 */
bool networkd_has_lease(int ifindex, const struct lease_record *r, struct networkd_lease *lease);

#endif
