/* SPDX-License-Identifier: GPL-2.0-only */
/* The network devices as the kernel has them, and which of them a configured NIC is. */
#ifndef AGENT_NET_LINK_H
#define AGENT_NET_LINK_H

#include <net/if.h>
#include <stdbool.h>

#include "net/rtnl.h"
#include "kmod/core/nic_match.h"

struct link {
	int ifindex;
	char name[IFNAMSIZ];
	struct ibu_netdev dev;
	unsigned int type; /* ARPHRD_* */
	unsigned int flags; /* IFF_* */
	unsigned int operstate; /* IF_OPER_* */
	unsigned int mtu;
	int parent; /* ifindex of the device below, 0: none */
	bool is_vlan;
	unsigned int vlan; /* then its number, else 0 */
};

struct links {
	struct link *list;
	unsigned int nr;
};

/* All devices, into the empty @links. 0 or -errno. */
int links_read(struct rtnl *nl, struct links *links);
/* For __attribute__((cleanup)) too. */
void links_free(struct links *links);

/*
 * The device that @nic is, which is named in some way; NULL: not there. @also: another that fits
 * as well, or NULL.
 */
const struct link *links_match(const struct links *links, const struct ibu_nic *nic,
			       const struct link **also);
/* Not named in any way: no MAC, no PCI address, no name. */
bool nic_is_any(const struct ibu_nic *nic);
/* The one with that index, or name; NULL: it is gone. */
struct link *links_get(const struct links *links, int ifindex);
struct link *links_named(const struct links *links, const char *name);
/* No other device has its MAC. */
bool links_mac_is_unique(const struct links *links, const struct link *link);
/* A device with hardware of its own that speaks ethernet. */
bool link_is_ethernet(const struct link *link);
/* Up, and frames can pass. */
bool link_has_carrier(const struct link *link);
const struct link *links_vlan(const struct links *links, int parent, unsigned int vlan);
/* For people: "eth0 52:54:00:12:34:56 no carrier, ..."; without lo. NULL without memory. */
char *links_describe(void **arena, const struct links *links);

/* Brings it up; @mtu 0: as it is. 0 or -errno. */
int link_set_up(struct rtnl *nl, int ifindex, unsigned int mtu);
int link_set_down(struct rtnl *nl, int ifindex);
/* -EEXIST: another device has the name; -EBUSY: it is up, and the kernel is older than 6.2. */
int link_rename(struct rtnl *nl, int ifindex, const char *name);
int link_add_vlan(struct rtnl *nl, int parent, const char *name, unsigned int vlan);

#endif
