// SPDX-License-Identifier: GPL-2.0-only
/*
 * The timers of sessions and disks: written, read back, and told, one line for each disk. To change
 * the scheduler waits for what the disk is asked already, so a child does it for each disk.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "child.h"
#include "cleanup.h"
#include "describe.h"
#include "disks.h"
#include "log.h"
#include "run.h"
#include "scsi.h"
#include "sysfs.h"
#include "wanted.h"

#define WORDS_SIZE 1000
/* For one disk: at least, and while its target is silent. */
#define LEAST_S 1
#define MOST_S 10

/* What one path came to, in memory that the child shares with us. */
struct words {
	char good[WORDS_SIZE]; /* "timeout 90 (was 30), ..." */
	char bad[WORDS_SIZE]; /* "eh_timeout is 10, not 5 (Permission denied), ..." */
};

struct report {
	void **arena;
	struct words *words;
};

struct job {
	const struct plan_path *path;
	struct words *words;
	struct child child;
	bool running;
	int error; /* errno, of starting it or its own */
	struct deadline until;
};

struct tune {
	struct run *run;
	struct job *jobs; /* one for each path */
	struct words *words;
	size_t size; /* of words, in bytes */
};

static void add(char *text, const char *part)
{
	size_t len = strlen(text);

	if (part)
		snprintf(text + len, WORDS_SIZE - len, "%s%s", len ? ", " : "", part);
}

/* The one in use is in brackets: "[none] mq-deadline". Other values are as they are. */
static char *in_use(char *value)
{
	char *open = strchr(value, '['), *close = open ? strchr(open, ']') : NULL;

	if (!close)
		return value;
	*close = '\0';
	return open + 1;
}

/* Nothing is written where the value is right already. */
static void set(struct report *r, const char *name, const char *want, bool writable, bool optional,
		const char *path)
{
	char *was = NULL, *is = NULL;
	int error = 0;

	if (!path)
		return;
	if (sysfs_read(r->arena, &was, "%s", path) < 0) {
		add(optional ? r->words->good : r->words->bad,
		    arena_printf(r->arena, "%s not offered by this kernel", name));
		return;
	}
	was = in_use(was);
	if (!strcmp(was, want)) {
		add(r->words->good, arena_printf(r->arena, "%s %s", name, want));
		return;
	}
	if (writable)
		error = sysfs_write(want, "%s", path);
	if (sysfs_read(r->arena, &is, "%s", path) < 0)
		is = (char *)"?";
	is = in_use(is);
	if (!strcmp(is, want))
		add(r->words->good, arena_printf(r->arena, "%s %s (was %s)", name, want, was));
	else
		add(r->words->bad, arena_printf(r->arena, "%s is %s, not %s%s%s", name, is, want,
						error ? ": " : "", error ? strerror(-error) : ""));
}

static char *number(void **arena, int value)
{
	return arena_printf(arena, "%d", value);
}

/* It is refused but while the session is logged in; once set here, no later iscsid changes it. */
static void tune_session(struct report *r, const struct plan_path *path)
{
	const struct timers *t = &path->timers;
	char *tmo = t->recovery_tmo < 0 ? arena_printf(r->arena, "off") :
					  number(r->arena, t->recovery_tmo);
	char *interval = number(r->arena, t->noop_interval),
	     *answer = number(r->arena, t->noop_timeout);

	if (!tmo || !interval || !answer)
		return;
	set(r, "recovery_tmo", tmo, true, false,
	    arena_printf(r->arena, "/sys/class/iscsi_session/session%d/recovery_tmo", path->sid));
	/* These two are settled at login. */
	set(r, "NOP-Out interval", interval, false, false,
	    arena_printf(r->arena, "/sys/class/iscsi_connection/connection%d:0/recv_tmo",
			 path->sid));
	set(r, "NOP-Out timeout", answer, false, false,
	    arena_printf(r->arena, "/sys/class/iscsi_connection/connection%d:0/ping_tmo",
			 path->sid));
}

static void tune_disk(struct report *r, const struct plan_path *path, long lun)
{
	const struct timers *t = &path->timers;
	char *command = number(r->arena, t->command_timeout), *eh = number(r->arena, t->eh_timeout);
	char *retries = number(r->arena, t->max_retries);
	char *dir =
		arena_printf(r->arena, "/sys/class/scsi_device/%d:0:0:%ld/device", path->host, lun);

	if (!command || !eh || !retries || !dir)
		return;
	set(r, "timeout", command, true, false, arena_printf(r->arena, "%s/timeout", dir));
	set(r, "eh_timeout", eh, true, false, arena_printf(r->arena, "%s/eh_timeout", dir));
	set(r, "max_retries", retries, true, true,
	    arena_printf(r->arena, "%s/scsi_disk/%d:0:0:%ld/max_retries", dir, path->host, lun));
	set(r, "scheduler", t->scheduler, true, false,
	    arena_printf(r->arena, "/sys/class/block/%s/queue/scheduler", path->disk));
}

/*
 * The LUN of the disk named in the plan, which has to be this session's, and a disk: no other is
 * ever touched. -1: it is not.
 */
static long find_lun(const struct plan_path *path)
{
	AUTO_ARENA arena = NULL;
	struct scsi_disk disk;
	char *real, *part;
	long lun;
	int host;

	real = sysfs_realpath(&arena, "/sys/class/block/%s/device", path->disk);
	part = arena_printf(&arena, "/session%d/", path->sid);
	if (!real || !part || !strstr(real, part) ||
	    sscanf(strrchr(real, '/'), "/%d:0:0:%ld", &host, &lun) != 2 || host != path->host)
		return -1;
	if (scsi_disk_find(host, lun, &disk) || !scsi_type_is_disk(disk.type) ||
	    strcmp(disk.name, path->disk))
		return -1;
	return lun;
}

/* In the child. The session first, since the scheduler comes last. */
static int tune_path(const void *data)
{
	const struct job *job = data;
	long lun = find_lun(job->path);
	AUTO_ARENA arena = NULL;
	struct report r = { .arena = &arena, .words = job->words };

	if (lun < 0) {
		add(r.words->bad, "it is no disk of that session any more");
	} else {
		tune_session(&r, job->path);
		tune_disk(&r, job->path, lun);
	}
	return 0;
}

/* @error: errno, ETIMEDOUT for a child that is left behind. */
static enum status tell(const struct job *job, int error)
{
	const char *check = "that the session is logged in; the kernel's version; /sys mounted rw";
	const struct plan_path *path = job->path;
	AUTO_ARENA arena = NULL;
	struct words words;

	/* A child left behind may still write there. */
	words = *job->words;
	words.good[WORDS_SIZE - 1] = '\0';
	words.bad[WORDS_SIZE - 1] = '\0';
	if (error == ETIMEDOUT)
		add(words.bad, "the next write does not end: the disk does not answer");
	else if (error)
		add(words.bad, strerror(error));
	if (*words.good)
		log_info("tune", "%s: %s", path->disk, words.good);
	if (!*words.bad)
		return STATUS_OK;
	if (error == ETIMEDOUT)
		check = "that the target still answers";
	return log_failure("tune", STATUS_TIMERS,
			   arena_printf(&arena, "to set the timers of /dev/%s and session%d",
					path->disk, path->sid),
			   words.bad, check);
}

/* The disk is there: no need to wait for long, but the moment that this takes is always given. */
static struct deadline until(struct deadline deadline)
{
	struct deadline d = deadline_sooner(deadline, MOST_S), least = deadline_in(LEAST_S);

	return d.at_ns < least.at_ns ? least : d;
}

static void begin(struct tune *tune, struct job *job, const struct plan_path *path)
{
	struct words *words = &tune->words[path - tune->run->plan->paths];

	*words = (struct words){ "", "" };
	*job = (struct job){
		.path = path, .words = words, .running = true, .until = until(tune->run->deadline)
	};
	job->error = -child_start(&job->child, tune_path, job);
}

static void step(struct plan *plan, struct job *job, struct plan_path *path)
{
	if (!job->error && !child_ended(&job->child, &job->error)) {
		if (deadline_left_ms(job->until))
			return;
		job->error = ETIMEDOUT;
	}
	child_leave(&job->child);
	job->running = false;
	path->result = tell(job, job->error);
	path_goto(path, PATH_IN);
	if (path_is_roots(plan, path) && (!plan->root || plan->root->state != PATH_IN))
		disks_set_root(plan, path);
}

/* What is found now is recorded: which LUN it is, say. */
static void keep(const struct plan *plan)
{
	int r = wanted_keep(plan);

	if (r)
		log_warning("tune", WANTED_FILE ": %s", strerror(-r));
}

static int tune_step(void *data)
{
	struct tune *tune = data;
	struct plan *plan = tune->run->plan;
	bool news = false;
	unsigned int i;

	for (i = 0; i < plan->nr_paths; i++) {
		if (plan->paths[i].state != PATH_TIMERS || tune->jobs[i].running)
			continue;
		begin(tune, &tune->jobs[i], &plan->paths[i]);
		news = true;
	}
	if (news)
		keep(plan);
	for (i = 0; i < plan->nr_paths; i++)
		if (plan->paths[i].state == PATH_TIMERS)
			step(plan, &tune->jobs[i], &plan->paths[i]);
	return 0;
}

static void tune_waits(void *data, struct waits *waits)
{
	struct tune *tune = data;
	unsigned int i;

	for (i = 0; i < tune->run->plan->nr_paths; i++) {
		if (!tune->jobs[i].running)
			continue;
		waits_fd(waits, tune->jobs[i].child.pidfd, POLLIN);
		waits_until(waits, tune->jobs[i].until);
	}
}

static int tune_open(struct run *run, void **data)
{
	struct tune *tune = *data = calloc(1, sizeof(*tune));

	if (!tune)
		return -ENOMEM;
	*tune = (struct tune){ .run = run, .words = MAP_FAILED };
	tune->size = (run->plan->nr_paths + 1) * sizeof(struct words);
	tune->jobs = calloc(run->plan->nr_paths + 1, sizeof(*tune->jobs));
	tune->words =
		mmap(NULL, tune->size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return tune->jobs && tune->words != MAP_FAILED ? 0 : -ENOMEM;
}

static void tune_close(void *data)
{
	struct tune *tune = data;
	unsigned int i;

	if (!tune)
		return;
	for (i = 0; tune->jobs && i < tune->run->plan->nr_paths; i++)
		if (tune->jobs[i].running)
			child_leave(&tune->jobs[i].child);
	if (tune->words != MAP_FAILED)
		munmap(tune->words, tune->size);
	free(tune->jobs);
	free(tune);
}

const struct stage stage_timers = {
	.name = "tune",
	.open = tune_open,
	.step = tune_step,
	.waits = tune_waits,
	.state = PATH_TIMERS,
	.close = tune_close,
};
