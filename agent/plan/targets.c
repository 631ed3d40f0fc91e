// SPDX-License-Identifier: GPL-2.0-only
/* Makes a path for each target of the view that is selected and valid. */
#include <errno.h>

#include "base/arena.h"
#include "plan/planner.h"
#include "plan/target.h"

/*
 * Adds a path for target@n, if it is selected and valid; reads its secret file. Returns 0 or
 * -ENOMEM.
 */
static int add_target(struct planner *p, unsigned int n)
{
	struct ibu_target *t = &p->targets[n];
	struct plan_path *path;
	int err;

	*t = p->view->params.targets[n];
	if (!t->selected)
		return 0;
	err = planner_read_secret(p, n, t);
	if (err || !target_is_usable(&p->diag, n, t))
		return err == -ENOMEM ? err : 0;
	path = &p->plan->paths[p->plan->nr_paths++];
	*path = (struct plan_path){ .number = n };
	endpoint_set(&path->to, t);
	return 0;
}

/* The arrays also have room for a target that the root path of each NIC may name. */
enum status planner_add_targets(struct planner *p)
{
	unsigned int n, nr = p->view->params.nr_targets, room = nr + p->nr_nics + 1;

	p->plan->paths = arena_alloc(&p->plan->arena, room * sizeof(*p->plan->paths));
	p->targets = arena_alloc(&p->plan->arena, room * sizeof(*p->targets));
	if (!p->plan->paths || !p->targets)
		return planner_no_memory(p);
	for (n = 0; n < nr; n++)
		if (add_target(p, n))
			return planner_no_memory(p);
	return STATUS_OK;
}
