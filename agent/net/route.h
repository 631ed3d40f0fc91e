/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's routes, and the rules that select a routing table. */
#ifndef AGENT_NET_ROUTE_H
#define AGENT_NET_ROUTE_H

#include "net/rtnl.h"
#include "kmod/core/params.h"

/* A unicast route. A null address means none; the family is that of @dst. */
struct route {
	struct ibu_addr dst; /* 0.0.0.0 or :: with @len 0: the default route */
	unsigned int len; /* bits of @dst: 0 to 32 or 128 */
	struct ibu_addr gateway;
	struct ibu_addr src; /* preferred source address */
	int ifindex;
	unsigned int table;
	unsigned int metric; /* the kernel uses the route with the lowest */
	bool onlink; /* the gateway is in no subnet of the device */
};

struct routes {
	struct route *list;
	unsigned int nr;
};

/*
 * Reads the routes of all families and tables into the empty @routes, except nexthop groups. The
 * caller frees it. Returns 0 or -errno.
 */
int routes_read(struct rtnl *nl, struct routes *routes);
/* Frees and empties @routes; usable with __attribute__((cleanup)). */
void routes_free(struct routes *routes);
/* Returns a route with destination, table and (unless 0) ifindex of @wanted, or NULL. */
const struct route *routes_find(const struct routes *routes, const struct route *wanted);
/* True if the main table has a route to @dst by the device. */
bool routes_reach(const struct routes *routes, const struct ibu_addr *dst, int ifindex);
/*
 * Adds the route. Returns 0, -EEXIST if a route to that destination with that metric exists, or
 * -errno.
 */
int route_add(struct rtnl *nl, const struct route *route);
/* Gets the route that the kernel now uses for @dst. Returns 0, -ENETUNREACH or another -errno. */
int route_get(struct rtnl *nl, const struct ibu_addr *dst, struct route *route);
/*
 * Adds the rule that packets from @src use @table first. A rule that exists is no error. Returns 0
 * or -errno.
 */
int rule_add(struct rtnl *nl, const struct ibu_addr *src, unsigned int table);

#endif
