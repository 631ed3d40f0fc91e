// SPDX-License-Identifier: GPL-2.0-only
/*
 * Marks plans with several NICs, which need separate routes, and paths that share a portal, which
 * need separate sessions.
 */
#include "plan/nic_entry.h"
#include "plan/planner.h"

/* True if both lead to one portal by different NICs. */
static bool share_portal(const struct plan_path *a, const struct plan_path *b)
{
	return *a->to.portal && endpoint_same_session(&a->to, &b->to) && a->nic && b->nic &&
	       !nic_same_link(a->nic->nic, b->nic->nic);
}

enum status planner_mark_several_nics(struct planner *p)
{
	struct plan *plan = p->plan;
	unsigned int i, j;

	for (i = 1; i < plan->nr_nics; i++)
		plan->several_nics |= !nic_same_link(plan->nics[0].nic, plan->nics[i].nic);
	for (i = 0; i < plan->nr_paths; i++)
		for (j = 0; j < plan->nr_paths; j++)
			plan->paths[i].shares_portal |=
				share_portal(&plan->paths[i], &plan->paths[j]);
	return STATUS_OK;
}
