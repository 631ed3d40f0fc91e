/* SPDX-License-Identifier: GPL-2.0-only */
/* Checks whether a target can be used, and reads its timers. */
#ifndef AGENT_PLAN_TARGET_H
#define AGENT_PLAN_TARGET_H

#include "plan/plan.h"

/*
 * Returns true if name, portal, transport and CHAP of target@n are valid; else adds the reason to
 * @diag.
 */
bool target_is_usable(struct ibu_diag *diag, unsigned int n, const struct ibu_target *t);
/* Reads the timers that the policy of @plan sets for target@n. Returns 0 or -ENOMEM. */
int target_timers(const struct plan *plan, unsigned int n, const struct ibu_target *t,
		  struct timers *timers);

#endif
