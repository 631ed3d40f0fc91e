/* SPDX-License-Identifier: GPL-2.0-only */
/* Asks systemd-networkd for a DHCPv4 lease by varlink: since systemd 261 it has no file of it. */
#ifndef AGENT_LEASE_NETWORKD_DESCRIBE_H
#define AGENT_LEASE_NETWORKD_DESCRIBE_H

#include "lease/networkd.h"

/* Returns the length of the prefix of @mask: 24 of 255.255.255.0. */
unsigned int networkd_prefix(const struct ibu_addr *mask);
/*
 * Asks a networkd that listens for the lease of the device @ifindex, for at most two seconds.
 * Returns 0; -ENOENT: it has no such lease; or another -errno, as without networkd. Before systemd
 * 261 the answer has not the values of the lease, but its time.
 */
int networkd_describe(int ifindex, struct networkd_lease *lease);
/* Reads the lease in the answer @json. Returns 0 or -ENOENT. */
int networkd_read_description(const char *json, struct networkd_lease *lease);
/*
 * Asks as networkd_describe() for the root path (DHCP option 17) of the lease, and returns it in
 * @arena, as the server sent it; NULL: no lease, no root path, or before systemd 261.
 */
char *networkd_ask_root_path(void **arena, int ifindex);
/* Returns the root path in the answer @json, in @arena; NULL: none, or one that is no text. */
char *networkd_described_root_path(void **arena, const char *json);

#endif
