// SPDX-License-Identifier: GPL-2.0-only
/* Reports the result of boot: a line in the log, and /run/iscsi-boot/result. */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/deadline.h"
#include "base/log.h"
#include "base/run_dir.h"
#include "base/text_stream.h"
#include "boot/boot_private.h"
#include "plan/describe.h"

/* Steps whose time is reported. */
enum part { PART_MODULES, PART_NETWORK, PART_LOGIN, PART_DISKS, PART_TIMERS, PART_ELSE, NR_PARTS };

static const char *const part_names[NR_PARTS] = {
	[PART_MODULES] = "modules", [PART_NETWORK] = "network", [PART_LOGIN] = "login",
	[PART_DISKS] = "disks",	    [PART_TIMERS] = "timers",	[PART_ELSE] = "else",
};

/* Returns the path to the root disk, else the first path, or NULL if there are no paths. */
static const struct path *result_path_of(const struct progress *progress)
{
	if (!progress->nr_paths)
		return NULL;
	return progress->root ? progress->root : &progress->paths[0];
}

/* Fills @seconds with the time that the path spent in each step. Returns the total in ns. */
static int64_t divide_time(const struct progress *progress, const struct boot_times *times,
			   double seconds[NR_PARTS])
{
	static const enum part parts[PATH_IN] = {
		[PATH_NET] = PART_NETWORK,   [PATH_REACH] = PART_NETWORK,
		[PATH_NAME] = PART_NETWORK,  [PATH_MODULES] = PART_MODULES,
		[PATH_LOGIN] = PART_LOGIN,   [PATH_DISK] = PART_DISKS,
		[PATH_TIMERS] = PART_TIMERS,
	};
	const struct path *path = result_path_of(progress);
	int64_t now = now_ns(), total = now - times->start_ns;
	int64_t ns[NR_PARTS] = { [PART_MODULES] = times->modules_ns };
	unsigned int i;

	for (i = 0; path && i < PATH_IN; i++)
		ns[parts[i]] += path->spent_ns[i];
	if (path && path->state < PATH_IN && path->since_ns)
		ns[parts[path->state]] += now - path->since_ns;
	ns[PART_ELSE] = total;
	for (i = 0; i < PART_ELSE; i++)
		ns[PART_ELSE] -= ns[i];
	for (i = 0; i < NR_PARTS; i++)
		seconds[i] = (double)ns[i] / 1e9;
	return total;
}

static void log_times(const struct progress *progress, enum status status, double total,
		      const double seconds[NR_PARTS])
{
	AUTO_ARENA arena = NULL;
	char *text = arena_printf(&arena, "%s", "");
	unsigned int i;

	for (i = 0; i < NR_PARTS && text; i++)
		text = arena_printf(&arena, "%s%s%s %.2f s", text, i ? ", " : "", part_names[i],
				    seconds[i]);
	if (boot_has_root(status))
		log_info("boot", "root disk is /dev/%s after %.2f s: %s", progress->root->disk,
			 total, text ? text : "");
	else if (status == STATUS_NOTHING)
		log_info("boot", "%s after %.2f s: %s",
			 progress->root_elsewhere ? "the root needs no iSCSI," :
						    "there is nothing to boot from by iSCSI,",
			 total, text ? text : "");
	else
		log_info("boot", "failed with status %d after %.2f s: %s", status, total,
			 text ? text : "");
}

/* Prints the known values of @path. Quotes are not needed: the plan refuses names with blanks. */
static void result_print_path(const struct path *path, FILE *out)
{
	AUTO_ARENA arena = NULL;
	char *name = describe_text(&arena, &path->to.target->name);
	unsigned int i;

	fprintf(out, "target=%s\nportal=%s\nport=%u\n", name ? name : "", path->to.portal,
		path->to.port);
	if (path->nic && path->nic->ifname[0])
		fprintf(out, "nic=%s\n", path->nic->ifname);
	if (path->sid >= 0)
		fprintf(out, "session=%d\n", path->sid);
	if (path->disk[0])
		fprintf(out, "disk=%s\n", path->disk);
	if (path->nr_more)
		fprintf(out, "disks=%s", path->disk);
	for (i = 0; i < path->nr_more; i++)
		fprintf(out, ",%s%s", path->more[i].name, i + 1 < path->nr_more ? "" : "\n");
}

static int write_result(const struct progress *progress, enum status status, unsigned int missing,
			double total, const double seconds[NR_PARTS])
{
	struct text_stream text;
	FILE *out = text_stream_open(&text);
	unsigned int i;
	int err;

	if (!out)
		return -ENOMEM;
	fprintf(out, "status=%d\n", status);
	if (result_path_of(progress))
		result_print_path(result_path_of(progress), out);
	if (missing)
		fprintf(out, "missing=%u\n", missing);
	fprintf(out, "seconds_total=%.3f\n", total);
	for (i = 0; i < NR_PARTS; i++)
		fprintf(out, "seconds_%s=%.3f\n", part_names[i], seconds[i]);
	err = text_stream_close(&text);
	if (!err)
		err = run_dir_write(BOOT_RESULT, text.text);
	free(text.text);
	return err;
}

void boot_result_report(const struct progress *progress, const struct boot_times *times,
			enum status status)
{
	double seconds[NR_PARTS], total = (double)divide_time(progress, times, seconds) / 1e9;
	unsigned int missing = boot_has_root(status) ? awaited_report_missing(progress) : 0;
	int err;

	log_times(progress, status, total, seconds);
	err = write_result(progress, status, missing, total, seconds);
	if (err)
		log_warning("boot", "cannot write " BOOT_RUN_DIR "/" BOOT_RESULT ": %s",
			    strerror(-err));
}
