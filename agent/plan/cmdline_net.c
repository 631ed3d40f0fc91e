// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the network parameters that the view does not show: ifname=, vlan=, rd.route=,
 * gk.net.routes=.
 */
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/ip_addr.h"
#include "plan/planner.h"
#include "kmod/core/text.h"

static bool has_name(const struct ibu_nic *nic, const char *rename, const struct ibu_text *name)
{
	return (ibu_has(&nic->f, IBU_NIC_IFNAME) && ibu_text_eq(&nic->ifname, name)) ||
	       (rename && ibu_is(name, rename));
}

/* Reads all ifname=NAME:MAC; the module reports the invalid ones. Returns 0 or -ENOMEM. */
static int read_ifnames(struct planner *p)
{
	const unsigned int nr = p->nr_values[WORD_IFNAME];
	struct plan *plan = p->plan;
	struct ibu_text rest, name;
	struct plan_ifname *entry;
	unsigned int i;

	plan->ifnames = arena_alloc(&plan->arena, nr * sizeof(*plan->ifnames));
	if (!plan->ifnames)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		rest = p->values[WORD_IFNAME][i];
		entry = &plan->ifnames[plan->nr_ifnames];
		name = ibu_cut(&rest, ':');
		if (!rest.s || !ibu_valid_ifname(&name) ||
		    ibu_mac_parse(rest.s, rest.len, entry->mac))
			continue;
		entry->name = arena_text(&plan->arena, name.s, name.len);
		if (!entry->name)
			return -ENOMEM;
		plan->nr_ifnames++;
	}
	return 0;
}

const char *plan_ifname(const struct plan *plan, const u8 mac[6])
{
	unsigned int i;

	for (i = 0; i < plan->nr_ifnames; i++)
		if (!memcmp(plan->ifnames[i].mac, mac, sizeof(plan->ifnames[i].mac)))
			return plan->ifnames[i].name;
	return NULL;
}

void planner_name_nic(struct planner *p, struct plan_nic *nic)
{
	if (ibu_has(&nic->nic->f, IBU_NIC_MAC))
		nic->rename = plan_ifname(p->plan, nic->nic->mac);
}

/* Reads the number of the VLAN at the end of @name. Returns 0 or -EINVAL. */
static int vlan_number(const struct ibu_text *name, u32 *vlan)
{
	struct ibu_text digits = { name->s + name->len, 0 };

	while (digits.len < name->len && digits.s[-1] >= '0' && digits.s[-1] <= '9')
		digits = (struct ibu_text){ digits.s - 1, digits.len + 1 };
	return ibu_number(&digits, 4094, vlan);
}

/* Gives the NICs of the VLAN on @parent its name, unless an earlier vlan= has named them. */
static int name_vlan_nics(struct plan *plan, const struct ibu_text *name,
			  const struct ibu_text *parent, u32 vlan)
{
	unsigned int i;

	for (i = 0; i < plan->nr_nics; i++) {
		struct plan_nic *nic = &plan->nics[i];

		if (nic->vlan_name || !ibu_has(&nic->nic->f, IBU_NIC_VLAN) ||
		    nic->nic->vlan != vlan || !has_name(nic->nic, nic->rename, parent))
			continue;
		nic->vlan_name = arena_text(&plan->arena, name->s, name->len);
		if (!nic->vlan_name)
			return -ENOMEM;
	}
	return 0;
}

enum status planner_name_vlans(struct planner *p)
{
	struct ibu_text rest, name, parent;
	unsigned int i;
	u32 vlan;

	for (i = 0; i < p->nr_values[WORD_VLAN]; i++) {
		rest = p->values[WORD_VLAN][i];
		name = ibu_cut(&rest, ':');
		parent = ibu_cut(&rest, ':');
		if (parent.len && ibu_valid_ifname(&name) && !vlan_number(&name, &vlan) &&
		    name_vlan_nics(p->plan, &name, &parent, vlan))
			return planner_no_memory(p);
	}
	return STATUS_OK;
}

/* Reads the netmask of an IPv4 net as its prefix length. Returns 0 or -EINVAL. */
static int read_netmask(struct ibu_text t, struct plan_route *route)
{
	struct ibu_addr mask;
	int len;

	if (!ibu_addr_is_v4(&route->dst) || ibu_address(t, &mask) || !ibu_addr_is_v4(&mask))
		return -EINVAL;
	len = ibu_mask_prefix(&mask);
	if (len < 0)
		return -EINVAL;
	route->len = (unsigned int)len;
	return 0;
}

/*
 * Reads NET/LEN or NET/NETMASK; IPv6 also as [NET/LEN] or [NET]/LEN. Without a length it is a
 * single address.
 */
static int read_net(struct ibu_text t, struct plan_route *route)
{
	struct ibu_text net;

	if (t.len >= 2 && t.s[0] == '[' && t.s[t.len - 1] == ']')
		t = (struct ibu_text){ t.s + 1, t.len - 2 };
	net = ibu_cut(&t, '/');
	if (ibu_address(net, &route->dst))
		return -EINVAL;
	route->len = ibu_addr_is_v4(&route->dst) ? 32 : 128;
	if (t.s && ibu_number(&t, route->len, &route->len) && read_netmask(t, route))
		return -EINVAL;
	addr_mask(&route->dst, route->len);
	return 0;
}

static int route_set_device(struct planner *p, struct plan_route *route,
			    const struct ibu_text *device)
{
	route->ifname = arena_text(&p->plan->arena, device->s, device->len);
	return route->ifname ? 0 : -ENOMEM;
}

/* Reads dracut's rd.route=NET/LENGTH:GATEWAY[:DEVICE]. The zone of a gateway is the device. */
static int read_rd_route(struct planner *p, struct ibu_text value, struct plan_route *route)
{
	struct ibu_text net = ibu_cut(&value, ':'), gateway = { NULL, 0 }, zone = { NULL, 0 };

	*route = (struct plan_route){ .ifname = NULL };
	if (value.s)
		gateway = ibu_cut(&value, ':');
	if (read_net(net, route) ||
	    (gateway.len && ibu_address_zone(gateway, &route->gateway, &zone)) ||
	    (value.s && !ibu_valid_ifname(&value)) || (!gateway.len && !value.s))
		return -EINVAL;
	if (gateway.len && ibu_addr_is_v4(&route->gateway) != ibu_addr_is_v4(&route->dst))
		return -EINVAL;
	if (zone.s && value.s && !ibu_text_eq(&zone, &value))
		return -EINVAL;
	if (zone.s)
		return route_set_device(p, route, &zone);
	return value.s ? route_set_device(p, route, &value) : 0;
}

/* Finds the next net of the list @rest, separated by blanks or commas. */
static bool next_net(struct ibu_text *rest, struct ibu_text *net)
{
	while (rest->len && strchr(" \t,", *rest->s))
		*rest = (struct ibu_text){ rest->s + 1, rest->len - 1 };
	*net = (struct ibu_text){ rest->s, 0 };
	while (net->len < rest->len && !strchr(" \t,", net->s[net->len]))
		net->len++;
	*rest = (struct ibu_text){ net->s + net->len, rest->len - net->len };
	return net->len;
}

static void note_bad_route(struct planner *p, const char *name, const struct ibu_text *value,
			   const char *grammar)
{
	ibu_diag_add(&p->diag, IBU_ERROR, "cmdline", name, (size_t)(value->s - p->view->cmdline),
		     "must be %s; an IPv6 address in []", grammar);
}

/* Returns the device of gk.net.routes=: that of gk.net.iface=, by default eth0. */
static struct ibu_text gk_device(const struct planner *p)
{
	struct ibu_text device = planner_last_value(p, WORD_GK_IFACE);

	return device.len ? device : (struct ibu_text){ "eth0", 4 };
}

/* Reads genkernel's gk.net.routes=, nets on the link of @device. */
static int read_gk_routes(struct planner *p, struct ibu_text device, struct ibu_text rest,
			  struct plan_route *routes)
{
	struct plan *plan = p->plan;
	struct ibu_text net;

	while (next_net(&rest, &net)) {
		struct plan_route *route = &routes[plan->nr_routes];

		*route = (struct plan_route){ .ifname = NULL };
		if (read_net(net, route) || !ibu_valid_ifname(&device)) {
			note_bad_route(p, "gk.net.routes", &net,
				       "NET/LENGTH, and gk.net.iface= a name");
			continue;
		}
		if (route_set_device(p, route, &device))
			return -ENOMEM;
		plan->nr_routes++;
	}
	return 0;
}

/* Returns the number of routes that the command line can have at most. */
static unsigned int count_routes(struct planner *p)
{
	unsigned int nr = p->nr_values[WORD_ROUTE], i;
	struct ibu_text value, net;

	for (i = 0; i < p->nr_values[WORD_GK_ROUTES]; i++)
		for (value = p->values[WORD_GK_ROUTES][i]; next_net(&value, &net);)
			nr++;
	return nr;
}

/* Reads all routes; notes the invalid ones. Returns 0 or -ENOMEM. */
static int read_routes(struct planner *p)
{
	struct plan *plan = p->plan;
	const struct ibu_text device = gk_device(p);
	const struct ibu_text *value = p->values[WORD_ROUTE];
	struct plan_route *routes;
	unsigned int i;
	int err;

	routes = arena_alloc(&plan->arena, count_routes(p) * sizeof(*routes));
	if (!routes)
		return -ENOMEM;
	plan->routes = routes;
	for (i = 0; i < p->nr_values[WORD_ROUTE]; i++) {
		err = read_rd_route(p, value[i], &routes[plan->nr_routes]);
		if (err == -ENOMEM)
			return err;
		if (err)
			note_bad_route(p, "rd.route", &value[i], "NET/LENGTH:GATEWAY[:DEVICE]");
		else
			plan->nr_routes++;
	}
	for (i = 0; i < p->nr_values[WORD_GK_ROUTES]; i++)
		if (read_gk_routes(p, device, p->values[WORD_GK_ROUTES][i], routes))
			return -ENOMEM;
	return 0;
}

enum status planner_read_cmdline_net(struct planner *p)
{
	return read_ifnames(p) || read_routes(p) ? planner_no_memory(p) : STATUS_OK;
}
