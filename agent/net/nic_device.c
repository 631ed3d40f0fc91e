// SPDX-License-Identifier: GPL-2.0-only
/* Finds a NIC's device, renames it, brings it up, and adds its VLAN. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/deadline.h"
#include "base/ip_addr.h"
#include "base/log.h"
#include "net/bond.h"
#include "net/network_manager.h"
#include "net/nic_private.h"
#include "plan/describe.h"

/*
 * Brings the device up with @mtu (0: keeps the MTU). Requests only what differs, because setting
 * the MTU resets some NICs.
 */
static int raise_link(struct rtnl *nl, const struct link *link, unsigned int mtu)
{
	if (mtu == link->mtu)
		mtu = 0;
	if (link->flags & IFF_UP && !mtu)
		return 0;
	return link_set_up(nl, link->ifindex, mtu);
}

static bool nic_has_vlan(const struct ibu_nic *nic)
{
	return ibu_has(&nic->f, IBU_NIC_VLAN) && nic->vlan;
}

static unsigned int configured_mtu(const struct ibu_nic *nic)
{
	return ibu_has(&nic->f, IBU_NIC_MTU) ? nic->mtu : 0;
}

/* The device's MTU: as configured, but not below that of a VLAN on it. 0: keep it. */
static unsigned int device_mtu(const struct nic_context *n, const struct link *link)
{
	const struct ibu_nic *nic = n->setup->nic->config;
	unsigned int mtu = nic_has_vlan(nic) ? 0 : configured_mtu(nic), least = 0, i;

	for (i = 0; i < n->progress->nr_nics; i++) {
		const struct ibu_nic *other = n->progress->nics[i].config;

		if (nic_has_vlan(other) && (other == nic || nic_same_device(other, nic)) &&
		    configured_mtu(other) > least)
			least = other->mtu;
	}
	if (mtu)
		return mtu > least ? mtu : least;
	return link->mtu < least ? least : 0;
}

/*
 * Ignores an MTU of the lease that the device refuses. A refused MTU from the configuration is an
 * error.
 */
static int raise_as_leased(struct nic_context *n, const struct link *link, unsigned int mtu)
{
	struct nic *nic = n->setup->nic;
	int r = raise_link(n->nl, link, mtu);

	if (r >= 0 || !mtu || mtu != nic->lease.mtu || nic->config != &nic->leased)
		return r;
	log_warning("net", "%s: ignored MTU %u of the lease: %s", link->name, mtu, strerror(-r));
	nic->leased.f.set &= ~BIT_ULL(IBU_NIC_MTU);
	return raise_link(n->nl, link, 0);
}

/* Logs the refusal, once for each device. Another device may be usable. */
static void log_refusal(struct nic_setup *setup, const struct link *link, int error)
{
	const uint64_t bit = 1ULL << (link->ifindex % 64);

	if (!(setup->refusals_logged & bit))
		log_warning("net", "%s: skipped, cannot bring it up: %s", link->name,
			    strerror(-error));
	setup->refusals_logged |= bit;
}

/* Brings a device up and records that, so that it is taken down if it does not become the NIC. */
static int raise_on_trial(struct nic_context *n, const struct link *link)
{
	struct nic_setup *setup = n->setup;
	bool was_up = link->flags & IFF_UP;
	int *list, r;

	if (!was_up) {
		list = reallocarray(setup->raised, setup->nr_raised + 1, sizeof(*list));
		if (!list)
			return -ENOMEM;
		setup->raised = list;
	}
	r = raise_link(n->nl, link, device_mtu(n, link));
	if (!r && !was_up)
		setup->raised[setup->nr_raised++] = link->ifindex;
	return r;
}

int nic_raise_any(struct nic_context *n)
{
	int r, error = 0;
	bool any = false;
	unsigned int i;

	for (i = 0; i < n->links->nr; i++) {
		struct link *link = &n->links->list[i];

		if (!link_is_ethernet(link) || bond_claims(n, link))
			continue;
		r = network_manager_of(link->ifindex) ? 0 : raise_on_trial(n, link);
		if (r < 0) {
			log_refusal(n->setup, link, r);
			error = r;
			continue;
		}
		any = true;
		if ((!n->link || link->ifindex == n->setup->device) && link_has_carrier(link))
			n->link = link;
	}
	return any ? 0 : error;
}

static bool device_is_used(const struct nic_setup *setups, unsigned int nr, int ifindex)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (setups[i].device == ifindex && (!setups[i].nic->pool || setups[i].nic->used))
			return true;
	return false;
}

void nic_lower_unused(struct rtnl *nl, struct nic_setup *setups, unsigned int nr)
{
	unsigned int i, j;

	for (i = 0; i < nr; i++) {
		for (j = 0; j < setups[i].nr_raised; j++)
			if (!device_is_used(setups, nr, setups[i].raised[j]) &&
			    !network_manager_of(setups[i].raised[j]))
				link_set_down(nl, setups[i].raised[j]);
		free(setups[i].raised);
		setups[i].raised = NULL;
		setups[i].nr_raised = 0;
	}
}

static void nic_take_device(struct nic_context *n, const struct link *also)
{
	struct nic_setup *setup = n->setup;
	AUTO_ARENA arena = NULL;

	setup->device = n->link->ifindex;
	setup->manager = network_manager_of(n->link->ifindex);
	log_info("net", "%s is %s, found after %.3f s",
		 describe_nic(&arena, setup->nic->plan->number, setup->nic->config), n->link->name,
		 seconds_since(setup->since_ns));
	if (also)
		log_warning("net", "%s matches nic%u too; using %s", also->name,
			    setup->nic->plan->number, n->link->name);
	if (setup->manager)
		log_info("net", "%s: managed by %s, left unchanged", n->link->name, setup->manager);
}

/* If no device matches any more, keeps the device found before: it was renamed or got a new MAC. */
static void find_named_device(struct nic_context *n, const struct link **also)
{
	const struct link *link = links_match(n->links, n->setup->nic->config, also);

	n->link = links_get(n->links, link ? link->ifindex : n->setup->device);
}

/* Called before the device is brought up: kernels before 6.2 rename only a device that is down. */
static void rename_link(struct nic_context *n)
{
	const char *name = n->setup->nic->plan->rename;
	char before[IFNAMSIZ];

	if (!name || !strcmp(name, n->link->name) || n->setup->rename_refused)
		return;
	snprintf(before, sizeof(before), "%s", n->link->name);
	n->setup->rename_refused = nic_rename(n, n->link, name, before);
	if (n->setup->rename_refused)
		log_warning("net", "cannot rename %s to %s (ifname=): %s", n->link->name, name,
			    strerror(-n->setup->rename_refused));
}

/*
 * Gives the device the MAC address at the end of ip=, before it sends its first packet. A driver
 * may want the device down for that; it is brought up afterwards.
 */
static void set_mac(struct nic_context *n)
{
	const struct ibu_nic *nic = n->setup->nic->config;
	struct link *link = n->link;
	int r;

	if (!ibu_has(&nic->f, IBU_NIC_SET_MAC) || n->setup->mac_was_set ||
	    !memcmp(link->dev.mac, nic->set_mac, 6))
		return;
	n->setup->mac_was_set = true;
	r = link_set_mac(n->nl, link->ifindex, nic->set_mac);
	if (r == -EBUSY && link->flags & IFF_UP && !link_set_down(n->nl, link->ifindex)) {
		link->flags &= ~(unsigned int)IFF_UP;
		r = link_set_mac(n->nl, link->ifindex, nic->set_mac);
	}
	if (r) {
		log_warning("net", "cannot set the MAC address of %s to %s: %s", link->name,
			    mac_text(nic->set_mac).s, strerror(-r));
		return;
	}
	log_info("net", "%s: MAC address set to %s", link->name, mac_text(nic->set_mac).s);
	memcpy(link->dev.mac, nic->set_mac, 6);
}

static enum nic_state own_device_step(struct nic_context *n)
{
	const struct link *also = NULL;
	struct nic_setup *setup = n->setup;
	enum nic_state bond = bond_step(n);
	int r = 0;

	if (bond != NIC_READY)
		return bond;
	if (nic_is_any(setup->nic->config))
		r = nic_raise_any(n);
	else
		find_named_device(n, &also);
	if (r < 0)
		return nic_refused(n, "no network device came up", r);
	if (!n->link)
		return NIC_NO_DEVICE;
	if (setup->device != n->link->ifindex)
		nic_take_device(n, also);
	setup->manager = network_manager_of(n->link->ifindex);
	if (!setup->manager) {
		rename_link(n);
		set_mac(n);
		r = raise_as_leased(n, n->link, device_mtu(n, n->link));
	}
	snprintf(setup->name, sizeof(setup->name), "%s", n->link->name);
	if (r < 0)
		return nic_refused(n, "cannot set the link up", r);
	return link_has_carrier(n->link) && bond_has_settled(n, n->link) ? NIC_READY :
									   NIC_NO_CARRIER;
}

/* True if another program has added the VLAN since the devices were read. */
static bool vlan_is_there(struct nic_context *n)
{
	__attribute__((cleanup(links_free))) struct links links = { NULL, 0 };

	return !links_read(n->nl, &links) &&
	       links_vlan(&links, n->link->ifindex, n->setup->nic->config->vlan);
}

/* Adds the VLAN as @name. Returns 0 or -errno; -EEXIST: another device has the name. */
static int name_vlan(struct nic_context *n, const char *name)
{
	unsigned int vlan = n->setup->nic->config->vlan;
	int r;

	if (strlen(name) >= IFNAMSIZ)
		return -EEXIST;
	r = link_add_vlan(n->nl, n->link->ifindex, name, vlan);
	if (!r)
		log_info("net", "%s: VLAN %u of %s", name, vlan, n->link->name);
	return r == -EEXIST && vlan_is_there(n) ? 0 : r;
}

static int add_vlan(struct nic_context *n)
{
	unsigned int vlan = n->setup->nic->config->vlan;
	char usual[IFNAMSIZ + 12], other[16];
	int r;

	snprintf(usual, sizeof(usual), "%s.%u", n->link->name, vlan);
	snprintf(other, sizeof(other), "vlan%u", vlan);
	r = n->setup->nic->plan->vlan_name ? name_vlan(n, n->setup->nic->plan->vlan_name) : -EEXIST;
	if (r == -EEXIST)
		r = name_vlan(n, usual);
	return r == -EEXIST ? name_vlan(n, other) : r;
}

static enum nic_state vlan_refused(struct nic_context *n, int error)
{
	return nic_refused(n,
			   error == -EEXIST ?
				   "cannot create its VLAN: other devices have the names" :
				   "cannot create its VLAN (is the module 8021q in the initramfs?)",
			   error);
}

/* Adds the VLAN if necessary and makes it the link that gets the address. */
static enum nic_state vlan_step(struct nic_context *n)
{
	const struct ibu_nic *nic = n->setup->nic->config;
	const struct link *vlan = links_vlan(n->links, n->link->ifindex, nic->vlan);
	int r = 0;

	if (!vlan && n->setup->manager)
		return NIC_NO_CARRIER; /* the manager adds it */
	if (!vlan) {
		r = add_vlan(n);
		return r < 0 ? vlan_refused(n, r) : NIC_NO_CARRIER;
	}
	n->link = links_get(n->links, vlan->ifindex);
	if (!n->setup->manager)
		r = raise_as_leased(n, vlan, configured_mtu(nic));
	if (r < 0)
		return nic_refused(n, "cannot set the link of its VLAN up", r);
	return link_has_carrier(vlan) ? NIC_READY : NIC_NO_CARRIER;
}

enum nic_state nic_device_step(struct nic_context *n)
{
	enum nic_state state = own_device_step(n);

	if (state == NIC_READY && nic_has_vlan(n->setup->nic->config))
		state = vlan_step(n);
	return state;
}
