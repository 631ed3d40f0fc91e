/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds the network device of init_net that is a configured NIC, and watches for changes. */
#ifndef IBU_NETDEV_H
#define IBU_NETDEV_H

#include <linux/if.h>

#include "core/nic_match.h"

/* The state of the device, copied because the device may disappear at any moment. */
struct ibu_nic_now {
	enum ibu_match match; /* IBU_MATCH_NONE: no device matches, and all below is zero */
	bool ambiguous; /* others match equally well; this one was registered first */
	char ifname[IFNAMSIZ];
	int ifindex;
	char pci[24]; /* its PCI function, "0000:00:03.0"; empty if it has none */
	u8 mac[6]; /* all zero if the device has no Ethernet address */
	unsigned int mtu;
	unsigned int operstate; /* RFC 2863, IF_OPER_* */
	bool running; /* IFF_UP */
	bool carrier;
};

/*
 * Stores the state of the device that matches @nic best in @now. Takes rcu_read_lock(), not RTNL;
 * may be called in any context that allows that.
 */
void ibu_nic_look(const struct ibu_nic *nic, struct ibu_nic_now *now);

/*
 * Starts to call @changed from a work item, at least once after any change that ibu_nic_look() can
 * see. Changes in quick succession may share one call. Returns 0 or -errno.
 */
int ibu_nic_watch(void (*changed)(void));

/*
 * Stops the calls. On return @changed is not running and is not called again. The caller must not
 * hold RTNL.
 */
void ibu_nic_unwatch(void);

#endif
