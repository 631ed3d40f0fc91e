// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>

#include "boot_inner.h"
#include "cleanup.h"
#include "deadline.h"
#include "describe.h"
#include "log.h"

static const char *const names[NR_STEPS] = {
	[STEP_MODULES] = "modules", [STEP_NETWORK] = "network", [STEP_LOGIN] = "login",
	[STEP_DISKS] = "disks",	    [STEP_TIMERS] = "timers",
};

static double seconds(int64_t ns)
{
	return (double)ns / 1e9;
}

/* What is left of the whole beside the steps. */
static int64_t rest_ns(const struct boot_times *times, int64_t total_ns)
{
	unsigned int i;

	for (i = 0; i < NR_STEPS; i++)
		total_ns -= times->spent_ns[i];
	return total_ns;
}

static void log_times(const struct plan *plan, const struct boot_times *times, enum status status,
		      int64_t total_ns)
{
	AUTO_ARENA arena = NULL;
	char *text = arena_printf(&arena, "%s", ""), *more;
	unsigned int i;

	for (i = 0; i < NR_STEPS && text; i++) {
		more = arena_printf(&arena, "%s%s %.2f s, ", text, names[i],
				    seconds(times->spent_ns[i]));
		text = more;
	}
	if (!text)
		return;
	if (boot_has_root(status))
		log_info("boot", "root is /dev/%s after %.2f s: %severything else %.2f s",
			 plan->root->disk, seconds(total_ns), text,
			 seconds(rest_ns(times, total_ns)));
	else
		log_info("boot", "failed with status %d after %.2f s: %severything else %.2f s",
			 status, seconds(total_ns), text, seconds(rest_ns(times, total_ns)));
}

static void print_times(const struct boot_times *times, int64_t total_ns, FILE *out)
{
	unsigned int i;

	fprintf(out, "seconds_total=%.3f\n", seconds(total_ns));
	for (i = 0; i < NR_STEPS; i++)
		fprintf(out, "seconds_%s=%.3f\n", names[i], seconds(times->spent_ns[i]));
	fprintf(out, "seconds_else=%.3f\n", seconds(rest_ns(times, total_ns)));
}

/*
 * The root's path, or the first of those that were tried for it, as far as it came. The plan has
 * judged the target's name: no quotes.
 */
static void print_root(const struct plan *plan, FILE *out)
{
	const struct plan_path *path = plan->root ? plan->root : &plan->paths[0];
	AUTO_ARENA arena = NULL;
	char *name = describe_text(&arena, &path->target->name);

	fprintf(out, "target=%s\nportal=%s\nport=%u\n", name ? name : "", path->portal, path->port);
	if (path->nic && path->nic->ifname[0])
		fprintf(out, "nic=%s\n", path->nic->ifname);
	if (path->sid >= 0)
		fprintf(out, "session=%d\n", path->sid);
	if (path->disk[0])
		fprintf(out, "disk=%s\n", path->disk);
}

/* All or nothing of it is seen under its name. */
static int write_result(const struct plan *plan, const struct boot_times *times, enum status status,
			int64_t total_ns)
{
	int fd = open(BOOT_RUN_DIR "/result.new",
		      O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");

	if (!out) {
		if (fd >= 0)
			close(fd);
		return -errno;
	}
	fprintf(out, "status=%d\n", status);
	if (plan->nr_paths)
		print_root(plan, out);
	print_times(times, total_ns, out);
	if (fclose(out) || rename(BOOT_RUN_DIR "/result.new", BOOT_RUN_DIR "/" BOOT_RESULT))
		return -errno;
	return 0;
}

void report(const struct plan *plan, const struct boot_times *times, enum status status)
{
	int64_t total_ns = now_ns() - times->start_ns;
	int err;

	log_times(plan, times, status, total_ns);
	err = write_result(plan, times, status, total_ns);
	if (err)
		log_warning("boot", BOOT_RUN_DIR "/" BOOT_RESULT ": %s", strerror(-err));
}
