/* SPDX-License-Identifier: GPL-2.0-only */
/* One stage of the loop, alone. */
#ifndef TESTS_STAGE_H
#define TESTS_STAGE_H

#include "base/cleanup.h"
#include "loop/loop.h"

static const struct stage *stage_alone;

static bool stage_is_done(const struct loop *loop)
{
	unsigned int i;

	for (i = 0; i < loop->plan->nr_paths; i++)
		if (loop->plan->paths[i].state == stage_alone->state)
			return false;
	return true;
}

/* OK if a path of the root came on, else the status of the first. */
static inline enum status stage_result(const struct plan *plan)
{
	unsigned int i;

	for (i = 0; i < plan->nr_paths; i++)
		if (plan->paths[i].state != PATH_FAILED && path_is_roots(plan, &plan->paths[i]))
			return plan->paths[i].state == PATH_IN ? plan->paths[i].result : STATUS_OK;
	return plan->paths[0].result;
}

/*
 * Has @stage work on all paths that did not fail before, with what they have of the stages before,
 * until none is left in it.
 */
static inline enum status stage_run(const struct stage *stage, struct plan *plan,
				    struct deadline deadline)
{
	const struct stage *const stages[] = { stage, NULL };
	struct plan_path *before = calloc(plan->nr_paths, sizeof(*before));
	struct loop loop;
	unsigned int i;
	int r;

	stage_alone = stage;
	memcpy(before, plan->paths, plan->nr_paths * sizeof(*before));
	r = loop_open(&loop, plan, stages, deadline);
	for (i = 0; i < plan->nr_paths; i++) {
		struct plan_path *path = &plan->paths[i];

		if (stage->state > PATH_LOGIN) {
			path->sid = before[i].sid;
			path->host = before[i].host;
		}
		if (stage->state > PATH_DISK)
			memcpy(path->disk, before[i].disk, sizeof(path->disk));
		path_goto(path, before[i].result == STATUS_OK ? stage->state : PATH_FAILED);
	}
	free(before);
	if (!r)
		r = loop_until(&loop, stage_is_done);
	loop_close(&loop);
	for (i = 0; i < plan->nr_paths; i++)
		plan->paths[i].why = NULL;
	arena_free(&plan->arena);
	return r ? STATUS_ERROR : stage_result(plan);
}

#endif
