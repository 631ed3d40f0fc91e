// SPDX-License-Identifier: GPL-2.0-only
/* Reads and adds the kernel's routes and routing rules by rtnetlink. */
#include "net/route.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>

#include "net/addr.h"

/* Before the rule of the main table (32766), after rules that others put first. */
#define RULE_PRIORITY 3260

static int read_route_attr(const struct nlattr *a, void *data)
{
	struct route *route = data;

	switch (mnl_attr_get_type(a)) {
	case RTA_DST:
		addr_get(&route->dst, a);
		break;
	case RTA_GATEWAY:
		addr_get(&route->gateway, a);
		break;
	case RTA_PREFSRC:
		addr_get(&route->src, a);
		break;
	case RTA_OIF:
		route->ifindex = (int)mnl_attr_get_u32(a);
		break;
	case RTA_TABLE:
		route->table = mnl_attr_get_u32(a);
		break;
	case RTA_PRIORITY:
		route->metric = mnl_attr_get_u32(a);
		break;
	default:
		break;
	}
	return MNL_CB_OK;
}

static bool parse_route(const struct nlmsghdr *nlh, struct route *route)
{
	const struct rtmsg *rt = mnl_nlmsg_get_payload(nlh);

	if (nlh->nlmsg_type != RTM_NEWROUTE)
		return false;
	*route = (struct route){ .len = rt->rtm_dst_len, .table = rt->rtm_table };
	if (rt->rtm_family == AF_INET)
		addr_any(&route->dst, true);
	mnl_attr_parse(nlh, sizeof(*rt), read_route_attr, route);
	return rt->rtm_type == RTN_UNICAST && !(rt->rtm_flags & RTM_F_CLONED) && route->ifindex;
}

static int add_to_routes(const struct nlmsghdr *nlh, void *data)
{
	struct routes *routes = data;
	struct route route, *list;

	if (!parse_route(nlh, &route))
		return MNL_CB_OK;
	list = reallocarray(routes->list, routes->nr + 1, sizeof(*list));
	if (!list)
		return MNL_CB_ERROR;
	routes->list = list;
	list[routes->nr++] = route;
	return MNL_CB_OK;
}

int routes_read(struct rtnl *nl, struct routes *routes)
{
	char buf[NL_REQUEST_SIZE];
	struct nlmsghdr *request;
	unsigned int i;
	void *extra;
	int r = -EINTR;

	for (i = 0; r == -EINTR && i < NL_DUMP_TRIES; i++) {
		routes_free(routes);
		request = rtnl_request(buf, RTM_GETROUTE, NLM_F_DUMP, sizeof(struct rtmsg), &extra);
		r = rtnl_talk(nl, request, add_to_routes, routes); /* AF_UNSPEC: all families */
	}
	return r;
}

void routes_free(struct routes *routes)
{
	free(routes->list);
	*routes = (struct routes){ NULL, 0 };
}

const struct route *routes_find(const struct routes *routes, const struct route *wanted)
{
	unsigned int i;

	for (i = 0; i < routes->nr; i++) {
		const struct route *r = &routes->list[i];

		if (r->table == wanted->table && r->len == wanted->len &&
		    ibu_addr_is_v4(&r->dst) == ibu_addr_is_v4(&wanted->dst) &&
		    addr_in_subnet(&r->dst, &wanted->dst, wanted->len) &&
		    (!wanted->ifindex || r->ifindex == wanted->ifindex))
			return r;
	}
	return NULL;
}

bool routes_reach(const struct routes *routes, const struct ibu_addr *dst, int ifindex)
{
	unsigned int i;

	for (i = 0; i < routes->nr; i++)
		if (routes->list[i].table == RT_TABLE_MAIN && routes->list[i].ifindex == ifindex &&
		    addr_in_subnet(dst, &routes->list[i].dst, routes->list[i].len))
			return true;
	return false;
}

static void put_route_addr(struct nlmsghdr *nlh, uint16_t type, const struct ibu_addr *a)
{
	if (!ibu_addr_is_null(a))
		addr_put(nlh, type, a);
}

int route_add(struct rtnl *nl, const struct route *route)
{
	bool gateway = !ibu_addr_is_null(&route->gateway);
	char buf[NL_REQUEST_SIZE];
	struct nlmsghdr *request;
	struct rtmsg *rt;
	void *extra;

	request = rtnl_request(buf, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, sizeof(*rt), &extra);
	rt = extra;
	rt->rtm_family = addr_family(&route->dst);
	rt->rtm_dst_len = (unsigned char)route->len;
	rt->rtm_protocol = RTPROT_BOOT;
	rt->rtm_scope = gateway ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
	rt->rtm_type = RTN_UNICAST;
	rt->rtm_flags = gateway && route->onlink ? RTNH_F_ONLINK : 0;
	mnl_attr_put_u32(request, RTA_TABLE, route->table);
	if (route->len)
		addr_put(request, RTA_DST, &route->dst);
	put_route_addr(request, RTA_GATEWAY, &route->gateway);
	put_route_addr(request, RTA_PREFSRC, &route->src);
	if (route->metric)
		mnl_attr_put_u32(request, RTA_PRIORITY, route->metric);
	mnl_attr_put_u32(request, RTA_OIF, (u32)route->ifindex);
	return rtnl_talk(nl, request, NULL, NULL);
}

static int read_route_reply(const struct nlmsghdr *nlh, void *data)
{
	if (nlh->nlmsg_type == RTM_NEWROUTE)
		mnl_attr_parse(nlh, sizeof(struct rtmsg), read_route_attr, data);
	return MNL_CB_OK;
}

int route_get(struct rtnl *nl, const struct ibu_addr *dst, struct route *route)
{
	char buf[NL_REQUEST_SIZE];
	struct nlmsghdr *request;
	struct rtmsg *rt;
	void *extra;
	int r;

	*route = (struct route){ .ifindex = 0 };
	request = rtnl_request(buf, RTM_GETROUTE, 0, sizeof(*rt), &extra);
	rt = extra;
	rt->rtm_family = addr_family(dst);
	rt->rtm_dst_len = addr_bits(dst);
	addr_put(request, RTA_DST, dst);
	r = rtnl_talk(nl, request, read_route_reply, route);
	if (!r && !route->ifindex)
		return -ENETUNREACH;
	return r;
}

/* A rule's message has the layout of a route's (include/uapi/linux/fib_rules.h). */
struct rule_search {
	struct ibu_addr src;
	unsigned int table;
	bool found;
};

static int read_rule_attr(const struct nlattr *a, void *data)
{
	struct rule_search *rule = data;

	if (mnl_attr_get_type(a) == FRA_SRC)
		addr_get(&rule->src, a);
	else if (mnl_attr_get_type(a) == FRA_TABLE)
		rule->table = mnl_attr_get_u32(a);
	return MNL_CB_OK;
}

static int match_rule(const struct nlmsghdr *nlh, void *data)
{
	struct rule_search *wanted = data, rule = { .table = 0 };

	if (nlh->nlmsg_type != RTM_NEWRULE)
		return MNL_CB_OK;
	mnl_attr_parse(nlh, sizeof(struct fib_rule_hdr), read_rule_attr, &rule);
	wanted->found |= rule.table == wanted->table &&
			 !memcmp(&rule.src, &wanted->src, sizeof(rule.src));
	return MNL_CB_OK;
}

static struct nlmsghdr *rule_request(char *buf, uint16_t type, uint16_t flags,
				     const struct ibu_addr *src, struct fib_rule_hdr **rule)
{
	struct nlmsghdr *request;
	void *extra;

	request = rtnl_request(buf, type, flags, sizeof(**rule), &extra);
	*rule = extra;
	(*rule)->family = addr_family(src);
	return request;
}

static int rule_find(struct rtnl *nl, struct rule_search *search)
{
	char buf[NL_REQUEST_SIZE];
	struct fib_rule_hdr *rule;
	unsigned int i;
	int r = -EINTR;

	for (i = 0; r == -EINTR && i < NL_DUMP_TRIES; i++)
		r = rtnl_talk(nl, rule_request(buf, RTM_GETRULE, NLM_F_DUMP, &search->src, &rule),
			      match_rule, search);
	return r;
}

int rule_add(struct rtnl *nl, const struct ibu_addr *src, unsigned int table)
{
	struct rule_search search = { .src = *src, .table = table };
	char buf[NL_REQUEST_SIZE];
	struct fib_rule_hdr *rule;
	struct nlmsghdr *request;
	int r = rule_find(nl, &search);

	if (r || search.found)
		return r;
	request = rule_request(buf, RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, src, &rule);
	rule->src_len = addr_bits(src);
	rule->action = FR_ACT_TO_TBL;
	addr_put(request, FRA_SRC, src);
	mnl_attr_put_u32(request, FRA_TABLE, table);
	mnl_attr_put_u32(request, FRA_PRIORITY, RULE_PRIORITY);
	return rtnl_talk(nl, request, NULL, NULL);
}
