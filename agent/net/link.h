/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's network devices: reads, matches with configured NICs, and changes them. */
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
	int master; /* ifindex of the bond or bridge that it is a member of; 0: none */
	bool is_bond;
	bool has_partner; /* a bond in mode 802.3ad: LACP has found a partner */
	int parent; /* ifindex of the device below; 0: none */
	bool is_vlan;
	unsigned int vlan; /* VLAN ID if @is_vlan, else 0 */
};

struct links {
	struct link *list;
	unsigned int nr;
};

/* Reads all devices into the empty @links; the caller frees it. Returns 0 or -errno. */
int links_read(struct rtnl *nl, struct links *links);
/* Frees and empties @links; usable with __attribute__((cleanup)). */
void links_free(struct links *links);

/*
 * Returns the device that matches @nic best, or NULL. @nic must be named in some way (see
 * nic_is_any()). @also: another device that matches equally well, or NULL.
 */
const struct link *links_match(const struct links *links, const struct ibu_nic *nic,
			       const struct link **also);
/* Returns true if @nic has neither a MAC nor a PCI address nor an interface name. */
bool nic_is_any(const struct ibu_nic *nic);
/* Return the device with that index or name, or NULL. */
struct link *links_get(const struct links *links, int ifindex);
struct link *links_named(const struct links *links, const char *name);
/* True if no other device has the MAC of @link. */
bool links_mac_is_unique(const struct links *links, const struct link *link);
/*
 * True for an Ethernet device with hardware below it, not a stacked one such as a VLAN, nor a
 * member of a bond or bridge.
 */
bool link_is_ethernet(const struct link *link);
/* True if the device is up and can pass frames. */
bool link_has_carrier(const struct link *link);
/* Returns the device of VLAN ID @vlan on @parent, or NULL. */
const struct link *links_vlan(const struct links *links, int parent, unsigned int vlan);
/* Returns "eth0 52:54:00:12:34:56 no carrier, ..." in @arena, without lo; NULL without memory. */
char *links_describe(void **arena, const struct links *links);

/* The functions below change a device and return 0 or -errno. */

/* Brings the device up. @mtu 0 keeps the MTU. */
int link_set_up(struct rtnl *nl, int ifindex, unsigned int mtu);
/* Makes the device, which is down, a member of the bond @master. */
int link_set_master(struct rtnl *nl, int ifindex, int master);
/* Takes the device down. */
int link_set_down(struct rtnl *nl, int ifindex);
/* Sets the device's MAC address. -EBUSY: the driver does it only while the device is down. */
int link_set_mac(struct rtnl *nl, int ifindex, const u8 mac[6]);
/*
 * Renames the device. -EEXIST: another device has the name. -EBUSY: the device is up (before Linux
 * 6.2).
 */
int link_rename(struct rtnl *nl, int ifindex, const char *name);
/* Adds VLAN @vlan to @parent. -EEXIST: a device has the name, or @parent has the VLAN already. */
int link_add_vlan(struct rtnl *nl, int parent, const char *name, unsigned int vlan);

#endif
