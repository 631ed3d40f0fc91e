// SPDX-License-Identifier: GPL-2.0-only
/*
 * The timers of sessions and disks: written, read back, and told, one line for each disk. To change
 * the scheduler waits for what the disk is asked already, so a thread does it for each disk.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "disk/disk.h"
#include "disk/task_thread.h"
#include "loop/loop.h"
#include "plan/boot_record_from_plan.h"
#include "session/scsi_disk.h"
#include "session/timers_task.h"

/* For one disk: at least, and while its target is silent. */
#define LEAST_S 1
#define MOST_S 10
/* For "none" the kernel calls modprobe (6.10 and later): disks come before that, for a second. */
#define HOLD_NS 1000000000LL

struct job {
	struct timers_task timers_task;
	bool running;
	int error; /* errno, of starting it or its own */
	struct deadline until;
};

struct tune {
	struct loop *loop;
	struct job *jobs; /* one for each path */
	int threads;
};

/* The disk is there: no need to wait for long, but the moment that this takes is always given. */
static struct deadline until(struct deadline deadline)
{
	struct deadline d = deadline_sooner(deadline, MOST_S), least = deadline_in(LEAST_S);

	return d.at_ns < least.at_ns ? least : d;
}

static void begin(struct tune *tune, struct job *job, const struct path *path)
{
	AUTO_ARENA arena = NULL;

	*job = (struct job){ .timers_task = { .timers = &path->timers,
					      .sid = path->sid,
					      .disk = path->disk,
					      .held = scsi_multipath_of(&arena, path->disk) },
			     .running = true,
			     .until = until(tune->loop->deadline) };
	job->error = -timers_task_start(&job->timers_task, task_start_thread, tune->threads);
}

static void step(struct job *job, struct path *path)
{
	AUTO_ARENA arena = NULL;
	const char *why;

	if (!job->error && !task_has_ended(&job->timers_task.task, &job->error)) {
		if (deadline_left_ms(job->until))
			return;
		job->error = ETIMEDOUT;
	}
	job->running = false;
	path->result = timers_task_end(&job->timers_task, job->error, &arena, &why);
	path_goto(path, PATH_IN);
}

/* The LUN that was found counts: the target may use another addressing method. */
static int record_paths(const struct progress *progress, struct boot_record *record)
{
	const struct path *path = progress->paths, *end = path + progress->nr_paths;
	struct boot_record_disk *disk;

	if (boot_record_start(progress->plan, record))
		return -ENOMEM;
	for (; path < end; path++) {
		disk = boot_record_add(record, &path->to, &path->timers,
				       path_is_roots(progress, path));
		if (!disk)
			return -ENOMEM;
		if (path->disk[0])
			disk->lun = path->linux_lun;
	}
	return boot_record_write(record);
}

/* Which LUN was found, and the timers of all: once the root disk is there, and at the end. */
static void keep(const struct progress *progress)
{
	struct boot_record record;
	int r = record_paths(progress, &record);

	boot_record_free(&record);
	if (r)
		log_warning("tune", WANTED_FILE ": %s", strerror(-r));
}

/* Also a path that came in while nobody knew yet by which target's name the first one goes. */
static void settle_root(struct progress *progress)
{
	const struct path *path = progress_root_in(progress, PATH_IN);

	if (!path || (progress->root && progress->root->state == PATH_IN))
		return;
	disks_set_root(progress, path);
	keep(progress);
}

/* Until then the path's timers wait for others that get their disks; the root's do not. */
static struct deadline held_until(const struct tune *tune, const struct path *path)
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
	struct tune *tune = data;
	struct progress *progress = tune->loop->progress;
	unsigned int i;

	task_threads_drain(tune->threads);
	for (i = 0; i < progress->nr_paths; i++) {
		if (progress->paths[i].state != PATH_TIMERS || tune->jobs[i].running ||
		    deadline_left_ms(held_until(tune, &progress->paths[i])))
			continue;
		begin(tune, &tune->jobs[i], &progress->paths[i]);
		if (path_is_roots(progress, &progress->paths[i]))
			keep(progress);
	}
	for (i = 0; i < progress->nr_paths; i++)
		if (tune->jobs[i].running)
			step(&tune->jobs[i], &progress->paths[i]);
	settle_root(progress);
	return 0;
}

static void tune_waits(void *data, struct waits *waits)
{
	struct tune *tune = data;
	const struct path *path = tune->loop->progress->paths;
	unsigned int i;

	waits_fd(waits, tune->threads, POLLIN);
	for (i = 0; i < tune->loop->progress->nr_paths; i++, path++)
		if (tune->jobs[i].running)
			waits_until(waits, tune->jobs[i].until);
		else if (path->state == PATH_TIMERS)
			waits_until(waits, held_until(tune, path));
}

static int tune_open(struct loop *loop, void *data)
{
	struct tune *tune = data;

	tune->loop = loop;
	tune->threads = task_threads_open();
	if (tune->threads < 0)
		return tune->threads;
	tune->jobs = calloc(loop->progress->nr_paths + 1, sizeof(*tune->jobs));
	return tune->jobs ? 0 : -ENOMEM;
}

/* The first of those that run; -1: none does. */
static int running(const struct tune *tune)
{
	unsigned int i;

	for (i = 0; i < tune->loop->progress->nr_paths; i++)
		if (tune->jobs[i].running)
			return (int)i;
	return -1;
}

/* It takes milliseconds where the disks answer, and each has its deadline. */
static void finish(struct tune *tune)
{
	struct pollfd ended = { .fd = tune->threads, .events = POLLIN };
	int i;

	tune->loop->over = true;
	tune->loop->deadline = deadline_in(0);
	while (!tune_step(tune) && (i = running(tune)) >= 0)
		(void)poll(&ended, 1, deadline_left_ms(tune->jobs[i].until));
}

static void tune_close(void *data)
{
	struct tune *tune = data;
	unsigned int i;

	if (tune->loop->stop && tune->jobs)
		finish(tune);
	for (i = 0; tune->jobs && i < tune->loop->progress->nr_paths; i++)
		if (tune->jobs[i].running)
			timers_task_abandon(&tune->jobs[i].timers_task);
	if (progress_root_in(tune->loop->progress, PATH_IN))
		keep(tune->loop->progress);
	cleanup_fd(&tune->threads);
	free(tune->jobs);
}

const struct stage stage_timers = {
	.name = "tune",
	.size = sizeof(struct tune),
	.open = tune_open,
	.step = tune_step,
	.waits = tune_waits,
	.state = PATH_TIMERS,
	.close = tune_close,
};
