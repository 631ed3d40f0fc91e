/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel has now for a configured NIC: the network devices of init_net. */
#ifndef IBU_NIC_H
#define IBU_NIC_H

#include <linux/if.h>

#include "core/nic_match.h"

/* A copy: a network device may be gone the moment after. */
struct ibu_nic_now {
	enum ibu_match match; /* IBU_MATCH_NONE: absent, and nothing below is set */
	bool ambiguous; /* others match as well; this is the one registered first */
	char ifname[IFNAMSIZ];
	int ifindex;
	u8 mac[6]; /* zero unless it is an Ethernet address */
	unsigned int mtu;
	unsigned int operstate; /* RFC 2863, IF_OPER_* */
	bool running; /* IFF_UP */
	bool carrier;
};

/* Looks for the device of @nic. Any context that may take rcu_read_lock(); no RTNL. */
void ibu_nic_look(const struct ibu_nic *nic, struct ibu_nic_now *now);

/*
 * Calls @changed from a work item, soon and at least once after any change that ibu_nic_look() can
 * see. Changes in quick succession may share a call. 0 or -errno.
 */
int ibu_nic_watch(void (*changed)(void));
/* After this @changed neither runs nor will. Not under RTNL. */
void ibu_nic_unwatch(void);

#endif
