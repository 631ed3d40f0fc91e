// SPDX-License-Identifier: GPL-2.0-only
/* Decides which network device is a configured NIC. */
#include "nic_match.h"

const char *const ibu_match_names[] = {
	[IBU_MATCH_NONE] = "",
	[IBU_MATCH_PCI] = "pci",
	[IBU_MATCH_NAME] = "name",
	[IBU_MATCH_MAC] = "mac",
	[IBU_MATCH_MAC_PCI] = "mac",
	[IBU_MATCH_PERM_ADDR] = "perm-addr",
	[IBU_MATCH_PERM_ADDR_PCI] = "perm-addr",
};

enum ibu_match ibu_match(const struct ibu_nic *nic, const struct ibu_netdev *dev)
{
	bool pci = ibu_has(&nic->f, IBU_NIC_PCI_BDF) && dev->pci_bdf == nic->pci_bdf;

	/* A VLAN or bond has the MAC address of its parent, but the NIC is the parent. */
	if (ibu_has(&nic->f, IBU_NIC_MAC) && !dev->stacked) {
		if (dev->has_parent && !memcmp(dev->perm_addr, nic->mac, 6))
			return pci ? IBU_MATCH_PERM_ADDR_PCI : IBU_MATCH_PERM_ADDR;
		if (!memcmp(dev->mac, nic->mac, 6))
			return pci ? IBU_MATCH_MAC_PCI : IBU_MATCH_MAC;
	}
	if (ibu_has(&nic->f, IBU_NIC_IFNAME) && !ibu_has(&nic->f, IBU_NIC_MAC) &&
	    ibu_is(&nic->ifname, dev->ifname))
		return IBU_MATCH_NAME;
	return pci && !dev->stacked ? IBU_MATCH_PCI : IBU_MATCH_NONE;
}
