// SPDX-License-Identifier: GPL-2.0-only
/* Sets the timers of all or of named recorded disks. */
#include "session/timers_set_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "session/recorded_disks.h"
#include "session/timers_task.h"

/* Limit for all disks, set in parallel. A disk that responds takes milliseconds. */
#define SET_ALL_S 10

/* Resolves "/dev/disk/by-path/..." to "sda". */
static const char *kernel_name(void **arena, const char *name)
{
	char *real = strchr(name, '/') ? realpath(name, NULL) : NULL;
	const char *last = real ? strrchr(real, '/') + 1 : name;
	char *copy = arena_printf(arena, "%s", last);

	free(real);
	return copy;
}

static bool matches_name(const struct recorded_disk *d, const char *name)
{
	int sid, end = 0;

	if (sscanf(name, "session%d%n", &sid, &end) == 1 && !name[end])
		return sid == d->sid;
	return !strcmp(name, d->disk.name) || (d->multipath && !strcmp(name, d->multipath));
}

/* Marks in @chosen the recorded disks of @name: a disk, a session or a multipath device. */
static void choose_disks(const struct recorded_disks *recorded_disks, const char *name,
			 bool *chosen)
{
	AUTO_ARENA arena = NULL;
	const char *kernel = kernel_name(&arena, name);
	unsigned int i, found = 0;

	for (i = 0; kernel && i < recorded_disks->nr; i++) {
		if (!matches_name(&recorded_disks->list[i], kernel))
			continue;
		chosen[i] = true;
		found++;
	}
	if (!found)
		log_info("timers", "%s: not recorded by boot, ignored", name);
}

static enum status tune_chosen(const struct recorded_disks *recorded_disks, const bool *chosen,
			       struct timers_task *jobs)
{
	struct deadline deadline = deadline_in(SET_ALL_S);
	enum status status = STATUS_OK;
	unsigned int i;
	int *errors = calloc(recorded_disks->nr + 1, sizeof(*errors));

	for (i = 0; errors && i < recorded_disks->nr; i++) {
		const struct recorded_disk *d = &recorded_disks->list[i];

		if (!chosen[i] || !d->disk.name[0])
			continue;
		jobs[i] = (struct timers_task){ .timers = &d->wanted->timers,
						.sid = d->sid,
						.disk = d->disk.name,
						.held = recorded_session_is_held(recorded_disks,
										 d->sid) };
		errors[i] = -timers_task_start(&jobs[i], NULL, -1);
	}
	for (i = 0; errors && i < recorded_disks->nr; i++) {
		AUTO_ARENA arena = NULL;
		const char *why;

		if (!jobs[i].timers)
			continue;
		if (!errors[i])
			errors[i] = task_wait(&jobs[i].task, deadline);
		if (timers_task_end(&jobs[i], errors[i], &arena, &why) != STATUS_OK)
			status = STATUS_TIMERS;
	}
	free(errors);
	return errors ? status : STATUS_ERROR;
}

enum status tune_command(const struct boot_record *wanted, char *const *names, unsigned int nr)
{
	enum status status = STATUS_ERROR;
	struct timers_task *jobs;
	struct recorded_disks recorded_disks;
	unsigned int i;
	bool *chosen;

	if (recorded_disks_find(wanted, &recorded_disks))
		return STATUS_ERROR;
	jobs = calloc(recorded_disks.nr + 1, sizeof(*jobs));
	chosen = calloc(recorded_disks.nr + 1, sizeof(*chosen));
	if (jobs && chosen) {
		memset(chosen, !nr, recorded_disks.nr);
		for (i = 0; i < nr; i++)
			choose_disks(&recorded_disks, names[i], chosen);
		status = tune_chosen(&recorded_disks, chosen, jobs);
	}
	free(chosen);
	free(jobs);
	recorded_disks_free(&recorded_disks);
	return status;
}
