/* SPDX-License-Identifier: GPL-2.0-only */
/* What became of a NIC of the plan: its device and its lease. */
#ifndef AGENT_LOOP_NIC_H
#define AGENT_LOOP_NIC_H

#include "loop/lease.h"
#include "plan/plan.h"

struct nic {
	const struct plan_nic *plan;
	const struct ibu_nic *config; /* as configured; once there is a lease, &leased */
	/* Set by dhcp: @config completed by what the lease gives. Texts may point into @lease. */
	struct ibu_nic leased;
	struct lease lease;
	/* Set by net: */
	bool asks; /* its link is up, and it wants a lease */
	int ifindex; /* of the device with the address (the VLAN's, if there is one); 0: not up */
	char ifname[IFNAMSIZ]; /* of that device; empty before it is there */
	u8 mac[6]; /* of that device now */
	bool mac_is_unique; /* no other device has it, as a VLAN's parent would */
	/* Set by dhcp and names for net: its configuration or its destination changed. */
	bool look_again;
};

/* Starts as @plan has it, with the firmware's lease if the plan uses it. */
void nic_init(struct nic *nic, const struct plan_nic *plan);

#endif
