/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shared by the parts of nic_step(): nic_device.c, nic_rename.c, bond.c, nic_address.c,
 * nic_route.c.
 */
#ifndef AGENT_NET_NIC_PRIVATE_H
#define AGENT_NET_NIC_PRIVATE_H

#include "net/nic.h"

/* State of one call of nic_step(). */
struct nic_context {
	struct rtnl *nl;
	const struct progress *progress;
	const struct links *links;
	struct nic_setup *setup;
	struct link *link; /* gets the address: the device or its VLAN; NULL: not found yet */
};

/* Records the refused request ("cannot VERB OBJECT") and its -errno. Returns NIC_ERROR. */
enum nic_state nic_refused(struct nic_context *n, const char *doing, int error);
/* Returns the prefix length of the NIC's address: as configured, or the usual one. */
unsigned int nic_prefix(const struct ibu_nic *nic);

/*
 * Renames @link, which is down, to @name, also if another device has @name that ifname= renames:
 * that one gets its own name, or @spare. Returns 0 or -errno for @link.
 */
int nic_rename(struct nic_context *n, struct link *link, const char *name, const char *spare);
/*
 * Finds the device, renames it as ifname= requests, and brings up the device and its VLAN. Returns
 * NIC_READY if there is a carrier, else the state to wait in or NIC_ERROR.
 */
enum nic_state nic_device_step(struct nic_context *n);
/*
 * For a NIC that is not named in any way: brings up all Ethernet devices that no network manager
 * manages, because a carrier is only seen on a device that is up. Chooses the first one with a
 * carrier, and keeps it while it has a carrier. Returns 0, or -errno if all devices refuse to come
 * up.
 */
int nic_raise_any(struct nic_context *n);
/*
 * Adds the default route, those of rd.route=, one to each portal that needs it, and with several
 * NICs a table for this NIC. Returns NIC_READY, NIC_NO_ROUTE or NIC_ERROR.
 */
enum nic_state nic_route_step(struct nic_context *n);
/* True if the kernel sends to @dst by the device, and by @gateway unless that is NULL. */
bool nic_goes_by(struct nic_context *n, const struct ibu_addr *dst, const struct ibu_addr *gateway);

#endif
