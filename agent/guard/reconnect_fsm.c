// SPDX-License-Identifier: GPL-2.0-only
#include "guard/reconnect_fsm.h"

#include "base/backoff.h"

#define NS_PER_MS 1000000LL

static const struct backoff usual = { .first_ms = 200, .most_ms = 1000 };
static const struct backoff careful = { .first_ms = 1000, .most_ms = 16000 };

static void go(struct reconnect_fsm *m, enum guard_state state, int64_t now, unsigned int ms)
{
	m->state = state;
	m->until_ns = now + ms * NS_PER_MS;
}

static enum guard_act begin(struct reconnect_fsm *m, int64_t now)
{
	go(m, GUARD_CONNECT, now, GUARD_CONNECT_MS);
	return GUARD_BEGIN;
}

static enum guard_act pause(struct reconnect_fsm *m, const struct backoff *b, int64_t now,
			    unsigned int random)
{
	m->failures++;
	go(m, GUARD_PAUSE, now, backoff_ms(b, m->failures, random));
	return GUARD_DROP;
}

static unsigned int login_ms(const struct reconnect_fsm *m)
{
	unsigned int n, ms = GUARD_LOGIN_MS;

	for (n = 0; n < m->silences && ms < GUARD_LOGIN_MOST_MS; n++)
		ms *= 2;
	return ms < GUARD_LOGIN_MOST_MS ? ms : GUARD_LOGIN_MOST_MS;
}

void reconnect_fsm_init(struct reconnect_fsm *m, int64_t now)
{
	*m = (struct reconnect_fsm){ .until_ns = INT64_MAX,
				     .since_ns = now - GUARD_STABLE_MS * NS_PER_MS };
}

static enum guard_act lost(struct reconnect_fsm *m, int64_t now, unsigned int random)
{
	if (now - m->since_ns < GUARD_STABLE_MS * NS_PER_MS) {
		pause(m, &usual, now, random);
		return GUARD_NOTHING; /* the kernel stopped it itself, and so do we when we begin */
	}
	m->failures = 0;
	return begin(m, now);
}

static enum guard_act well(struct reconnect_fsm *m, int64_t now)
{
	m->state = GUARD_LOGGED_IN;
	m->until_ns = INT64_MAX;
	m->since_ns = now;
	m->silences = 0;
	return GUARD_NOTHING;
}

/* Silence was a pause already: the next SYN goes out at once. */
static enum guard_act time_over(struct reconnect_fsm *m, int64_t now, unsigned int random)
{
	if (m->state == GUARD_LOGIN) {
		m->silences++;
		return pause(m, &usual, now, random);
	}
	m->failures += m->state == GUARD_CONNECT;
	return begin(m, now);
}

static enum guard_act failed(struct reconnect_fsm *m, enum guard_event event, int64_t now,
			     unsigned int random)
{
	m->silences = 0;
	return pause(m,
		     event == GUARD_BUSY ? &backoff_busy :
		     event == GUARD_AUTH ? &careful :
					   &usual,
		     now, random);
}

/* Of a connection that is being made. */
static enum guard_act under_way(struct reconnect_fsm *m, enum guard_event event, int64_t now,
				unsigned int random)
{
	switch (event) {
	case GUARD_CONNECTED:
		if (m->state != GUARD_CONNECT)
			return GUARD_NOTHING;
		go(m, GUARD_LOGIN, now, login_ms(m));
		return GUARD_LOG_IN;
	case GUARD_REDIRECTED:
		return begin(m, now);
	case GUARD_LOGIN_DONE:
		return well(m, now);
	case GUARD_LOST: /* before the kernel had the socket: of the one before */
		if (m->state == GUARD_CONNECT)
			return GUARD_NOTHING;
		return failed(m, GUARD_FAILED, now, random);
	case GUARD_FAILED:
	case GUARD_BUSY:
	case GUARD_AUTH:
		return failed(m, event, now, random);
	default:
		return GUARD_NOTHING;
	}
}

enum guard_act reconnect_fsm_event(struct reconnect_fsm *m, enum guard_event event, int64_t now,
				   unsigned int random)
{
	if (event == GUARD_TIME)
		return now < m->until_ns ? GUARD_NOTHING : time_over(m, now, random);
	if (event == GUARD_HELD) {
		go(m, GUARD_PAUSE, now, GUARD_HOLD_MS);
		return GUARD_DROP;
	}
	if (m->state == GUARD_LOGGED_IN)
		return event == GUARD_LOST ? lost(m, now, random) : GUARD_NOTHING;
	if (m->state == GUARD_PAUSE)
		return GUARD_NOTHING;
	return under_way(m, event, now, random);
}
