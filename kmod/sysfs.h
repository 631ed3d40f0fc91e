/* SPDX-License-Identifier: GPL-2.0-only */
/* The view as files: /sys/firmware/iscsi_boot_unified. Contract: docs/user/sysfs-abi.md. */
#ifndef IBU_SYSFS_H
#define IBU_SYSFS_H

#include "core/params.h"
#include "source.h"

/*
 * Makes all files; the root's own come last, abi-version last of all, so that who finds it finds
 * everything. The arguments must not change and must live until ibu_sysfs_exit(). 0 or -errno, and
 * then nothing is left.
 */
int ibu_sysfs_init(const struct ibu_params *p, const struct ibu_source *s,
		   const struct ibu_diag *d);
/* Wakes who polls them, then removes them, waiting for readers inside. */
void ibu_sysfs_exit(void);

/* Counts generation up and wakes whoever polls it or a nicN/netdev/status. May sleep. */
void ibu_sysfs_changed(void);

#endif
