// SPDX-License-Identifier: GPL-2.0-only
/* Writes files below /run that make the real root keep the NICs as they are. */
#include "handoff/net_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/atomic_file.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/text_stream.h"
#include "handoff/net_files_private.h"
#include "loop/loop.h"
#include "net/network_manager.h"
#include "plan/describe.h"

const char *handoff_run = "/run";

/*
 * @fmt: path below /run, with the name of the device. systemd takes the first file, in order of
 * names, that matches a device: ours, unless a file of the same name in /etc replaces it.
 */
static const struct {
	const char *fmt;
	void (*write)(FILE *out, const struct handoff_dev *dev);
} net_files[] = {
	{ "systemd/network/00-iscsi-boot-%s.network", handoff_networkd },
	{ "systemd/networkd.conf.d/00-iscsi-boot.conf", handoff_networkd_conf },
	{ "systemd/network/00-iscsi-boot-%s.netdev", handoff_netdev },
	{ "systemd/network/00-iscsi-boot-%s.link", handoff_link },
	{ "udev/rules.d/70-iscsi-boot-%s.rules", handoff_udev },
	{ "NetworkManager/conf.d/00-iscsi-boot-%s.conf", handoff_nm },
	{ "network/ifstate.%s", handoff_ifupdown },
	{ "net-%s.conf", handoff_klibc },
	{ "net6-%s.conf", handoff_klibc6 },
	{ "initramfs/open-iscsi.interface", handoff_debian },
	{ "iscsi-boot/leases/dhcp-%s", handoff_lease },
	{ "iscsi-boot/leases/dhcp6-%s", handoff_lease6 },
};

/*
 * Creates and opens the directory of @path, and follows no symbolic link. Cuts @path; @name is its
 * last part. Returns a file descriptor or -errno.
 */
static int open_dir(char *path, char **name)
{
	int fd = open(handoff_run, O_RDONLY | O_DIRECTORY | O_CLOEXEC), next;
	char *slash;

	for (; fd >= 0 && (slash = strchr(path, '/')); path = slash + 1) {
		*slash = '\0';
		/* 0755 for any umask: some readers are not root. */
		if (!mkdirat(fd, path, 0755) && fchmodat(fd, path, 0755, 0))
			next = -1;
		else
			next = openat(fd, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		close(fd);
		fd = next;
	}
	*name = path;
	return fd < 0 ? -errno : fd;
}

static bool net_file_is_same(int dir, const char *name, const char *text, size_t len)
{
	AUTO_FD fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	AUTO_ARENA arena = NULL;
	char *old;

	return fd >= 0 && file_read_fd(&arena, &old, fd) == (ssize_t)len && !memcmp(old, text, len);
}

#define NEW_NAME ".iscsi-boot.new"

/* Writes one file. Returns 1 if it has changed, 0 if not, or -errno. Cuts @path. */
static int net_file_put_text(char *path, const char *text, size_t len)
{
	AUTO_FD dir = -1;
	char *name;
	int r;

	dir = open_dir(path, &name);
	if (dir < 0)
		return dir;
	if (net_file_is_same(dir, name, text, len))
		return 0;
	r = atomic_file_write(dir, NEW_NAME, dir, name, text, len, 0644);
	return r < 0 ? r : 1;
}

/* Writes a file with the output of @write. If that is empty, creates no file. Returns as above. */
static int net_file_put(char *path, void (*write)(FILE *out, const struct handoff_dev *dev),
			const struct handoff_dev *dev)
{
	struct text_stream text;
	FILE *out = text_stream_open(&text);
	int r;

	if (out)
		write(out, dev);
	r = text_stream_close(&text);
	if (!r && text.len)
		r = net_file_put_text(path, text.text, text.len);
	free(text.text);
	return r;
}

/* Returns true if a file has changed. */
static bool net_files_put(const struct handoff_dev *dev)
{
	AUTO_ARENA arena = NULL;
	bool changed = false;
	unsigned int i;
	char *path, *cut;
	int r;

	for (i = 0; i < ARRAY_SIZE(net_files); i++) {
		path = arena_printf(&arena, net_files[i].fmt, dev->link->name);
		cut = path ? arena_printf(&arena, "%s", path) : NULL;
		r = cut ? net_file_put(cut, net_files[i].write, dev) : -ENOMEM;
		changed |= r > 0;
		if (r < 0)
			log_warning("handoff", "%s: cannot write %s/%s: %s", dev->link->name,
				    handoff_run, path ? path : "?", strerror(-r));
	}
	return changed;
}

/* Removes the files of the device, but for those that do not name it. */
static void net_files_remove(const struct link *link)
{
	AUTO_ARENA arena = NULL;
	char *path, *name;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(net_files); i++) {
		AUTO_FD dir = -1;

		path = arena_printf(&arena, net_files[i].fmt, link->name);
		if (!path || !strcmp(path, net_files[i].fmt))
			continue;
		dir = open_dir(path, &name);
		if (dir >= 0)
			unlinkat(dir, name, 0);
	}
}

static void log_host(const struct nic *nic)
{
	size_t len;

	if (nic && (ibu_has(&nic->config->f, IBU_NIC_HOSTNAME) || nic->lease.hostname[0]) &&
	    !handoff_host(nic, &len))
		log_warning("handoff", "nic%u: invalid host name, ignored", nic->plan->number);
}

static void log_device(const struct handoff_dev *dev)
{
	log_info("handoff", "%s: wrote files that make the real root keep it as it is",
		 dev->link->name);
	log_host(dev->v4);
	log_host(dev->v6);
}

/* Choice of devices */

/* True for the device of the first path to the root disk that is up: one file names only one. */
static bool is_roots(const struct progress *progress, const struct link *link)
{
	unsigned int i, n;

	for (i = 0; i < progress->nr_paths; i++) {
		if (!path_is_roots(progress, &progress->paths[i]))
			continue;
		for (n = 0; n < progress->nr_nics; n++)
			if (progress->nics[n].ifindex &&
			    (!progress->paths[i].nic ||
			     progress->paths[i].nic == &progress->nics[n]))
				return progress->nics[n].ifindex == link->ifindex;
	}
	return false;
}

static bool is_below_vlan(const struct handoff_dev *dev)
{
	unsigned int i;

	for (i = 0; i < dev->links->nr; i++)
		if (handoff_has_vlan(dev, &dev->links->list[i]))
			return true;
	return false;
}

/* True for a member of a bond that carries a path, or whose VLAN does. */
static bool is_bond_member(const struct progress *progress, const struct links *links,
			   const struct link *link)
{
	const struct link *bond = link->master ? links_get(links, link->master) : NULL;
	const struct handoff_dev dev = { .progress = progress, .links = links, .link = bond };

	return bond && bond->is_bond &&
	       (handoff_find(progress, bond, false) || handoff_find(progress, bond, true) ||
		is_below_vlan(&dev));
}

/* Fills @nic with the values of the lease that networkd of the image got for it. */
static void take_networkd_lease(struct nic *nic, const struct networkd_lease *lease)
{
	nic->lease.ip = lease->ip;
	nic->lease.server = lease->server;
	nic->lease.prefix_len = lease->prefix_len;
}

/*
 * networkd of the image hands over nothing but its files in /run, and another network manager does
 * not read these. So its device gets our files, with the identity of its lease, as soon as that is
 * known. Other managers keep their devices. Returns false if the device gets no files.
 */
static bool manager_lets(struct handoff_dev *dev, struct nic *v4, struct networkd_lease *lease)
{
	const char *manager = network_manager_of(dev->link->ifindex);

	if (!manager)
		return true;
	if (strcmp(manager, "systemd-networkd") != 0 || handoff_is_leased(dev->v6))
		return false;
	if (!dev->v4 || !handoff_is_leased(dev->v4))
		return true;
	if (networkd_read_lease(dev->link->ifindex, lease) || ibu_addr_is_null(&lease->ip))
		return false;
	*v4 = *dev->v4;
	take_networkd_lease(v4, lease);
	dev->v4 = v4;
	dev->networkd = lease;
	return true;
}

/* True for the device of a NIC that boot has set up and left for a better one. */
static bool is_left(const struct handoff_dev *dev)
{
	unsigned int i;

	for (i = 0; i < dev->progress->nr_nics; i++)
		if (dev->progress->nics[i].left &&
		    !strcmp(dev->progress->nics[i].ifname, dev->link->name))
			return !dev->v4 && !dev->v6;
	return false;
}

static void handoff_device(struct handoff_dev dev)
{
	struct networkd_lease lease;
	struct nic v4;

	if (is_left(&dev))
		net_files_remove(dev.link);
	if ((!dev.v4 && !dev.v6 && !dev.is_member && !is_below_vlan(&dev)) ||
	    !manager_lets(&dev, &v4, &lease))
		return;
	if (!handoff_is_ifname(dev.link->name))
		log_warning("handoff", "device %d: unusual name, no files written",
			    dev.link->ifindex);
	else if (net_files_put(&dev))
		log_device(&dev);
}

void handoff_devices(const struct progress *progress, const struct links *links)
{
	unsigned int i;

	for (i = 0; i < links->nr; i++) {
		const struct link *link = &links->list[i];
		struct handoff_dev dev = { .progress = progress,
					   .links = links,
					   .link = link,
					   .v4 = handoff_find(progress, link, false),
					   .v6 = handoff_find(progress, link, true),
					   .is_member = is_bond_member(progress, links, link),
					   .is_roots = is_roots(progress, link) };

		handoff_device(dev);
	}
}

/* Reads the device names again, because one may have changed. */
void handoff_network(struct rtnl *nl, const struct progress *progress)
{
	__attribute__((cleanup(links_free))) struct links links = { NULL, 0 };
	int r = links_read(nl, &links);

	if (!r)
		handoff_devices(progress, &links);
	else
		log_warning("handoff", "cannot read the devices: %s", strerror(-r));
}
