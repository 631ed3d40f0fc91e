// SPDX-License-Identifier: GPL-2.0-only
/* Keeps /run/iscsi-boot/paths up to date. */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/run_dir.h"
#include "boot/boot_private.h"
#include "loop/loop.h"
#include "loop/paths_file.h"

/* State of the stage. */
struct paths {
	struct progress *progress;
	bool outdated; /* a path has changed since the last write */
	bool failed; /* the last write failed, which was logged */
};

static void write_outdated(struct paths *paths)
{
	int err;

	if (!paths->outdated)
		return;
	paths->outdated = false;
	err = paths_write(paths->progress);
	if (err && !paths->failed)
		log_warning("boot", "cannot write " BOOT_RUN_DIR "/paths: %s", strerror(-err));
	paths->failed = err;
}

/*
 * Writes at once if a path that boot waits for is attached or has failed. Other changes are written
 * when no other stage has anything to do.
 */
static int paths_step(void *data)
{
	struct paths *paths = data;
	struct progress *progress = paths->progress;
	bool root = false;
	unsigned int i;

	for (i = 0; i < progress->nr_paths; i++) {
		if (!progress->paths[i].moved)
			continue;
		paths->outdated = true;
		progress->paths[i].moved = false;
		root |= progress->paths[i].state >= PATH_IN &&
			path_is_awaited(progress, &progress->paths[i]);
	}
	if (root)
		write_outdated(paths);
	return 0;
}

static void paths_waits(void *data, struct waits *waits)
{
	const struct paths *paths = data;

	waits->rests |= paths->outdated;
}

static void paths_rest(void *data)
{
	write_outdated(data);
}

static int paths_open(struct loop *loop, void *data)
{
	struct paths *paths = data;

	paths->progress = loop->progress;
	return 0;
}

static void paths_close(void *data)
{
	struct paths *paths = data;

	paths_step(paths);
	write_outdated(paths);
}

const struct stage stage_paths = {
	.name = "boot",
	.size = sizeof(struct paths),
	.open = paths_open,
	.step = paths_step,
	.waits = paths_waits,
	.rest = paths_rest,
	.close = paths_close,
};
