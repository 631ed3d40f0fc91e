/* SPDX-License-Identifier: GPL-2.0-only */
/* Routes of the kernel, and rules by which it chooses the table to look in. */
#ifndef AGENT_NET_ROUTE_H
#define AGENT_NET_ROUTE_H

#include "net/rtnl.h"
#include "kmod/core/params.h"

/* One of unicast. Zero addresses stand for none; the family is that of @dst. */
struct route {
	struct ibu_addr dst; /* 0.0.0.0 or :: with @len 0: all */
	unsigned int len; /* bits of @dst: 0 to 32 or 128 */
	struct ibu_addr gateway;
	struct ibu_addr src; /* what to send from */
	int ifindex;
	unsigned int table;
	unsigned int metric; /* of two to the same, the lower one counts */
	bool onlink; /* the gateway is in no subnet */
};

struct routes {
	struct route *list;
	unsigned int nr;
};

/* All families and tables, into the empty @routes; without nexthop groups. 0 or -errno. */
int routes_read(struct rtnl *nl, struct routes *routes);
/* For __attribute__((cleanup)) too. */
void routes_free(struct routes *routes);
/* The one to the same destination in the same table, and if @wanted has one, of its device. */
const struct route *routes_find(const struct routes *routes, const struct route *wanted);
/* Whether the main table leads to @dst by the device, or @gateway can be reached so. */
bool routes_reach(const struct routes *routes, const struct ibu_addr *dst, int ifindex);
/* 0, -EEXIST if there is one to the same destination with this metric, or another -errno. */
int route_add(struct rtnl *nl, const struct route *route);
/* How the kernel sends to @dst now. 0, or -ENETUNREACH or another -errno. */
int route_get(struct rtnl *nl, const struct ibu_addr *dst, struct route *route);
/* What is sent from @src is looked up in @table first. Done already is no error. 0 or -errno. */
int rule_add(struct rtnl *nl, const struct ibu_addr *src, unsigned int table);

#endif
