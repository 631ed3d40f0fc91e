/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef AGENT_DISK_DISK_H
#define AGENT_DISK_DISK_H

#include "plan/plan.h"

/* @path, which has its disk, brings the root: plan->root and /dev/iscsi-boot/root. */
void disks_set_root(struct plan *plan, const struct plan_path *path);

#endif
