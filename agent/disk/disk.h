/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef AGENT_DISK_DISK_H
#define AGENT_DISK_DISK_H

#include "loop/path.h"

/* @path, which has its disk, brings the root: progress->root and /dev/iscsi-boot/root. */
void disks_set_root(struct progress *progress, const struct path *path);

#endif
