/* SPDX-License-Identifier: GPL-2.0-only */
/* Decides which network device is a configured NIC, for the module and the agent alike. */
#ifndef IBU_NIC_MATCH_H
#define IBU_NIC_MATCH_H

#include "params.h"

/* The facts about a network device that the match uses. */
struct ibu_netdev {
	const char *ifname;
	u8 mac[6];
	u8 perm_addr[6]; /* all zero if the driver sets none */
	u32 pci_bdf; /* of its PCI function, or 0 */
	bool has_parent; /* it is a hardware device */
	bool stacked; /* it is a layer on other devices: VLAN, bond, bridge, macvlan */
};

/* What matched, from the weakest to the strongest. */
enum ibu_match {
	IBU_MATCH_NONE,
	IBU_MATCH_PCI,
	IBU_MATCH_NAME,
	IBU_MATCH_MAC,
	IBU_MATCH_MAC_PCI, /* both: tells two ports apart that have the same MAC */
	IBU_MATCH_PERM_ADDR,
	IBU_MATCH_PERM_ADDR_PCI,
};

/* "", "pci", "name", "mac", "perm-addr": the values of nicN/netdev/match. */
extern const char *const ibu_match_names[];

/*
 * Returns how well @dev matches @nic. The caller compares all devices: the strongest match is the
 * NIC, and two equally strong ones are ambiguous. A PCI address is the weakest match, for tables
 * with a MAC that no device has (Broadcom firmware in HBA mode).
 */
enum ibu_match ibu_match(const struct ibu_nic *nic, const struct ibu_netdev *dev);

#endif
