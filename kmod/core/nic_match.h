/* SPDX-License-Identifier: GPL-2.0-only */
/* Which network device is a configured NIC: one rule for the module and the agent. */
#ifndef IBU_MATCH_H
#define IBU_MATCH_H

#include "params.h"

/* What the rule looks at in a network device. */
struct ibu_netdev {
	const char *ifname;
	u8 mac[6];
	u8 perm_addr[6]; /* zero where the driver gives none */
	u32 pci_bdf; /* of the PCI function it sits on, 0 for none */
	bool has_parent; /* it has hardware of its own */
	bool stacked; /* VLAN, bond, bridge, macvlan: on top of another device */
};

/* Best last. */
enum ibu_match {
	IBU_MATCH_NONE,
	IBU_MATCH_PCI,
	IBU_MATCH_NAME,
	IBU_MATCH_MAC,
	IBU_MATCH_PERM_ADDR
};

/* "", "pci", "name", "mac", "perm-addr": as nicN/netdev/match shows it. */
extern const char *const ibu_match_names[];

/*
 * How well @dev fits @nic. The best of all devices is the NIC; two of the same best rank are an
 * ambiguity, which the caller says. PCI counts only where no device has the MAC (Broadcom's HBA
 * mode writes a MAC that no device has).
 */
enum ibu_match ibu_match(const struct ibu_nic *nic, const struct ibu_netdev *dev);

#endif
