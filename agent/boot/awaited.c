// SPDX-License-Identifier: GPL-2.0-only
/* Decides for which disks boot waits, and what it returns if some of them are missing. */
#include "base/cleanup.h"
#include "base/log.h"
#include "boot/boot_private.h"
#include "disk/disk.h"
#include "plan/describe.h"

/* Returns true if @other leads to the disk of @path, alone or with all disks of the target. */
static bool leads_to_disk_of(const struct path *other, const struct path *path)
{
	return ibu_text_eq(&other->to.target->name, &path->to.target->name) &&
	       endpoint_attaches(&other->to, &path->to);
}

/* Returns a path to the disk of @path that is attached, else one that may still be, else NULL. */
static const struct path *best_path(const struct progress *progress, const struct path *path)
{
	const struct path *other = progress->paths, *end = other + progress->nr_paths;
	const struct path *best = NULL;

	for (; other < end; other++) {
		if (!leads_to_disk_of(other, path))
			continue;
		if (other->state == PATH_IN)
			return other;
		if (other->state < PATH_IN || other->comes_back)
			best = other;
	}
	return best;
}

bool awaited_settled(const struct progress *progress)
{
	const struct path *path = progress->paths, *end = path + progress->nr_paths, *best;

	for (; path < end; path++) {
		if (path->state == PATH_IN || !path_is_awaited(progress, path))
			continue;
		/* A disk that stood by takes the place of the root disk. */
		if (path_is_roots(progress, path) && progress_root_in(progress, PATH_IN))
			continue;
		best = best_path(progress, path);
		if (best && best->state != PATH_IN)
			return false;
	}
	return true;
}

const struct path *awaited_root(struct progress *progress)
{
	const struct path *root = progress_root_in(progress, PATH_IN);
	unsigned int i;

	for (i = 0; i < progress->nr_paths && !root && progress->plan->awaits_all; i++) {
		if (progress->paths[i].state != PATH_IN ||
		    !path_is_awaited(progress, &progress->paths[i]))
			continue;
		root = &progress->paths[i];
		progress->first = i;
		disks_set_root(progress, root);
	}
	return root;
}

/* True for the first path to a disk that boot waited for, and that is missing. */
static bool is_missing(const struct progress *progress, const struct path *path)
{
	const struct path *other;

	if (path->state != PATH_FAILED || !path_is_awaited(progress, path) ||
	    best_path(progress, path))
		return false;
	for (other = progress->paths; other < path; other++)
		if (path_same_disk(other, path))
			return false;
	return true;
}

unsigned int awaited_report_missing(const struct progress *progress)
{
	unsigned int i, missing = 0;

	for (i = 0; i < progress->nr_paths; i++) {
		const struct path *path = &progress->paths[i];
		AUTO_ARENA arena = NULL;
		const char *what = describe_path(&arena, path->plan, &path->to);

		if (!is_missing(progress, path))
			continue;
		missing++;
		log_failure("boot", path->result,
			    arena_printf(&arena, "cannot attach the disk of %s", what ? what : "?"),
			    path->why ? path->why : "?",
			    "repair it if the root file system needs it; boot goes on without it");
	}
	return missing;
}
