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
#include "log.h"
#include "scsi.h"
#include "steps.h"
#include "sysfs.h"
#include "wanted.h"

#define WORDS_SIZE 1000
#define LEAST_S 1

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
	int error; /* of starting it */
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

static enum status finish(struct job *job, struct deadline deadline)
{
	const char *check = "that the session is logged in; the kernel's version; /sys mounted rw";
	const struct plan_path *path = job->path;
	AUTO_ARENA arena = NULL;
	struct words words;

	if (!job->error)
		job->error = child_wait(&job->child, deadline);
	/* A child left behind may still write there. */
	words = *job->words;
	words.good[WORDS_SIZE - 1] = '\0';
	words.bad[WORDS_SIZE - 1] = '\0';
	if (job->error == ETIMEDOUT)
		add(words.bad, "the next write does not end: the disk does not answer");
	else if (job->error)
		add(words.bad, strerror(job->error));
	if (*words.good)
		log_info("tune", "%s: %s", path->disk, words.good);
	if (!*words.bad)
		return STATUS_OK;
	if (job->error == ETIMEDOUT)
		check = "that the target still answers";
	return log_failure("tune", STATUS_TIMERS,
			   arena_printf(&arena, "to set the timers of /dev/%s and session%d",
					path->disk, path->sid),
			   words.bad, check);
}

/* The root is there: no need to wait for long, but the moment that this takes is always given. */
static struct deadline until(struct deadline deadline)
{
	struct deadline d = deadline_sooner(deadline, OTHERS_GRACE_S), least = deadline_in(LEAST_S);

	return d.at_ns < least.at_ns ? least : d;
}

static enum status tune_all(const struct plan *plan, struct job *jobs, struct words *words,
			    struct deadline deadline)
{
	enum status status, worst = STATUS_OK;
	unsigned int i, nr = 0;

	for (i = 0; i < plan->nr_paths; i++) {
		struct job *job = &jobs[nr];

		if (plan->paths[i].result != STATUS_OK || !plan->paths[i].disk[0])
			continue;
		*job = (struct job){ .path = &plan->paths[i], .words = &words[nr++] };
		job->error = -child_start(&job->child, tune_path, job);
	}
	for (i = 0; i < nr; i++) {
		status = finish(&jobs[i], deadline);
		if (worst == STATUS_OK)
			worst = status;
	}
	return worst;
}

enum status tune_apply(const struct plan *plan, struct deadline deadline)
{
	size_t size = (plan->nr_paths + 1) * sizeof(struct words);
	struct job *jobs = calloc(plan->nr_paths + 1, sizeof(*jobs));
	struct words *words =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	enum status status;
	int r = wanted_keep(plan);

	if (r)
		log_warning("tune", WANTED_FILE ": %s", strerror(-r));
	if (jobs && words != MAP_FAILED)
		status = tune_all(plan, jobs, words, until(deadline));
	else
		status = log_failure("tune", STATUS_TIMERS, "to set timers", strerror(ENOMEM),
				     "the memory of this machine");
	if (words != MAP_FAILED)
		munmap(words, size);
	free(jobs);
	return status;
}
