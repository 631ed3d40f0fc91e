/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * State machine that finds out whether iscsid hangs: a session has no connection for a time,
 * although its portal accepts connections of the guard. It uses no clock and no I/O.
 */
#ifndef AGENT_GUARD_PORTAL_WATCH_H
#define AGENT_GUARD_PORTAL_WATCH_H

#include <stdbool.h>
#include <stdint.h>

/* Pause before the first probe, at most half the limit: iscsid itself takes some 3 s. */
#define PORTAL_FIRST_MS 5000
/* Pause after a probe without an answer. */
#define PORTAL_PAUSE_MS 1000
/* Time limit of a probe: a SYN was lost if no answer comes until then. */
#define PORTAL_PROBE_MS 1500
/* Interval while the portal answers. */
#define PORTAL_EVERY_MS 5000

enum portal_event {
	PORTAL_TIME, /* time has passed */
	PORTAL_SESSION_UP,
	PORTAL_SESSION_DOWN,
	PORTAL_ANSWERS, /* the probe is connected */
	PORTAL_FAILS, /* the probe cannot connect */
};

enum portal_act {
	PORTAL_NOTHING,
	PORTAL_PROBE, /* close the last probe, if any, and start to connect */
	PORTAL_CLOSE, /* close the probe */
};

struct portal_watch {
	enum { PORTAL_IDLE, PORTAL_PAUSE, PORTAL_PROBING } state;
	int64_t until_ns; /* time of the next PORTAL_TIME; valid unless PORTAL_IDLE */
	int64_t down_ns; /* no connection since then */
	/* Each probe since then was answered, if there was one; 0: the last one was not. */
	int64_t answers_ns;
	bool hung; /* for longer than the limit */
	/*
	 * How often the guard could not reconnect the session either, since it was logged in: each
	 * time doubles the limit.
	 */
	unsigned int failures;
};

/*
 * Handles @event at @now_ns. @limit_s: see @hung, up to 86400; 0: no limit, so nothing is probed.
 * Returns what to do.
 */
enum portal_act portal_watch_event(struct portal_watch *w, enum portal_event event,
				   unsigned int limit_s, int64_t now_ns);
/* Returns the time of the next PORTAL_TIME; INT64_MAX: never. */
int64_t portal_watch_until(const struct portal_watch *w);

#endif
