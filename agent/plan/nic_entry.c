// SPDX-License-Identifier: GPL-2.0-only
/* Reads properties of NIC entries of the view, and compares entries. */
#include "plan/nic_entry.h"

#include <string.h>

#include "base/ip_addr.h"
#include "kmod/core/attrs.h"

bool nic_wants_dhcp(const struct ibu_nic *nic)
{
	return ibu_has(&nic->f, IBU_NIC_METHOD) && !ibu_has(&nic->f, IBU_NIC_IP_ADDR) &&
	       (nic->method == IBU_METHOD_DHCP || nic->method == IBU_METHOD_DHCP6 ||
		nic->method == IBU_METHOD_ANY);
}

bool nic_has_config(const struct ibu_nic *nic)
{
	return ibu_has(&nic->f, IBU_NIC_IP_ADDR) || nic->method != IBU_METHOD_NONE;
}

bool nic_is_ipv6_only(const struct ibu_nic *nic)
{
	return !ibu_has(&nic->f, IBU_NIC_IP_ADDR) && nic->method >= IBU_METHOD_DHCP6 &&
	       nic->method <= IBU_METHOD_LINK6;
}

bool nic_may_get(const struct ibu_nic *nic, bool v4)
{
	if (ibu_has(&nic->f, IBU_NIC_IP_ADDR))
		return ibu_addr_is_v4(&nic->ip) == v4;
	return v4 ? !nic_is_ipv6_only(nic) : nic->method != IBU_METHOD_DHCP;
}

bool nic_is_pool(const struct ibu_nic *nic)
{
	const u64 named = BIT_ULL(IBU_NIC_MAC) | BIT_ULL(IBU_NIC_PCI_BDF) |
			  BIT_ULL(IBU_NIC_IFNAME) | BIT_ULL(IBU_NIC_VLAN) |
			  BIT_ULL(IBU_NIC_IP_ADDR);

	return !(nic->f.set & named) && nic->method != IBU_METHOD_NONE;
}

unsigned int nic_vlan(const struct ibu_nic *nic)
{
	return ibu_has(&nic->f, IBU_NIC_VLAN) ? nic->vlan : 0;
}

/* Two ports of some adapters have the same MAC in the firmware's table. */
static bool other_function(const struct ibu_nic *a, const struct ibu_nic *b)
{
	return ibu_has(&a->f, IBU_NIC_PCI_BDF) && ibu_has(&b->f, IBU_NIC_PCI_BDF) &&
	       a->pci_bdf != b->pci_bdf;
}

bool nic_same_device(const struct ibu_nic *a, const struct ibu_nic *b)
{
	if (ibu_has(&a->f, IBU_NIC_MAC) && ibu_has(&b->f, IBU_NIC_MAC))
		return !memcmp(a->mac, b->mac, sizeof(a->mac)) && !other_function(a, b);
	return ibu_has(&a->f, IBU_NIC_IFNAME) && ibu_has(&b->f, IBU_NIC_IFNAME) &&
	       ibu_text_eq(&a->ifname, &b->ifname);
}

bool nic_same_link(const struct ibu_nic *a, const struct ibu_nic *b)
{
	return a == b || (nic_same_device(a, b) && nic_vlan(a) == nic_vlan(b));
}

unsigned int nic_prefix_len(const struct ibu_nic *nic)
{
	return ibu_has(&nic->f, IBU_NIC_PREFIX_LEN) ? nic->prefix_len : addr_usual_prefix(&nic->ip);
}

bool nic_has_in_subnet(const struct ibu_nic *nic, const struct ibu_addr *a)
{
	return ibu_has(&nic->f, IBU_NIC_IP_ADDR) &&
	       addr_in_subnet(a, &nic->ip, nic_prefix_len(nic));
}
