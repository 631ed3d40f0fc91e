// SPDX-License-Identifier: GPL-2.0-only
/* What one NIC needs: device, link, carrier, VLAN, address, routes, in this order. */
#include "net/nic_private.h"

#include <stdio.h>

#include "base/deadline.h"
#include "base/log.h"
#include "net/addr.h"
#include "net/route.h"

enum nic_state nic_refused(struct nic *n, const char *doing, int error)
{
	n->progress->doing = doing;
	n->progress->error = error;
	return NIC_ERROR;
}

unsigned int nic_prefix(const struct ibu_nic *nic)
{
	return ibu_has(&nic->f, IBU_NIC_PREFIX_LEN) ? nic->prefix_len : addr_usual_prefix(&nic->ip);
}

static int give_address(struct nic *n)
{
	const struct plan_nic *pn = n->progress->pn;
	unsigned int prefix = nic_prefix(pn->nic);
	char text[IBU_ADDR_STRLEN];
	int r;

	if (!ibu_has(&pn->nic->f, IBU_NIC_PREFIX_LEN))
		log_warning("net", "nic%u has an address without a netmask: /%u is assumed",
			    pn->number, prefix);
	r = addr_add(n->nl, n->link->ifindex, &pn->nic->ip, prefix);
	ibu_addr_print(&pn->nic->ip, text);
	if (!r)
		log_info("net", "%s: %s/%u", pn->ifname, text, prefix);
	return r;
}

static enum nic_state static_step(struct nic *n)
{
	const struct ibu_addr *ip = &n->progress->pn->nic->ip;
	enum addr_state state;
	int r;

	r = addr_find(n->nl, n->link->ifindex, ip, NULL, &state);
	if (!r && state == ADDR_ABSENT) {
		r = give_address(n);
		if (r < 0)
			return nic_refused(n, "to give it its address", r);
		r = addr_find(n->nl, n->link->ifindex, ip, NULL, &state);
	}
	if (r < 0)
		return nic_refused(n, "to read its addresses", r);
	if (state == ADDR_DUPLICATE)
		return NIC_DUPLICATE;
	return state == ADDR_READY ? nic_route_step(n) : NIC_NO_ADDRESS;
}

/* An address of somebody else, and a route: of the device's own, where others have some too. */
static bool reaches(struct nic *n, const struct ibu_addr *portal)
{
	__attribute__((cleanup(routes_free))) struct routes routes = { NULL, 0 };

	if (!n->plan->several_nics)
		return nic_goes_by(n, portal, NULL);
	return !routes_read(n->nl, &routes) && routes_reach(&routes, portal, n->link->ifindex);
}

/* For who knows no more of where it shall lead to. */
static bool has_address(struct nic *n)
{
	enum addr_state v4, v6;
	struct ibu_addr any;

	addr_any(&any, true);
	if (addr_find(n->nl, n->link->ifindex, NULL, &any, &v4))
		return false;
	addr_any(&any, false);
	return !addr_find(n->nl, n->link->ifindex, NULL, &any, &v6) &&
	       (v4 == ADDR_READY || v6 == ADDR_READY);
}

/* No address of ours: what somebody else gave it, or gives it, has to reach a portal. */
static enum nic_state foreign_step(struct nic *n)
{
	u32 method = n->progress->pn->nic->method;
	enum addr_state state = ADDR_ABSENT;
	struct ibu_addr portal;
	unsigned int i;
	int r;

	for (i = 0; i < n->plan->nr_paths; i++) {
		const struct plan_path *path = &n->plan->paths[i];

		if (path->nic && path->nic != n->progress->pn)
			continue;
		if (!*path->portal && !path_awaits_root_path(path) && has_address(n))
			return NIC_READY; /* enough to look its name up */
		if (ibu_addr_parse(path->portal, strlen(path->portal), &portal))
			continue;
		r = addr_find(n->nl, n->link->ifindex, NULL, &portal, &state);
		if (r < 0)
			return nic_refused(n, "to read its addresses", r);
		if (state == ADDR_READY && reaches(n, &portal))
			return NIC_READY;
	}
	if (state == ADDR_DUPLICATE)
		return NIC_DUPLICATE;
	/* The kernel does the first three by itself. */
	if (method == IBU_METHOD_AUTO6 || method == IBU_METHOD_EITHER6 ||
	    method == IBU_METHOD_LINK6 || n->progress->manager || state == ADDR_TENTATIVE)
		return NIC_NO_ADDRESS;
	return NIC_NO_CONFIG;
}

static void carrier_came(struct nic *n)
{
	struct nic_progress *progress = n->progress;

	if (progress->state == NIC_NO_CARRIER && !(progress->told_states & 1U << NIC_CARRIER))
		log_info("net", "%s: carrier after %.3f s", progress->pn->ifname,
			 seconds_since(progress->since_ns));
	if (progress->state < NIC_CARRIER) {
		progress->state = NIC_CARRIER;
		progress->told_states |= 1U << NIC_CARRIER;
	}
}

static void take_link(struct nic *n)
{
	struct plan_nic *pn = n->progress->pn;

	snprintf(pn->ifname, sizeof(pn->ifname), "%s", n->link->name);
	memcpy(pn->mac, n->link->dev.mac, sizeof(pn->mac));
	pn->mac_is_unique = links_mac_is_unique(n->links, n->link);
	carrier_came(n);
}

enum nic_state nic_step(struct rtnl *nl, const struct plan *plan, const struct links *links,
			struct nic_progress *progress)
{
	struct nic n = { .nl = nl, .plan = plan, .links = links, .progress = progress };
	enum nic_state state;

	progress->pn->ifindex = 0;
	state = nic_device_step(&n);
	if (state != NIC_READY)
		return state;
	take_link(&n);
	if (ibu_has(&progress->pn->nic->f, IBU_NIC_IP_ADDR) && !progress->manager)
		state = static_step(&n);
	else
		state = foreign_step(&n);
	if (state != NIC_READY && nic_wants_dhcp(progress->pn->nic) && !progress->manager) {
		progress->pn->asks = true;
		state = NIC_NO_ADDRESS;
	}
	if (state == NIC_READY)
		progress->pn->ifindex = n.link->ifindex;
	return state;
}
