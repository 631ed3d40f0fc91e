// SPDX-License-Identifier: GPL-2.0-only
/* Implements the state machine of a reconnection (reconnect_fsm.h). */
#include "guard/reconnect_fsm.h"

#include "base/backoff.h"

#define NS_PER_MS 1000000LL

static const struct backoff usual = { .first_ms = 200, .most_ms = 1000 };
static const struct backoff careful = { .first_ms = 1000, .most_ms = 16000 };

static void enter(struct reconnect_fsm *m, enum guard_state state, int64_t now, unsigned int ms)
{
	m->state = state;
	m->until_ns = now + ms * NS_PER_MS;
}

static enum guard_act fsm_begin(struct reconnect_fsm *m, int64_t now)
{
	enter(m, GUARD_CONNECT, now, GUARD_CONNECT_MS);
	return GUARD_BEGIN;
}

static enum guard_act fsm_pause(struct reconnect_fsm *m, const struct backoff *b, int64_t now,
				unsigned int random)
{
	m->failures++;
	enter(m, GUARD_PAUSE, now, backoff_ms(b, m->failures, random));
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

static bool is_stable(const struct reconnect_fsm *m, int64_t now)
{
	return now - m->since_ns >= GUARD_STABLE_MS * NS_PER_MS;
}

void reconnect_fsm_logout(struct reconnect_fsm *m, int64_t now, unsigned int ms)
{
	enter(m, GUARD_LOGOUT, now, ms);
}

void reconnect_fsm_pause(struct reconnect_fsm *m, int64_t now, unsigned int ms, unsigned int random)
{
	unsigned int least = 0;

	m->failures = is_stable(m, now) ? 0 : m->failures + 1;
	if (m->failures)
		least = backoff_ms(&usual, m->failures, random);
	enter(m, GUARD_PAUSE, now, ms > least ? ms : least);
}

static enum guard_act fsm_lost(struct reconnect_fsm *m, int64_t now, unsigned int random)
{
	if (!is_stable(m, now)) {
		fsm_pause(m, &usual, now, random);
		return GUARD_NOTHING; /* GUARD_BEGIN will stop the connection */
	}
	m->failures = 0;
	return fsm_begin(m, now);
}

static enum guard_act fsm_logged_in(struct reconnect_fsm *m, int64_t now)
{
	m->state = GUARD_LOGGED_IN;
	m->until_ns = INT64_MAX;
	m->since_ns = now;
	m->silences = 0;
	return GUARD_NOTHING;
}

/* After a connect timeout the next SYN is sent without a pause. */
static enum guard_act fsm_timeout(struct reconnect_fsm *m, int64_t now, unsigned int random)
{
	if (m->state == GUARD_LOGIN) {
		m->silences++;
		return fsm_pause(m, &usual, now, random);
	}
	m->failures += m->state == GUARD_CONNECT;
	return fsm_begin(m, now);
}

static enum guard_act fsm_failed(struct reconnect_fsm *m, enum guard_event event, int64_t now,
				 unsigned int random)
{
	m->silences = 0;
	return fsm_pause(m,
			 event == GUARD_BUSY ? &backoff_busy :
			 event == GUARD_AUTH ? &careful :
					       &usual,
			 now, random);
}

/* Handles an event during an attempt. */
static enum guard_act fsm_attempt(struct reconnect_fsm *m, enum guard_event event, int64_t now,
				  unsigned int random)
{
	switch (event) {
	case GUARD_CONNECTED:
		if (m->state != GUARD_CONNECT)
			return GUARD_NOTHING;
		enter(m, GUARD_LOGIN, now, login_ms(m));
		return GUARD_LOG_IN;
	case GUARD_REDIRECTED:
		return fsm_begin(m, now);
	case GUARD_LOGIN_DONE:
		return fsm_logged_in(m, now);
	case GUARD_LOST: /* in CONNECT this event is about the previous connection */
		if (m->state == GUARD_CONNECT)
			return GUARD_NOTHING;
		return fsm_failed(m, GUARD_FAILED, now, random);
	case GUARD_FAILED:
	case GUARD_BUSY:
	case GUARD_AUTH:
		return fsm_failed(m, event, now, random);
	default:
		return GUARD_NOTHING;
	}
}

enum guard_act reconnect_fsm_event(struct reconnect_fsm *m, enum guard_event event, int64_t now,
				   unsigned int random)
{
	if (event == GUARD_TIME)
		return now < m->until_ns ? GUARD_NOTHING : fsm_timeout(m, now, random);
	if (event == GUARD_HELD) {
		enter(m, GUARD_PAUSE, now, GUARD_HOLD_MS);
		return GUARD_DROP;
	}
	if (m->state == GUARD_LOGGED_IN || m->state == GUARD_LOGOUT)
		return event == GUARD_LOST ? fsm_lost(m, now, random) : GUARD_NOTHING;
	if (m->state == GUARD_PAUSE)
		return GUARD_NOTHING;
	return fsm_attempt(m, event, now, random);
}
