/* SPDX-License-Identifier: GPL-2.0-only */
/* State of a NIC of the plan: its device and its lease. */
#ifndef AGENT_LOOP_NIC_H
#define AGENT_LOOP_NIC_H

#include "base/deadline.h"
#include "loop/lease.h"
#include "plan/plan.h"

struct nic {
	const struct plan_nic *plan;
	const struct ibu_nic *config; /* as configured; &leased if there is a lease */
	/* Set by net: */
	bool asks; /* its link is up, and it needs a lease */
	int ifindex; /* of the device with the address (the VLAN's, if there is one); 0: not up */
	char ifname[IFNAMSIZ]; /* of that device; empty before it is there */
	u8 mac[6]; /* of that device now */
	bool mac_is_unique; /* no other device has it, as a VLAN's parent would */
	/* Set by net for the first NIC of a bond: */
	bool bond_is_ours; /* the agent created it */
	bool bond_is_foreign; /* it existed before */
	bool members_over; /* waited for missing members; @partner_over: for an 802.3ad partner */
	bool partner_over;
	unsigned int members_tried; /* bit: number of a member that was added or refused */
	struct deadline bond_until; /* the end of one of these waits; at_ns 0: no wait */
	/*
	 * The entry for all NICs (nic_is_pool()) that it was made from, for one device; NULL: an
	 * entry of the plan.
	 */
	struct nic *pool;
	bool used; /* with @pool: a path goes by it; else it gets no address */
	bool left; /* with @pool: a path went by it, but chose another NIC */
	/* Set by dhcp and dns for net: the configuration or the destination of the NIC changed. */
	bool look_again;
	/* Set by dhcp: @config completed by the lease. Texts may point into @lease. */
	struct ibu_nic leased;
	struct lease lease;
};

/* Initializes @nic from @plan, with the firmware's lease if the plan uses it. */
void nic_init(struct nic *nic, const struct plan_nic *plan);

#endif
