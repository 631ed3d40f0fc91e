// SPDX-License-Identifier: GPL-2.0-only
/* Decides when a lease is renewed, and by which message. */
#include "lease/renewal.h"

#include "lease/lease_record.h"

#define S 1000000000LL
/* A lease whose time is not known is treated as one of this time that is due. */
#define ASSUMED_S 3600
/* Pause between two messages: RFC 2131 4.4.5 says 60 s; shorter leases need shorter pauses. */
#define LEAST_MIN_S 4
#define LEAST_MAX_S 60
#define UNKNOWN_MOST_S 8

static int64_t ns_between(int64_t low, int64_t ns, int64_t high)
{
	return ns < low ? low : ns > high ? high : ns;
}

void renewal_granted(struct renewal *r, int64_t since_ns, unsigned int seconds, unsigned int t1,
		     unsigned int t2)
{
	const int64_t all = (seconds == LEASE_UNKNOWN ? ASSUMED_S : seconds) * S;
	bool valid = t1 && t1 < t2 && t2 < seconds;

	*r = (struct renewal){ .t1_ns = since_ns + (valid ? t1 * S : all / 2),
			       .t2_ns = since_ns + (valid ? t2 * S : all / 8 * 7),
			       .end_ns = since_ns + all,
			       .most_ns = seconds == LEASE_UNKNOWN ? UNKNOWN_MOST_S * S : all,
			       .least_ns = ns_between(LEAST_MIN_S * S, all / 16, LEAST_MAX_S * S) };
	r->next_ns = seconds == LEASE_INFINITE ? INT64_MAX :
		     seconds == LEASE_UNKNOWN  ? since_ns :
						 r->t1_ns;
}

/* 4, 8, 16, 32, then 64 s: as RFC 2131 4.1 has it. */
static int64_t pause_ns(const struct renewal *r)
{
	return ((int64_t)LEAST_MIN_S << (r->asked < 4 ? r->asked : 4)) * S;
}

void renewal_watched(struct renewal *r)
{
	if (r->next_ns != INT64_MAX)
		r->next_ns = (r->t2_ns + r->end_ns) / 2;
}

void renewal_refused(struct renewal *r, int64_t now_ns)
{
	if (!r->refused)
		r->asked = 0;
	r->refused = true;
	r->next_ns = now_ns + pause_ns(r);
}

/* Half of the time until @until_ns, within the limits of the pause between two messages. */
static int64_t next_before(const struct renewal *r, int64_t now_ns, int64_t until_ns)
{
	int64_t half = (until_ns - now_ns) / 2;

	half = half > r->least_ns ? half : r->least_ns;
	half = half < r->most_ns ? half : r->most_ns;
	return ns_between(now_ns + 1, now_ns + half, until_ns);
}

enum renewal_step renewal_next(struct renewal *r, int64_t now_ns)
{
	if (r->refused || now_ns >= r->end_ns) {
		r->next_ns = now_ns + pause_ns(r);
		r->asked++;
		return RENEWAL_ASK;
	}
	if (now_ns >= r->t2_ns) {
		r->next_ns = next_before(r, now_ns, r->end_ns);
		return RENEWAL_REBIND;
	}
	r->next_ns = next_before(r, now_ns, r->t2_ns);
	return RENEWAL_RENEW;
}
