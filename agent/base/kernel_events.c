// SPDX-License-Identifier: GPL-2.0-only
/* Netlink sockets that wake the agent when the kernel's state changes. */
#include "base/kernel_events.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"

/* A machine with thousands of devices starts with a burst; the default of 208 KiB is too small. */
#define RECEIVE_BUFFER (4 * 1024 * 1024)
/* Multicast groups of the kernel's uevents, and of udev's. */
#define UEVENT_KERNEL 1
#define UEVENT_UDEV 2

static int netlink_listen(int protocol, uint32_t groups)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = groups };
	int size = RECEIVE_BUFFER;
	int fd, r;

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
	if (fd < 0)
		return -errno;
	/* Needs CAP_NET_ADMIN; without it the default size stays. */
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0) {
		r = -errno;
		close(fd);
		return r;
	}
	return fd;
}

int kernel_events_open_uevent(void)
{
	return netlink_listen(NETLINK_KOBJECT_UEVENT, UEVENT_KERNEL);
}

int kernel_events_open_udev(void)
{
	return netlink_listen(NETLINK_KOBJECT_UEVENT, UEVENT_KERNEL | UEVENT_UDEV);
}

int kernel_events_open_net(void)
{
	return netlink_listen(NETLINK_ROUTE, RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR |
						     RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE);
}

/*
 * A uevent begins with "add@/devices/platform/host3/session1/target3:0:0/3:0:0:1/block/sda", or, if
 * the target reports a change (unit attention), with "change@/devices/platform/host3/.../3:0:0:1".
 */
int kernel_events_next_disk(int fd, long *lun)
{
	char text[512];
	const char *host;
	ssize_t len;
	int n;

	*lun = -1;

	do {
		len = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);
		if (len < 0)
			return errno == ENOBUFS ? EVENT_ANY : EVENT_NONE;
		text[len] = '\0';
		host = strstr(text, "/host");
	} while (!strstr(text, "/block/") && (!host || strncmp(text, "change@", 7) != 0));
	if (!host || sscanf(host, "/host%d/", &n) != 1 || n < 0)
		return EVENT_ANY;
	if (sscanf(host, "/host%*d/session%*d/target%*[0-9:]/%*d:0:0:%ld", lun) != 1)
		*lun = -1;
	return n;
}

int kernel_events_open_neighbours(void)
{
	return netlink_listen(NETLINK_ROUTE, RTMGRP_NEIGH);
}

bool kernel_events_drain(int fd)
{
	bool any = false;
	char buf[4096]; /* holds an inotify event; read() discards the rest of a message */

	/* After ENOBUFS the socket returns the events that it kept. */
	while (fd >= 0 && (read(fd, buf, sizeof(buf)) >= 0 || errno == ENOBUFS))
		any = true;
	return any;
}
