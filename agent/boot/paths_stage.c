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

struct paths {
	struct progress *progress;
	bool late; /* something moved since */
	bool failed; /* and so it was told */
};

static void write_late(struct paths *paths)
{
	int err;

	if (!paths->late)
		return;
	paths->late = false;
	err = paths_write(paths->progress);
	if (err && !paths->failed)
		log_warning("boot", BOOT_RUN_DIR "/paths: %s", strerror(-err));
	paths->failed = err;
}

/* That a path of the root is in, or not, is never late; the rest waits until all others do. */
static int paths_step(void *data)
{
	struct paths *paths = data;
	struct progress *progress = paths->progress;
	bool root = false;
	unsigned int i;

	for (i = 0; i < progress->nr_paths; i++) {
		if (!progress->paths[i].moved)
			continue;
		paths->late = true;
		progress->paths[i].moved = false;
		root |= progress->paths[i].state >= PATH_IN &&
			path_is_roots(progress, &progress->paths[i]);
	}
	if (root)
		write_late(paths);
	return 0;
}

static void paths_waits(void *data, struct waits *waits)
{
	const struct paths *paths = data;

	waits->rests |= paths->late;
}

static void paths_rest(void *data)
{
	write_late(data);
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
	write_late(paths);
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
