// SPDX-License-Identifier: GPL-2.0-only
/*
 * /run/iscsi-boot/paths, for the real root: where each path stands. A line each:
 *
 *     TARGET-NAME ADDRESS:PORT STATE DETAIL...
 *
 * STATE is network, name, reach, login, disk, timers, in or failed; DETAIL the session and the disk
 * of a path that is in, else what is in the way, or nothing. The names were judged: no spaces; ?
 * where the portal has not been asked yet.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/run_dir.h"
#include "boot/boot_private.h"
#include "iscsi/portal_addr.h"
#include "loop/loop.h"
#include "plan/describe.h"

struct paths {
	struct plan *plan;
	bool late; /* something moved since */
	bool failed; /* and so it was told */
};

static const char *const names[NR_PATH_STATES] = {
	[PATH_NET] = "network", [PATH_NAME] = "name",	  [PATH_REACH] = "reach",
	[PATH_LOGIN] = "login", [PATH_DISK] = "disk",	  [PATH_TIMERS] = "timers",
	[PATH_IN] = "in",	[PATH_FAILED] = "failed",
};

static void print_path(const struct plan_path *path, FILE *out)
{
	AUTO_ARENA arena = NULL;
	char *name = describe_text(&arena, &path->target->name);
	char *portal = portal_text(&arena, path->portal, path->port);

	fprintf(out, "%s %s %s", name && *name ? name : "?", portal ? portal : "?",
		names[path->state]);
	if (path->state == PATH_IN)
		fprintf(out, " session%d %s", path->sid, path->disk);
	else if (path->why)
		fprintf(out, " %s", path->why);
	fputc('\n', out);
}

static char *print_all(const struct plan *plan)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	unsigned int i;

	if (!out)
		return NULL;
	for (i = 0; i < plan->nr_paths; i++)
		print_path(&plan->paths[i], out);
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}

int paths_write(const struct plan *plan)
{
	char *text = print_all(plan);
	int r = text ? run_dir_write("paths", text) : -ENOMEM;

	free(text);
	return r;
}

static void write_late(struct paths *paths)
{
	int err;

	if (!paths->late)
		return;
	paths->late = false;
	err = paths_write(paths->plan);
	if (err && !paths->failed)
		log_warning("boot", BOOT_RUN_DIR "/paths: %s", strerror(-err));
	paths->failed = err;
}

/* That a path of the root is in, or not, is never late; the rest waits until all others do. */
static int paths_step(void *data)
{
	struct paths *paths = data;
	struct plan *plan = paths->plan;
	bool root = false;
	unsigned int i;

	for (i = 0; i < plan->nr_paths; i++) {
		if (!plan->paths[i].moved)
			continue;
		paths->late = true;
		plan->paths[i].moved = false;
		root |= plan->paths[i].state >= PATH_IN && path_is_roots(plan, &plan->paths[i]);
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

static int paths_open(struct loop *loop, void **data)
{
	struct paths *paths = *data = calloc(1, sizeof(*paths));

	if (!paths)
		return -ENOMEM;
	paths->plan = loop->plan;
	return 0;
}

static void paths_close(void *data)
{
	struct paths *paths = data;

	if (!paths)
		return;
	paths_step(paths);
	write_late(paths);
	free(paths);
}

const struct stage stage_paths = {
	.name = "boot",
	.open = paths_open,
	.step = paths_step,
	.waits = paths_waits,
	.rest = paths_rest,
	.close = paths_close,
};
