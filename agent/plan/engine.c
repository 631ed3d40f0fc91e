// SPDX-License-Identifier: GPL-2.0-only
/*
 * Chooses the login engine. One engine serves all logins, and the native engine supports only TCP.
 */
#include "plan/planner.h"
#include "plan/transport.h"

enum status planner_choose_engine(struct planner *p)
{
	struct plan *plan = p->plan;
	unsigned int i;

	for (i = 0; i < plan->nr_paths && !plan->by_transport; i++)
		plan->by_transport = plan_transport(plan->paths[i].to.target);
	if (!plan->by_transport)
		return STATUS_OK;
	if (plan->policy.engine == ENGINE_NATIVE)
		ibu_diag_add(&p->diag, IBU_WARNING, "policy", "engine", IBU_NO_OFFSET,
			     "engine open-iscsi is used: the native engine cannot speak %s",
			     plan->by_transport);
	plan->policy.engine = ENGINE_OPENISCSI;
	return STATUS_OK;
}
