// SPDX-License-Identifier: GPL-2.0-only
/*
 * What only one NIC needs is a default route. Where there are several, two may be in one subnet or
 * have a gateway each, so each has a table of its own for what it sends from its own address, and
 * each portal a route by its NIC: that holds whatever the devices are called later, and for the
 * connections that others make again.
 */
#include <errno.h>
#include <linux/rtnetlink.h>

#include "base/ip_addr.h"
#include "base/log.h"
#include "base/sysfs.h"
#include "net/nic_private.h"
#include "net/route.h"

/* Of nic0; the next ones follow. */
#define OWN_TABLE 3260
/* What the kernel gives a route of IPv6 without one. */
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

/* A rd_route rd.route= that is for this NIC: it names it, or its gateway is in its subnet. */
static bool route_is_for_nic(const struct nic_context *n, const struct plan_route *rd_route)
{
	const struct nic *nic = n->setup->nic;

	if (ibu_addr_is_v4(&rd_route->dst) != ibu_addr_is_v4(&nic->config->ip))
		return false;
	if (!rd_route->ifname)
		return in_nic_subnet(nic->config, &rd_route->gateway);
	return !strcmp(rd_route->ifname, nic->ifname) || ibu_is(&nic->config->ifname, rd_route->ifname);
}

/* By which gateway it gets to @dst as configured; zero: on the link. False: that is not known. */
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

		if (route_is_for_nic(n, rd_route) && addr_in_subnet(dst, &rd_route->dst, rd_route->len) &&
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
	/* A link-local gateway is on the link as it is. */
	route.onlink = !in_nic_subnet(nic, &route.gateway) &&
		       (route.gateway.b[0] != 0xfe || (route.gateway.b[1] & 0xc0) != 0x80);
	if (n->progress->plan->several_nics)
		route.src = nic->ip;
	return route;
}

/* As it stands, if there is none to the same destination yet. */
static int ensure_route(struct nic_context *n, const struct routes *routes, struct route route,
			unsigned int table)
{
	struct route like;
	int r;

	route.table = table;
	like = route;
	if (table == RT_TABLE_MAIN)
		like.ifindex =
			0; /* somebody else's does as well; portals get routes of their own */
	r = routes_find(routes, &like) ? 0 : route_add(n->nl, &route);
	return r == -EEXIST ? 0 : r;
}

/*
 * Into @table what holds for all that the NIC sends. One that is refused (its gateway is no host's)
 * is missed by who needs it: portal_step() tries it for each portal.
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
					 make_route(n, &rd_route->dst, rd_route->len, &rd_route->gateway),
					 table);
		refused = refused ? refused : r;
	}
	if (refused && table == RT_TABLE_MAIN)
		log_warning("net", "%s: not all of its routes are made: %s", n->setup->nic->ifname,
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
 * Else two NICs in one subnet answer for each other, and a session that is bound to its NIC gets
 * nothing of what comes by the other.
 */
static void set_arp_ignore(const struct nic_context *n)
{
	const char *name = n->setup->nic->ifname;
	long ignore;

	if (!ibu_addr_is_v4(&n->setup->nic->config->ip) ||
	    sysfs_read_long(&ignore, "/proc/sys/net/ipv4/conf/%s/arp_ignore", name) || ignore)
		return;
	if (sysfs_write("1", "/proc/sys/net/ipv4/conf/%s/arp_ignore", name))
		log_warning("net", "%s: may answer for the other NICs of its subnet", name);
}

bool nic_goes_by(struct nic_context *n, const struct ibu_addr *dst, const struct ibu_addr *gateway)
{
	struct route route;

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
		log_info("net", "%s: route to the portal %s%s%s", n->setup->nic->ifname,
			 path->to.portal, gateway ? " by " : "", by);
	else if (r == -EEXIST)
		log_warning("net", "%s: somebody else's route to the portal %s is left as it is",
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

/*
 * A portal that the kernel would reach by another device, or by a gateway that is not the NIC's,
 * since a default route was there before, gets a route of its own; and so does one in no subnet
 * that no gateway leads to: it is looked for on the link. But with IPv6 a router may yet come.
 */
static enum nic_state portal_step(struct nic_context *n, const struct routes *routes,
				  const struct path *path, const struct ibu_addr *portal)
{
	const struct nic *nic = n->setup->nic;
	bool several = n->progress->plan->several_nics;
	struct ibu_addr gateway;
	bool known = find_gateway(n, portal, &gateway);
	struct route route = make_route(n, portal, addr_bits(portal), &gateway);
	int r = 0;

	if (!known && routes_reach(routes, portal, route.ifindex))
		return NIC_READY;
	if (!known && !ibu_addr_is_v4(portal))
		return NIC_NO_ROUTE;
	if (!several && nic_goes_by(n, portal, known ? &route.gateway : NULL))
		return NIC_READY;
	if (several)
		route.metric = nic->plan->number + (ibu_addr_is_v4(portal) ? 0 : METRIC_IPV6);
	if (several && !known)
		r = ensure_route(n, routes, route, own_table(n));
	if (!r)
		r = add_portal_route(n, routes, path, &route);
	return r ? nic_refused(n, "adding the route to its portal", r) : NIC_READY;
}

/* Many targets have one portal. */
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
		return nic_refused(n, "reading the routes", r);
	common_routes(n, &routes, RT_TABLE_MAIN);
	if (n->progress->plan->several_nics) {
		r = source_routes(n, &routes);
		if (r)
			log_warning("net", "%s: no table of routes of its own: %s",
				    n->setup->nic->ifname, strerror(-r));
		set_arp_ignore(n);
	}
	return portals_step(n, &routes);
}
