// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets up the NICs of an entry that names no device, and chooses the NIC of each path among them.
 * Each device with a carrier becomes a NIC, and asks for its own address. A path goes by the NIC
 * whose subnet holds its portal, else by one with a gateway. Only the chosen NICs are configured.
 */
#include "base/ip_addr.h"
#include "base/log.h"
#include "net/bond.h"
#include "net/addr.h"
#include "net/nic_private.h"
#include "net/route.h"

/*
 * How long each other NIC may take for its carrier and for its lease, before a path goes by a NIC
 * with a gateway, or by one without. The NICs of a machine do not get their leases together.
 */
#define GATEWAY_WAIT_MS 4000
#define ANY_WAIT_MS 10000

static bool share_family(const struct ibu_nic *a, const struct ibu_nic *b)
{
	return (nic_may_get(a, true) && nic_may_get(b, true)) ||
	       (nic_may_get(a, false) && nic_may_get(b, false));
}

/*
 * True for the device of another entry, which has its own configuration, unless that is for the
 * other address family.
 */
static bool is_of_other_entry(const struct nic_context *n, const struct link *link)
{
	const struct nic *nic = n->progress->nics, *end = nic + n->progress->nr_nics;
	const struct link *also;

	for (; nic < end; nic++)
		if (!nic->pool && !nic_is_any(nic->plan->nic) &&
		    share_family(nic->plan->nic, n->setup->nic->plan->nic) &&
		    links_match(n->links, nic->plan->nic, &also) == link)
			return true;
	return false;
}

/* Adds the devices that have a carrier. Returns the state of the device that got furthest. */
static enum nic_state add_devices(const struct nic_context *n, struct progress *progress)
{
	unsigned int i, devices = 0, with_carrier = 0;

	for (i = 0; i < n->links->nr; i++) {
		const struct link *link = &n->links->list[i];

		if (!link_is_ethernet(link) || bond_claims(n, link) || is_of_other_entry(n, link))
			continue;
		devices++;
		if (!link_has_carrier(link))
			continue;
		with_carrier++;
		if (progress_add_nic(progress, n->setup->nic, link->dev.mac) || n->setup->was_full)
			continue;
		n->setup->was_full = true;
		log_warning("net", "%s: skipped: more than %d NICs, or no memory", link->name,
			    NR_POOL_NICS);
	}
	n->setup->is_dark = with_carrier < devices;
	if (with_carrier)
		return NIC_NO_ADDRESS;
	return devices ? NIC_NO_CARRIER : NIC_NO_DEVICE;
}

enum nic_state nic_pool_step(struct rtnl *nl, struct progress *progress, const struct links *links,
			     struct nic_setup *setup)
{
	struct nic_context n = { .nl = nl, .progress = progress, .links = links, .setup = setup };
	int r = setup->looked ? nic_raise_any(&n) : 0;

	if (r < 0)
		return nic_refused(&n, "no network device came up", r);
	if (!setup->looked)
		setup->nic->look_again = true;
	setup->looked = true;
	return add_devices(&n, progress);
}

/* How well a NIC leads to a portal. */
enum fit {
	FIT_NONE,
	FIT_ADDRESS, /* it has an address of the family */
	FIT_GATEWAY,
	FIT_SUBNET,
};

/* Judges a device that the kernel or another program has configured. */
static enum fit fit_of_device(struct rtnl *nl, const struct nic_setup *setup,
			      const struct ibu_addr *portal)
{
	enum addr_state state = ADDR_ABSENT;
	struct route route;

	if (addr_find(nl, setup->device, NULL, portal, &state) || state != ADDR_READY)
		return FIT_NONE;
	if (addr_is_link_local(portal))
		return FIT_ADDRESS; /* any link may lead to it */
	if (route_get(nl, portal, &route) || route.ifindex != setup->device)
		return FIT_NONE;
	return ibu_addr_is_null(&route.gateway) ? FIT_SUBNET : FIT_GATEWAY;
}

/* Judges an address of the lease. With IPv6 the kernel has the routes, by router advertisement. */
static enum fit fit_of_lease(struct rtnl *nl, const struct nic_setup *setup,
			     const struct ibu_addr *portal)
{
	__attribute__((cleanup(routes_free))) struct routes routes = { NULL, 0 };
	const struct ibu_nic *nic = setup->nic->config;
	bool v4 = ibu_addr_is_v4(portal);

	if (ibu_addr_is_v4(&nic->ip) != v4)
		return fit_of_device(nl, setup, portal); /* a router may give the other address */
	if (addr_in_subnet(portal, &nic->ip, nic_prefix(nic)))
		return FIT_SUBNET;
	if (ibu_has(&nic->f, IBU_NIC_GATEWAY) && ibu_addr_is_v4(&nic->gateway) == v4 &&
	    !ibu_addr_is_null(&nic->gateway))
		return FIT_GATEWAY;
	if (!v4 && !routes_read(nl, &routes) && routes_reach(&routes, portal, setup->device))
		return FIT_GATEWAY;
	return FIT_ADDRESS;
}

/* Judges a NIC for a portal whose name must still be resolved. */
static enum fit fit_for_name(const struct nic_setup *setup)
{
	const struct nic *nic = setup->nic;

	if (!nic->lease.from && setup->state != NIC_READY)
		return FIT_NONE;
	if (nic->lease.from && !nic->lease.nr_dns && !ibu_has(&nic->config->f, IBU_NIC_PRIMARY_DNS))
		return FIT_ADDRESS;
	return FIT_GATEWAY;
}

static enum fit fit_of(struct rtnl *nl, const struct nic_setup *setup, const struct path *path)
{
	struct ibu_addr portal;

	if (setup->state > NIC_READY)
		return FIT_NONE;
	if (!*path->to.portal)
		return fit_for_name(setup);
	if (ibu_addr_parse(path->to.portal, strlen(path->to.portal), &portal))
		return FIT_NONE;
	if (setup->nic->lease.from)
		return fit_of_lease(nl, setup, &portal);
	return setup->state == NIC_READY ? fit_of_device(nl, setup, &portal) : FIT_NONE;
}

void nic_leave(struct rtnl *nl, struct nic_setup *setup)
{
	struct nic *nic = setup->nic;

	if (!nic->left || nic->used || !nic->ifindex)
		return;
	if (nic->lease.from)
		addr_flush(nl, nic->ifindex);
	nic->ifindex = 0;
	setup->state = NIC_NO_ADDRESS;
}

static int64_t ready_since(const struct nic_setup *setup)
{
	return setup->nic->lease.from ? setup->nic->lease.since_ns : setup->since_ns;
}

/* Returns when the NICs of the pool (NULL: all) that have not answered yet have had @ms each. */
static struct deadline others_until(const struct progress *progress, const struct nic_setup *setups,
				    const struct nic *pool, int64_t ms)
{
	int64_t since = INT64_MIN;
	unsigned int i;

	for (i = 0; i < progress->nr_nics; i++) {
		const struct nic *nic = &progress->nics[i];
		bool waits = (!pool || nic->pool == pool) && !nic->lease.from &&
			     setups[i].state < NIC_READY;

		waits |= nic == pool && setups[i].is_dark;
		if (waits && setups[i].since_ns > since)
			since = setups[i].since_ns;
	}
	return (struct deadline){ since == INT64_MIN ? 0 : since + ms * 1000000 };
}

struct deadline nic_pool_choose(struct rtnl *nl, struct progress *progress,
				struct nic_setup *setups, struct path *path)
{
	static const int64_t waits_ms[] = { 0, ANY_WAIT_MS, GATEWAY_WAIT_MS, 0 };
	struct nic *pool = path->nic->pool ? path->nic->pool : path->nic;
	struct deadline until = { INT64_MAX };
	enum fit fit, best = FIT_NONE;
	unsigned int i, chosen = 0;

	for (i = 0; i < progress->nr_nics; i++) {
		if (progress->nics[i].pool != pool)
			continue;
		fit = fit_of(nl, &setups[i], path);
		if (fit > best || (fit == best && fit && &progress->nics[i] == path->nic) ||
		    (fit == best && fit && &progress->nics[chosen] != path->nic &&
		     ready_since(&setups[i]) < ready_since(&setups[chosen]))) {
			best = fit;
			chosen = i;
		}
	}
	if (best == FIT_NONE || &progress->nics[chosen] == path->nic)
		return until;
	until = others_until(progress, setups, pool, waits_ms[best]);
	if (best < FIT_SUBNET && until.at_ns > now_ns())
		return until;
	if (path->state == PATH_LOGIN)
		path->reroute = true; /* the stage login brings it back */
	else
		progress_use_nic(progress, path, &progress->nics[chosen]);
	return (struct deadline){ INT64_MAX };
}

struct deadline nic_better_until(struct rtnl *nl, const struct progress *progress,
				 const struct nic_setup *setups, const struct path *path)
{
	struct ibu_addr portal;
	struct route route;

	if (path->nic || ibu_addr_parse(path->to.portal, strlen(path->to.portal), &portal) ||
	    route_get(nl, &portal, &route) || ibu_addr_is_null(&route.gateway))
		return (struct deadline){ 0 };
	return others_until(progress, setups, NULL, GATEWAY_WAIT_MS);
}
