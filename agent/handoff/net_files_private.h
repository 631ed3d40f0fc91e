/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interface between net_files.c, which writes the files, and net_file_formats.c, which prints them.
 */
#ifndef AGENT_HANDOFF_NET_FILES_PRIVATE_H
#define AGENT_HANDOFF_NET_FILES_PRIVATE_H

#include "handoff/net_files.h"
#include "lease/networkd.h"

/* A device that carries a path: a NIC, a bond, a VLAN, or the device below such a VLAN or bond. */
struct handoff_dev {
	const struct progress *progress;
	const struct links *links; /* all devices */
	const struct link *link; /* the device; handoff_is_ifname() is true for its name */
	/* NICs of the plan that give the device IPv4 and IPv6 addresses; NULL: none. */
	const struct nic *v4;
	const struct nic *v6;
	/*
	 * The lease of networkd, which runs in the image and manages the device; NULL: it does not.
	 */
	const struct networkd_lease *networkd;
	bool is_member; /* of a bond that carries a path; @v4 and @v6 are NULL then */
	bool is_roots; /* carries the first path to the root disk; true for one device only */
};

/* Writes all files for those of @links that carry a path. */
void handoff_devices(const struct progress *progress, const struct links *links);
/* Returns the NIC that gives the device addresses of that family; NULL: none. */
const struct nic *handoff_find(const struct progress *progress, const struct link *link, bool ipv6);
/* True if @vlan is on the device @dev and carries a path. */
bool handoff_has_vlan(const struct handoff_dev *dev, const struct link *vlan);
/*
 * True if the address of @nic is leased, so that the lease must be renewed. @nic may be NULL:
 * false.
 */
bool handoff_is_leased(const struct nic *nic);
/*
 * Returns the host name of configuration or lease, with its length in @len and perhaps without a
 * NUL. Returns NULL without one, or if hostname_is_valid() rejects it.
 */
const char *handoff_host(const struct nic *nic, size_t *len);

/*
 * True if @s has only letters, digits, '.', '_' and '-', begins with a letter or digit, and is
 * shorter than IFNAMSIZ.
 */
bool handoff_is_ifname(const char *s);

/*
 * Each writes the contents of one file. If it writes nothing, the file is not created. Some readers
 * are shells: contents are only fixed text, numbers, addresses printed from bytes, and names that
 * one of the functions above has checked.
 */
void handoff_networkd(FILE *out, const struct handoff_dev *dev); /* systemd.network(5) */
void handoff_networkd_conf(FILE *out, const struct handoff_dev *dev); /* networkd.conf(5) */
void handoff_netdev(FILE *out, const struct handoff_dev *dev); /* systemd.netdev(5) */
void handoff_link(FILE *out, const struct handoff_dev *dev); /* systemd.link(5) */
void handoff_udev(FILE *out, const struct handoff_dev *dev); /* udev(7) */
void handoff_nm(FILE *out, const struct handoff_dev *dev); /* NetworkManager.conf(5) */
void handoff_ifupdown(FILE *out, const struct handoff_dev *dev); /* state of ifup(8) */
void handoff_klibc(FILE *out, const struct handoff_dev *dev); /* ipconfig; shells source it */
void handoff_klibc6(FILE *out, const struct handoff_dev *dev); /* the same for IPv6 */
void handoff_debian(FILE *out, const struct handoff_dev *dev); /* for open-iscsi and cloud-init */
void handoff_lease(FILE *out, const struct handoff_dev *dev); /* for iscsi-boot-lease */
void handoff_lease6(FILE *out, const struct handoff_dev *dev); /* the same for IPv6 */

#endif
