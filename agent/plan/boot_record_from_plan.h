/* SPDX-License-Identifier: GPL-2.0-only */
/* The boot record that a plan asks for. */
#ifndef AGENT_PLAN_BOOT_RECORD_FROM_PLAN_H
#define AGENT_PLAN_BOOT_RECORD_FROM_PLAN_H

#include "plan/plan.h"
#include "session/boot_record.h"

/*
 * Fills @wanted from @plan; a path without a LUN gets the LUN of the disk that was found. Returns 0
 * or -ENOMEM. Free it with boot_record_free().
 */
int boot_record_from_plan(const struct plan *plan, struct boot_record *wanted);
/* The same, and writes it to WANTED_FILE. Returns 0 or -errno. */
int boot_record_keep(const struct plan *plan);

#endif
