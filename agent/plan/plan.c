// SPDX-License-Identifier: GPL-2.0-only
/* Makes the plan: runs the passes in their order. */
#include "plan/plan.h"

#include <string.h>

#include "base/arena.h"
#include "plan/planner.h"
#include "kmod/core/attrs.h"

/* clang-format off */
static enum status (*const passes[])(struct planner *p) = {
	planner_collect_words,
	planner_read_policy,
	planner_check_sources,
	planner_read_cmdline_net,
	planner_read_bonds,
	planner_join_nics,
	planner_add_targets,
	planner_find_root_disk,
	planner_default_nic,
	planner_choose_nics,
	planner_settle_twins,
	planner_add_root_paths,
	planner_name_vlans,
	planner_check_devices,
	planner_mark_several_nics,
	planner_choose_engine,
	planner_check_policy_targets,
	planner_find_initiator,
	planner_keep_notes,
};

/* clang-format on */

enum status plan_make(const char *root, const struct view *view, struct plan *plan)
{
	struct planner p = { .root = root, .view = view, .plan = plan };
	enum status status = STATUS_OK;
	unsigned int i;

	*plan = (struct plan){ .root_dir = root, .view = view, .root_lun = -1 };
	for (i = 0; i < ARRAY_SIZE(passes) && status == STATUS_OK; i++)
		status = passes[i](&p);
	ibu_diag_free(&p.diag);
	if (status != STATUS_OK)
		plan_free(plan);
	return status;
}

bool plan_path_is_roots(const struct plan *plan, const struct endpoint *to)
{
	const struct endpoint *first = &plan->paths[0].to;

	return ibu_text_eq(&first->target->name, &to->target->name) && endpoint_attaches(to, first);
}

void plan_free(struct plan *plan)
{
	struct policy policy = plan->policy;

	arena_free(&plan->arena);
	*plan = (struct plan){ .policy = policy };
}
