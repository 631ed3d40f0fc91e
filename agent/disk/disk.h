/* SPDX-License-Identifier: GPL-2.0-only */
/* Names the root disk; used by the disk stage and by the timers stage. */
#ifndef AGENT_DISK_DISK_H
#define AGENT_DISK_DISK_H

#include "loop/path.h"

/*
 * Makes @path, whose disk is known, the path of the root disk: sets progress->root and creates the
 * links /dev/iscsi-boot/root and root-partN.
 */
void disks_set_root(struct progress *progress, const struct path *path);

#endif
