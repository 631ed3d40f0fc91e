// SPDX-License-Identifier: GPL-2.0-only
/* Reads which leases there are, lets each be renewed, and writes their state for "status". */
#include "lease/lease_keeper.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/deadline.h"
#include "base/log.h"
#include "base/sysfs.h"
#include "base/text_stream.h"
#include "lease/lease_job.h"

struct lease_keeper {
	struct lease_job *jobs;
	int events; /* inotify: a file below LEASE_DIR was written */
	int file; /* LEASE_STATE */
};

static struct lease_job *find_job(const struct lease_keeper *k, const struct lease_record *r)
{
	struct lease_job *job = k->jobs;

	while (job && !lease_record_same(&job->record, r))
		job = job->next;
	return job;
}

static void add_lease(struct lease_keeper *k, const char *name)
{
	struct lease_record record;
	struct lease_job *job;
	AUTO_ARENA arena = NULL;
	char *text;

	if (sysfs_read(&arena, &text, LEASE_DIR "/%s", name) < 0) {
		log_warning("lease", "cannot read " LEASE_DIR "/%s", name);
		return;
	}
	if (lease_record_parse(text, &record)) {
		log_warning("lease", "ignored " LEASE_DIR "/%s: invalid", name);
		return;
	}
	if (find_job(k, &record))
		return;
	job = lease_job_new(&record);
	if (!job) {
		log_warning("lease", "cannot keep the lease of %s: no memory", record.ifname);
		return;
	}
	job->next = k->jobs;
	k->jobs = job;
}

static void read_leases(struct lease_keeper *k)
{
	AUTO_DIR dir = sysfs_dir(LEASE_DIR);
	const char *name;

	while ((name = sysfs_next(dir)))
		add_lease(k, name);
}

/* The file is overwritten in one write(): a new one would need memory. */
static void write_state(struct lease_keeper *k)
{
	struct lease_job *job;
	struct text_stream text;
	bool changed = false;
	FILE *out;

	for (job = k->jobs; job; job = job->next)
		changed |= job->changed;
	out = changed ? text_stream_open(&text) : NULL;
	if (!out)
		return;
	fprintf(out, "%d\n", (int)getpid());
	for (job = k->jobs; job; job = job->next) {
		lease_record_print(out, &job->record);
		job->changed = false;
	}
	fputs(LEASE_STATE_END "\n", out);
	errno = ENOSPC; /* for a short write */
	if (text_stream_close(&text) ||
	    pwrite(k->file, text.text, text.len, 0) != (ssize_t)text.len ||
	    ftruncate(k->file, (off_t)text.len))
		log_warning("lease", "cannot write " LEASE_STATE ": %s", strerror(errno));
	free(text.text);
}

static void keeper_wait(const struct lease_keeper *k)
{
	struct pollfd fds[16] = { { .fd = k->events, .events = POLLIN } };
	struct deadline until = { INT64_MAX };
	const struct lease_job *job;
	nfds_t nr = 1;

	for (job = k->jobs; job; job = job->next) {
		if (lease_job_due(job) < until.at_ns)
			until.at_ns = lease_job_due(job);
		if (job->fd >= 0 && nr < ARRAY_SIZE(fds))
			fds[nr++] = (struct pollfd){ .fd = job->fd, .events = POLLIN };
	}
	(void)poll(fds, nr, deadline_left_ms(until));
}

int lease_keeper_run(int file)
{
	struct lease_keeper k = { .events = inotify_init1(IN_CLOEXEC | IN_NONBLOCK), .file = file };
	struct lease_job *job;
	char bytes[4096];

	if (k.events < 0 || inotify_add_watch(k.events, LEASE_DIR, IN_MOVED_TO) < 0)
		return -errno;
	read_leases(&k);
	for (;;) {
		for (job = k.jobs; job; job = job->next)
			lease_job_step(job);
		write_state(&k);
		keeper_wait(&k);
		if (read(k.events, bytes, sizeof(bytes)) > 0)
			read_leases(&k);
	}
}
