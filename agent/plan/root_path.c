// SPDX-License-Identifier: GPL-2.0-only
/* Adds paths for targets that the DHCP root path (RFC 4173) names, and reads it from the lease. */
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "plan/nic_entry.h"
#include "plan/planner.h"
#include "plan/target.h"
#include "kmod/core/cmdline.h"

/* Adds a path to the target that the lease of nic@n will name. Target numbers follow the view's. */
static void add_root_path(struct planner *p, unsigned int n, unsigned int number)
{
	struct plan *plan = p->plan;

	plan->paths[plan->nr_paths++] = (struct plan_path){
		.to.target = &p->targets[number],
		.by_root_path = true,
		.number = number,
		.nic = planner_use_nic(p, n),
		.nic_reason = "its DHCP lease names the target",
		.timers = plan->policy.timers,
	};
}

enum status planner_add_root_paths(struct planner *p)
{
	unsigned int n, number = p->view->params.nr_targets;

	if (p->root_path == ROOT_PATH_NO)
		return STATUS_OK;
	for (n = 0; n < p->nr_nics; n++)
		if (p->same_as[n] == n && nic_wants_dhcp(&p->nics[n]))
			add_root_path(p, n, number++);
	p->plan->only_maybe = p->root_path == ROOT_PATH_MAYBE;
	if (number == p->view->params.nr_targets)
		ibu_diag_add(&p->diag, IBU_WARNING, "cmdline", "netroot", IBU_NO_OFFSET,
			     "no root path: no NIC gets its address by DHCP");
	return STATUS_OK;
}

const char *plan_root_path(const struct plan *plan, const struct plan_path *path, char *text,
			   void **arena, struct endpoint *to, struct timers *timers,
			   struct ibu_diag *diag)
{
	struct ibu_target *target = arena_alloc(arena, sizeof(*target));
	struct ibu_params params = { 0 };
	const char *wrong = NULL;

	if (!target || ibu_root_path_parse(text, strlen(text), &params, diag))
		wrong = strerror(ENOMEM);
	else if (!params.nr_targets)
		wrong = *text ? "its root path is not for iSCSI" : "it has no root path";
	else
		*target = params.targets[0];
	if (!wrong && !target_is_usable(diag, path->number, target))
		wrong = "the target in its root path cannot be used";
	if (!wrong && target_timers(plan, path->number, target, timers))
		wrong = strerror(ENOMEM);
	if (!wrong)
		endpoint_set(to, target);
	ibu_params_free(&params);
	return wrong;
}
