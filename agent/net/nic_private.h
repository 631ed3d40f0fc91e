/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside of nic_step(): nic.c has addresses, nic_device.c the device, nic_route.c routes. */
#ifndef AGENT_NET_NIC_PRIVATE_H
#define AGENT_NET_NIC_PRIVATE_H

#include "net/nic.h"

struct nic_context {
	struct rtnl *nl;
	const struct progress *progress;
	const struct links *links;
	struct nic_setup *setup;
	struct link *link; /* that has the address, a VLAN perhaps; NULL before it is there */
};

/* What could not be done, for people; NIC_ERROR. */
enum nic_state nic_refused(struct nic_context *n, const char *doing, int error);
/* Length of the prefix of its address. */
unsigned int nic_prefix(const struct ibu_nic *nic);

/*
 * Finds the device, renames it where ifname= says so, brings it up with its VLAN. NIC_READY with a
 * carrier, or what is missing.
 */
enum nic_state nic_device_step(struct nic_context *n);
/* Default route, rd.route=, a way to each portal; where there are several NICs, its own table. */
enum nic_state nic_route_step(struct nic_context *n);
/* Whether the kernel sends to @dst by the device, and by @gateway unless that is NULL. */
bool nic_goes_by(struct nic_context *n, const struct ibu_addr *dst, const struct ibu_addr *gateway);

#endif
