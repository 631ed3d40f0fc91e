// SPDX-License-Identifier: GPL-2.0-only
/* Joins the NIC entries of the view that are one device. */
#include <dirent.h>
#include <errno.h>
#include <net/if.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "plan/nic_entry.h"
#include "plan/planner.h"
#include "kmod/core/attrs.h"

#define NET "/sys/class/net"

/* Reads the current MAC of the device @name. Returns 0, -ENOENT, or -ENOMEM. */
static int device_mac(const char *root, const char *name, size_t name_len, u8 mac[6])
{
	AUTO_ARENA arena = NULL;
	ssize_t len;
	char *text;

	if (!name_len || name_len >= IFNAMSIZ || name[0] == '.' || memchr(name, '/', name_len))
		return -ENOENT;
	len = file_read(&arena, &text, "%s" NET "/%.*s/address", root, (int)name_len, name);
	if (len == -ENOMEM)
		return -ENOMEM;
	if (len < 1 || ibu_mac_parse(text, (size_t)len - 1, mac))
		return -ENOENT;
	return 0;
}

static bool has_hardware(const char *root, const char *name)
{
	AUTO_ARENA arena = NULL;
	char *path = arena_printf(&arena, "%s" NET "/%s/device", root, name);

	return path && !access(path, F_OK);
}

/*
 * Reads the MAC of the only device with hardware. Returns 0, -ENOENT (none or several) or -ENOMEM.
 */
static int only_mac(const char *root, u8 mac[6])
{
	AUTO_ARENA arena = NULL;
	char *path = arena_printf(&arena, "%s" NET, root), *only = NULL;
	struct dirent *entry;
	AUTO_DIR dir = NULL;

	if (!path)
		return -ENOMEM;
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || !has_hardware(root, entry->d_name))
			continue;
		if (only)
			return -ENOENT;
		only = arena_printf(&arena, "%s", entry->d_name);
		if (!only)
			return -ENOMEM;
	}
	return only ? device_mac(root, only, strlen(only), mac) : -ENOENT;
}

/* The device of an entry, if it is known. */
struct device {
	bool known;
	const struct plan_bond *bond; /* it is this bond, which may not exist yet; no @mac */
	u8 mac[6];
};

/*
 * Finds the device by the entry's MAC, by its name, or, for "any device", as the only device of the
 * machine. If the device does not exist yet, the plan stays unsettled. Returns 0 or -ENOMEM.
 */
static int find_device(struct planner *p, const struct ibu_nic *nic, struct device *device)
{
	int err = -ENOENT;

	if (ibu_has(&nic->f, IBU_NIC_IFNAME) && !ibu_has(&nic->f, IBU_NIC_MAC))
		device->bond = plan_bond_named(p->plan, &nic->ifname);
	if (device->bond) {
		err = 0;
	} else if (ibu_has(&nic->f, IBU_NIC_MAC)) {
		memcpy(device->mac, nic->mac, 6);
		err = 0;
	} else if (ibu_has(&nic->f, IBU_NIC_IFNAME)) {
		err = device_mac(p->root, nic->ifname.s, nic->ifname.len, device->mac);
	} else if (nic->source == IBU_FROM_CMDLINE) {
		err = only_mac(p->root, device->mac);
	}
	device->known = !err;
	if (err == -ENOENT && p->view->params.nr_nics > 1)
		p->plan->unsettled = true;
	return err == -ENOMEM ? err : 0;
}

/*
 * True for an entry of the command line without a MAC: only its device shows which entry it
 * repeats.
 */
static bool is_loose(const struct ibu_nic *nic)
{
	return nic->source == IBU_FROM_CMDLINE && !ibu_has(&nic->f, IBU_NIC_MAC);
}

/* True if the command line sets the address or the method of the entry. */
static bool is_overridden(const struct ibu_nic *nic)
{
	return nic_has_config(nic) &&
	       nic->f.from_cmdline & (BIT_ULL(IBU_NIC_IP_ADDR) | BIT_ULL(IBU_NIC_METHOD));
}

/* True if both have the same VLAN. Without a VLAN, @from means that of the firmware's entry @to. */
static bool same_vlan(const struct ibu_nic *to, const struct ibu_nic *from)
{
	if (to->source & IBU_FROM_IBFT && !ibu_has(&from->f, IBU_NIC_VLAN))
		return true;
	return nic_vlan(to) == nic_vlan(from);
}

/* True if both get the address by the same method. */
static bool is_repeat(const struct ibu_nic *to, const struct ibu_nic *from)
{
	return !ibu_has(&to->f, IBU_NIC_IP_ADDR) && !ibu_has(&from->f, IBU_NIC_IP_ADDR) &&
	       to->method == from->method;
}

/*
 * True if two entries of one device are one NIC. An entry that gives the device another VLAN or a
 * second address remains separate, as in the module (docs/user/sysfs-abi.md, "Merging").
 */
static bool can_join(const struct ibu_nic *to, const struct ibu_nic *from)
{
	if (!same_vlan(to, from))
		return false;
	if (is_overridden(to) && nic_has_config(from))
		return is_repeat(to, from);
	return !ibu_has(&to->f, IBU_NIC_IP_ADDR) || !ibu_has(&from->f, IBU_NIC_IP_ADDR) ||
	       ibu_addr_is_v4(&to->ip) == ibu_addr_is_v4(&from->ip);
}

/*
 * Finds the entry with the device of the loose entry @n: an earlier entry, or a later one that is
 * not loose.
 */
static bool find_same(const struct planner *p, const struct device *devices, unsigned int n,
		      unsigned int *other)
{
	for (*other = 0; *other < p->nr_nics; ++*other) {
		if (*other == n || !devices[*other].known || p->same_as[*other] != *other)
			continue;
		if (*other > n && is_loose(&p->nics[*other]))
			continue;
		if (devices[*other].bond == devices[n].bond &&
		    !memcmp(devices[*other].mac, devices[n].mac, 6) &&
		    can_join(&p->nics[*other], &p->nics[n]))
			return true;
	}
	return false;
}

/* Joins two entries. The command line overrides the firmware in each field (kmod/core/merge.c). */
static void join(struct planner *p, unsigned int to, unsigned int from)
{
	const struct ibu_class *class = &ibu_classes[IBU_CLASS_NIC];
	struct ibu_nic *src = &p->nics[from], *dst = &p->nics[to];
	u64 copied = src->f.from_cmdline;
	unsigned int i;

	/* A further ip=eth0:off adds no address, and does not remove that of ip=eth0:dhcp. */
	if (is_overridden(dst) && !nic_has_config(src))
		copied &= ~BIT_ULL(IBU_NIC_METHOD);
	for (i = 0; i < class->nr_attrs; i++)
		if (copied & BIT_ULL(i))
			ibu_attr_copy(class, i, dst, src);
	dst->f.from_cmdline |= src->f.from_cmdline;
	dst->source |= src->source;
	p->same_as[from] = to;
	plan_note(&p->diag, "nic", from, "ifname", "%s nic%u; values of the command line are used",
		  nic_is_pool(src) ? "repeats" : "same device as", to);
}

/* Joins entries for every NIC that have the same method: each method is tried once. */
static void join_pools(struct planner *p)
{
	unsigned int n, first[IBU_NR_METHODS];

	for (n = 0; n < IBU_NR_METHODS; n++)
		first[n] = p->nr_nics;
	for (n = 0; n < p->nr_nics; n++) {
		const struct ibu_nic *nic = &p->nics[n];

		if (p->same_as[n] != n || !nic_is_pool(nic) || nic->method >= IBU_NR_METHODS)
			continue;
		if (first[nic->method] < p->nr_nics)
			join(p, first[nic->method], n);
		else
			first[nic->method] = n;
	}
}

enum status planner_join_nics(struct planner *p)
{
	const struct ibu_params *params = &p->view->params;
	unsigned int n, other, nr = params->nr_nics;
	AUTO_ARENA arena = NULL;
	struct device *devices = arena_alloc(&arena, nr * sizeof(*devices));

	p->nr_nics = nr;
	p->nics = arena_alloc(&p->plan->arena, (nr + 1) * sizeof(*p->nics));
	p->same_as = arena_alloc(&p->plan->arena, (nr + 1) * sizeof(*p->same_as));
	p->plan->nics = arena_alloc(&p->plan->arena, (nr + 1) * sizeof(*p->plan->nics));
	if (!devices || !p->nics || !p->same_as || !p->plan->nics)
		return planner_no_memory(p);
	for (n = 0; n < nr; n++) {
		p->nics[n] = params->nics[n];
		p->same_as[n] = n;
		planner_move_to_bond(p, n);
		if (find_device(p, &p->nics[n], &devices[n]))
			return planner_no_memory(p);
	}
	for (n = 0; n < nr; n++)
		if (devices[n].known && is_loose(&params->nics[n]) &&
		    find_same(p, devices, n, &other))
			join(p, other, n);
	join_pools(p);
	return STATUS_OK;
}
