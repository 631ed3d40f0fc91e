// SPDX-License-Identifier: GPL-2.0-only
/* Tells how boot would end, as far as the plan shows it: whether the devices of its NICs exist. */
#include "plan/outlook.h"

#include <dirent.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "plan/describe.h"
#include "kmod/core/attrs.h"

#define NET "/sys/class/net"

static bool read_device_mac(const char *root, const char *name, const char *file, u8 mac[6])
{
	AUTO_ARENA arena = NULL;
	char *text;
	ssize_t len = file_read(&arena, &text, "%s" NET "/%s/%s", root, name, file);

	return len > 0 && !ibu_mac_parse(text, (size_t)len - 1, mac);
}

/* True if the device has the NIC's name or MAC. A bond changes the MAC of its members. */
static bool device_is_nic(const char *root, const char *name, const struct ibu_nic *nic)
{
	static const char *const files[] = { "address", "bonding_slave/perm_hwaddr" };
	unsigned int i;
	u8 mac[6];

	if (ibu_has(&nic->f, IBU_NIC_IFNAME) && ibu_is(&nic->ifname, name))
		return true;
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		if (!read_device_mac(root, name, files[i], mac))
			continue;
		if ((ibu_has(&nic->f, IBU_NIC_MAC) && !memcmp(mac, nic->mac, 6)) ||
		    (ibu_has(&nic->f, IBU_NIC_SET_MAC) && !memcmp(mac, nic->set_mac, 6)))
			return true;
	}
	return false;
}

/*
 * True if the machine has devices with a driver, but not that of the NIC. A NIC that is named by
 * its PCI function alone, or not at all, is not judged.
 */
static bool nic_is_absent(const struct plan *plan, const struct ibu_nic *nic)
{
	AUTO_ARENA arena = NULL;
	char *path = arena_printf(&arena, "%s" NET, plan->root_dir);
	AUTO_DIR dir = path ? opendir(path) : NULL;
	const struct dirent *entry;
	bool any = false;

	if (!(ibu_has(&nic->f, IBU_NIC_MAC) || ibu_has(&nic->f, IBU_NIC_IFNAME)) ||
	    plan_bond_named(plan, &nic->ifname)) /* boot creates the bond */
		return false;
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || !strcmp(entry->d_name, "lo"))
			continue;
		if (device_is_nic(plan->root_dir, entry->d_name, nic))
			return false;
		any = true;
	}
	return any;
}

/* True if no NIC can lead to the portal of @path. Without a NIC of its own, each NIC may. */
static bool path_is_absent(const struct plan *plan, const bool *absent,
			   const struct plan_path *path)
{
	unsigned int i;

	if (path->nic)
		return absent[path->nic - plan->nics];
	for (i = 0; i < plan->nr_nics; i++)
		if (!absent[i])
			return false;
	return plan->nr_nics;
}

/* Returns the descriptions of all absent NICs: "nic0 (eth7), nic1 (eth8)"; NULL: no memory. */
static const char *describe_absent(void **arena, const struct plan *plan, const bool *absent)
{
	const char *text = "";
	unsigned int i;

	for (i = 0; i < plan->nr_nics && text; i++) {
		const struct plan_nic *nic = &plan->nics[i];

		if (absent[i])
			text = arena_printf(arena, "%s%s%s", text, *text ? ", " : "",
					    describe_nic(arena, nic->number, nic->nic));
	}
	return text;
}

/* Returns true if boot waits for paths, and none of them has a device. */
static bool all_are_absent(const struct plan *plan, const bool *absent)
{
	const struct plan_path *path = plan->paths, *end = path + plan->nr_paths;
	bool any = false;

	for (; path < end; path++) {
		if (!plan->awaits_all && !plan_path_is_roots(plan, &path->to))
			continue;
		if (!path_is_absent(plan, absent, path))
			return false;
		any = true;
	}
	return any;
}

enum status plan_outlook(const struct plan *plan)
{
	AUTO_ARENA arena = NULL;
	bool *absent = arena_alloc(&arena, plan->nr_nics + 1);
	unsigned int i;

	for (i = 0; absent && i < plan->nr_nics; i++)
		absent[i] = nic_is_absent(plan, plan->nics[i].nic);
	if (!absent || !all_are_absent(plan, absent))
		return STATUS_OK;
	return log_failure("plan", STATUS_NO_LINK,
			   arena_printf(&arena, "cannot find the network device of %s",
					describe_absent(&arena, plan, absent)),
			   "the machine has no such device now",
			   "check MAC address and name; boot waits for it until the deadline");
}
