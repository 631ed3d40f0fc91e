/* SPDX-License-Identifier: GPL-2.0-only */
/* Between handoff.c, which writes, and what stands in each file (handoff_files.c). */
#ifndef AGENT_HANDOFF_NET_FILES_PRIVATE_H
#define AGENT_HANDOFF_NET_FILES_PRIVATE_H

#include "handoff/net_files.h"

/* A device that carries a path: a NIC, a VLAN, or what such a VLAN is on. */
struct handoff_dev {
	const struct progress *progress;
	const struct links *links;
	const struct link *link; /* it, with a name that handoff_is_ifname() allows */
	/* What gave it addresses of IPv4 and of IPv6; NULL: nothing, or it is not known. */
	const struct nic *v4;
	const struct nic *v6;
	bool is_roots; /* one device alone is */
};

/* All files for those of @links that are up by the plan. */
void handoff_devices(const struct progress *progress, const struct links *links);
/* What gives the device addresses of that family, NULL: nothing. */
const struct nic *handoff_find(const struct progress *progress, const struct link *link, bool ipv6);
/* @vlan is on the device, and carries a path. */
bool handoff_has_vlan(const struct handoff_dev *dev, const struct link *vlan);
/* A DHCP server gave the address, or is to give it: somebody has to ask again. NULL: no. */
bool handoff_is_leased(const struct nic *nic);
/* The host name of configuration or lease; NULL: none, or invalid by hostname_is_valid(). */
const char *handoff_host(const struct nic *nic, size_t *len);

/* Letters, digits, '.', '_' and '-', the first a letter or digit; shorter than IFNAMSIZ. */
bool handoff_is_ifname(const char *s);

/*
 * What stands in a file for one of its readers; no byte: there shall be no such file. All of it is
 * fixed words, numbers, addresses made from bytes, and names that one of the above allows: some of
 * the readers are shells.
 */
void handoff_networkd(FILE *out, const struct handoff_dev *dev); /* systemd.network(5) */
void handoff_networkd_conf(FILE *out, const struct handoff_dev *dev); /* networkd.conf(5) */
void handoff_netdev(FILE *out, const struct handoff_dev *dev); /* systemd.netdev(5) */
void handoff_link(FILE *out, const struct handoff_dev *dev); /* systemd.link(5) */
void handoff_udev(FILE *out, const struct handoff_dev *dev); /* udev(7) */
void handoff_nm(FILE *out, const struct handoff_dev *dev); /* NetworkManager.conf(5) */
void handoff_ifupdown(FILE *out, const struct handoff_dev *dev); /* state of ifup(8) */
void handoff_klibc(FILE *out, const struct handoff_dev *dev); /* of ipconfig, which shells source */
void handoff_klibc6(FILE *out, const struct handoff_dev *dev); /* the same for IPv6 */
void handoff_debian(FILE *out, const struct handoff_dev *dev); /* for open-iscsi and cloud-init */

#endif
