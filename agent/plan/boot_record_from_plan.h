/* SPDX-License-Identifier: GPL-2.0-only */
/* What boot records of the plan's paths: see session/boot_record.h. */
#ifndef AGENT_PLAN_BOOT_RECORD_FROM_PLAN_H
#define AGENT_PLAN_BOOT_RECORD_FROM_PLAN_H

#include "plan/plan.h"
#include "session/boot_record.h"

/* Starts @record with what holds for all disks, and room for one of each path. 0 or -ENOMEM. */
int boot_record_start(const struct plan *plan, struct boot_record *record);
/*
 * Adds the disk of a path, with the LUN as its target names it (-1 if it names none). @root: it is
 * the root disk. Returns NULL without memory.
 */
struct boot_record_disk *boot_record_add(struct boot_record *record, const struct endpoint *to,
					 const struct timers *timers, bool root);
/* All paths of the plan. 0, or -ENOMEM with an empty @record. boot_record_free() frees it. */
int boot_record_from_plan(const struct plan *plan, struct boot_record *record);

#endif
