// SPDX-License-Identifier: GPL-2.0-only
/* Initializes the state of a NIC. */
#include "loop/nic.h"

/* Takes the lease in the firmware's table, which was used to load the kernel. */
static void take_firmware_lease(struct lease *lease, const struct ibu_nic *nic)
{
	lease->from = LEASE_FIRMWARE;
	lease->ip = nic->ip;
	lease->prefix_len = nic->prefix_len;
	lease->router = nic->gateway;
	lease->server = nic->dhcp;
	if (!ibu_addr_is_null(&nic->primary_dns))
		lease->dns[lease->nr_dns++] = nic->primary_dns;
	if (!ibu_addr_is_null(&nic->secondary_dns))
		lease->dns[lease->nr_dns++] = nic->secondary_dns;
	if (ibu_has(&nic->f, IBU_NIC_HOSTNAME) && nic->hostname.len <= IBU_TEXT_MAX)
		memcpy(lease->hostname, nic->hostname.s, nic->hostname.len);
}

void nic_init(struct nic *nic, const struct plan_nic *plan)
{
	*nic = (struct nic){ .plan = plan, .config = plan->nic };
	if (plan->has_firmware_lease)
		take_firmware_lease(&nic->lease, plan->nic);
}
