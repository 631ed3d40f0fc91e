// SPDX-License-Identifier: GPL-2.0-only
/* Finds and adds addresses of network devices by rtnetlink. */
#include "net/addr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdio.h>

/* How many addresses a device may have that becomes a member of a bond. */
#define MAX_FLUSHED 256

void addr_put(struct nlmsghdr *nlh, uint16_t type, const struct ibu_addr *a)
{
	size_t at = ibu_addr_is_v4(a) ? ADDR_V4_AT : 0;

	mnl_attr_put(nlh, type, sizeof(a->b) - at, a->b + at);
}

void addr_get(struct ibu_addr *a, const struct nlattr *attr)
{
	size_t len = mnl_attr_get_payload_len(attr);

	addr_any(a, true);
	if (len == 4)
		memcpy(a->b + ADDR_V4_AT, mnl_attr_get_payload(attr), 4);
	else if (len == sizeof(a->b))
		memcpy(a->b, mnl_attr_get_payload(attr), len);
}

struct addr_search {
	int ifindex;
	const struct ibu_addr *addr; /* NULL: any that suits @peer */
	const struct ibu_addr *peer;
	enum addr_state state;
};

struct found_addr {
	struct ibu_addr local;
	struct ibu_addr address; /* differs from @local only on a point-to-point link */
	bool has_local;
	u32 flags;
};

static int read_addr_attr(const struct nlattr *a, void *data)
{
	struct found_addr *f = data;

	if (mnl_attr_get_type(a) == IFA_LOCAL) {
		addr_get(&f->local, a);
		f->has_local = true;
	} else if (mnl_attr_get_type(a) == IFA_ADDRESS) {
		addr_get(&f->address, a);
	} else if (mnl_attr_get_type(a) == IFA_FLAGS) {
		f->flags = mnl_attr_get_u32(a);
	}
	return MNL_CB_OK;
}

static enum addr_state state_of(u32 flags)
{
	if (flags & IFA_F_DADFAILED)
		return ADDR_DUPLICATE;
	/* An optimistic address may be used during duplicate address detection (RFC 4429). */
	if (flags & IFA_F_TENTATIVE && !(flags & IFA_F_OPTIMISTIC))
		return ADDR_TENTATIVE;
	return ADDR_READY;
}

static bool addr_matches(const struct addr_search *s, const struct ifaddrmsg *ifa,
			 const struct found_addr *f)
{
	if ((int)ifa->ifa_index != s->ifindex)
		return false;
	if (s->addr)
		return !memcmp(s->addr, &f->local, sizeof(f->local));
	if (addr_family(s->peer) != addr_family(&f->local))
		return false;
	return ifa->ifa_scope == RT_SCOPE_UNIVERSE ||
	       addr_in_subnet(s->peer, &f->local, ifa->ifa_prefixlen);
}

static int read_addr(const struct nlmsghdr *nlh, void *data)
{
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(nlh);
	struct addr_search *s = data;
	struct found_addr f = { .flags = ifa->ifa_flags };
	enum addr_state state;

	if (nlh->nlmsg_type != RTM_NEWADDR)
		return MNL_CB_OK;
	mnl_attr_parse(nlh, sizeof(*ifa), read_addr_attr, &f);
	if (!f.has_local)
		f.local = f.address;
	if (!addr_matches(s, ifa, &f))
		return MNL_CB_OK;
	state = state_of(f.flags);
	if (s->state != ADDR_READY && (state != ADDR_DUPLICATE || s->state == ADDR_ABSENT))
		s->state = state;
	return MNL_CB_OK;
}

int addr_find(struct rtnl *nl, int ifindex, const struct ibu_addr *addr,
	      const struct ibu_addr *peer, enum addr_state *state)
{
	struct addr_search s = { .ifindex = ifindex, .addr = addr, .peer = peer };
	char buf[NL_REQUEST_SIZE];
	struct nlmsghdr *request;
	struct ifaddrmsg *ifa;
	unsigned int i;
	void *extra;
	int r = -EINTR;

	for (i = 0; r == -EINTR && i < NL_DUMP_TRIES; i++) {
		s.state = ADDR_ABSENT;
		request = rtnl_request(buf, RTM_GETADDR, NLM_F_DUMP, sizeof(*ifa), &extra);
		ifa = extra;
		ifa->ifa_family = addr_family(addr ? addr : peer);
		r = rtnl_talk(nl, request, read_addr, &s);
	}
	*state = s.state;
	return r;
}

int addr_add(struct rtnl *nl, int ifindex, const struct ibu_addr *addr, unsigned int prefix_len)
{
	char buf[NL_REQUEST_SIZE];
	struct nlmsghdr *request;
	struct ifaddrmsg *ifa;
	void *extra;
	int r;

	request = rtnl_request(buf, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof(*ifa), &extra);
	ifa = extra;
	ifa->ifa_family = addr_family(addr);
	ifa->ifa_prefixlen = (unsigned char)prefix_len;
	ifa->ifa_index = (u32)ifindex;
	addr_put(request, IFA_LOCAL, addr);
	addr_put(request, IFA_ADDRESS, addr);
	r = rtnl_talk(nl, request, NULL, NULL);
	return r == -EEXIST ? 0 : r;
}

/* The first address of a device, as the request that deletes it. */
struct first_addr {
	int ifindex;
	char buf[NL_REQUEST_SIZE];
	struct nlmsghdr *request; /* NULL: none found */
};

static int read_first_addr(const struct nlmsghdr *nlh, void *data)
{
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(nlh);
	struct first_addr *first = data;
	struct found_addr f = { .flags = 0 };
	void *extra;

	if (nlh->nlmsg_type != RTM_NEWADDR || (int)ifa->ifa_index != first->ifindex ||
	    first->request)
		return MNL_CB_OK;
	mnl_attr_parse(nlh, sizeof(*ifa), read_addr_attr, &f);
	first->request = rtnl_request(first->buf, RTM_DELADDR, 0, sizeof(*ifa), &extra);
	memcpy(extra, ifa, sizeof(*ifa));
	addr_put(first->request, IFA_LOCAL, f.has_local ? &f.local : &f.address);
	addr_put(first->request, IFA_ADDRESS, &f.address);
	return MNL_CB_OK;
}

int addr_flush(struct rtnl *nl, int ifindex)
{
	struct first_addr first = { .ifindex = ifindex };
	char buf[NL_REQUEST_SIZE];
	struct nlmsghdr *request;
	unsigned int i;
	void *extra;
	int r = 0;

	/* Deleting an address deletes its secondary addresses too, so each time one is read. */
	for (i = 0; i < MAX_FLUSHED && (!r || r == -EINTR); i++) {
		first.request = NULL;
		request = rtnl_request(buf, RTM_GETADDR, NLM_F_DUMP, sizeof(struct ifaddrmsg),
				       &extra);
		r = rtnl_talk(nl, request, read_first_addr, &first);
		if (!r && !first.request)
			return 0;
		if (!r)
			r = rtnl_talk(nl, first.request, NULL, NULL);
	}
	return r ? r : -E2BIG;
}
