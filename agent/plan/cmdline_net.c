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
#include "kmod/core/cmdline.h"
#include "kmod/core/text.h"

bool planner_next_value(const struct planner *p, const char *name, const char **s,
			struct ibu_text *value)
{
	struct ibu_text word;

	if (!*s)
		*s = p->view->cmdline;
	while (*s && ibu_next_word(s, p->cmdline_end, &word, value))
		if (ibu_is(&word, name))
			return true;
	return false;
}

struct ibu_text planner_last_value(const struct planner *p, const char *name)
{
	struct ibu_text last = { NULL, 0 }, value;
	const char *s = NULL;

	while (planner_next_value(p, name, &s, &value))
		last = value;
	return last;
}

static bool has_name(const struct ibu_nic *nic, const char *rename, const struct ibu_text *name)
{
	return (ibu_has(&nic->f, IBU_NIC_IFNAME) && ibu_text_eq(&nic->ifname, name)) ||
	       (rename && ibu_is(name, rename));
}

/* Reads all ifname=NAME:MAC; the module reports the invalid ones. Returns 0 or -ENOMEM. */
static int read_ifnames(struct planner *p)
{
	struct plan *plan = p->plan;
	struct ibu_text rest, name;
	struct plan_ifname *entry;
	const char *s = NULL;
	unsigned int nr = 0;

	while (planner_next_value(p, "ifname", &s, &rest))
		nr++;
	plan->ifnames = arena_alloc(&plan->arena, nr * sizeof(*plan->ifnames));
	if (!plan->ifnames)
		return -ENOMEM;
	for (s = NULL; planner_next_value(p, "ifname", &s, &rest);) {
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

/* True if @name ends in the number of the VLAN. */
static bool ends_in(struct ibu_text name, u32 vlan)
{
	struct ibu_text digits = { name.s + name.len, 0 };
	u32 number;

	while (digits.len < name.len && digits.s[-1] >= '0' && digits.s[-1] <= '9')
		digits = (struct ibu_text){ digits.s - 1, digits.len + 1 };
	return !ibu_number(&digits, 4094, &number) && number == vlan;
}

/* Returns NAME of the vlan=NAME:PARENT for the VLAN of @nic; NULL: none. */
static const char *name_of_vlan(struct planner *p, const struct ibu_nic *nic, const char *rename)
{
	struct ibu_text rest, name, parent;
	const char *s = NULL;

	while (ibu_has(&nic->f, IBU_NIC_VLAN) && planner_next_value(p, "vlan", &s, &rest)) {
		name = ibu_cut(&rest, ':');
		parent = ibu_cut(&rest, ':');
		if (parent.len && ibu_valid_ifname(&name) && has_name(nic, rename, &parent) &&
		    ends_in(name, nic->vlan))
			return arena_text(&p->plan->arena, name.s, name.len);
	}
	return NULL;
}

void planner_name_nic(struct planner *p, struct plan_nic *nic)
{
	if (ibu_has(&nic->nic->f, IBU_NIC_MAC))
		nic->rename = plan_ifname(p->plan, nic->nic->mac);
	nic->vlan_name = name_of_vlan(p, nic->nic, nic->rename);
}

/* Reads NET/LEN; IPv6 also as [NET/LEN] or [NET]/LEN. Without a length it is a single address. */
static int read_net(struct ibu_text t, struct plan_route *route)
{
	struct ibu_text net;

	if (t.len >= 2 && t.s[0] == '[' && t.s[t.len - 1] == ']')
		t = (struct ibu_text){ t.s + 1, t.len - 2 };
	net = ibu_cut(&t, '/');
	if (ibu_address(net, &route->dst))
		return -EINVAL;
	route->len = ibu_addr_is_v4(&route->dst) ? 32 : 128;
	if (t.s && ibu_number(&t, route->len, &route->len))
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

/* Reads dracut's rd.route=NET/LEN:GATEWAY[:DEVICE]. The zone of a gateway is the device. */
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
	struct ibu_text device = planner_last_value(p, "gk.net.iface");

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
	struct ibu_text value, net;
	const char *s = NULL;
	unsigned int nr = 0;

	while (planner_next_value(p, "rd.route", &s, &value))
		nr++;
	for (s = NULL; planner_next_value(p, "gk.net.routes", &s, &value);)
		while (next_net(&value, &net))
			nr++;
	return nr;
}

/* Reads all routes; notes the invalid ones. Returns 0 or -ENOMEM. */
static int read_routes(struct planner *p)
{
	struct plan *plan = p->plan;
	const struct ibu_text device = gk_device(p);
	struct plan_route *routes;
	struct ibu_text value;
	const char *s = NULL;
	int err;

	routes = arena_alloc(&plan->arena, count_routes(p) * sizeof(*routes));
	if (!routes)
		return -ENOMEM;
	plan->routes = routes;
	while (planner_next_value(p, "rd.route", &s, &value)) {
		err = read_rd_route(p, value, &routes[plan->nr_routes]);
		if (err == -ENOMEM)
			return err;
		if (err)
			note_bad_route(p, "rd.route", &value, "NET/LENGTH:GATEWAY[:DEVICE]");
		else
			plan->nr_routes++;
	}
	for (s = NULL; planner_next_value(p, "gk.net.routes", &s, &value);)
		if (read_gk_routes(p, device, value, routes))
			return -ENOMEM;
	return 0;
}

enum status planner_read_cmdline_net(struct planner *p)
{
	return read_ifnames(p) || read_routes(p) ? planner_no_memory(p) : STATUS_OK;
}
