/* SPDX-License-Identifier: GPL-2.0-only */
/* Shows the view in /sys/firmware/iscsi_boot_unified, as docs/user/sysfs-abi.md specifies. */
#ifndef IBU_SYSFS_H
#define IBU_SYSFS_H

#include "core/params.h"
#include "source.h"

struct net_device;

/*
 * Creates all files, with the devices of now. abi-version is created last, so that a program that
 * finds it finds all other files too. The caller must not hold RTNL. The arguments must stay
 * unchanged until ibu_sysfs_exit(). Returns 0, or -errno with no file left.
 */
int ibu_sysfs_init(const struct ibu_params *p, const struct ibu_source *s,
		   const struct ibu_diag *d);

/* Wakes all pollers, waits for readers and removes all files. May sleep. */
void ibu_sysfs_exit(void);

/*
 * Brings nicN/netdev up to date after an event of @dev, or of all devices if @dev is NULL, and
 * schedules ibu_sysfs_changed() if there is something new. The caller holds RTNL.
 */
void ibu_sysfs_update(const struct net_device *dev);

/* Increments generation and wakes the pollers of it and of nicN/netdev/status. May sleep. */
void ibu_sysfs_changed(void);

#endif
