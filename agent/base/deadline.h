/* SPDX-License-Identifier: GPL-2.0-only */
/* Monotonic time, and deadlines at which waiting ends. */
#ifndef AGENT_BASE_DEADLINE_H
#define AGENT_BASE_DEADLINE_H

#include <stdint.h>

struct deadline {
	int64_t at_ns; /* CLOCK_MONOTONIC, in nanoseconds; INT64_MAX: never */
};

/* Returns the time of CLOCK_MONOTONIC in nanoseconds. */
int64_t now_ns(void);
/* Returns the seconds since @ns, a value of now_ns(), for log lines. */
double seconds_since(int64_t ns);
/* Returns the deadline @seconds from now; never if @seconds is 0. */
struct deadline deadline_in(unsigned int seconds);
/* Returns the deadline @ms milliseconds from now; 0: now. */
struct deadline deadline_in_ms(unsigned int ms);
/* Returns the earlier of @d and @seconds from now. */
struct deadline deadline_sooner(struct deadline d, unsigned int seconds);
/* Returns the milliseconds left for poll(), rounded up: 0 if it has passed, -1 for never. */
int deadline_left_ms(struct deadline d);
/* Returns a random number for pauses; not for secrets. */
unsigned int random_number(void);

#endif
