/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads and sets the timers of a session and of its disk, and compares them with the configuration.
 */
#ifndef AGENT_SESSION_TIMERS_H
#define AGENT_SESSION_TIMERS_H

#include <stdbool.h>

/* Configured timers. -1 is "off" (recovery_tmo: wait for ever; max_retries: no limit). */
struct timers {
	int recovery_tmo; /* s, of the session */
	int noop_interval; /* s, 0: no NOP-Out pings */
	int noop_timeout; /* s */
	int command_timeout; /* s, of each disk */
	int eh_timeout; /* s */
	int max_retries;
	char scheduler[16]; /* "none" */
	/* Used while dm-multipath holds the disk, because it then switches to another path. */
	int multipath_recovery_tmo; /* s */
	int multipath_command_timeout; /* s */
};

enum timer_verdict {
	TIMER_RIGHT,
	TIMER_DIFFERS,
	TIMER_MULTIPATHD, /* set by multipathd, which has priority */
	TIMER_ABSENT, /* this kernel does not have it: no error */
	TIMER_UNREADABLE,
};

struct timer {
	const char *name; /* "recovery_tmo" */
	const char *path; /* of its attribute */
	const char *want;
	bool at_login; /* fixed at login: not writable */
	bool optional; /* not all kernels have it */
	/* Written even if equal: iscsid does not change a value that was once written in sysfs. */
	bool pinned;
	/* dm-multipath holds the disk: a value that only multipathd sets is accepted. */
	bool multipathd_may;
	const char *without_multipath; /* value set before dm-multipath held the disk */
	/* Filled by timer_read() and timer_set(): */
	const char *is; /* NULL: cannot be read */
	const char *was; /* value before it was set; NULL: not changed */
	int error; /* errno of read or write */
	enum timer_verdict verdict;
};

#define TIMERS_OF_SESSION 3
#define TIMERS_OF_DISK 4

/*
 * Fill @rows with names, paths and configured values. @held: dm-multipath holds the disk. @lun: as
 * Linux numbers it. Return 0 or -ENOMEM.
 */
int timers_of_session(void **arena, const struct timers *timers, bool held, int sid,
		      struct timer rows[TIMERS_OF_SESSION]);
int timers_of_disk(void **arena, const struct timers *timers, bool held, int host, long lun,
		   const char *disk, struct timer rows[TIMERS_OF_DISK]);

/* Reads the attribute and compares it. */
void timer_read(void **arena, struct timer *timer);
/*
 * Reads the attribute; sets it if it differs and is writable, and reads it again. May block: run it
 * in a task (base/task.h).
 */
void timer_set(void **arena, struct timer *timer);
/*
 * Returns the state as text, "eh_timeout is 10, not 5 (Permission denied)", in @arena; NULL without
 * memory.
 */
char *timer_text(void **arena, const struct timer *timer);
/* Returns false if it differs or cannot be read. */
bool timer_is_good(const struct timer *timer);

#endif
