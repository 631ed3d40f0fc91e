// SPDX-License-Identifier: GPL-2.0-only
/* What one NIC needs: device, link, carrier, VLAN, address, routes, in this order. */
#include <errno.h>
#include <stdio.h>

#include "addr.h"
#include "cleanup.h"
#include "deadline.h"
#include "describe.h"
#include "log.h"
#include "modules.h"
#include "net.h"

static enum nic_state refused(struct nic_run *run, const char *doing, int error)
{
	run->doing = doing;
	run->error = error;
	return NIC_ERROR;
}

/* Up, with its MTU. Only what differs is asked for: setting the MTU resets some NICs. */
static int raise_link(struct nl *nl, const struct link *link, const struct ibu_nic *nic)
{
	unsigned int mtu = ibu_has(&nic->f, IBU_NIC_MTU) ? nic->mtu : 0;

	if (mtu == link->mtu)
		mtu = 0;
	if (link->flags & IFF_UP && !mtu)
		return 0;
	return link_set_up(nl, link->ifindex, mtu);
}

/* Another one may do. */
static void tell_refusal(struct nic_run *run, const struct link *link, int error)
{
	const uint64_t bit = 1ULL << (link->ifindex % 64);

	if (!(run->refusals_told & bit))
		log_warning("net", "%s is passed over, it does not come up as configured: %s",
			    link->name, strerror(-error));
	run->refusals_told |= bit;
}

/*
 * For a NIC that is not named in any way. Which device has a cable is known only of those that are
 * up, so all are brought up; @link is the first with a carrier, or NULL. 0, or -errno if there are
 * devices and none comes up.
 */
static int raise_any(struct nl *nl, const struct links *links, struct nic_run *run,
		     const struct link **link)
{
	int r, error = 0;
	bool any = false;
	unsigned int i;

	*link = NULL;
	for (i = 0; i < links->nr; i++) {
		if (!link_is_ethernet(&links->list[i]))
			continue;
		r = raise_link(nl, &links->list[i], run->pn->nic);
		if (r < 0) {
			tell_refusal(run, &links->list[i], r);
			error = r;
			continue;
		}
		any = true;
		if (!*link && link_has_carrier(&links->list[i]))
			*link = &links->list[i];
	}
	return any ? 0 : error;
}

static double seconds_since(int64_t ns)
{
	return (double)(now_ns() - ns) / 1e9;
}

static void device_came(struct nic_run *run, const struct link *link, const struct link *also)
{
	AUTO_ARENA arena = NULL;

	run->device = link->ifindex;
	snprintf(run->name, sizeof(run->name), "%s", link->name);
	log_info("net", "%s is %s, there after %.3f s", describe_nic(&arena, run->pn), link->name,
		 seconds_since(run->since_ns));
	if (also)
		log_warning("net", "%s fits nic%u as well; %s is taken", also->name,
			    run->pn->number, link->name);
}

static enum nic_state device_step(struct nl *nl, const struct links *links, struct nic_run *run,
				  const struct link **link)
{
	const struct ibu_nic *nic = run->pn->nic;
	const struct link *also = NULL;
	int r;

	if (nic_is_any(nic)) {
		r = raise_any(nl, links, run, link);
		if (r < 0)
			return refused(run, "to bring up any network device", r);
	} else {
		*link = links_match(links, nic, &also);
	}
	if (!*link)
		return NIC_NO_DEVICE;
	if (run->device != (*link)->ifindex)
		device_came(run, *link, also);
	r = raise_link(nl, *link, nic);
	if (r < 0)
		return refused(run, "to bring it up", r);
	return link_has_carrier(*link) ? NIC_READY : NIC_NO_CARRIER;
}

/* Somebody else may have made it since the devices were read. */
static bool has_vlan(struct nl *nl, const struct link *link, unsigned int vlan)
{
	__attribute__((cleanup(links_free))) struct links links = { NULL, 0 };

	return !links_read(nl, &links) && links_vlan(&links, link->ifindex, vlan);
}

/* -EEXIST: another device has the name. */
static int name_vlan(struct nl *nl, const struct link *link, const char *name, unsigned int vlan)
{
	int r;

	if (strlen(name) >= IFNAMSIZ)
		return -EEXIST;
	r = link_add_vlan(nl, link->ifindex, name, vlan);
	if (!r)
		log_info("net", "%s: VLAN %u of %s", name, vlan, link->name);
	return r == -EEXIST && has_vlan(nl, link, vlan) ? 0 : r;
}

static int add_vlan(struct nl *nl, const struct link *link, unsigned int vlan)
{
	char usual[IFNAMSIZ + 12], other[16];
	int r;

	snprintf(usual, sizeof(usual), "%s.%u", link->name, vlan);
	snprintf(other, sizeof(other), "vlan%u", vlan);
	r = name_vlan(nl, link, usual, vlan);
	return r == -EEXIST ? name_vlan(nl, link, other, vlan) : r;
}

static enum nic_state vlan_refused(struct nic_run *run, int error)
{
	return refused(run,
		       error == -EEXIST ?
			       "to make its VLAN, whose names other devices have already" :
			       "to make its VLAN (is the module 8021q in the image?)",
		       error);
}

/* Goes from the NIC to its VLAN, where one is configured. */
static enum nic_state vlan_step(struct nl *nl, const struct links *links, struct nic_run *run,
				const struct link **link)
{
	const struct ibu_nic *nic = run->pn->nic;
	const struct link *vlan;
	int r;

	if (!ibu_has(&nic->f, IBU_NIC_VLAN) || !nic->vlan)
		return NIC_READY;
	vlan = links_vlan(links, (*link)->ifindex, nic->vlan);
	if (!vlan) {
		r = add_vlan(nl, *link, nic->vlan);
		return r < 0 ? vlan_refused(run, r) : NIC_NO_CARRIER;
	}
	*link = vlan;
	r = raise_link(nl, vlan, nic);
	if (r < 0)
		return refused(run, "to bring up its VLAN", r);
	return link_has_carrier(vlan) ? NIC_READY : NIC_NO_CARRIER;
}

static unsigned int prefix_of(const struct nic_run *run)
{
	const struct ibu_nic *nic = run->pn->nic;
	unsigned int len = addr_usual_prefix(&nic->ip);

	if (ibu_has(&nic->f, IBU_NIC_PREFIX_LEN))
		return nic->prefix_len;
	log_warning("net", "nic%u has an address without a netmask: /%u is assumed",
		    run->pn->number, len);
	return len;
}

static enum nic_state static_step(struct nl *nl, struct nic_run *run, int ifindex)
{
	const struct ibu_nic *nic = run->pn->nic;
	char text[IBU_ADDR_STRLEN];
	enum addr_state state;
	unsigned int prefix;
	int r;

	r = addr_find(nl, ifindex, &nic->ip, NULL, &state);
	if (r < 0)
		return refused(run, "to read its addresses", r);
	if (state == ADDR_ABSENT) {
		prefix = prefix_of(run);
		r = addr_add(nl, ifindex, &nic->ip, prefix);
		if (r < 0)
			return refused(run, "to give it its address", r);
		ibu_addr_print(&nic->ip, text);
		log_info("net", "%s: %s/%u", run->pn->ifname, text, prefix);
		r = addr_find(nl, ifindex, &nic->ip, NULL, &state);
		if (r < 0)
			return refused(run, "to read its addresses", r);
	}
	if (state == ADDR_DUPLICATE)
		return NIC_DUPLICATE;
	return state == ADDR_READY ? NIC_READY : NIC_NO_ADDRESS;
}

/* No address of ours: what somebody else gave it, or gives it, has to reach a portal. */
static enum nic_state foreign_step(struct nl *nl, const struct plan *plan, struct nic_run *run,
				   int ifindex)
{
	u32 method = run->pn->nic->method;
	enum addr_state state = ADDR_ABSENT;
	struct ibu_addr portal;
	struct route route;
	unsigned int i;
	int r;

	for (i = 0; i < plan->nr_paths; i++) {
		const struct plan_path *path = &plan->paths[i];

		if (path->nic && path->nic != run->pn)
			continue;
		if (ibu_addr_parse(path->portal, strlen(path->portal), &portal))
			continue;
		r = addr_find(nl, ifindex, NULL, &portal, &state);
		if (r < 0)
			return refused(run, "to read its addresses", r);
		if (state == ADDR_READY && !route_find(nl, &portal, &route) &&
		    route.ifindex == ifindex)
			return NIC_READY;
	}
	if (state == ADDR_DUPLICATE)
		return NIC_DUPLICATE;
	if (method == IBU_METHOD_AUTO6 || method == IBU_METHOD_EITHER6 ||
	    method == IBU_METHOD_LINK6)
		return NIC_NO_ADDRESS; /* the kernel does these by itself */
	return state == ADDR_TENTATIVE ? NIC_NO_ADDRESS : NIC_NO_CONFIG;
}

static const struct ibu_addr *gateway_of(const struct ibu_nic *nic)
{
	if (!ibu_has(&nic->f, IBU_NIC_GATEWAY) || ibu_addr_is_null(&nic->gateway))
		return NULL;
	if (!memcmp(&nic->gateway, &nic->ip, sizeof(nic->ip)))
		return NULL;
	return ibu_addr_is_v4(&nic->gateway) == ibu_addr_is_v4(&nic->ip) ? &nic->gateway : NULL;
}

/* @gateway NULL: on the link, or by whatever gateway somebody else has a route. */
static bool goes_by(struct nl *nl, const struct ibu_addr *dst, int ifindex,
		    const struct ibu_addr *gateway)
{
	struct route route;

	return !route_find(nl, dst, &route) && route.ifindex == ifindex &&
	       (!gateway || !memcmp(&route.gateway, gateway, sizeof(*gateway)));
}

static void tell_route(const struct nic_run *run, const struct plan_path *path,
		       const struct ibu_addr *gateway, int r)
{
	char by[IBU_ADDR_STRLEN] = "";

	if (gateway)
		ibu_addr_print(gateway, by);
	if (!r)
		log_info("net", "%s: route to the portal %s%s%s", run->pn->ifname, path->portal,
			 gateway ? " by " : "", by);
	else if (r == -EEXIST)
		log_warning("net", "%s: somebody else's route to the portal %s is left as it is",
			    run->pn->ifname, path->portal);
}

/*
 * A portal that the kernel would reach by another device, or by a gateway that is not the NIC's,
 * since a default route was there before, gets a route of its own.
 */
static int portal_route(struct nl *nl, const struct nic_run *run, const struct plan_path *path)
{
	const struct ibu_nic *nic = run->pn->nic;
	const struct ibu_addr *gateway = gateway_of(nic);
	unsigned int prefix = addr_usual_prefix(&nic->ip);
	struct ibu_addr portal;
	int r;

	if (ibu_addr_parse(path->portal, strlen(path->portal), &portal))
		return 0;
	if (ibu_addr_is_v4(&portal) != ibu_addr_is_v4(&nic->ip))
		return 0;
	if (ibu_has(&nic->f, IBU_NIC_PREFIX_LEN))
		prefix = nic->prefix_len;
	if (addr_in_subnet(&portal, &nic->ip, prefix))
		gateway = NULL;
	else if (!gateway)
		return 0; /* as configured it is out of reach; login says so */
	if (goes_by(nl, &portal, run->pn->ifindex, gateway))
		return 0;
	r = route_add(nl, run->pn->ifindex, &portal, gateway,
		      gateway && !addr_in_subnet(gateway, &nic->ip, prefix));
	tell_route(run, path, gateway, r);
	return r == -EEXIST ? 0 : r;
}

static enum nic_state route_step(struct nl *nl, const struct plan *plan, struct nic_run *run)
{
	const struct ibu_nic *nic = run->pn->nic;
	const struct ibu_addr *gateway = gateway_of(nic);
	unsigned int i;
	int r;

	if (gateway) {
		r = route_add(nl, run->pn->ifindex, NULL, gateway,
			      !addr_in_subnet(gateway, &nic->ip,
					      ibu_has(&nic->f, IBU_NIC_PREFIX_LEN) ?
						      nic->prefix_len :
						      addr_usual_prefix(&nic->ip)));
		if (r < 0 && r != -EEXIST) /* portals get routes of their own then */
			return refused(run, "to make its default route", r);
	}
	for (i = 0; i < plan->nr_paths; i++) {
		if (plan->paths[i].nic != run->pn)
			continue;
		r = portal_route(nl, run, &plan->paths[i]);
		if (r < 0)
			return refused(run, "to make the route to its portal", r);
	}
	return NIC_READY;
}

static void carrier_came(struct nic_run *run)
{
	if (run->state == NIC_NO_CARRIER)
		log_info("net", "%s: carrier after %.3f s", run->pn->ifname,
			 seconds_since(run->since_ns));
	if (run->state < NIC_CARRIER)
		run->state = NIC_CARRIER;
}

enum nic_state nic_step(struct nl *nl, const struct plan *plan, const struct links *links,
			struct nic_run *run)
{
	const struct link *link = NULL;
	enum nic_state state;

	state = device_step(nl, links, run, &link);
	if (state != NIC_READY)
		return state;
	state = vlan_step(nl, links, run, &link);
	if (state != NIC_READY)
		return state;
	snprintf(run->pn->ifname, sizeof(run->pn->ifname), "%s", link->name);
	carrier_came(run);
	if (ibu_has(&run->pn->nic->f, IBU_NIC_IP_ADDR)) {
		run->pn->ifindex = link->ifindex;
		state = static_step(nl, run, link->ifindex);
		if (state == NIC_READY)
			state = route_step(nl, plan, run);
	} else {
		state = foreign_step(nl, plan, run, link->ifindex);
		if (state != NIC_READY && nic_wants_dhcp(run->pn->nic)) {
			run->pn->asks = true;
			state = NIC_NO_ADDRESS;
		}
	}
	run->pn->ifindex = state == NIC_READY ? link->ifindex : 0;
	return state;
}
