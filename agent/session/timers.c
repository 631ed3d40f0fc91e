// SPDX-License-Identifier: GPL-2.0-only
/* Reads, compares and sets single timers in sysfs. */
#include "session/timers.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/sysfs.h"
#include "session/session_sysfs.h"

#define DEVICE "/sys/class/scsi_device/%d:0:0:%ld/device/"

/* Default of open-iscsi, set at each login. */
#define OPENISCSI_RECOVERY_TMO "120"

static char *number_text(void **arena, int value)
{
	return arena_printf(arena, "%d", value);
}

/* The kernel writes "off" for no limit. */
static char *recovery_tmo_text(void **arena, int value)
{
	return value < 0 ? arena_printf(arena, "off") : number_text(arena, value);
}

static bool rows_complete(const struct timer *rows, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (!rows[i].path || !rows[i].want)
			return false;
	return true;
}

int timers_of_session(void **arena, const struct timers *t, bool held, int sid,
		      struct timer rows[TIMERS_OF_SESSION])
{
	rows[0] = (struct timer){
		.name = "recovery_tmo",
		.path = arena_printf(arena, SESSION_DIR "recovery_tmo", sid),
		.want = recovery_tmo_text(arena,
					  held ? t->multipath_recovery_tmo : t->recovery_tmo),
		.pinned = true, /* scsi_transport_iscsi.c, recovery_tmo_sysfs_override */
		.multipathd_may = held,
		.without_multipath = recovery_tmo_text(arena, t->recovery_tmo),
	};
	rows[1] = (struct timer){
		.name = "NOP-Out interval",
		.path = arena_printf(arena, CONNECTION_DIR "recv_tmo", sid),
		.want = number_text(arena, t->noop_interval),
		.at_login = true,
	};
	rows[2] = (struct timer){
		.name = "NOP-Out timeout",
		.path = arena_printf(arena, CONNECTION_DIR "ping_tmo", sid),
		.want = number_text(arena, t->noop_timeout),
		.at_login = true,
	};
	return rows_complete(rows, TIMERS_OF_SESSION) && rows[0].without_multipath ? 0 : -ENOMEM;
}

/* The scheduler is last, because a change waits for outstanding requests. */
int timers_of_disk(void **arena, const struct timers *t, bool held, int host, long lun,
		   const char *disk, struct timer rows[TIMERS_OF_DISK])
{
	rows[0] = (struct timer){
		.name = "timeout",
		.path = arena_printf(arena, DEVICE "timeout", host, lun),
		.want = number_text(arena,
				    held ? t->multipath_command_timeout : t->command_timeout),
	};
	rows[1] = (struct timer){
		.name = "eh_timeout",
		.path = arena_printf(arena, DEVICE "eh_timeout", host, lun),
		.want = number_text(arena, t->eh_timeout),
	};
	rows[2] = (struct timer){
		.name = "max_retries",
		.path = arena_printf(arena, DEVICE "scsi_disk/%d:0:0:%ld/max_retries", host, lun,
				     host, lun),
		.want = number_text(arena, t->max_retries),
		.optional = true, /* since Linux 5.10 */
	};
	rows[3] = (struct timer){
		.name = "scheduler",
		.path = arena_printf(arena, "/sys/class/block/%s/queue/scheduler", disk),
		.want = t->scheduler,
	};
	return rows_complete(rows, TIMERS_OF_DISK) ? 0 : -ENOMEM;
}

/* Returns the scheduler in brackets of "[none] mq-deadline"; other values unchanged. */
static char *selected_value(char *value)
{
	char *open = strchr(value, '['), *close = open ? strchr(open, ']') : NULL;

	if (!close)
		return value;
	*close = '\0';
	return open + 1;
}

static enum timer_verdict compare(const struct timer *t)
{
	if (!t->is)
		return t->optional && t->error == ENOENT ? TIMER_ABSENT : TIMER_UNREADABLE;
	if (!strcmp(t->is, t->want))
		return TIMER_RIGHT;
	if (t->multipathd_may && strcmp(t->is, t->without_multipath) != 0 &&
	    strcmp(t->is, OPENISCSI_RECOVERY_TMO) != 0)
		return TIMER_MULTIPATHD;
	return TIMER_DIFFERS;
}

void timer_read(void **arena, struct timer *t)
{
	char *text;
	ssize_t len = sysfs_read(arena, &text, "%s", t->path);

	t->is = len < 0 ? NULL : selected_value(text);
	t->error = len < 0 ? (int)-len : 0;
	t->verdict = compare(t);
}

void timer_set(void **arena, struct timer *t)
{
	const char *was;
	int r;

	timer_read(arena, t);
	if (t->at_login ||
	    (t->verdict != TIMER_DIFFERS && !(t->verdict == TIMER_RIGHT && t->pinned)))
		return;
	was = t->verdict == TIMER_RIGHT ? NULL : t->is;
	r = sysfs_write(t->want, "%s", t->path);
	timer_read(arena, t);
	t->was = was;
	if (!t->error)
		t->error = -r;
}

char *timer_text(void **arena, const struct timer *t)
{
	const char *open = t->error ? " (" : "", *reason = t->error ? strerror(t->error) : "";

	switch (t->verdict) {
	case TIMER_RIGHT:
		if (t->was)
			return arena_printf(arena, "%s %s (was %s)", t->name, t->is, t->was);
		return arena_printf(arena, "%s %s", t->name, t->is);
	case TIMER_MULTIPATHD:
		return arena_printf(arena, "%s %s (set by multipathd, otherwise %s)", t->name,
				    t->is, t->want);
	case TIMER_ABSENT:
		return arena_printf(arena, "%s not supported by this kernel", t->name);
	case TIMER_UNREADABLE:
		return arena_printf(arena, "%s cannot be read (%s)", t->name, reason);
	case TIMER_DIFFERS:
		break;
	}
	return arena_printf(arena, "%s is %s, not %s%s%s%s", t->name, t->is, t->want, open, reason,
			    t->error	? ")" :
			    t->at_login ? " (fixed at login)" :
					  "");
}

bool timer_is_good(const struct timer *t)
{
	return t->verdict != TIMER_DIFFERS && t->verdict != TIMER_UNREADABLE;
}
