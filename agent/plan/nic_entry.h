/* SPDX-License-Identifier: GPL-2.0-only */
/* Questions about one or two NIC entries of the view. */
#ifndef AGENT_PLAN_NIC_ENTRY_H
#define AGENT_PLAN_NIC_ENTRY_H

#include <stdbool.h>

#include "kmod/core/params.h"

/* Whether its address comes by DHCP. */
bool nic_wants_dhcp(const struct ibu_nic *nic);
/* Whether it says how to get an address; one NIC can say that only once. */
bool nic_has_config(const struct ibu_nic *nic);
/* Returns its VLAN, 0 for none. */
unsigned int nic_vlan(const struct ibu_nic *nic);
/* Whether both are one device by MAC or by name, perhaps with different VLANs. */
bool nic_same_device(const struct ibu_nic *a, const struct ibu_nic *b);
/* Whether both are addresses of one device, or of one VLAN of it. */
bool nic_same_link(const struct ibu_nic *a, const struct ibu_nic *b);
/* Whether @a is in the subnet of its address. */
bool nic_has_in_subnet(const struct ibu_nic *nic, const struct ibu_addr *a);

#endif
