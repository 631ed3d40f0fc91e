// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stage "timers": sets the timers of sessions and disks, reads them back and logs one line for
 * each disk. Each disk has a thread, because changing the scheduler waits for the disk's
 * outstanding requests.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "disk/disk.h"
#include "disk/root_disk.h"
#include "disk/task_thread.h"
#include "loop/loop.h"
#include "plan/boot_record_from_plan.h"
#include "session/scsi_disk.h"
#include "session/timers_task.h"

/* Bounds of the time limit for one disk, in seconds; MOST_S applies if its target is dead. */
#define LEAST_S 1
#define MOST_S 10
/*
 * Paths that still wait for their disks go first; the timers of other paths wait up to a second.
 * Setting the scheduler "none" takes long, because Linux 6.10 and later call modprobe for it.
 */
#define HOLD_NS 1000000000LL

struct disk_timers {
	struct timers_task timers_task;
	char name[DISK_NAME_SIZE]; /* that of the path changes when its root disk is found */
	bool running;
	int error; /* errno, of the start or of the task */
	struct deadline until;
};

/* The disks of a path. */
struct path_timers {
	struct disk_timers *disks;
	unsigned int nr;
	bool running;
};

struct timers_stage {
	struct loop *loop;
	struct path_timers *paths; /* one for each path */
	int threads;
};

/* Returns the deadline for one disk: within the limits, even if @deadline has passed. */
static struct deadline timers_deadline(struct deadline deadline)
{
	struct deadline d = deadline_sooner(deadline, MOST_S), least = deadline_in(LEAST_S);

	return d.at_ns < least.at_ns ? least : d;
}

static void tune_begin_disk(struct timers_stage *tune, struct disk_timers *timers,
			    const struct path *path, const char *disk)
{
	AUTO_ARENA arena = NULL;

	*timers = (struct disk_timers){ .timers_task = { .timers = &path->timers,
							 .sid = path->sid,
							 .disk = timers->name,
							 .held = scsi_multipath_of(&arena, disk) },
					.running = true,
					.until = timers_deadline(tune->loop->deadline) };
	snprintf(timers->name, sizeof(timers->name), "%s", disk);
	timers->error = -timers_task_start(&timers->timers_task, task_start_thread, tune->threads);
}

/* Starts a task for each disk of the path, the root disk first. */
static void tune_begin(struct timers_stage *tune, struct path_timers *timers, struct path *path)
{
	unsigned int i;

	timers->disks = calloc(1 + path->nr_more, sizeof(*timers->disks));
	timers->nr = timers->disks ? 1 + path->nr_more : 0;
	timers->running = true;
	path->result = timers->disks ? STATUS_OK : STATUS_TIMERS;
	for (i = 0; i < timers->nr; i++)
		tune_begin_disk(tune, &timers->disks[i], path,
				i ? path->more[i - 1].name : path->disk);
}

/* Returns true if the disk is done. */
static bool tune_check_disk(struct disk_timers *timers, struct path *path)
{
	AUTO_ARENA arena = NULL;
	const char *why;

	if (!timers->running)
		return true;
	if (!timers->error && !task_has_ended(&timers->timers_task.task, &timers->error)) {
		if (deadline_left_ms(timers->until))
			return false;
		timers->error = ETIMEDOUT;
	}
	timers->running = false;
	if (timers_task_end(&timers->timers_task, timers->error, &arena, &why) != STATUS_OK)
		path->result = STATUS_TIMERS;
	return true;
}

static void tune_check(struct path_timers *timers, struct path *path)
{
	bool done = true;
	unsigned int i;

	for (i = 0; i < timers->nr; i++)
		done &= tune_check_disk(&timers->disks[i], path);
	if (!done)
		return;
	free(timers->disks);
	*timers = (struct path_timers){ 0 };
	path_goto(path, PATH_IN);
}

/* Adds a line for the disk with Linux LUN @lun, or for all disks. Returns 0 or -ENOMEM. */
static int record_line(const struct path *path, struct boot_record *record, bool root,
		       const long *lun)
{
	struct boot_record_disk *disk = boot_record_add(record, &path->to, &path->timers, root);

	if (!disk)
		return -ENOMEM;
	if (lun)
		disk->lun = *lun;
	disk->chap_algorithm = (int)path->chap_algorithm;
	disk->redirect_name = path->redirect_name;
	disk->redirect_addr = path->redirect_addr;
	return 0;
}

/*
 * Records what @path attaches. A target without a LUN has a line for all its disks; if it is known
 * which of them is the root disk, that one has another line. Returns 0 or -ENOMEM.
 */
static int record_disks_of(const struct progress *progress, const struct path *path,
			   struct boot_record *record)
{
	bool root = path_is_roots(progress, path);
	bool all = !ibu_has(&path->to.target->f, IBU_TARGET_LUN), both = all && path->root_known;

	if (all && record_line(path, record, root && !both, NULL))
		return -ENOMEM;
	if (all && !both)
		return 0;
	return record_line(path, record, root, path->disk[0] ? &path->linux_lun : NULL);
}

/* Fills and writes @record. It has the Linux LUNs found, which may be other forms than planned. */
static int record_paths(const struct progress *progress, struct boot_record *record)
{
	const struct path *path = progress->paths, *end = path + progress->nr_paths;

	if (boot_record_start(progress->plan, record))
		return -ENOMEM;
	for (; path < end; path++)
		if (path->state != PATH_STANDBY && record_disks_of(progress, path, record))
			return -ENOMEM;
	return boot_record_write(record);
}

/* Looks again which disk is the root disk: udev names its partitions some time after the disks. */
static void find_root_disk(struct progress *progress)
{
	unsigned int i;

	for (i = 0; i < progress->nr_paths; i++)
		if (root_disk_choose(progress, &progress->paths[i]) &&
		    progress->root == &progress->paths[i])
			disks_set_root(progress, progress->root);
}

/* Records LUNs and timers of all paths. Called once the root disk is available, and at the end. */
static void tune_record(struct progress *progress)
{
	struct boot_record record;
	int r;

	find_root_disk(progress);
	r = record_paths(progress, &record);
	boot_record_free(&record);
	if (r)
		log_warning("timers", "cannot write " WANTED_FILE ": %s", strerror(-r));
}

/*
 * Sets the root disk. Its path may have been attached before the target name of the first path was
 * known.
 */
static void settle_root(struct progress *progress)
{
	const struct path *path = progress_root_in(progress, PATH_IN);

	if (!path || (progress->root && progress->root->state == PATH_IN))
		return;
	disks_set_root(progress, path);
	tune_record(progress);
}

/*
 * Returns when to set the timers of @path: at once for the root disk; later for others, while paths
 * log in or wait for their disks.
 */
static struct deadline held_until(const struct timers_stage *tune, const struct path *path)
{
	const struct progress *progress = tune->loop->progress;
	unsigned int i;

	if (tune->loop->over || path_is_roots(progress, path))
		return (struct deadline){ 0 };
	for (i = 0; i < progress->nr_paths; i++)
		if (progress->paths[i].state == PATH_LOGIN || progress->paths[i].state == PATH_DISK)
			return (struct deadline){ path->since_ns + HOLD_NS };
	return (struct deadline){ 0 };
}

static int tune_step(void *data)
{
	struct timers_stage *tune = data;
	struct progress *progress = tune->loop->progress;
	unsigned int i;

	task_threads_drain(tune->threads);
	for (i = 0; i < progress->nr_paths; i++) {
		if (progress->paths[i].state != PATH_TIMERS || tune->paths[i].running ||
		    deadline_left_ms(held_until(tune, &progress->paths[i])))
			continue;
		tune_begin(tune, &tune->paths[i], &progress->paths[i]);
		if (path_is_roots(progress, &progress->paths[i]))
			tune_record(progress);
	}
	for (i = 0; i < progress->nr_paths; i++)
		if (tune->paths[i].running)
			tune_check(&tune->paths[i], &progress->paths[i]);
	settle_root(progress);
	return 0;
}

/* Returns when the first disk of the path that is not done times out. */
static struct deadline path_deadline(const struct path_timers *timers)
{
	unsigned int i;

	for (i = 0; i < timers->nr; i++)
		if (timers->disks[i].running)
			return timers->disks[i].until;
	return (struct deadline){ 0 };
}

static void tune_waits(void *data, struct waits *waits)
{
	struct timers_stage *tune = data;
	const struct path *path = tune->loop->progress->paths;
	unsigned int i;

	waits_fd(waits, tune->threads, POLLIN);
	for (i = 0; i < tune->loop->progress->nr_paths; i++, path++)
		if (tune->paths[i].running)
			waits_until(waits, path_deadline(&tune->paths[i]));
		else if (path->state == PATH_TIMERS)
			waits_until(waits, held_until(tune, path));
}

static int tune_open(struct loop *loop, void *data)
{
	struct timers_stage *tune = data;

	tune->loop = loop;
	tune->threads = task_threads_open();
	if (tune->threads < 0)
		return tune->threads;
	tune->paths = calloc(loop->progress->nr_paths + 1, sizeof(*tune->paths));
	return tune->paths ? 0 : -ENOMEM;
}

/* Returns the index of the first path with a running task, or -1. */
static int first_running(const struct timers_stage *tune)
{
	unsigned int i;

	for (i = 0; i < tune->loop->progress->nr_paths; i++)
		if (tune->paths[i].running)
			return (int)i;
	return -1;
}

/*
 * Sets the remaining timers before the loop ends. This takes milliseconds if the disks respond, and
 * each disk has its deadline.
 */
static void tune_finish(struct timers_stage *tune)
{
	struct pollfd ended = { .fd = tune->threads, .events = POLLIN };
	int i;

	tune->loop->over = true;
	tune->loop->deadline = deadline_in(0);
	while (!tune_step(tune) && (i = first_running(tune)) >= 0)
		(void)poll(&ended, 1, deadline_left_ms(path_deadline(&tune->paths[i])));
}

static void tune_abandon(struct path_timers *timers)
{
	unsigned int i;

	for (i = 0; i < timers->nr; i++)
		if (timers->disks[i].running)
			timers_task_abandon(&timers->disks[i].timers_task);
	free(timers->disks);
}

static void tune_close(void *data)
{
	struct timers_stage *tune = data;
	unsigned int i;

	if (tune->loop->stop && tune->paths)
		tune_finish(tune);
	for (i = 0; tune->paths && i < tune->loop->progress->nr_paths; i++)
		tune_abandon(&tune->paths[i]);
	if (progress_root_in(tune->loop->progress, PATH_IN))
		tune_record(tune->loop->progress);
	cleanup_fd(&tune->threads);
	free(tune->paths);
}

const struct stage stage_timers = {
	.name = "timers",
	.size = sizeof(struct timers_stage),
	.open = tune_open,
	.step = tune_step,
	.waits = tune_waits,
	.state = PATH_TIMERS,
	.close = tune_close,
};
