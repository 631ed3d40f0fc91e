// SPDX-License-Identifier: GPL-2.0-only
/* Creates bonds and adds their members by rtnetlink. */
#include "net/bond.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/deadline.h"
#include "base/ip_addr.h"
#include "base/log.h"
#include "net/addr.h"
#include "net/network_manager.h"

/* How long a bond waits for members that are not there, and for an 802.3ad partner. */
#define BOND_WAIT_S 10

/* Attribute and size of each option, as bond_policy of drivers/net/bonding/bond_netlink.c. */
static const struct {
	u8 type;
	u8 size; /* bytes */
} bond_attrs[IBU_NR_BOND_OPTIONS] = {
	[IBU_BOND_MODE] = { IFLA_BOND_MODE, 1 },
	[IBU_BOND_MIIMON] = { IFLA_BOND_MIIMON, 4 },
	[IBU_BOND_UPDELAY] = { IFLA_BOND_UPDELAY, 4 },
	[IBU_BOND_DOWNDELAY] = { IFLA_BOND_DOWNDELAY, 4 },
	[IBU_BOND_PEER_NOTIF_DELAY] = { IFLA_BOND_PEER_NOTIF_DELAY, 4 },
	[IBU_BOND_USE_CARRIER] = { IFLA_BOND_USE_CARRIER, 1 },
	[IBU_BOND_ARP_INTERVAL] = { IFLA_BOND_ARP_INTERVAL, 4 },
	[IBU_BOND_ARP_VALIDATE] = { IFLA_BOND_ARP_VALIDATE, 4 },
	[IBU_BOND_ARP_ALL_TARGETS] = { IFLA_BOND_ARP_ALL_TARGETS, 4 },
	[IBU_BOND_ARP_MISSED_MAX] = { IFLA_BOND_MISSED_MAX, 1 },
	[IBU_BOND_PRIMARY_RESELECT] = { IFLA_BOND_PRIMARY_RESELECT, 1 },
	[IBU_BOND_FAIL_OVER_MAC] = { IFLA_BOND_FAIL_OVER_MAC, 1 },
	[IBU_BOND_XMIT_HASH_POLICY] = { IFLA_BOND_XMIT_HASH_POLICY, 1 },
	[IBU_BOND_RESEND_IGMP] = { IFLA_BOND_RESEND_IGMP, 4 },
	[IBU_BOND_NUM_PEER_NOTIF] = { IFLA_BOND_NUM_PEER_NOTIF, 1 },
	[IBU_BOND_ALL_SLAVES_ACTIVE] = { IFLA_BOND_ALL_SLAVES_ACTIVE, 1 },
	[IBU_BOND_MIN_LINKS] = { IFLA_BOND_MIN_LINKS, 4 },
	[IBU_BOND_LP_INTERVAL] = { IFLA_BOND_LP_INTERVAL, 4 },
	[IBU_BOND_PACKETS_PER_SLAVE] = { IFLA_BOND_PACKETS_PER_SLAVE, 4 },
	[IBU_BOND_LACP_RATE] = { IFLA_BOND_AD_LACP_RATE, 1 },
	[IBU_BOND_LACP_ACTIVE] = { IFLA_BOND_AD_LACP_ACTIVE, 1 },
	[IBU_BOND_AD_SELECT] = { IFLA_BOND_AD_SELECT, 1 },
	[IBU_BOND_AD_ACTOR_SYS_PRIO] = { IFLA_BOND_AD_ACTOR_SYS_PRIO, 2 },
	[IBU_BOND_AD_USER_PORT_KEY] = { IFLA_BOND_AD_USER_PORT_KEY, 2 },
	[IBU_BOND_TLB_DYNAMIC_LB] = { IFLA_BOND_TLB_DYNAMIC_LB, 1 },
};

static void put_options(struct nlmsghdr *request, const struct ibu_bond *config)
{
	struct nlattr *nest;
	unsigned int i;

	for (i = 0; i < IBU_NR_BOND_OPTIONS; i++) {
		if (!(config->set & BIT_ULL(i)))
			continue;
		if (bond_attrs[i].size == 1)
			mnl_attr_put_u8(request, bond_attrs[i].type, (u8)config->values[i]);
		else if (bond_attrs[i].size == 2)
			mnl_attr_put_u16(request, bond_attrs[i].type, (u16)config->values[i]);
		else
			mnl_attr_put_u32(request, bond_attrs[i].type, config->values[i]);
	}
	if (!config->nr_arp_targets)
		return;
	nest = mnl_attr_nest_start(request, IFLA_BOND_ARP_IP_TARGET);
	for (i = 0; i < config->nr_arp_targets; i++)
		addr_put(request, (u16)i, &config->arp_targets[i]);
	mnl_attr_nest_end(request, nest);
}

static struct nlmsghdr *start_bond_request(char *buf, const char *name, u16 flags,
					   struct nlattr *nests[2])
{
	struct nlmsghdr *request;
	void *extra;

	request = rtnl_request(buf, RTM_NEWLINK, flags, sizeof(struct ifinfomsg), &extra);
	mnl_attr_put_strz(request, IFLA_IFNAME, name);
	nests[0] = mnl_attr_nest_start(request, IFLA_LINKINFO);
	mnl_attr_put_strz(request, IFLA_INFO_KIND, "bond");
	nests[1] = mnl_attr_nest_start(request, IFLA_INFO_DATA);
	return request;
}

struct nlmsghdr *bond_request(char buf[BOND_REQUEST_SIZE], const struct plan_bond *bond,
			      const u8 mac[6])
{
	struct nlattr *nests[2];
	struct nlmsghdr *request = start_bond_request(buf, bond->name, NLM_F_CREATE, nests);

	put_options(request, &bond->config);
	mnl_attr_nest_end(request, nests[1]);
	mnl_attr_nest_end(request, nests[0]);
	mnl_attr_put(request, IFLA_ADDRESS, 6, mac);
	if (bond->config.mtu)
		mnl_attr_put_u32(request, IFLA_MTU, bond->config.mtu);
	return request;
}

/* The kernel accepts as primary only a device that exists. */
static int set_primary(struct nic_context *n, const struct plan_bond *bond, int ifindex)
{
	char buf[NL_REQUEST_SIZE];
	struct nlattr *nests[2];
	struct nlmsghdr *request = start_bond_request(buf, bond->name, 0, nests);

	mnl_attr_put_u32(request, IFLA_BOND_PRIMARY, (u32)ifindex);
	mnl_attr_nest_end(request, nests[1]);
	mnl_attr_nest_end(request, nests[0]);
	return rtnl_talk(n->nl, request, NULL, NULL);
}

static struct link *member_link(const struct links *links, const struct plan_member *member)
{
	struct ibu_nic nic = { .ifname = { member->name, (u32)strlen(member->name) } };
	const struct link *also, *link;

	memcpy(nic.mac, member->mac, sizeof(nic.mac));
	ibu_set(&nic.f, member->has_mac ? IBU_NIC_MAC : IBU_NIC_IFNAME);
	link = links_match(links, &nic, &also);
	return link ? links_get(links, link->ifindex) : NULL;
}

bool bond_claims(const struct nic_context *n, const struct link *link)
{
	const struct plan_bond *bond;
	unsigned int i, m;

	for (i = 0; i < n->progress->nr_nics; i++) {
		bond = n->progress->nics[i].plan->bond;
		for (m = 0; bond && m < bond->config.nr_members; m++)
			if (member_link(n->links, &bond->members[m]) == link)
				return true;
	}
	return false;
}

/* Returns the state of the bond, which the first NIC of the bond keeps for all of them. */
static struct nic *bond_keeper(struct nic_context *n)
{
	unsigned int i;

	for (i = 0; i < n->progress->nr_nics; i++)
		if (n->progress->nics[i].plan->bond == n->setup->nic->plan->bond)
			return &n->progress->nics[i];
	return n->setup->nic;
}

/* Returns true once BOND_WAIT_S have passed since the first call; @over remembers it. */
static bool wait_is_over(struct nic *nic, bool *over)
{
	if (*over)
		return true;
	if (!nic->bond_until.at_ns) {
		nic->bond_until = deadline_in(BOND_WAIT_S);
		return false;
	}
	*over = !deadline_left_ms(nic->bond_until);
	if (*over)
		nic->bond_until.at_ns = 0;
	return *over;
}

bool bond_is_due(const struct nic_setup *setup)
{
	return setup->state < NIC_READY && setup->nic->bond_until.at_ns &&
	       !deadline_left_ms(setup->nic->bond_until);
}

/* Returns the names of the members without a device, in @arena; NULL: none, or no memory. */
static const char *missing_members(struct nic_context *n, void **arena, unsigned int *there)
{
	const struct plan_bond *bond = n->setup->nic->plan->bond;
	const char *names = NULL;
	unsigned int i;

	*there = 0;
	for (i = 0; i < bond->config.nr_members; i++) {
		if (member_link(n->links, &bond->members[i]))
			++*there;
		else
			names = arena_printf(arena, "%s%s%s", names ? names : "", names ? ", " : "",
					     bond->members[i].name);
	}
	return names;
}

/* Returns true if the bond can be created: all members are there, or the others waited enough. */
static bool members_are_there(struct nic_context *n)
{
	struct nic *nic = n->setup->nic;
	const char *missing;
	AUTO_ARENA arena = NULL;
	unsigned int there;

	missing = missing_members(n, &arena, &there);
	if (!there)
		return false;
	if (!missing) {
		nic->bond_until.at_ns = 0;
		return true;
	}
	if (!nic->bond_until.at_ns && !nic->members_over)
		log_info("net", "%s: waiting for its member %s, at most %u s",
			 nic->plan->bond->name, missing, BOND_WAIT_S);
	if (!wait_is_over(nic, &nic->members_over))
		return false;
	log_warning("net", "%s: created without %s, which is not present", nic->plan->bond->name,
		    missing);
	return true;
}

static bool a_manager_has_it(struct nic_context *n)
{
	const struct plan_bond *bond = n->setup->nic->plan->bond;
	const struct link *link;
	unsigned int i;

	for (i = 0; i < bond->config.nr_members; i++) {
		link = member_link(n->links, &bond->members[i]);
		if (link && network_manager_of(link->ifindex))
			return true;
	}
	return false;
}

/*
 * Creates the bond with the MAC of the firmware's NIC, or else of the first member that is there.
 */
static enum nic_state create_bond(struct nic_context *n)
{
	const struct plan_bond *bond = n->setup->nic->plan->bond;
	const struct link *link = NULL;
	char buf[BOND_REQUEST_SIZE];
	const u8 *mac = bond->mac;
	unsigned int i;
	size_t len;
	int r;

	for (i = 0; i < bond->config.nr_members && !link; i++)
		link = member_link(n->links, &bond->members[i]);
	if (!bond->has_mac && link)
		mac = link->dev.mac;
	r = rtnl_talk(n->nl, bond_request(buf, bond, mac), NULL, NULL);
	if (r < 0)
		return nic_refused(n, "cannot create its bond (needs module bonding)", r);
	log_info("net", "%s: bond, mode %.*s, MAC %s", bond->name,
		 (int)(ibu_bond_mode_name(&bond->config, &len) ? len : 0),
		 ibu_bond_mode_name(&bond->config, &len), mac_text(mac).s);
	n->setup->nic->bond_is_ours = true;
	return NIC_NO_DEVICE;
}

/*
 * Adds a device, which has to be down. Its addresses are removed: packets would leave by it instead
 * of by the bond.
 */
static int add_member(struct nic_context *n, const struct link *bond, struct link *link)
{
	const char *name = plan_ifname(n->progress->plan, link->dev.mac);
	char before[IFNAMSIZ];
	int r = 0;

	if (link->flags & IFF_UP)
		r = link_set_down(n->nl, link->ifindex);
	if (!r)
		r = addr_flush(n->nl, link->ifindex);
	if (!r && name && strcmp(name, link->name) != 0) {
		snprintf(before, sizeof(before), "%s", link->name);
		nic_rename(n, link, name, before);
	}
	return r ? r : link_set_master(n->nl, link->ifindex, bond->ifindex);
}

/* Adds the members that are not in a bond or bridge. Returns how many; an error is logged once. */
static unsigned int add_members(struct nic_context *n, const struct link *dev)
{
	const struct plan_bond *bond = n->setup->nic->plan->bond;
	struct nic *nic = n->setup->nic;
	unsigned int i, added = 0;
	struct link *link;
	int r;

	for (i = 0; i < bond->config.nr_members; i++) {
		link = member_link(n->links, &bond->members[i]);
		if (!link || link->master == dev->ifindex || nic->members_tried & 1U << i)
			continue;
		nic->members_tried |= 1U << i;
		r = link->master ? -EBUSY : add_member(n, dev, link);
		if (!r && bond->primary == &bond->members[i])
			r = set_primary(n, bond, link->ifindex);
		if (r)
			log_warning("net", "%s: cannot add its member %s: %s", bond->name,
				    link->name, strerror(-r));
		else
			log_info("net", "%s: member %s, MAC %s", bond->name, link->name,
				 mac_text(link->dev.mac).s);
		added += !r;
	}
	return added;
}

static bool has_members(const struct links *links, const struct link *bond)
{
	unsigned int i;

	for (i = 0; i < links->nr; i++)
		if (links->list[i].master == bond->ifindex)
			return true;
	return false;
}

/* The step of the NIC that creates the bond. */
static enum nic_state keeper_step(struct nic_context *n, const struct link *dev)
{
	struct nic *nic = n->setup->nic;

	if (dev && nic->bond_is_ours) {
		if (add_members(n, dev))
			return NIC_NO_CARRIER; /* the kernel reports them */
		return has_members(n->links, dev) ?
			       NIC_READY :
			       nic_refused(n, "cannot add a member to its bond", -EINVAL);
	}
	if (dev && (has_members(n->links, dev) || dev->flags & IFF_UP ||
		    network_manager_of(dev->ifindex))) {
		if (!nic->bond_is_foreign)
			log_info("net", "%s: the bond exists already, left unchanged", dev->name);
		nic->bond_is_foreign = true;
		return NIC_READY;
	}
	if (nic->bond_is_ours || a_manager_has_it(n) || !members_are_there(n))
		return NIC_NO_DEVICE;
	return create_bond(n);
}

enum nic_state bond_step(struct nic_context *n)
{
	const struct plan_bond *bond = n->setup->nic->plan->bond;
	const struct link *dev;
	struct nic *keeper;

	if (!bond)
		return NIC_READY;
	dev = links_named(n->links, bond->name);
	snprintf(n->setup->name, sizeof(n->setup->name), "%s", bond->name);
	if (dev && !dev->is_bond)
		return nic_refused(n, "cannot create its bond: another device has the name",
				   -EEXIST);
	keeper = bond_keeper(n);
	if (keeper == n->setup->nic)
		return keeper_step(n, dev);
	return dev && has_members(n->links, dev) ? NIC_READY : NIC_NO_DEVICE;
}

bool bond_has_settled(struct nic_context *n, const struct link *link)
{
	struct nic *nic = n->setup->nic;

	if (!nic->plan->bond || nic->plan->bond->config.values[IBU_BOND_MODE] != IBU_BOND_8023AD)
		return true;
	if (link->has_partner) {
		nic->bond_until.at_ns = 0;
		return true;
	}
	if (!wait_is_over(nic, &nic->partner_over))
		return false;
	log_warning("net", "%s: no LACP partner after %u s; check the switch", link->name,
		    BOND_WAIT_S);
	return true;
}
