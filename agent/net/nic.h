/* SPDX-License-Identifier: GPL-2.0-only */
/* One NIC on its way to be usable; all of them are stage_net (run.h). */
#ifndef AGENT_NET_NIC_H
#define AGENT_NET_NIC_H

#include "net/link.h"
#include "loop/path.h"

enum nic_state {
	NIC_NO_DEVICE,
	NIC_NO_CARRIER,
	NIC_CARRIER, /* just come, and said so; on the way to the next */
	NIC_NO_ADDRESS, /* the kernel still checks it, or a router has not given it yet */
	NIC_NO_ROUTE, /* IPv6: no router has said yet that it leads to the portal */
	NIC_READY,
	/* From here on nothing is waited for. */
	NIC_DUPLICATE, /* somebody else has the address */
	NIC_NO_CONFIG, /* no address is configured, and nobody gives one */
	NIC_ERROR, /* a request was refused */
};

struct nic_setup {
	struct nic *nic;
	enum nic_state state;
	int64_t since_ns; /* when it came to this state */
	int device; /* ifindex of the NIC itself, 0 before */
	char name[IFNAMSIZ]; /* of the NIC itself */
	int error; /* -errno, of what @doing says */
	const char *doing;
	unsigned int logged_states; /* the log has a line of these: bit enum nic_state */
	const char *manager; /* that has the device; NULL: it is ours */
	int rename_refused; /* -errno */
	uint64_t refusals_logged; /* of devices that don't come up: bit ifindex % 64 */
	int *raised; /* to see which has a carrier; nic_lower_unused() frees it */
	unsigned int nr_raised;
};

/*
 * Does what can be done now for the NIC and says what is missing. What is already so is left alone,
 * so it is called again after each event. @links is the state that the kernel had just now.
 */
enum nic_state nic_step(struct rtnl *nl, const struct progress *progress, const struct links *links,
			struct nic_setup *setup);
/* Takes down what was brought up on trial and is none of the NICs of @setups. */
void nic_lower_unused(struct rtnl *nl, struct nic_setup *setups, unsigned int nr);

#endif
