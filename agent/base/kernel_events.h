/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sockets to wait on for changes in the kernel. An event only wakes the caller, which then reads
 * the state itself: a lost event (ENOBUFS) or a forged one costs one reading and nothing else.
 */
#ifndef AGENT_BASE_KERNEL_EVENTS_H
#define AGENT_BASE_KERNEL_EVENTS_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/deadline.h"

/* The open functions return a non-blocking descriptor that the caller closes, or -errno. */

/* Opens a socket for the uevents of all devices. */
int kernel_events_open_uevent(void);
/* The same, and for those that udev sends once it has made the links of a device. */
int kernel_events_open_udev(void);
/* Opens a socket for changes of links, addresses and routes. */
int kernel_events_open_net(void);
/* Opens a socket for changes of the neighbour tables (ARP, ND). */
int kernel_events_open_neighbours(void);
/*
 * Receives the next uevent of a block device, or of a change in a SCSI host, from @fd. Returns its
 * SCSI host, EVENT_ANY if it may concern any host or if events were lost, or EVENT_NONE if none is
 * pending. @lun: its LUN as Linux numbers it, or -1 if it may concern any LUN of the host.
 */
int kernel_events_next_disk(int fd, long *lun);
#define EVENT_ANY -1
#define EVENT_NONE -2
/* Discards all pending events of @fd (-1: none). Returns whether there were any. */
bool kernel_events_drain(int fd);

#endif
