// SPDX-License-Identifier: GPL-2.0-only
/* Finds the device of a lease by its address, or by its name and MAC. */
#include "lease/lease_device.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/ip_addr.h"
#include "base/sysfs.h"

static bool is_address(const struct sockaddr *at, const struct ibu_addr *ip)
{
	if (!at || at->sa_family != addr_family(ip))
		return false;
	if (at->sa_family == AF_INET)
		return !memcmp(&((const struct sockaddr_in *)at)->sin_addr, ip->b + ADDR_V4_AT, 4);
	return !memcmp(&((const struct sockaddr_in6 *)at)->sin6_addr, ip->b, sizeof(ip->b));
}

static int device_with_address(const struct ibu_addr *ip)
{
	struct ifaddrs *all, *a;
	int ifindex = 0;

	if (getifaddrs(&all))
		return 0;
	for (a = all; a && !ifindex; a = a->ifa_next)
		if (is_address(a->ifa_addr, ip))
			ifindex = (int)if_nametoindex(a->ifa_name);
	freeifaddrs(all);
	return ifindex;
}

/* Another device may have got the name. */
static int device_with_name(const struct lease_record *r)
{
	AUTO_ARENA arena = NULL;
	char *mac;

	if (sysfs_read(&arena, &mac, "/sys/class/net/%s/address", r->ifname) < 0 ||
	    strcasecmp(mac, mac_text(r->mac).s) != 0)
		return 0;
	return (int)if_nametoindex(r->ifname);
}

int lease_device_find(const struct lease_record *r)
{
	const int ifindex = device_with_address(&r->ip);

	return ifindex ? ifindex : device_with_name(r);
}
