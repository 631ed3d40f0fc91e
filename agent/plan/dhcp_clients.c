// SPDX-License-Identifier: GPL-2.0-only
/* Names of the DHCP clients, as dhcp-client= and the log write them. */
#include "plan/dhcp_clients.h"

#include <stddef.h>

const char *dhcp_client_name(enum lease_from kind)
{
	static const char *const names[] = {
		[LEASE_DHCPCD] = "dhcpcd",
		[LEASE_UDHCPC] = "udhcpc",
		[LEASE_IPCONFIG] = "ipconfig",
	};

	return kind <= LEASE_IPCONFIG ? names[kind] : NULL;
}
