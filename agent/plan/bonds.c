// SPDX-License-Identifier: GPL-2.0-only
/* Reads bond=, and gives the bond the addresses that are configured for its members. */
#include <errno.h>

#include "base/cleanup.h"
#include "base/ip_addr.h"
#include "plan/nic_entry.h"
#include "plan/planner.h"
#include "kmod/core/attrs.h"

/* The device of the member: a MAC as written or by ifname=, else its name. Returns 0 or -ENOMEM. */
static int set_member(struct plan *plan, const struct ibu_text *text, struct plan_member *member)
{
	unsigned int i;

	*member = (struct plan_member){ .has_mac = false };
	if (!ibu_mac_parse(text->s, text->len, member->mac)) {
		member->has_mac = true;
		member->name = plan_ifname(plan, member->mac);
		if (member->name)
			return 0;
	}
	member->name = arena_text(&plan->arena, text->s, text->len);
	for (i = 0; member->name && i < plan->nr_ifnames && !member->has_mac; i++) {
		if (strcmp(plan->ifnames[i].name, member->name) != 0)
			continue;
		memcpy(member->mac, plan->ifnames[i].mac, sizeof(member->mac));
		member->has_mac = true;
	}
	return member->name ? 0 : -ENOMEM;
}

static int set_bond(struct plan *plan, struct plan_bond *bond)
{
	const struct ibu_bond *config = &bond->config;
	unsigned int i;

	bond->name = arena_text(&plan->arena, config->name.s, config->name.len);
	bond->members = arena_alloc(&plan->arena, config->nr_members * sizeof(*bond->members));
	if (!bond->name || !bond->members)
		return -ENOMEM;
	for (i = 0; i < config->nr_members; i++) {
		if (set_member(plan, &config->members[i], &bond->members[i]))
			return -ENOMEM;
		if (config->primary.len && ibu_text_eq(&config->primary, &config->members[i]))
			bond->primary = &bond->members[i];
	}
	return 0;
}

enum status planner_read_bonds(struct planner *p)
{
	struct ibu_bonds_seen seen = { .nr = 0 };
	struct plan *plan = p->plan;
	struct ibu_bond config;
	unsigned int i;

	if (p->nr_values[WORD_BOND])
		plan->bonds = arena_alloc(&plan->arena, IBU_MAX_BONDS * sizeof(*plan->bonds));
	if (p->nr_values[WORD_BOND] && !plan->bonds)
		return planner_no_memory(p);
	for (i = 0; i < p->nr_values[WORD_BOND]; i++) {
		if (ibu_bond_parse(p->values[WORD_BOND][i], &seen, &config, NULL, NULL))
			continue; /* the module reports it; also those above IBU_MAX_BONDS */
		plan->bonds[plan->nr_bonds].config = config;
		if (set_bond(plan, &plan->bonds[plan->nr_bonds]))
			return planner_no_memory(p);
		plan->nr_bonds++;
	}
	return STATUS_OK;
}

const struct plan_bond *plan_bond_named(const struct plan *plan, const struct ibu_text *name)
{
	unsigned int i;

	for (i = 0; i < plan->nr_bonds; i++)
		if (ibu_is(name, plan->bonds[i].name))
			return &plan->bonds[i];
	return NULL;
}

/* Reads the hardware's MAC of the device @name, which may be a member already. */
static int member_mac(struct planner *p, const struct plan_member *member, u8 mac[6])
{
	static const char *const files[] = { "bonding_slave/perm_hwaddr", "address" };
	AUTO_ARENA arena = NULL;
	unsigned int i;
	ssize_t len;
	char *text;

	if (member->has_mac) {
		memcpy(mac, member->mac, sizeof(member->mac));
		return 0;
	}
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		len = file_read(&arena, &text, "%s/sys/class/net/%s/%s", p->root, member->name,
				files[i]);
		if (len > 0 && !ibu_mac_parse(text, (size_t)len - 1, mac))
			return 0;
	}
	p->plan->unsettled = true; /* the device does not exist yet */
	return -ENOENT;
}

int planner_bond_mac(struct planner *p, const struct plan_bond *bond, u8 mac[6])
{
	if (!bond->has_mac)
		return member_mac(p, &bond->members[0], mac);
	memcpy(mac, bond->mac, sizeof(bond->mac));
	return 0;
}

static bool nic_is_member(struct planner *p, const struct ibu_nic *nic,
			  const struct plan_member *member)
{
	u8 mac[6];

	if (ibu_has(&nic->f, IBU_NIC_MAC))
		return !member_mac(p, member, mac) && !memcmp(mac, nic->mac, sizeof(mac));
	return ibu_has(&nic->f, IBU_NIC_IFNAME) && ibu_is(&nic->ifname, member->name);
}

/* Returns the bond whose member is the device of @nic; NULL: it is no member. */
static struct plan_bond *bond_of_member(struct planner *p, const struct ibu_nic *nic)
{
	struct plan *plan = p->plan;
	unsigned int i, m;

	for (i = 0; i < plan->nr_bonds; i++)
		for (m = 0; m < plan->bonds[i].config.nr_members; m++)
			if (nic_is_member(p, nic, &plan->bonds[i].members[m]))
				return &plan->bonds[i];
	return NULL;
}

static bool bond_is_configured(const struct planner *p, const struct plan_bond *bond)
{
	const struct ibu_params *params = &p->view->params;
	unsigned int i;

	for (i = 0; i < params->nr_nics; i++)
		if (ibu_has(&params->nics[i].f, IBU_NIC_IFNAME) &&
		    ibu_is(&params->nics[i].ifname, bond->name) && nic_has_config(&params->nics[i]))
			return true;
	return false;
}

/*
 * Returns the only bond, for an entry of the command line that names no device, unless another
 * entry configures the bond.
 */
static struct plan_bond *bond_of_any(const struct planner *p, const struct ibu_nic *nic)
{
	const u64 names = BIT_ULL(IBU_NIC_MAC) | BIT_ULL(IBU_NIC_IFNAME) | BIT_ULL(IBU_NIC_PCI_BDF);

	if (p->plan->nr_bonds != 1 || nic->f.set & names)
		return NULL;
	return bond_is_configured(p, p->plan->bonds) ? NULL : p->plan->bonds;
}

/*
 * The bond gets the MAC of the NIC in the firmware's table: its DHCP server and its switch know
 * that one. It is the first of them.
 */
static void keep_mac(struct plan_bond *bond, const struct ibu_nic *nic)
{
	if (bond->has_mac || !(nic->source & IBU_FROM_IBFT) || !ibu_has(&nic->f, IBU_NIC_MAC))
		return;
	memcpy(bond->mac, nic->mac, sizeof(bond->mac));
	bond->has_mac = true;
}

void planner_move_to_bond(struct planner *p, unsigned int n)
{
	struct ibu_nic *nic = &p->nics[n];
	struct plan_bond *bond = bond_of_member(p, nic), *any = NULL;

	if (!bond)
		any = bond_of_any(p, nic);
	if (!bond && !any)
		return;
	if (any)
		plan_note(&p->diag, "nic", n, "ifname", "names no device: used for bond %s",
			  any->name);
	else if (nic->source == IBU_FROM_CMDLINE && bond_is_configured(p, bond) &&
		 nic_has_config(nic)) {
		nic->f.set &= ~BIT_ULL(IBU_NIC_IP_ADDR);
		nic->method = IBU_METHOD_NONE;
		plan_note(&p->diag, "nic", n, "ifname",
			  "ignored: member of bond %s, which has its own ip=", bond->name);
	} else if (nic_has_config(nic)) {
		plan_note(&p->diag, "nic", n, "ifname",
			  "the device is a member of %s: the bond gets its address", bond->name);
		keep_mac(bond, nic);
	}
	bond = bond ? bond : any;
	nic->f.set &= ~(BIT_ULL(IBU_NIC_MAC) | BIT_ULL(IBU_NIC_PCI_BDF));
	nic->f.set |= BIT_ULL(IBU_NIC_IFNAME);
	nic->ifname = (struct ibu_text){ bond->name, (u32)strlen(bond->name) };
}
