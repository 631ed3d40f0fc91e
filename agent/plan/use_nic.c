// SPDX-License-Identifier: GPL-2.0-only
/* Adds a NIC entry of the view to the plan. */
#include "plan/planner.h"
#include "kmod/core/attrs.h"

/* Ignores a gateway of another address family: the NIC's address cannot reach it. */
static void check_gateway(struct planner *p, unsigned int n)
{
	struct ibu_nic *nic = &p->nics[n];

	if (!ibu_has(&nic->f, IBU_NIC_IP_ADDR) || !ibu_has(&nic->f, IBU_NIC_GATEWAY) ||
	    ibu_addr_is_null(&nic->gateway) ||
	    ibu_addr_is_v4(&nic->gateway) == ibu_addr_is_v4(&nic->ip))
		return;
	nic->f.set &= ~BIT_ULL(IBU_NIC_GATEWAY);
	plan_note(&p->diag, "nic", n, "gateway",
		  "ignored: address and gateway are of different families");
}

/* Ignores an address to set if it could go to several devices. */
static void check_set_mac(struct planner *p, unsigned int n)
{
	if (!ibu_has(&p->nics[n].f, IBU_NIC_SET_MAC) || !nic_is_pool(&p->nics[n]))
		return;
	p->nics[n].f.set &= ~BIT_ULL(IBU_NIC_SET_MAC);
	plan_note(&p->diag, "nic", n, "set-mac", "ignored: the NIC must be named");
}

static bool has_firmware_lease(const struct ibu_nic *nic)
{
	return nic->method == IBU_METHOD_DHCP && ibu_has(&nic->f, IBU_NIC_IP_ADDR) &&
	       !(nic->f.from_cmdline & (BIT_ULL(IBU_NIC_IP_ADDR) | BIT_ULL(IBU_NIC_METHOD)));
}

/* The plan's array has room for all entries. */
struct plan_nic *planner_use_nic(struct planner *p, unsigned int n)
{
	struct plan *plan = p->plan;
	unsigned int i;

	for (i = 0; i < plan->nr_nics; i++)
		if (plan->nics[i].number == n)
			return &plan->nics[i];
	check_gateway(p, n);
	check_set_mac(p, n);
	plan->nics[i] = (struct plan_nic){ .nic = &p->nics[n],
					   .number = n,
					   .has_firmware_lease = has_firmware_lease(&p->nics[n]) };
	planner_name_nic(p, &plan->nics[i]);
	if (ibu_has(&p->nics[n].f, IBU_NIC_IFNAME) && !ibu_has(&p->nics[n].f, IBU_NIC_MAC))
		plan->nics[i].bond = plan_bond_named(plan, &p->nics[n].ifname);
	plan->nr_nics++;
	return &plan->nics[i];
}
