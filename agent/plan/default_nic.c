// SPDX-License-Identifier: GPL-2.0-only
/*
 * Chooses what gets an address for targets that no configured NIC could reach. It is by DHCP, as
 * with dracut and Debian: on the NIC of BOOTIF=, else on every NIC with a carrier.
 */
#include "base/arena.h"
#include "base/ip_addr.h"
#include "plan/nic_entry.h"
#include "plan/planner.h"
#include "plan/transport.h"
#include "kmod/core/cmdline.h"

static bool can_reach(const struct ibu_nic *nic, const struct ibu_target *t)
{
	if (!nic_has_config(nic))
		return false;
	if (ibu_has(&t->f, IBU_TARGET_IP_ADDR) && ibu_addr_is_v4(&t->ip) && nic_is_ipv6_only(nic))
		return false;
	return !ibu_has(&nic->f, IBU_NIC_IP_ADDR) || !ibu_has(&t->f, IBU_TARGET_IP_ADDR) ||
	       ibu_addr_is_v4(&nic->ip) == ibu_addr_is_v4(&t->ip);
}

bool planner_needs_default(const struct planner *p, const struct ibu_target *t)
{
	unsigned int n;

	for (n = 0; n < p->nr_nics; n++)
		if (p->same_as[n] == n && !(p->default_reason && n == p->default_nic) &&
		    can_reach(&p->nics[n], t))
			return false;
	return !plan_wants_card(t); /* a card has an address of its own */
}

static void set_method(struct ibu_nic *nic, enum ibu_method method)
{
	nic->method = method;
	ibu_set(&nic->f, IBU_NIC_METHOD);
}

/*
 * Finds the entry of BOOTIF=, by which the machine loaded its kernel: the view shows it as a MAC of
 * the command line without a name.
 */
static bool find_bootif(const struct planner *p, unsigned int *n)
{
	for (*n = 0; *n < p->nr_nics; ++*n) {
		const struct ibu_nic *nic = &p->nics[*n];

		if (p->same_as[*n] == *n && !nic_has_config(nic) &&
		    nic->f.from_cmdline & BIT_ULL(IBU_NIC_MAC) && !ibu_has(&nic->f, IBU_NIC_IFNAME))
			return true;
	}
	return false;
}

static bool has_config(const struct planner *p)
{
	unsigned int n;

	for (n = 0; n < p->nr_nics; n++)
		if (nic_has_config(&p->nics[n]))
			return true;
	return false;
}

/* Returns why no configured NIC can be used; @t: the target that it cannot reach, or NULL. */
static const char *default_cause(const struct planner *p, const struct ibu_target *t)
{
	if (t && has_config(p))
		return ibu_addr_is_v4(&t->ip) ? "no configured NIC has an IPv4 address" :
						"no configured NIC has an IPv6 address";
	if (p->nr_values[WORD_IP])
		return "no usable ip=";
	return "no NIC is configured";
}

/* Sets the reason; "no NIC is configured" if there is no memory for another one. */
static void set_default_reason(struct planner *p, const char *cause, bool bootif)
{
	const struct ibu_nic *nic = &p->nics[p->default_nic];
	const char *where = bootif ? "that of BOOTIF=" : "every NIC";

	if (ibu_has(&nic->f, IBU_NIC_IFNAME)) /* the only bond */
		where = plan_bond_named(p->plan, &nic->ifname)->name;
	p->default_reason = arena_printf(&p->plan->arena, "%s: DHCP on %s", cause, where);
	if (!p->default_reason)
		p->default_reason = "no NIC is configured";
}

/* The arrays have room for one more entry. @t: the target that needs it, or NULL. */
static void make_default(struct planner *p, enum ibu_method method, const struct ibu_target *t)
{
	const char *cause;
	bool bootif;

	if (p->default_reason)
		return;
	cause = default_cause(p, t);
	bootif = find_bootif(p, &p->default_nic);
	if (!bootif) {
		p->default_nic = p->nr_nics;
		p->same_as[p->nr_nics] = p->nr_nics;
		p->nics[p->nr_nics++] = (struct ibu_nic){ .source = IBU_FROM_CMDLINE };
	}
	set_method(&p->nics[p->default_nic], method);
	planner_move_to_bond(p, p->default_nic);
	set_default_reason(p, cause, bootif);
}

/* Returns the entry that the target names, if it has no address and no method; NULL: none. */
static struct ibu_nic *bare_nic_of(const struct planner *p, const struct ibu_target *t)
{
	struct ibu_nic *nic;

	if (!ibu_has(&t->f, IBU_TARGET_NIC_ASSOC) || t->nic_assoc >= p->nr_nics)
		return NULL;
	nic = &p->nics[p->same_as[t->nic_assoc]];
	return nic_has_config(nic) ? NULL : nic;
}

/* A link-local portal (fe80::/10) needs no address but that which the kernel gives each NIC. */
static enum ibu_method default_method(const struct ibu_target *t)
{
	return ibu_has(&t->f, IBU_TARGET_IP_ADDR) && addr_is_link_local(&t->ip) ? IBU_METHOD_LINK6 :
										  IBU_METHOD_ANY;
}

enum status planner_default_nic(struct planner *p)
{
	unsigned int i;

	if (p->root_path != ROOT_PATH_NO && !has_config(p))
		make_default(p, p->root_path == ROOT_PATH_V6 ? IBU_METHOD_DHCP6 : IBU_METHOD_DHCP,
			     NULL);
	for (i = 0; i < p->plan->nr_paths; i++) {
		const struct ibu_target *t = p->plan->paths[i].to.target;
		struct ibu_nic *bare = bare_nic_of(p, t);

		if (bare && !plan_wants_card(t))
			set_method(bare, default_method(t));
		else if (!bare && !ibu_has(&t->f, IBU_TARGET_NIC_ASSOC) &&
			 planner_needs_default(p, t))
			make_default(p, default_method(t), t);
	}
	return STATUS_OK;
}
