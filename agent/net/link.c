// SPDX-License-Identifier: GPL-2.0-only
/* Reads the kernel's network devices by rtnetlink, matches them with NICs, and changes them. */
#include "net/link.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/ip_addr.h"
#include "base/sysfs.h"

static int read_vlan_id(const struct nlattr *a, void *data)
{
	struct link *link = data;

	if (mnl_attr_get_type(a) == IFLA_VLAN_ID)
		link->vlan = mnl_attr_get_u16(a);
	return MNL_CB_OK;
}

static int read_partner(const struct nlattr *a, void *data)
{
	static const u8 none[6];
	struct link *link = data;

	if (mnl_attr_get_type(a) == IFLA_BOND_AD_INFO_PARTNER_MAC)
		link->has_partner = mnl_attr_get_payload_len(a) == sizeof(none) &&
				    memcmp(mnl_attr_get_payload(a), none, sizeof(none)) != 0;
	return MNL_CB_OK;
}

static int read_bond_info(const struct nlattr *a, void *data)
{
	if (mnl_attr_get_type(a) == IFLA_BOND_AD_INFO)
		mnl_attr_parse_nested(a, read_partner, data);
	return MNL_CB_OK;
}

/* The kernel sends IFLA_INFO_KIND before IFLA_INFO_DATA, whose meaning depends on the kind. */
static int read_link_info(const struct nlattr *a, void *data)
{
	static const char *const stacked[] = { "vlan",	  "bond",   "bridge", "team",  "macvlan",
					       "macvtap", "ipvlan", "ipvtap", "vxlan", "hsr" };
	struct link *link = data;
	unsigned int i;

	if (mnl_attr_get_type(a) == IFLA_INFO_KIND) {
		for (i = 0; i < ARRAY_SIZE(stacked); i++)
			link->dev.stacked |= !strcmp(mnl_attr_get_str(a), stacked[i]);
		link->is_vlan = !strcmp(mnl_attr_get_str(a), "vlan");
		link->is_bond = !strcmp(mnl_attr_get_str(a), "bond");
	} else if (mnl_attr_get_type(a) == IFLA_INFO_DATA && link->is_vlan) {
		mnl_attr_parse_nested(a, read_vlan_id, link);
	} else if (mnl_attr_get_type(a) == IFLA_INFO_DATA && link->is_bond) {
		mnl_attr_parse_nested(a, read_bond_info, link);
	}
	return MNL_CB_OK;
}

static void read_mac(u8 mac[6], const struct nlattr *a)
{
	if (mnl_attr_get_payload_len(a) == 6)
		memcpy(mac, mnl_attr_get_payload(a), 6);
}

static int read_link_attr(const struct nlattr *a, void *data)
{
	struct link *link = data;

	switch (mnl_attr_get_type(a)) {
	case IFLA_IFNAME:
		snprintf(link->name, sizeof(link->name), "%s", mnl_attr_get_str(a));
		break;
	case IFLA_ADDRESS:
		read_mac(link->dev.mac, a);
		break;
	case IFLA_PERM_ADDRESS:
		read_mac(link->dev.perm_addr, a);
		break;
	case IFLA_OPERSTATE:
		link->operstate = mnl_attr_get_u8(a);
		break;
	case IFLA_MTU:
		link->mtu = mnl_attr_get_u32(a);
		break;
	case IFLA_LINK:
		link->parent = (int)mnl_attr_get_u32(a);
		break;
	case IFLA_MASTER:
		link->master = (int)mnl_attr_get_u32(a);
		break;
	case IFLA_LINKINFO:
		mnl_attr_parse_nested(a, read_link_info, link);
		break;
	default:
		break;
	}
	return MNL_CB_OK;
}

/*
 * Sets the PCI function: the last one in the device's path. For virtio that is not the last
 * component, because the virtio bus is on top of PCI.
 */
static void read_parent_device(struct link *link)
{
	AUTO_ARENA arena = NULL;
	char *path = sysfs_realpath(&arena, "/sys/class/net/%s/device", link->name);
	unsigned int segment, bus, device, function;
	char *part, *rest = NULL;

	if (!path)
		return;
	link->dev.has_parent = true;
	for (part = strtok_r(path, "/", &rest); part; part = strtok_r(NULL, "/", &rest))
		if (sscanf(part, "%8x:%2x:%2x.%1x", &segment, &bus, &device, &function) == 4)
			link->dev.pci_bdf = segment ? 0 : bus << 8 | device << 3 | function;
}

static int read_link(const struct nlmsghdr *nlh, void *data)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(nlh);
	struct links *links = data;
	struct link *list, *link;

	if (nlh->nlmsg_type != RTM_NEWLINK)
		return MNL_CB_OK;
	list = reallocarray(links->list, links->nr + 1, sizeof(*list));
	if (!list)
		return MNL_CB_ERROR;
	links->list = list;
	link = &list[links->nr++];
	*link = (struct link){ .ifindex = info->ifi_index,
			       .type = info->ifi_type,
			       .flags = info->ifi_flags };
	mnl_attr_parse(nlh, sizeof(*info), read_link_attr, link);
	read_parent_device(link);
	return MNL_CB_OK;
}

int links_read(struct rtnl *nl, struct links *links)
{
	char buf[NL_REQUEST_SIZE];
	struct nlmsghdr *request;
	struct ifinfomsg *info;
	unsigned int i;
	void *extra;
	int r = -EINTR;

	for (i = 0; r == -EINTR && i < NL_DUMP_TRIES; i++) {
		links_free(links);
		request = rtnl_request(buf, RTM_GETLINK, NLM_F_DUMP, sizeof(*info), &extra);
		info = extra;
		info->ifi_family = AF_UNSPEC;
		r = rtnl_talk(nl, request, read_link, links);
	}
	for (i = 0; i < links->nr; i++)
		links->list[i].dev.ifname = links->list[i].name;
	return r;
}

void links_free(struct links *links)
{
	free(links->list);
	*links = (struct links){ NULL, 0 };
}

bool nic_is_any(const struct ibu_nic *nic)
{
	return !ibu_has(&nic->f, IBU_NIC_MAC) && !ibu_has(&nic->f, IBU_NIC_PCI_BDF) &&
	       !ibu_has(&nic->f, IBU_NIC_IFNAME);
}

bool link_is_ethernet(const struct link *link)
{
	return link->type == ARPHRD_ETHER && link->dev.has_parent && !link->dev.stacked &&
	       !link->master;
}

bool link_has_carrier(const struct link *link)
{
	if (!(link->flags & IFF_UP) || !(link->flags & IFF_LOWER_UP))
		return false;
	/*
	 * A device that had a carrier when it was opened can send at once, but the kernel updates
	 * operstate up to a second later (net/core/link_watch.c). So IF_OPER_DOWN with a carrier
	 * counts as up.
	 */
	return link->operstate == IF_OPER_UP || link->operstate == IF_OPER_UNKNOWN ||
	       link->operstate == IF_OPER_DOWN;
}

const struct link *links_match(const struct links *links, const struct ibu_nic *nic,
			       const struct link **also)
{
	enum ibu_match m, best = IBU_MATCH_NONE;
	const struct link *found = NULL;
	unsigned int i;

	*also = NULL;
	for (i = 0; i < links->nr; i++) {
		m = ibu_match(nic, &links->list[i].dev);
		if (m > best) {
			best = m;
			found = &links->list[i];
			*also = NULL;
		} else if (found && m == best) {
			*also = &links->list[i];
		}
	}
	return found;
}

struct link *links_named(const struct links *links, const char *name)
{
	unsigned int i;

	for (i = 0; i < links->nr; i++)
		if (!strcmp(links->list[i].name, name))
			return &links->list[i];
	return NULL;
}

struct link *links_get(const struct links *links, int ifindex)
{
	unsigned int i;

	for (i = 0; i < links->nr; i++)
		if (links->list[i].ifindex == ifindex)
			return &links->list[i];
	return NULL;
}

bool links_mac_is_unique(const struct links *links, const struct link *link)
{
	unsigned int i;

	for (i = 0; i < links->nr; i++)
		if (links->list[i].ifindex != link->ifindex &&
		    !memcmp(links->list[i].dev.mac, link->dev.mac, sizeof(link->dev.mac)))
			return false;
	return true;
}

const struct link *links_vlan(const struct links *links, int parent, unsigned int vlan)
{
	unsigned int i;

	for (i = 0; i < links->nr; i++)
		if (links->list[i].parent == parent && links->list[i].vlan == vlan)
			return &links->list[i];
	return NULL;
}

static const char *link_state(const struct link *link)
{
	if (!(link->flags & IFF_UP))
		return "down";
	return link_has_carrier(link) ? "up" : "no carrier";
}

char *links_describe(void **arena, const struct links *links)
{
	char *text = arena_printf(arena, "%s", "");
	unsigned int i;

	for (i = 0; text && i < links->nr; i++) {
		const struct link *l = &links->list[i];

		if (l->type == ARPHRD_LOOPBACK)
			continue;
		text = arena_printf(arena, "%s%s%s %s %s", text, *text ? ", " : "", l->name,
				    mac_text(l->dev.mac).s, link_state(l));
	}
	return text && !*text ? arena_printf(arena, "none") : text;
}

/* Starts a request that changes the device @ifindex. */
static struct nlmsghdr *link_request(char *buf, int ifindex, struct ifinfomsg **info)
{
	struct nlmsghdr *request;
	void *extra;

	request = rtnl_request(buf, RTM_NEWLINK, 0, sizeof(**info), &extra);
	*info = extra;
	(*info)->ifi_index = ifindex;
	return request;
}

int link_set_up(struct rtnl *nl, int ifindex, unsigned int mtu)
{
	char buf[NL_REQUEST_SIZE];
	struct ifinfomsg *info;
	struct nlmsghdr *request = link_request(buf, ifindex, &info);

	info->ifi_flags = IFF_UP;
	info->ifi_change = IFF_UP;
	if (mtu)
		mnl_attr_put_u32(request, IFLA_MTU, mtu);
	return rtnl_talk(nl, request, NULL, NULL);
}

int link_set_down(struct rtnl *nl, int ifindex)
{
	char buf[NL_REQUEST_SIZE];
	struct ifinfomsg *info;
	struct nlmsghdr *request = link_request(buf, ifindex, &info);

	info->ifi_change = IFF_UP;
	return rtnl_talk(nl, request, NULL, NULL);
}

int link_set_master(struct rtnl *nl, int ifindex, int master)
{
	char buf[NL_REQUEST_SIZE];
	struct ifinfomsg *info;
	struct nlmsghdr *request = link_request(buf, ifindex, &info);

	mnl_attr_put_u32(request, IFLA_MASTER, (u32)master);
	return rtnl_talk(nl, request, NULL, NULL);
}

int link_set_mac(struct rtnl *nl, int ifindex, const u8 mac[6])
{
	char buf[NL_REQUEST_SIZE];
	struct ifinfomsg *info;
	struct nlmsghdr *request = link_request(buf, ifindex, &info);

	mnl_attr_put(request, IFLA_ADDRESS, 6, mac);
	return rtnl_talk(nl, request, NULL, NULL);
}

int link_rename(struct rtnl *nl, int ifindex, const char *name)
{
	char buf[NL_REQUEST_SIZE];
	struct ifinfomsg *info;
	struct nlmsghdr *request = link_request(buf, ifindex, &info);

	mnl_attr_put_strz(request, IFLA_IFNAME, name);
	return rtnl_talk(nl, request, NULL, NULL);
}

int link_add_vlan(struct rtnl *nl, int parent, const char *name, unsigned int vlan)
{
	char buf[NL_REQUEST_SIZE];
	struct nlattr *info, *data;
	struct nlmsghdr *request;
	void *extra;

	request = rtnl_request(buf, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL,
			       sizeof(struct ifinfomsg), &extra);
	mnl_attr_put_strz(request, IFLA_IFNAME, name);
	mnl_attr_put_u32(request, IFLA_LINK, (u32)parent);
	info = mnl_attr_nest_start(request, IFLA_LINKINFO);
	mnl_attr_put_strz(request, IFLA_INFO_KIND, "vlan");
	data = mnl_attr_nest_start(request, IFLA_INFO_DATA);
	mnl_attr_put_u16(request, IFLA_VLAN_ID, (u16)vlan);
	mnl_attr_nest_end(request, data);
	mnl_attr_nest_end(request, info);
	return rtnl_talk(nl, request, NULL, NULL);
}
