/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads properties of NIC entries of the view, and compares entries. */
#ifndef AGENT_PLAN_NIC_ENTRY_H
#define AGENT_PLAN_NIC_ENTRY_H

#include <stdbool.h>

#include "kmod/core/params.h"

/* Returns true if the NIC gets its address by DHCP. */
bool nic_wants_dhcp(const struct ibu_nic *nic);
/* Returns true if the NIC gets its address by a method that gives IPv6 addresses only. */
bool nic_is_ipv6_only(const struct ibu_nic *nic);
/*
 * Returns true if the entry gives the NIC an address of IPv4 (@v4) or IPv6, or may get one by its
 * method. A router may give an IPv6 address to any NIC, which does not count.
 */
bool nic_may_get(const struct ibu_nic *nic, bool v4);
/*
 * Returns true if the entry has an address or a method to get one. A NIC can have only one of them.
 */
bool nic_has_config(const struct ibu_nic *nic);
/*
 * Returns true if the entry names no device and gives no address: every NIC with a carrier is
 * tried, and each path goes by the one that leads to its portal.
 */
bool nic_is_pool(const struct ibu_nic *nic);
/* Returns the VLAN of the NIC; 0: none. */
unsigned int nic_vlan(const struct ibu_nic *nic);
/*
 * Returns true if both have the same MAC, or without a MAC the same name; the VLANs may differ.
 * Different PCI addresses are different devices.
 */
bool nic_same_device(const struct ibu_nic *a, const struct ibu_nic *b);
/* Returns true if both are the same device and have the same VLAN. */
bool nic_same_link(const struct ibu_nic *a, const struct ibu_nic *b);
/* Returns the bits of the subnet of a NIC with an address: without a netmask the usual ones. */
unsigned int nic_prefix_len(const struct ibu_nic *nic);
/* Returns true if @a is in the subnet of the NIC's address. */
bool nic_has_in_subnet(const struct ibu_nic *nic, const struct ibu_addr *a);

#endif
