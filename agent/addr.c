// SPDX-License-Identifier: GPL-2.0-only
#include "addr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

/* The IPv4 address begins at this byte of a mapped one. */
#define V4_AT 12
#define DUMP_TRIES 16

static unsigned char family(const struct ibu_addr *a)
{
	return ibu_addr_is_v4(a) ? AF_INET : AF_INET6;
}

static unsigned char bits(const struct ibu_addr *a)
{
	return ibu_addr_is_v4(a) ? 32 : 128;
}

static void put_addr(struct nlmsghdr *nlh, uint16_t type, const struct ibu_addr *a)
{
	size_t at = ibu_addr_is_v4(a) ? V4_AT : 0;

	mnl_attr_put(nlh, type, sizeof(a->b) - at, a->b + at);
}

static void get_addr(struct ibu_addr *a, const struct nlattr *attr)
{
	static const struct ibu_addr v4 = { .b = { [10] = 0xff, [11] = 0xff } };
	size_t len = mnl_attr_get_payload_len(attr);

	*a = v4;
	if (len == 4)
		memcpy(a->b + V4_AT, mnl_attr_get_payload(attr), 4);
	else if (len == sizeof(a->b))
		memcpy(a->b, mnl_attr_get_payload(attr), len);
}

bool addr_in_subnet(const struct ibu_addr *a, const struct ibu_addr *subnet, unsigned int len)
{
	unsigned int whole, rest;

	if (family(a) != family(subnet) || len > bits(a))
		return false;
	len += 128U - bits(a);
	whole = len / 8;
	rest = len % 8;
	if (memcmp(a->b, subnet->b, whole))
		return false;
	return !rest || (a->b[whole] ^ subnet->b[whole]) >> (8 - rest) == 0;
}

unsigned int addr_usual_prefix(const struct ibu_addr *a)
{
	if (!ibu_addr_is_v4(a))
		return 64;
	if (a->b[V4_AT] < 128)
		return 8;
	return a->b[V4_AT] < 192 ? 16 : 24;
}

struct search {
	int ifindex;
	const struct ibu_addr *addr; /* or */
	const struct ibu_addr *peer;
	enum addr_state state;
};

struct found {
	struct ibu_addr local;
	struct ibu_addr address; /* differs from local on a point-to-point link only */
	bool has_local;
	u32 flags;
};

static int read_attr(const struct nlattr *a, void *data)
{
	struct found *f = data;

	if (mnl_attr_get_type(a) == IFA_LOCAL) {
		get_addr(&f->local, a);
		f->has_local = true;
	} else if (mnl_attr_get_type(a) == IFA_ADDRESS) {
		get_addr(&f->address, a);
	} else if (mnl_attr_get_type(a) == IFA_FLAGS) {
		f->flags = mnl_attr_get_u32(a);
	}
	return MNL_CB_OK;
}

static enum addr_state state_of(u32 flags)
{
	if (flags & IFA_F_DADFAILED)
		return ADDR_DUPLICATE;
	/* An optimistic address may be used while it is still asked for. */
	if (flags & IFA_F_TENTATIVE && !(flags & IFA_F_OPTIMISTIC))
		return ADDR_TENTATIVE;
	return ADDR_READY;
}

static bool is_wanted(const struct search *s, const struct ifaddrmsg *ifa, const struct found *f)
{
	if ((int)ifa->ifa_index != s->ifindex)
		return false;
	if (s->addr)
		return !memcmp(s->addr, &f->local, sizeof(f->local));
	if (family(s->peer) != family(&f->local))
		return false;
	return ifa->ifa_scope == RT_SCOPE_UNIVERSE ||
	       addr_in_subnet(s->peer, &f->local, ifa->ifa_prefixlen);
}

static int read_addr(const struct nlmsghdr *nlh, void *data)
{
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(nlh);
	struct search *s = data;
	struct found f = { .flags = ifa->ifa_flags };
	enum addr_state state;

	if (nlh->nlmsg_type != RTM_NEWADDR)
		return MNL_CB_OK;
	mnl_attr_parse(nlh, sizeof(*ifa), read_attr, &f);
	if (!f.has_local)
		f.local = f.address;
	if (!is_wanted(s, ifa, &f))
		return MNL_CB_OK;
	state = state_of(f.flags);
	if (s->state != ADDR_READY && (state != ADDR_DUPLICATE || s->state == ADDR_ABSENT))
		s->state = state;
	return MNL_CB_OK;
}

int addr_find(struct nl *nl, int ifindex, const struct ibu_addr *addr, const struct ibu_addr *peer,
	      enum addr_state *state)
{
	struct search s = { .ifindex = ifindex, .addr = addr, .peer = peer };
	char buf[NL_REQUEST_SIZE];
	struct nlmsghdr *request;
	struct ifaddrmsg *ifa;
	unsigned int i;
	void *extra;
	int r = -EINTR;

	for (i = 0; r == -EINTR && i < DUMP_TRIES; i++) {
		s.state = ADDR_ABSENT;
		request = nl_request(buf, RTM_GETADDR, NLM_F_DUMP, sizeof(*ifa), &extra);
		ifa = extra;
		ifa->ifa_family = family(addr ? addr : peer);
		r = nl_talk(nl, request, read_addr, &s);
	}
	*state = s.state;
	return r;
}

int addr_add(struct nl *nl, int ifindex, const struct ibu_addr *addr, unsigned int prefix_len)
{
	char buf[NL_REQUEST_SIZE];
	struct nlmsghdr *request;
	struct ifaddrmsg *ifa;
	void *extra;
	int r;

	request = nl_request(buf, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof(*ifa), &extra);
	ifa = extra;
	ifa->ifa_family = family(addr);
	ifa->ifa_prefixlen = (unsigned char)prefix_len;
	ifa->ifa_index = (u32)ifindex;
	put_addr(request, IFA_LOCAL, addr);
	put_addr(request, IFA_ADDRESS, addr);
	r = nl_talk(nl, request, NULL, NULL);
	return r == -EEXIST ? 0 : r;
}

int route_add(struct nl *nl, int ifindex, const struct ibu_addr *dst,
	      const struct ibu_addr *gateway, bool onlink)
{
	char buf[NL_REQUEST_SIZE];
	struct nlmsghdr *request;
	struct rtmsg *rt;
	void *extra;

	request = nl_request(buf, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, sizeof(*rt), &extra);
	rt = extra;
	rt->rtm_family = family(dst ? dst : gateway);
	rt->rtm_dst_len = dst ? bits(dst) : 0;
	rt->rtm_table = RT_TABLE_MAIN;
	rt->rtm_protocol = RTPROT_BOOT;
	rt->rtm_scope = gateway ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
	rt->rtm_type = RTN_UNICAST;
	rt->rtm_flags = onlink ? RTNH_F_ONLINK : 0;
	if (dst)
		put_addr(request, RTA_DST, dst);
	if (gateway)
		put_addr(request, RTA_GATEWAY, gateway);
	mnl_attr_put_u32(request, RTA_OIF, (u32)ifindex);
	return nl_talk(nl, request, NULL, NULL);
}

static int read_route_attr(const struct nlattr *a, void *data)
{
	struct route *route = data;

	if (mnl_attr_get_type(a) == RTA_OIF)
		route->ifindex = (int)mnl_attr_get_u32(a);
	else if (mnl_attr_get_type(a) == RTA_GATEWAY)
		get_addr(&route->gateway, a);
	return MNL_CB_OK;
}

static int read_route(const struct nlmsghdr *nlh, void *data)
{
	if (nlh->nlmsg_type == RTM_NEWROUTE)
		mnl_attr_parse(nlh, sizeof(struct rtmsg), read_route_attr, data);
	return MNL_CB_OK;
}

int route_find(struct nl *nl, const struct ibu_addr *dst, struct route *route)
{
	char buf[NL_REQUEST_SIZE];
	struct nlmsghdr *request;
	struct rtmsg *rt;
	void *extra;
	int r;

	*route = (struct route){ .ifindex = 0 };
	request = nl_request(buf, RTM_GETROUTE, 0, sizeof(*rt), &extra);
	rt = extra;
	rt->rtm_family = family(dst);
	rt->rtm_dst_len = bits(dst);
	put_addr(request, RTA_DST, dst);
	r = nl_talk(nl, request, read_route, route);
	if (!r && !route->ifindex)
		return -ENETUNREACH;
	return r;
}
