/* SPDX-License-Identifier: GPL-2.0-only */
/* The timers of a session and of its disk as the kernel has them, beside what is wanted. */
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
	TIMER_MULTIPATHD, /* differs, but multipathd set it, and that counts */
	TIMER_ABSENT, /* this kernel has none, which is all right */
	TIMER_UNREADABLE,
};

struct timer {
	const char *name; /* "recovery_tmo" */
	const char *path; /* below /sys */
	const char *want;
	bool at_login; /* settled then: a write is refused */
	bool optional; /* not all kernels have it */
	/* Written though it is right: iscsid changes all but what was written in sysfs once. */
	bool pinned;
	/* While multipath holds the disk: values that only multipathd would set are its own. */
	bool multipathd_may;
	const char *without_multipath; /* what we set before it did */
	/* Filled by timer_read() and timer_set(): */
	const char *is; /* NULL: not read */
	const char *was; /* before it was set; NULL: it was right */
	int error; /* errno of reading or writing */
	enum timer_verdict verdict;
};

#define TIMERS_OF_SESSION 3
#define TIMERS_OF_DISK 4

/* Fill @rows with what is wanted; @held: by dm-multipath. 0 or -ENOMEM. */
int timers_of_session(void **arena, const struct timers *timers, bool held, int sid,
		      struct timer rows[TIMERS_OF_SESSION]);
int timers_of_disk(void **arena, const struct timers *timers, bool held, int host, long lun,
		   const char *disk, struct timer rows[TIMERS_OF_DISK]);

void timer_read(void **arena, struct timer *timer);
/* Reads it; where it differs and can be set, sets it and reads it back. May block: see child.h. */
void timer_set(void **arena, struct timer *timer);
/* Of one read or set: "eh_timeout is 10, not 5 (Permission denied)". NULL without memory. */
char *timer_text(void **arena, const struct timer *timer);
bool timer_is_good(const struct timer *timer);

#endif
