// SPDX-License-Identifier: GPL-2.0-only
/* Chooses the NIC of each path. */
#include "base/ip_addr.h"
#include "plan/absent_nic.h"
#include "plan/nic_entry.h"
#include "plan/planner.h"
#include "kmod/core/attrs.h"

static bool is_configured(const struct planner *p, unsigned int n)
{
	return p->same_as[n] == n && nic_has_config(&p->nics[n]) &&
	       !(p->default_reason && n == p->default_nic);
}

/* True if the NIC has an address and a gateway of the same family as @a. */
static bool has_gateway(const struct ibu_nic *nic, const struct ibu_addr *a)
{
	const bool v4 = ibu_addr_is_v4(a);

	return ibu_has(&nic->f, IBU_NIC_IP_ADDR) && ibu_addr_is_v4(&nic->ip) == v4 &&
	       ibu_has(&nic->f, IBU_NIC_GATEWAY) && ibu_addr_is_v4(&nic->gateway) == v4;
}

/*
 * True if the NIC has an address and a gateway of the same family as @a, or if a server or router
 * may give it an address of that family, in a subnet that is not known yet.
 */
static bool may_lead(const struct ibu_nic *nic, const struct ibu_addr *a)
{
	return has_gateway(nic, a) ||
	       (!ibu_has(&nic->f, IBU_NIC_IP_ADDR) && nic_may_get(nic, ibu_addr_is_v4(a)));
}

/* Finds the one configured NIC that passes @test (NULL: all pass). False: none or several do. */
static bool find_only(const struct planner *p, const struct ibu_addr *a, unsigned int *found,
		      bool (*test)(const struct ibu_nic *nic, const struct ibu_addr *a))
{
	unsigned int n, count = 0;

	for (n = 0; n < p->nr_nics; n++) {
		if (is_configured(p, n) && (!test || test(&p->nics[n], a))) {
			*found = n;
			count++;
		}
	}
	return count == 1;
}

static bool find_subnet(const struct planner *p, const struct ibu_addr *a, unsigned int *n)
{
	for (*n = 0; *n < p->nr_nics; ++*n)
		if (is_configured(p, *n) && nic_has_in_subnet(&p->nics[*n], a))
			return true;
	return false;
}

/*
 * Returns why another NIC may be used instead of nic@n, which has the portal in its subnet; NULL:
 * none. One in the same subnet may be the only one with a cable. If nic@n has no device, the
 * command line may be for several machines. Before any device exists, the plan stays unsettled.
 */
static const char *replaceable(const struct planner *p, const struct ibu_addr *portal,
			       unsigned int n)
{
	const enum nic_presence presence = plan_nic_presence(p->plan, &p->nics[n]);
	const struct ibu_nic *nic;
	unsigned int i;

	for (i = 0; i < p->nr_nics; i++) {
		nic = &p->nics[i];
		if (!is_configured(p, i) || nic_same_link(nic, &p->nics[n]))
			continue;
		if (nic_has_in_subnet(nic, portal))
			return "several NICs have the portal in their subnet";
		if (presence == NIC_PRESENT || !may_lead(nic, portal))
			continue;
		p->plan->unsettled |= presence == NIC_UNKNOWN;
		if (presence == NIC_ABSENT && plan_nic_presence(p->plan, nic) == NIC_PRESENT)
			return "the NIC with the portal in its subnet is not there";
	}
	return NULL;
}

/*
 * Returns how well the entry fits the portal: 3 by subnet, 2 by address family, 1 if the entry has
 * no address yet, 0 not at all.
 */
static unsigned int fitness(const struct ibu_nic *nic, const struct ibu_addr *portal)
{
	if (nic_has_in_subnet(nic, portal))
		return 3;
	if (ibu_has(&nic->f, IBU_NIC_IP_ADDR))
		return ibu_addr_is_v4(&nic->ip) == ibu_addr_is_v4(portal) ? 2 : 0;
	return nic->method != IBU_METHOD_NONE;
}

/* Returns the entry for the link of @named that fits the portal best; of equal ones @named. */
static unsigned int fitting_entry(const struct planner *p, unsigned int named,
				  const struct ibu_addr *portal)
{
	unsigned int n, best = named;

	for (n = 0; n < p->nr_nics; n++)
		if (is_configured(p, n) && nic_same_link(&p->nics[n], &p->nics[named]) &&
		    fitness(&p->nics[n], portal) > fitness(&p->nics[best], portal))
			best = n;
	return best;
}

/* Finds the NIC of the most specific rd.route= that contains the portal. */
static bool find_route(const struct planner *p, const struct ibu_addr *portal, unsigned int *found)
{
	const struct plan *plan = p->plan;
	const struct plan_route *best = NULL;
	unsigned int i;

	for (i = 0; i < plan->nr_routes; i++)
		if (addr_in_subnet(portal, &plan->routes[i].dst, plan->routes[i].len) &&
		    (!best || plan->routes[i].len > best->len))
			best = &plan->routes[i];
	if (!best)
		return false;
	if (!best->ifname)
		return find_subnet(p, &best->gateway, found);
	for (*found = 0; *found < p->nr_nics; ++*found)
		if (is_configured(p, *found) && ibu_is(&p->nics[*found].ifname, best->ifname))
			return true;
	return false;
}

/* Adds nic@n to the plan, with all other entries for its link. */
static const struct plan_nic *use_link(struct planner *p, unsigned int n)
{
	const struct plan_nic *nic = planner_use_nic(p, n);
	unsigned int i;

	for (i = 0; i < p->nr_nics; i++)
		if (is_configured(p, i) && nic_same_link(&p->nics[i], &p->nics[n]))
			planner_use_nic(p, i);
	return nic;
}

/* Adds all NICs to the plan, because any of them may have the route to the portal: @reason. */
static void use_all(struct planner *p, struct plan_path *path, const char *reason)
{
	unsigned int n;

	for (n = 0; n < p->nr_nics; n++)
		if (is_configured(p, n))
			planner_use_nic(p, n);
	path->nic_reason = p->plan->nr_nics ? reason : "no NIC is configured";
}

/*
 * True if a target names this NIC, which the planner may have joined with another entry, and has
 * its portal in the NIC's subnet, or in none: the names of others contradict the addresses.
 */
static bool is_named(const struct planner *p, unsigned int n)
{
	const struct ibu_target *t = p->targets;
	unsigned int i, other;

	for (i = 0; i < p->view->params.nr_targets; i++, t++)
		if (ibu_has(&t->f, IBU_TARGET_NIC_ASSOC) && t->nic_assoc < p->nr_nics &&
		    p->same_as[t->nic_assoc] == n &&
		    (nic_has_in_subnet(&p->nics[n], &t->ip) || !find_subnet(p, &t->ip, &other)))
			return true;
	return false;
}

/* True for a NIC and a portal of the firmware's table, as plan_path.on_link describes them. */
static bool is_on_link(const struct ibu_nic *nic, const struct ibu_target *t)
{
	return ibu_has(&nic->f, IBU_NIC_IP_ADDR) && addr_is_link_local(&nic->ip) &&
	       !ibu_has(&nic->f, IBU_NIC_GATEWAY) && ibu_has(&t->f, IBU_TARGET_IP_ADDR) &&
	       !ibu_addr_is_v4(&t->ip) && !addr_is_link_local(&t->ip) &&
	       !(nic->f.from_cmdline & BIT_ULL(IBU_NIC_IP_ADDR)) &&
	       !(t->f.from_cmdline & BIT_ULL(IBU_TARGET_IP_ADDR));
}

/* True for an address that is on each link: of fe80::/10 or 169.254.0.0/16. */
static bool is_link_local(const struct ibu_addr *a)
{
	return addr_is_link_local(a) || (ibu_addr_is_v4(a) && a->b[12] == 169 && a->b[13] == 254);
}

/*
 * Some firmware names the first NIC for all targets. Returns why nic@better, which has the portal
 * in its subnet, is used instead of the nic@n that the firmware's target names; NULL: it is not.
 * The named one has no address, or one outside of the portal's subnet. It may have a gateway, too:
 * then the other one is used if the firmware configured it for no target that it leads to. If no
 * NIC has the portal in its subnet and the named one has no gateway, the only other one with a
 * gateway is used.
 */
static const char *contradiction(const struct planner *p, const struct ibu_target *t,
				 unsigned int n, unsigned int *better)
{
	const struct ibu_nic *nic = &p->nics[n];
	unsigned int routed;
	bool no_way;

	if (t->f.from_cmdline & BIT_ULL(IBU_TARGET_NIC_ASSOC) ||
	    !ibu_has(&t->f, IBU_TARGET_IP_ADDR) ||
	    nic->f.from_cmdline & (BIT_ULL(IBU_NIC_IP_ADDR) | BIT_ULL(IBU_NIC_METHOD)) ||
	    (ibu_has(&nic->f, IBU_NIC_IP_ADDR) && !ibu_has(&nic->f, IBU_NIC_PREFIX_LEN)) ||
	    nic_has_in_subnet(nic, &t->ip) || find_route(p, &t->ip, &routed))
		return NULL;
	no_way = !may_lead(nic, &t->ip) && !is_on_link(nic, t) && !is_link_local(&t->ip);
	if (!find_subnet(p, &t->ip, better))
		return no_way && find_only(p, &t->ip, better, has_gateway) &&
				       !is_named(p, *better) ?
			       "the target's NIC has no gateway to the portal" :
			       NULL;
	if (no_way)
		return "the portal is in its subnet; the target's NIC has no way to it";
	return is_named(p, *better) ? NULL :
				      "the portal is in its subnet, and no target there names it";
}

/* Uses the NIC that the target names, or another one that alone has the portal in its subnet. */
static unsigned int named_nic(struct planner *p, struct plan_path *path)
{
	const struct ibu_target *t = path->to.target;
	unsigned int n = fitting_entry(p, p->same_as[t->nic_assoc], &t->ip), better;
	const char *reason = contradiction(p, t, n, &better);

	path->nic_reason = reason ? reason : "named by the target";
	if (!reason)
		return n;
	plan_note(&p->diag, "target", path->number, "nic-assoc",
		  "nic%u is used instead of nic%u: %s", better, n, reason);
	return better;
}

/* Notes that the NIC has no way to the portal but one that boot may find: a router, proxy ARP. */
static void note_no_way(struct planner *p, const struct plan_path *path)
{
	const struct ibu_target *t = path->to.target;
	const struct ibu_nic *nic = path->nic->nic;
	const bool v4 = ibu_addr_is_v4(&t->ip);
	unsigned int routed;

	if (!ibu_has(&t->f, IBU_TARGET_IP_ADDR) || !ibu_has(&nic->f, IBU_NIC_IP_ADDR) ||
	    is_link_local(&t->ip) || nic_has_in_subnet(nic, &t->ip) || has_gateway(nic, &t->ip) ||
	    find_route(p, &t->ip, &routed))
		return;
	if (v4 && ibu_addr_is_v4(&nic->ip))
		plan_note(&p->diag, "target", path->number, "ip-addr",
			  "nic%u has no gateway; tried on its link", path->nic->number);
	else if (!v4 && ibu_addr_is_v4(&nic->ip))
		plan_note(&p->diag, "target", path->number, "ip-addr", "nic%u has no IPv6 address",
			  path->nic->number);
}

static void choose_nic(struct planner *p, struct plan_path *path)
{
	const struct ibu_target *t = path->to.target;
	const char *why;
	unsigned int n;

	if (ibu_has(&t->f, IBU_TARGET_NIC_ASSOC) && t->nic_assoc < p->nr_nics) {
		n = named_nic(p, path);
	} else if (p->default_reason && planner_needs_default(p, t)) {
		n = p->default_nic;
		path->nic_reason = p->default_reason;
	} else if (find_only(p, &t->ip, &n, NULL)) {
		path->nic_reason = "the only configured NIC";
	} else if (find_subnet(p, &t->ip, &n)) {
		path->nic_reason = "the portal is in its subnet";
		why = replaceable(p, &t->ip, n);
		if (why) {
			use_all(p, path, why);
			return;
		}
	} else if (find_route(p, &t->ip, &n)) {
		path->nic_reason = "rd.route=";
	} else if (ibu_has(&t->f, IBU_TARGET_IP_ADDR) && find_only(p, &t->ip, &n, may_lead)) {
		path->nic_reason = "the only NIC that may lead to the portal";
	} else {
		use_all(p, path, "the portal is in no configured subnet");
		return;
	}
	if (nic_is_pool(&p->nics[n]) && path->nic_reason != p->default_reason)
		path->nic_reason = "all are asked, one that leads to the portal is used";
	path->nic = use_link(p, n);
	path->on_link = is_on_link(path->nic->nic, t);
	note_no_way(p, path);
}

enum status planner_choose_nics(struct planner *p)
{
	unsigned int i;

	for (i = 0; i < p->plan->nr_paths; i++)
		choose_nic(p, &p->plan->paths[i]);
	return STATUS_OK;
}
