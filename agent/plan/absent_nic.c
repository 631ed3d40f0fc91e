// SPDX-License-Identifier: GPL-2.0-only
/* Tells whether the machine has the device of a NIC. */
#include "plan/absent_nic.h"

#include <dirent.h>
#include <string.h>

#include "base/cleanup.h"
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

enum nic_presence plan_nic_presence(const struct plan *plan, const struct ibu_nic *nic)
{
	AUTO_ARENA arena = NULL;
	char *path = arena_printf(&arena, "%s" NET, plan->root_dir);
	AUTO_DIR dir = path ? opendir(path) : NULL;
	enum nic_presence presence = NIC_UNKNOWN;
	const struct dirent *entry;

	if (!(ibu_has(&nic->f, IBU_NIC_MAC) || ibu_has(&nic->f, IBU_NIC_IFNAME)) ||
	    plan_bond_named(plan, &nic->ifname)) /* boot creates the bond */
		return NIC_PRESENT;
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || !strcmp(entry->d_name, "lo"))
			continue;
		if (device_is_nic(plan->root_dir, entry->d_name, nic))
			return NIC_PRESENT;
		presence = NIC_ABSENT;
	}
	return presence;
}
