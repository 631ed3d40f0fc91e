/* SPDX-License-Identifier: GPL-2.0-only */
/* Brings up one NIC, step by step; the stage "net" does it for all NICs. */
#ifndef AGENT_NET_NIC_H
#define AGENT_NET_NIC_H

#include "net/link.h"
#include "base/deadline.h"
#include "loop/path.h"

enum nic_state {
	NIC_NO_DEVICE,
	NIC_NO_CARRIER,
	NIC_CARRIER, /* the carrier is there and logged; an address comes next */
	NIC_NO_ADDRESS, /* not there yet, or duplicate address detection is running */
	NIC_NO_ROUTE, /* IPv6: no router has announced a route to the portal yet */
	NIC_READY,
	/* Final from here on. */
	NIC_DUPLICATE, /* another machine has the address */
	NIC_NO_CONFIG, /* no address is configured, and none is expected */
	NIC_ERROR, /* the kernel refused a request */
};

/* Progress of one NIC. */
struct nic_setup {
	struct nic *nic;
	enum nic_state state;
	int64_t since_ns; /* when it entered @state, CLOCK_MONOTONIC */
	int device; /* ifindex of the NIC itself, not of its VLAN; 0: not found yet */
	char name[IFNAMSIZ]; /* of the NIC itself */
	int error; /* -errno of the refused request */
	const char *doing; /* the refused request: "cannot VERB OBJECT" */
	unsigned int logged_states; /* states that were logged already: bit enum nic_state */
	const char *manager; /* network manager of the device; NULL: the agent configures it */
	bool mac_was_set; /* set-mac was done, or refused */
	int rename_refused; /* -errno of the failed rename; 0: not failed */
	uint64_t refusals_logged; /* devices logged as skipped: bit ifindex % 64 */
	bool was_full; /* of a pool: a device was left out, which is logged once */
	bool is_dark; /* of a pool: it has a device without a carrier */
	bool looked; /* of a pool: the devices that are up already were tried */
	int *raised; /* devices brought up to find a carrier; nic_lower_unused() frees it */
	unsigned int nr_raised;
};

/*
 * Sets up the NIC as far as possible now: device, VLAN, address, routes. Changes only what differs,
 * so the caller repeats it after each event. @links: the kernel's devices, just read. Returns
 * NIC_READY, the state to wait in, or a final state.
 */
enum nic_state nic_step(struct rtnl *nl, const struct progress *progress, const struct links *links,
			struct nic_setup *setup);
/*
 * Does the same for a pool (nic_is_pool()): brings up all its devices and adds a NIC to @progress
 * for each that has a carrier. The first call adds only those of devices that are up, which another
 * program may have configured. Returns the state of the device that got furthest.
 */
enum nic_state nic_pool_step(struct rtnl *nl, struct progress *progress, const struct links *links,
			     struct nic_setup *setup);
/*
 * Chooses the NIC of a path that may go by any NIC of a pool. Returns the time after which to call
 * it again; never: it is chosen, or only an event can change the choice.
 */
struct deadline nic_pool_choose(struct rtnl *nl, struct progress *progress,
				struct nic_setup *setups, struct path *path);
/*
 * Returns until when a path by the routing table waits for further NICs: now, unless only a gateway
 * leads to its portal, which may be in the subnet of a NIC that is not up yet.
 */
struct deadline nic_better_until(struct rtnl *nl, const struct progress *progress,
				 const struct nic_setup *setups, const struct path *path);
/*
 * Removes the address and so the routes of a NIC of a pool by which no path goes any more
 * (progress_use_nic()). The others are unchanged, and so is an address of another program.
 */
void nic_leave(struct rtnl *nl, struct nic_setup *setup);
/* Takes down the devices that were brought up on trial and are used by no NIC of @setups. */
void nic_lower_unused(struct rtnl *nl, struct nic_setup *setups, unsigned int nr);

#endif
