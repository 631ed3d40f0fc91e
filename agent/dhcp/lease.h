/* SPDX-License-Identifier: GPL-2.0-only */
/* Parses the lease that a DHCP client reports. The values are untrusted. No I/O. */
#ifndef AGENT_DHCP_LEASE_H
#define AGENT_DHCP_LEASE_H

#include "loop/lease.h"

/*
 * Parses @text into @lease: NAME=VALUE, each ended by a NUL (the environment that udhcpc and dhcpcd
 * pass to their script), or lines NAME='VALUE' (net-IFACE.conf of ipconfig). Invalid values are
 * skipped and reported in @diag for @place ("nic0"); the root path itself is never reported, since
 * it may hold credentials. Returns 0, or -EINVAL if there is no valid address or if the text is
 * cut.
 */
int lease_parse(const char *text, size_t len, const char *place, struct lease *lease,
		struct ibu_diag *diag);
/*
 * Copies the configuration @nic to @leased, sets the address, and fills in from @lease what @nic
 * does not configure. Texts of @leased may point into @lease and @nic.
 */
void lease_apply(const struct ibu_nic *nic, const struct lease *lease, struct ibu_nic *leased);

#endif
