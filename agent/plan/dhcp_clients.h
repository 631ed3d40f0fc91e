/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of the DHCP clients, and the sources of a lease. */
#ifndef AGENT_PLAN_DHCP_CLIENTS_H
#define AGENT_PLAN_DHCP_CLIENTS_H

/* The source of a lease, which can also renew it. No client keeps running after boot. */
enum lease_from { LEASE_NONE, LEASE_FIRMWARE, LEASE_DHCPCD, LEASE_UDHCPC, LEASE_IPCONFIG };

/* Returns "dhcpcd", "udhcpc" or "ipconfig"; NULL for another @kind. */
const char *dhcp_client_name(enum lease_from kind);

#endif
