// SPDX-License-Identifier: GPL-2.0-only
/* Implements the state machine that finds out whether iscsid hangs (portal_watch.h). */
#include "guard/portal_watch.h"

#define NS_PER_MS 1000000LL
/* The limit is doubled at most so often. */
#define DOUBLED_MAX 10

static enum portal_act watch_enter(struct portal_watch *w, int state, int64_t until_ns,
				   enum portal_act act)
{
	w->state = state;
	w->until_ns = until_ns;
	return act;
}

static enum portal_act watch_down(struct portal_watch *w, unsigned int limit_s, int64_t now)
{
	int64_t half_ms = limit_s * 500LL;

	w->down_ns = now;
	w->answers_ns = now;
	return watch_enter(w, PORTAL_PAUSE,
			   now + (half_ms < PORTAL_FIRST_MS ? half_ms : PORTAL_FIRST_MS) *
					   NS_PER_MS,
			   PORTAL_NOTHING);
}

/* The last probe is made when the limit is reached. */
static enum portal_act watch_answered(struct portal_watch *w, unsigned int limit_s, int64_t now)
{
	unsigned int doubled = w->failures < DOUBLED_MAX ? w->failures : DOUBLED_MAX;
	int64_t limit = (limit_s * 1000 * NS_PER_MS) << doubled;
	int64_t next = now + PORTAL_EVERY_MS * NS_PER_MS;

	if (!w->answers_ns)
		w->answers_ns = now;
	w->hung = now - w->answers_ns >= limit;
	if (!w->hung && w->answers_ns + limit > now && w->answers_ns + limit < next)
		next = w->answers_ns + limit;
	return watch_enter(w, PORTAL_PAUSE, next, PORTAL_CLOSE);
}

static enum portal_act watch_failed(struct portal_watch *w, int64_t now)
{
	w->answers_ns = 0;
	w->hung = false;
	return watch_enter(w, PORTAL_PAUSE, now + PORTAL_PAUSE_MS * NS_PER_MS, PORTAL_CLOSE);
}

static enum portal_act watch_timeout(struct portal_watch *w, int64_t now)
{
	if (w->state == PORTAL_IDLE || now < w->until_ns)
		return PORTAL_NOTHING;
	if (w->state == PORTAL_PROBING)
		return watch_failed(w, now);
	return watch_enter(w, PORTAL_PROBING, now + PORTAL_PROBE_MS * NS_PER_MS, PORTAL_PROBE);
}

enum portal_act portal_watch_event(struct portal_watch *w, enum portal_event event,
				   unsigned int limit_s, int64_t now)
{
	bool probing = w->state == PORTAL_PROBING;

	switch (event) {
	case PORTAL_TIME:
		return watch_timeout(w, now);
	case PORTAL_SESSION_UP:
		*w = (struct portal_watch){ .state = PORTAL_IDLE };
		return probing ? PORTAL_CLOSE : PORTAL_NOTHING;
	case PORTAL_SESSION_DOWN:
		return w->state == PORTAL_IDLE && limit_s ? watch_down(w, limit_s, now) :
							    PORTAL_NOTHING;
	case PORTAL_ANSWERS:
		return probing ? watch_answered(w, limit_s, now) : PORTAL_NOTHING;
	case PORTAL_FAILS:
		return probing ? watch_failed(w, now) : PORTAL_NOTHING;
	}
	return PORTAL_NOTHING;
}

int64_t portal_watch_until(const struct portal_watch *w)
{
	return w->state == PORTAL_IDLE ? INT64_MAX : w->until_ns;
}
