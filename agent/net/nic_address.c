// SPDX-License-Identifier: GPL-2.0-only
/* Brings up one NIC in this order: device, VLAN, carrier, address (in this file), routes. */
#include "net/nic_private.h"

#include <stdio.h>

#include "base/deadline.h"
#include "base/log.h"
#include "net/addr.h"
#include "net/route.h"

static int add_static_address(struct nic_context *n)
{
	const struct nic *nic = n->setup->nic;
	unsigned int prefix = nic_prefix(nic->config);
	char text[IBU_ADDR_STRLEN];
	int r;

	if (!ibu_has(&nic->config->f, IBU_NIC_PREFIX_LEN))
		log_warning("net", "nic%u: address without a netmask, /%u assumed",
			    nic->plan->number, prefix);
	r = addr_add(n->nl, n->link->ifindex, &nic->config->ip, prefix);
	ibu_addr_print(&nic->config->ip, text);
	if (!r)
		log_info("net", "%s: %s/%u", nic->ifname, text, prefix);
	return r;
}

static enum nic_state static_address_step(struct nic_context *n)
{
	const struct ibu_addr *ip = &n->setup->nic->config->ip;
	enum addr_state state;
	int r;

	r = addr_find(n->nl, n->link->ifindex, ip, NULL, &state);
	if (!r && state == ADDR_ABSENT) {
		r = add_static_address(n);
		if (r < 0)
			return nic_refused(n, "cannot set its address", r);
		r = addr_find(n->nl, n->link->ifindex, ip, NULL, &state);
	}
	if (r < 0)
		return nic_refused(n, "cannot read its addresses", r);
	if (state == ADDR_DUPLICATE)
		return NIC_DUPLICATE;
	return state == ADDR_READY ? nic_route_step(n) : NIC_NO_ADDRESS;
}

/* True if a route to @portal uses this device. With several NICs it need not be the best one. */
static bool device_reaches(struct nic_context *n, const struct ibu_addr *portal)
{
	__attribute__((cleanup(routes_free))) struct routes routes = { NULL, 0 };

	if (!progress_has_several_nics(n->progress) || addr_is_link_local(portal))
		return nic_goes_by(n, portal, NULL);
	return !routes_read(n->nl, &routes) && routes_reach(&routes, portal, n->link->ifindex);
}

/* True if the device has any usable address: used while the portal's address is not known yet. */
static bool device_has_address(struct nic_context *n)
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

/*
 * Checks a NIC to which the agent adds no address: an address that the kernel or another program
 * added must reach a portal.
 */
static enum nic_state foreign_address_step(struct nic_context *n)
{
	u32 method = n->setup->nic->config->method;
	enum addr_state state = ADDR_ABSENT;
	struct ibu_addr portal;
	unsigned int i;
	int r;

	for (i = 0; i < n->progress->nr_paths; i++) {
		const struct path *path = &n->progress->paths[i];

		if (!path_may_use(path, n->setup->nic))
			continue;
		if (!*path->to.portal && !path_awaits_root_path(path) && device_has_address(n))
			return NIC_READY; /* enough to resolve the portal's name */
		if (ibu_addr_parse(path->to.portal, strlen(path->to.portal), &portal))
			continue;
		r = addr_find(n->nl, n->link->ifindex, NULL, &portal, &state);
		if (r < 0)
			return nic_refused(n, "cannot read its addresses", r);
		if (state == ADDR_READY && device_reaches(n, &portal))
			return NIC_READY;
	}
	if (state == ADDR_DUPLICATE)
		return NIC_DUPLICATE;
	/* The kernel itself configures an address for the first three methods. */
	if (method == IBU_METHOD_AUTO6 || method == IBU_METHOD_EITHER6 ||
	    method == IBU_METHOD_LINK6 || n->setup->manager || state == ADDR_TENTATIVE)
		return NIC_NO_ADDRESS;
	return NIC_NO_CONFIG;
}

static void log_carrier(struct nic_context *n)
{
	struct nic_setup *setup = n->setup;

	if (setup->state == NIC_NO_CARRIER && !(setup->logged_states & 1U << NIC_CARRIER))
		log_info("net", "%s: carrier after %.3f s", setup->nic->ifname,
			 seconds_since(setup->since_ns));
	if (setup->state < NIC_CARRIER) {
		setup->state = NIC_CARRIER;
		setup->logged_states |= 1U << NIC_CARRIER;
	}
}

static void nic_take_link(struct nic_context *n)
{
	struct nic *nic = n->setup->nic;

	snprintf(nic->ifname, sizeof(nic->ifname), "%s", n->link->name);
	memcpy(nic->mac, n->link->dev.mac, sizeof(nic->mac));
	nic->mac_is_unique = links_mac_is_unique(n->links, n->link);
	log_carrier(n);
}

enum nic_state nic_step(struct rtnl *nl, const struct progress *progress, const struct links *links,
			struct nic_setup *setup)
{
	struct nic_context n = { .nl = nl, .progress = progress, .links = links, .setup = setup };
	enum nic_state state;

	setup->nic->ifindex = 0;
	state = nic_device_step(&n);
	if (state != NIC_READY)
		return state;
	nic_take_link(&n);
	if (ibu_has(&setup->nic->config->f, IBU_NIC_IP_ADDR) && setup->nic->pool &&
	    !setup->nic->used)
		return NIC_NO_ADDRESS; /* leased, but no path goes by it */
	if (ibu_has(&setup->nic->config->f, IBU_NIC_IP_ADDR) && !setup->manager)
		state = static_address_step(&n);
	else
		state = foreign_address_step(&n);
	if (state != NIC_READY && nic_wants_dhcp(setup->nic->config) && !setup->manager) {
		setup->nic->asks = true;
		state = NIC_NO_ADDRESS;
	}
	if (state == NIC_READY && (!setup->nic->pool || setup->nic->used))
		setup->nic->ifindex = n.link->ifindex;
	return state;
}
