// SPDX-License-Identifier: GPL-2.0-only
/*
 * Adds the routes of one NIC.
 * A single NIC only needs a default route. Several NICs may share a subnet or have a gateway each.
 * Then each NIC has its own table for packets from its address, and each portal has a route by its
 * NIC. These routes do not depend on device names, and apply to later reconnects as well.
 */
#include <errno.h>
#include <linux/rtnetlink.h>

#include "base/ip_addr.h"
#include "base/log.h"
#include "base/sysfs.h"
#include "net/nic_private.h"
#include "net/route.h"

/* Routing table of nic0; nicN has this number + N. */
#define OWN_TABLE 3260
/* The kernel's default metric of an IPv6 route (IP6_RT_PRIO_USER). */
#define METRIC_IPV6 1024

static bool in_nic_subnet(const struct ibu_nic *nic, const struct ibu_addr *a)
{
	return addr_in_subnet(a, &nic->ip, nic_prefix(nic));
}

static const struct ibu_addr *usable_gateway(const struct ibu_nic *nic)
{
	if (!ibu_has(&nic->f, IBU_NIC_GATEWAY) || ibu_addr_is_null(&nic->gateway))
		return NULL;
	if (!memcmp(&nic->gateway, &nic->ip, sizeof(nic->ip)))
		return NULL;
	return ibu_addr_is_v4(&nic->gateway) == ibu_addr_is_v4(&nic->ip) ? &nic->gateway : NULL;
}

/* True if an rd.route= is for this NIC: it names the NIC, or its gateway is in the NIC's subnet. */
static bool route_is_for_nic(const struct nic_context *n, const struct plan_route *rd_route)
{
	const struct nic *nic = n->setup->nic;

	if (ibu_addr_is_v4(&rd_route->dst) != ibu_addr_is_v4(&nic->config->ip))
		return false;
	if (!rd_route->ifname)
		return in_nic_subnet(nic->config, &rd_route->gateway);
	return !strcmp(rd_route->ifname, nic->ifname) ||
	       ibu_is(&nic->config->ifname, rd_route->ifname);
}

/*
 * Finds the configured gateway to @dst: a null address if @dst is on the link. False if no gateway
 * is configured.
 */
static bool find_gateway(const struct nic_context *n, const struct ibu_addr *dst,
			 struct ibu_addr *gateway)
{
	const struct ibu_nic *nic = n->setup->nic->config;
	const struct plan_route *best = NULL;
	unsigned int i;

	*gateway = (struct ibu_addr){ .b = { 0 } };
	if (in_nic_subnet(nic, dst))
		return true;
	for (i = 0; i < n->progress->plan->nr_routes; i++) {
		const struct plan_route *rd_route = &n->progress->plan->routes[i];

		if (route_is_for_nic(n, rd_route) &&
		    addr_in_subnet(dst, &rd_route->dst, rd_route->len) &&
		    (!best || rd_route->len > best->len))
			best = rd_route;
	}
	if (best)
		*gateway = best->gateway;
	else if (usable_gateway(nic))
		*gateway = *usable_gateway(nic);
	return best || usable_gateway(nic);
}

static struct route make_route(const struct nic_context *n, const struct ibu_addr *dst,
			       unsigned int len, const struct ibu_addr *gateway)
{
	const struct ibu_nic *nic = n->setup->nic->config;
	struct route route = {
		.dst = *dst, .len = len, .ifindex = n->link->ifindex, .table = RT_TABLE_MAIN
	};

	if (gateway)
		route.gateway = *gateway;
	/* A link-local gateway (fe80::/10) needs no onlink flag. */
	route.onlink = !in_nic_subnet(nic, &route.gateway) && !addr_is_link_local(&route.gateway);
	if (progress_has_several_nics(n->progress))
		route.src = nic->ip;
	return route;
}

/* Adds @route to @table, unless the table has a route to the same destination. */
static int ensure_route(struct nic_context *n, const struct routes *routes, struct route route,
			unsigned int table)
{
	struct route like;
	int r;

	route.table = table;
	like = route;
	/*
	 * In the main table, a route by any device is enough: portal_step() adds routes by this
	 * NIC.
	 */
	if (table == RT_TABLE_MAIN)
		like.ifindex = 0;
	r = routes_find(routes, &like) ? 0 : route_add(n->nl, &route);
	return r == -EEXIST ? 0 : r;
}

/*
 * Adds the default route and those of rd.route= to @table. A refused route, such as one whose
 * gateway is a broadcast address, is no failure: portal_step() tries it again for each portal.
 */
static void common_routes(struct nic_context *n, const struct routes *routes, unsigned int table)
{
	const struct ibu_nic *nic = n->setup->nic->config;
	struct ibu_addr any;
	unsigned int i;
	int r = 0, refused = 0;

	addr_any(&any, ibu_addr_is_v4(&nic->ip));
	if (usable_gateway(nic))
		refused =
			ensure_route(n, routes, make_route(n, &any, 0, usable_gateway(nic)), table);
	for (i = 0; i < n->progress->plan->nr_routes; i++) {
		const struct plan_route *rd_route = &n->progress->plan->routes[i];

		if (route_is_for_nic(n, rd_route))
			r = ensure_route(n, routes,
					 make_route(n, &rd_route->dst, rd_route->len,
						    &rd_route->gateway),
					 table);
		refused = refused ? refused : r;
	}
	if (refused && table == RT_TABLE_MAIN)
		log_warning("net", "%s: cannot add all of its routes: %s", n->setup->nic->ifname,
			    strerror(-refused));
}

static unsigned int own_table(const struct nic_context *n)
{
	return OWN_TABLE + n->setup->nic->plan->number;
}

static int source_routes(struct nic_context *n, const struct routes *routes)
{
	const struct ibu_nic *nic = n->setup->nic->config;
	struct ibu_addr subnet = nic->ip;
	int r;

	addr_mask(&subnet, nic_prefix(nic));
	r = ensure_route(n, routes, make_route(n, &subnet, nic_prefix(nic), NULL), own_table(n));
	common_routes(n, routes, own_table(n));
	return r ? r : rule_add(n->nl, &nic->ip, own_table(n));
}

/*
 * Makes the NIC answer ARP only for its own addresses. Otherwise two NICs in one subnet answer for
 * each other, and a session bound to one NIC does not receive packets that arrive on the other.
 */
static void set_arp_ignore(const struct nic_context *n)
{
	const char *name = n->setup->nic->ifname;
	long ignore;

	if (!ibu_addr_is_v4(&n->setup->nic->config->ip) ||
	    sysfs_read_long(&ignore, "/proc/sys/net/ipv4/conf/%s/arp_ignore", name) || ignore)
		return;
	if (sysfs_write("1", "/proc/sys/net/ipv4/conf/%s/arp_ignore", name))
		log_warning("net", "%s: may answer ARP for other NICs of its subnet", name);
}

bool nic_goes_by(struct nic_context *n, const struct ibu_addr *dst, const struct ibu_addr *gateway)
{
	struct route route;

	if (addr_is_link_local(dst))
		return true; /* on each link; the sender names the device */
	return !route_get(n->nl, dst, &route) && route.ifindex == n->link->ifindex &&
	       (!gateway || !memcmp(&route.gateway, gateway, sizeof(*gateway)));
}

static void log_route(const struct nic_context *n, const struct path *path,
		      const struct route *route, int r)
{
	bool gateway = !ibu_addr_is_null(&route->gateway);
	char by[IBU_ADDR_STRLEN] = "";

	if (gateway)
		ibu_addr_print(&route->gateway, by);
	if (!r)
		log_info("net", "%s: added route to portal %s%s%s", n->setup->nic->ifname,
			 path->to.portal, gateway ? " via " : "", by);
	else if (r == -EEXIST)
		log_warning("net", "%s: kept the existing route to portal %s",
			    n->setup->nic->ifname, path->to.portal);
}

static int add_portal_route(struct nic_context *n, const struct routes *routes,
			    const struct path *path, const struct route *route)
{
	const struct route *there = routes_find(routes, route);
	int r;

	if (there && !memcmp(&there->gateway, &route->gateway, sizeof(route->gateway)))
		return 0;
	r = there ? -EEXIST : route_add(n->nl, route);
	log_route(n, path, route, r);
	return r == -EEXIST ? 0 : r;
}

/* True for the portal of the plan, which the target may have redirected from. */
static bool portal_is_on_link(const struct path *path)
{
	return path->plan->on_link && !strcmp(path->to.portal, path->plan->to.portal);
}

/*
 * Adds a route to the portal if the kernel would use another device or another gateway than the
 * NIC's, because of an earlier default route. If no gateway leads to a portal outside the subnet:
 * with IPv4 adds a route on the link; with IPv6 waits for a router, unless the plan has it on the
 * link.
 */
static enum nic_state portal_step(struct nic_context *n, const struct routes *routes,
				  const struct path *path, const struct ibu_addr *portal)
{
	const struct nic *nic = n->setup->nic;
	bool several = progress_has_several_nics(n->progress);
	struct ibu_addr gateway;
	bool configured = find_gateway(n, portal, &gateway);
	bool known = configured || portal_is_on_link(path);
	struct route route = make_route(n, portal, addr_bits(portal), &gateway);
	int r = 0;

	if (addr_is_link_local(portal))
		return NIC_READY;
	if (!known && routes_reach(routes, portal, route.ifindex))
		return NIC_READY;
	if (!known && !ibu_addr_is_v4(portal))
		return NIC_NO_ROUTE;
	if (!several && nic_goes_by(n, portal, known ? &route.gateway : NULL))
		return NIC_READY;
	if (several)
		route.metric = nic->plan->number + (ibu_addr_is_v4(portal) ? 0 : METRIC_IPV6);
	if (several && !configured)
		r = ensure_route(n, routes, route, own_table(n));
	if (!r)
		r = add_portal_route(n, routes, path, &route);
	return r ? nic_refused(n, "cannot add the route to its portal", r) : NIC_READY;
}

/* True for the first of the paths to one portal by one NIC. */
static bool is_first_to_portal(const struct nic_context *n, const struct path *path)
{
	const struct path *other;

	for (other = n->progress->paths; other < path; other++)
		if (other->nic == path->nic && !strcmp(other->to.portal, path->to.portal))
			return false;
	return true;
}

static enum nic_state portals_step(struct nic_context *n, const struct routes *routes)
{
	const struct nic *nic = n->setup->nic;
	enum nic_state state = NIC_READY;
	struct ibu_addr portal;
	unsigned int i;

	for (i = 0; i < n->progress->nr_paths && state == NIC_READY; i++) {
		const struct path *path = &n->progress->paths[i];

		if (path->nic == nic && is_first_to_portal(n, path) &&
		    !ibu_addr_parse(path->to.portal, strlen(path->to.portal), &portal) &&
		    ibu_addr_is_v4(&portal) == ibu_addr_is_v4(&nic->config->ip))
			state = portal_step(n, routes, path, &portal);
	}
	return state;
}

enum nic_state nic_route_step(struct nic_context *n)
{
	__attribute__((cleanup(routes_free))) struct routes routes = { NULL, 0 };
	int r;

	r = routes_read(n->nl, &routes);
	if (r)
		return nic_refused(n, "cannot read the routes", r);
	common_routes(n, &routes, RT_TABLE_MAIN);
	if (progress_has_several_nics(n->progress)) {
		r = source_routes(n, &routes);
		if (r)
			log_warning("net", "%s: cannot set up its routing table: %s",
				    n->setup->nic->ifname, strerror(-r));
		set_arp_ignore(n);
	}
	return portals_step(n, &routes);
}
