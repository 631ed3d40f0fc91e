/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds the device of a lease, which may have been renamed or replugged. */
#ifndef AGENT_LEASE_LEASE_DEVICE_H
#define AGENT_LEASE_LEASE_DEVICE_H

#include "lease/lease_record.h"

/*
 * Returns the index of the device that has the address of @r; else of that with its name, unless
 * the MAC is another; 0: none.
 */
int lease_device_find(const struct lease_record *r);

#endif
