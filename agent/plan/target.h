/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether a target can be used, and its timers. */
#ifndef AGENT_PLAN_TARGET_H
#define AGENT_PLAN_TARGET_H

#include "plan/plan.h"

/* Whether target@n is valid: name, portal, transport, CHAP. The reason is added to @diag. */
bool target_is_usable(struct ibu_diag *diag, unsigned int n, const struct ibu_target *t);
/* Reads the timers that the policy of @plan gives target@n. 0 or -ENOMEM. */
int target_timers(const struct plan *plan, unsigned int n, const struct ibu_target *t,
		  struct timers *timers);

#endif
