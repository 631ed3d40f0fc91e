/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Waiting for the kernel. An event only wakes: whoever waits then looks at the state itself, so an
 * event that was lost (ENOBUFS) or was forged by somebody costs a look and nothing else.
 */
#ifndef AGENT_BASE_KERNEL_EVENTS_H
#define AGENT_BASE_KERNEL_EVENTS_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/deadline.h"

/* Uevents of all devices; the descriptor or -errno. */
int kernel_events_open_uevent(void);
/* Changes of links, addresses and routes. */
int kernel_events_open_net(void);
/* What the kernel learns of the link's other machines. */
int kernel_events_open_neighbours(void);
/*
 * Takes the next uevent of a block device from @fd. Its SCSI host, EVENT_ANY if it may concern all
 * (or some were lost), EVENT_NONE: there is none.
 */
int kernel_events_next_host(int fd);
#define EVENT_ANY -1
#define EVENT_NONE -2
/* Throws away what waits in @fd, which doesn't block (-1: nothing does). Whether there was some. */
bool kernel_events_drain(int fd);

#endif
