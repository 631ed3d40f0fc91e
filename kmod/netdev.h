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

struct net_device;

/* Stores the state of the device that matches @nic best in @now. The caller holds RTNL. */
void ibu_nic_look(const struct ibu_nic *nic, struct ibu_nic_now *now);

/*
 * Can an event of @dev change what ibu_nic_look() finds for @nic, after it found @now? NULL stands
 * for all devices. The caller holds RTNL.
 */
bool ibu_nic_concerns(const struct ibu_nic *nic, const struct ibu_nic_now *now,
		      const struct net_device *dev);

/*
 * Starts to call @update under RTNL: once for all devices (NULL), and then for the device of each
 * event after which ibu_nic_look() may find another state. A device of NULL stands for all. Returns
 * 0 or -errno. The caller must not hold RTNL.
 */
int ibu_nic_watch(void (*update)(const struct net_device *dev), void (*changed)(void));

/*
 * Has @changed of ibu_nic_watch() called from a work item, without locks. Several notifications may
 * share one call.
 */
void ibu_nic_notify(void);

/*
 * Stops the calls. On return neither function is running, and neither is called again. The caller
 * must not hold RTNL.
 */
void ibu_nic_unwatch(void);

#endif
