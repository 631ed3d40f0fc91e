/* SPDX-License-Identifier: GPL-2.0-only */
/* What a DHCP client says that a server gave, which may be anything. Pure. */
#ifndef AGENT_DHCP_LEASE_H
#define AGENT_DHCP_LEASE_H

#include "loop/lease.h"

/*
 * Reads @text: NAME=VALUE of a client's environment with a NUL behind each, as udhcpc and dhcpcd
 * have it for their script, or lines NAME='VALUE' of the net-IFACE.conf that ipconfig writes. Names
 * of all three are known. What cannot be used is told in @diag as of @place ("nic0"), never a byte
 * of the root path, and the rest counts. 0; -EINVAL without a usable address.
 */
int lease_parse(const char *text, size_t len, const char *place, struct lease *lease,
		struct ibu_diag *diag);
/*
 * What @lease says where @nic, which is what was configured, does not, in @leased; texts of it
 * point into @lease.
 */
void lease_apply(const struct ibu_nic *nic, const struct lease *lease, struct ibu_nic *leased);

#endif
