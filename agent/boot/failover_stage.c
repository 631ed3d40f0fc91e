// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tries the firmware's targets that are not boot-selected, one disk after another, if no path to
 * the root disk comes up: once all have failed, or after half of the time until the deadline.
 */
#include "base/log.h"
#include "loop/loop.h"

/* The time for each disk if boot has no deadline. */
#define NO_DEADLINE_S 90

/* State of the stage. */
struct failover {
	struct loop *loop;
	struct deadline until; /* of the disks that are tried now */
	bool moved; /* a path was started in this step */
};

static struct path *next_standby(const struct failover *f)
{
	struct path *path = f->loop->progress->paths, *end = path + f->loop->progress->nr_paths;

	for (; path < end; path++)
		if (path->state == PATH_STANDBY)
			return path;
	return NULL;
}

/* Returns true if a path to the root disk may still come up. */
static bool root_is_pending(const struct progress *progress)
{
	const struct path *path = progress->paths, *end = path + progress->nr_paths;

	for (; path < end; path++)
		if (path_is_roots(progress, path) && (path->state < PATH_IN || path->comes_back))
			return true;
	return false;
}

static bool failover_is_due(const struct failover *f)
{
	if (f->loop->over || progress_root_in(f->loop->progress, PATH_IN))
		return false;
	return !root_is_pending(f->loop->progress) || !deadline_left_ms(f->until);
}

static struct deadline half_time(const struct loop *loop)
{
	unsigned int s = loop->plan->policy.deadline_s ? loop->plan->policy.deadline_s / 2 :
							 NO_DEADLINE_S;

	return deadline_in(s);
}

/* Starts @first and the other paths to its disk. */
static void start_standby(struct failover *f, struct path *first)
{
	struct path *path, *end = f->loop->progress->paths + f->loop->progress->nr_paths;

	log_warning("boot", "no boot-selected target is up: trying target%u (failover=yes)",
		    first->plan->number);
	for (path = end - 1; path >= first; path--)
		if (path->state == PATH_STANDBY && endpoint_same_disk(&path->to, &first->to))
			path_goto(path, PATH_NET);
	f->until = half_time(f->loop);
	f->moved = true;
}

static int failover_step(void *data)
{
	struct failover *f = data;
	struct path *path = next_standby(f);

	f->moved = false;
	if (path && failover_is_due(f))
		start_standby(f, path);
	return 0;
}

static void failover_waits(void *data, struct waits *waits)
{
	const struct failover *f = data;

	if (f->moved)
		waits_until(waits, (struct deadline){ 0 });
	else if (next_standby(f) && !progress_root_in(f->loop->progress, PATH_IN))
		waits_until(waits, f->until);
}

static int failover_open(struct loop *loop, void *data)
{
	*(struct failover *)data = (struct failover){ .loop = loop, .until = half_time(loop) };
	return 0;
}

static void failover_close(void *data)
{
}

const struct stage stage_failover = {
	.name = "boot",
	.size = sizeof(struct failover),
	.open = failover_open,
	.step = failover_step,
	.waits = failover_waits,
	.state = PATH_STANDBY,
	.close = failover_close,
};
