/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finds the devices of network managers (NetworkManager, systemd-networkd), which may run in the
 * initramfs.
 */
#ifndef AGENT_NET_NETWORK_MANAGER_H
#define AGENT_NET_NETWORK_MANAGER_H

#include <stdbool.h>

/* True if this system has the program of systemd-networkd, whether it runs or not. */
bool networkd_is_installed(void);
/* Returns the name of the manager that manages the device, or NULL. */
const char *network_manager_of(int ifindex);
/*
 * Returns the root path (DHCP option 17) of the lease that the device's manager got, as the server
 * sent it, allocated in @arena; NULL: no manager, no lease or no root path.
 */
char *network_manager_root_path(void **arena, int ifindex);
/*
 * Returns a descriptor that is readable when a manager takes or releases a device, or -1 if there
 * is no manager. The caller closes it.
 */
int network_manager_open_events(void);

#endif
