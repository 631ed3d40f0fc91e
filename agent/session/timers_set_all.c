// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "cmd/status.h"
#include "session/recorded_disks.h"
#include "session/timers_task.h"

/* One disk that answers takes milliseconds; all are set side by side. */
#define TUNE_S 10

/* "/dev/disk/by-path/..." is "sda". */
static const char *kernel_name(void **arena, const char *name)
{
	char *real = strchr(name, '/') ? realpath(name, NULL) : NULL;
	const char *last = real ? strrchr(real, '/') + 1 : name;
	char *copy = arena_printf(arena, "%s", last);

	free(real);
	return copy;
}

static bool is_named(const struct our_disk *d, const char *name)
{
	int sid, end = 0;

	if (sscanf(name, "session%d%n", &sid, &end) == 1 && !name[end])
		return sid == d->sid;
	return !strcmp(name, d->disk.name) || (d->multipath && !strcmp(name, d->multipath));
}

/* Marks what is named in @chosen. */
static void choose(const struct ours *ours, const char *name, bool *chosen)
{
	AUTO_ARENA arena = NULL;
	const char *kernel = kernel_name(&arena, name);
	unsigned int i, found = 0;

	for (i = 0; kernel && i < ours->nr; i++) {
		if (!is_named(&ours->list[i], kernel))
			continue;
		chosen[i] = true;
		found++;
	}
	if (!found)
		log_info("tune", "%s: not recorded by boot, left alone", name);
}

static enum status tune_chosen(const struct ours *ours, const bool *chosen, struct tuning *jobs)
{
	struct deadline deadline = deadline_in(TUNE_S);
	enum status status = STATUS_OK;
	unsigned int i;
	int *errors = calloc(ours->nr + 1, sizeof(*errors));

	for (i = 0; errors && i < ours->nr; i++) {
		const struct our_disk *d = &ours->list[i];

		if (!chosen[i] || !d->disk.name[0])
			continue;
		jobs[i] = (struct tuning){ .timers = &d->wanted->timers,
					   .sid = d->sid,
					   .disk = d->disk.name,
					   .held = ours_session_is_held(ours, d->sid) };
		errors[i] = -tuning_start(&jobs[i], -1);
	}
	for (i = 0; errors && i < ours->nr; i++) {
		AUTO_ARENA arena = NULL;
		const char *why;

		if (!jobs[i].timers)
			continue;
		if (!errors[i])
			errors[i] = child_wait(&jobs[i].child, deadline);
		if (tuning_end(&jobs[i], errors[i], &arena, &why) != STATUS_OK)
			status = STATUS_TIMERS;
	}
	free(errors);
	return errors ? status : STATUS_ERROR;
}

enum status tune(const struct wanted *wanted, char *const *names, unsigned int nr)
{
	enum status status = STATUS_ERROR;
	struct tuning *jobs;
	struct ours ours;
	unsigned int i;
	bool *chosen;

	if (ours_find(wanted, &ours))
		return STATUS_ERROR;
	jobs = calloc(ours.nr + 1, sizeof(*jobs));
	chosen = calloc(ours.nr + 1, sizeof(*chosen));
	if (jobs && chosen) {
		memset(chosen, !nr, ours.nr);
		for (i = 0; i < nr; i++)
			choose(&ours, names[i], chosen);
		status = tune_chosen(&ours, chosen, jobs);
	}
	free(chosen);
	free(jobs);
	ours_free(&ours);
	return status;
}
