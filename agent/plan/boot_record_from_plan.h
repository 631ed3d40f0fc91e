/* SPDX-License-Identifier: GPL-2.0-only */
/* Makes the boot record (session/boot_record.h) from the plan's paths. */
#ifndef AGENT_PLAN_BOOT_RECORD_FROM_PLAN_H
#define AGENT_PLAN_BOOT_RECORD_FROM_PLAN_H

#include "plan/plan.h"
#include "session/boot_record.h"

/*
 * Starts @record with the values for all disks and with room for one disk of each path. Returns 0
 * or -ENOMEM.
 */
int boot_record_start(const struct plan *plan, struct boot_record *record);
/*
 * Adds the disk of a path. Its LUN is that of the target, or -1 if the target has none. @root: it
 * is the root disk. Returns NULL without memory.
 */
struct boot_record_disk *boot_record_add(struct boot_record *record, const struct endpoint *to,
					 const struct timers *timers, bool root);
/*
 * Makes @record from all paths of the plan; free it with boot_record_free(). Returns 0, or -ENOMEM
 * with an empty @record.
 */
int boot_record_from_plan(const struct plan *plan, struct boot_record *record);

#endif
