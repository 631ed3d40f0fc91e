/* SPDX-License-Identifier: GPL-2.0-only */
/* A network manager that runs beside us, in the initramfs too, and keeps what it has. */
#ifndef AGENT_NET_NETWORK_MANAGER_H
#define AGENT_NET_NETWORK_MANAGER_H

/* Which one has the device: its name, or NULL. */
const char *network_manager_of(int ifindex);
/* Readable when a manager takes or leaves a device; the descriptor, or -1 where none can. */
int network_manager_open_events(void);

#endif
