/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs one stage of the loop alone. */
#ifndef TESTS_STAGE_H
#define TESTS_STAGE_H

#include "base/cleanup.h"
#include "boot/stages.h"
#include "handoff/net_files.h"

static const struct stage *stage_alone;

static bool stage_is_done(const struct loop *loop)
{
	unsigned int i;

	for (i = 0; i < loop->progress->nr_paths; i++)
		if (loop->progress->paths[i].state == stage_alone->state)
			return false;
	return true;
}

/* Returns STATUS_OK if a path to the root disk passed the stage, else the first path's status. */
static inline enum status stage_result(const struct progress *progress)
{
	const struct path *path = progress->paths;

	for (; path < progress->paths + progress->nr_paths; path++)
		if (path->state != PATH_FAILED && path_is_roots(progress, path))
			return path->state == PATH_IN ? path->result : STATUS_OK;
	return progress->paths[0].result;
}

/*
 * Runs @stage until no path is left in it. Paths that failed before stay out; the others keep what
 * earlier stages have set.
 */
static inline enum status stage_run(const struct stage *stage, struct progress *progress,
				    struct deadline deadline)
{
	const struct stage *const stages[] = { stage, NULL };
	struct loop loop;
	unsigned int i;
	int r;

	stage_alone = stage;
	progress->root = NULL;
	for (i = 0; i < progress->nr_paths; i++) {
		struct path *path = &progress->paths[i];

		if (stage->state <= PATH_LOGIN)
			path->sid = path->host = -1;
		if (stage->state <= PATH_DISK)
			path->disk[0] = '\0';
		path_goto(path, path->result == STATUS_OK ? stage->state : PATH_FAILED);
	}
	r = loop_open(&loop, progress, stages, deadline);
	loop.nic_ready = handoff_network; /* as boot sets it */
	if (!r)
		r = loop_until(&loop, stage_is_done);
	loop_close(&loop);
	for (i = 0; i < progress->nr_paths; i++)
		progress->paths[i].why = NULL;
	arena_free(&progress->arena);
	return r ? STATUS_ERROR : stage_result(progress);
}

#endif
