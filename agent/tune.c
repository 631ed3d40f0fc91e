// SPDX-License-Identifier: GPL-2.0-only
/* The timers of sessions and disks: written, read back, and told, one line for each disk. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cleanup.h"
#include "describe.h"
#include "log.h"
#include "scsi.h"
#include "steps.h"
#include "sysfs.h"

/* What one path came to, in words. */
struct report {
	void **arena;
	char *good; /* "timeout 90 (was 30), ..." */
	char *bad; /* "eh_timeout is 10, not 5 (Permission denied), ..." */
};

static void add(char **text, void **arena, const char *part)
{
	char *both;

	if (!part || !*text)
		return;
	both = arena_printf(arena, "%s%s%s", *text, **text ? ", " : "", part);
	if (both)
		*text = both;
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

/* Nothing is written where the value is right already.. */
static void set(struct report *r, const char *name, const char *want, bool writable, bool optional,
		const char *path)
{
	char *was = NULL, *is = NULL;
	int error = 0;

	if (!path)
		return;
	if (sysfs_read(r->arena, &was, "%s", path) < 0) {
		add(optional ? &r->good : &r->bad, r->arena,
		    arena_printf(r->arena, "%s not offered by this kernel", name));
		return;
	}
	was = in_use(was);
	if (!strcmp(was, want)) {
		add(&r->good, r->arena, arena_printf(r->arena, "%s %s", name, want));
		return;
	}
	if (writable)
		error = sysfs_write(want, "%s", path);
	if (sysfs_read(r->arena, &is, "%s", path) < 0)
		is = (char *)"?";
	is = in_use(is);
	if (!strcmp(is, want))
		add(&r->good, r->arena, arena_printf(r->arena, "%s %s (was %s)", name, want, was));
	else
		add(&r->bad, r->arena,
		    arena_printf(r->arena, "%s is %s, not %s%s%s", name, is, want,
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

static enum status tune_path(const struct plan_path *path)
{
	long lun = find_lun(path);
	AUTO_ARENA arena = NULL;
	struct report r = { .arena = &arena };

	r.good = arena_printf(&arena, "%s", "");
	r.bad = arena_printf(&arena, "%s", "");
	if (!r.good || !r.bad)
		return STATUS_ERROR;
	if (lun < 0) {
		add(&r.bad, &arena, "it is no disk of that session any more");
	} else {
		tune_disk(&r, path, lun);
		tune_session(&r, path);
	}
	if (*r.good)
		log_info("tune", "%s: %s", path->disk, r.good);
	if (!*r.bad)
		return STATUS_OK;
	return log_failure("tune", STATUS_TIMERS,
			   arena_printf(&arena, "to set the timers of /dev/%s and session%d",
					path->disk, path->sid),
			   r.bad,
			   "that the session is logged in; the kernel's version; /sys mounted rw");
}

enum status tune_apply(const struct plan *plan)
{
	enum status status, worst = STATUS_OK;
	unsigned int i;

	for (i = 0; i < plan->nr_paths; i++) {
		const struct plan_path *path = &plan->paths[i];

		if (path->result != STATUS_OK || !path->disk[0])
			continue;
		status = tune_path(path);
		if (worst == STATUS_OK)
			worst = status;
	}
	return worst;
}
