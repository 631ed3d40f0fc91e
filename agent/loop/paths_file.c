// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes /run/iscsi-boot/paths, for the real root: the state of each path. A line each:
 *
 *     TARGET-NAME ADDRESS:PORT STATE DETAIL...
 *
 * STATE is network, name, reach, login, disk, timers, in, failed or standby (not started). DETAIL
 * is the session and the disks of a path that is in, the root disk first, else the current problem,
 * or nothing. Target names were checked: no spaces. A name that discovery has not found yet is "?".
 */
#include "loop/paths_file.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/run_dir.h"
#include "base/text_stream.h"
#include "plan/describe.h"

static const char *const names[NR_PATH_STATES] = {
	[PATH_NET] = "network",	    [PATH_NAME] = "name",   [PATH_REACH] = "reach",
	[PATH_MODULES] = "modules", [PATH_LOGIN] = "login", [PATH_DISK] = "disk",
	[PATH_TIMERS] = "timers",   [PATH_IN] = "in",	    [PATH_FAILED] = "failed",
	[PATH_STANDBY] = "standby",
};

static void paths_file_print_path(const struct path *path, FILE *out)
{
	bool v6 = strchr(path->to.portal, ':');
	AUTO_ARENA arena = NULL;
	unsigned int i;
	char *name = describe_text(&arena, &path->to.target->name);

	fprintf(out, "%s %s%s%s:%u %s", name && *name ? name : "?", v6 ? "[" : "", path->to.portal,
		v6 ? "]" : "", path->to.port, names[path->state]);
	if (path->state == PATH_IN)
		fprintf(out, " session%d %s", path->sid, path->disk);
	else if (path->why)
		fprintf(out, " %s", path->why);
	for (i = 0; path->state == PATH_IN && i < path->nr_more; i++)
		fprintf(out, " %s", path->more[i].name);
	fputc('\n', out);
}

int paths_write(const struct progress *progress)
{
	struct text_stream text;
	FILE *out = text_stream_open(&text);
	unsigned int i;
	int r;

	for (i = 0; out && i < progress->nr_paths; i++)
		paths_file_print_path(&progress->paths[i], out);
	r = text_stream_close(&text);
	if (!r)
		r = run_dir_write("paths", text.text);
	free(text.text);
	return r;
}
