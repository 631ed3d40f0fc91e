/* SPDX-License-Identifier: GPL-2.0-only */
/* When the kernel's address was set last. */
#ifndef AGENT_LEASE_ADDR_STAMP_H
#define AGENT_LEASE_ADDR_STAMP_H

#include "kmod/core/params.h"

/*
 * Sets @since_s to the second of CLOCK_MONOTONIC at which the address @ip of the device @ifindex
 * was added or set again, as a DHCP client does after each renewal. Returns 0; -ENOENT: there is no
 * such address; or another -errno.
 */
int addr_stamp_read(int ifindex, const struct ibu_addr *ip, unsigned int *since_s);

#endif
