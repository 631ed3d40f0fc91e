/* SPDX-License-Identifier: GPL-2.0-only */
/* The one moment by which boot has to be done; every wait of every step ends there. */
#ifndef AGENT_BASE_DEADLINE_H
#define AGENT_BASE_DEADLINE_H

#include <stdint.h>

struct deadline {
	int64_t at_ns; /* CLOCK_MONOTONIC; INT64_MAX: never */
};

int64_t now_ns(void);
/* For people: since the moment @ns of now_ns(). */
double seconds_since(int64_t ns);
/* @seconds from now; 0: never. */
struct deadline deadline_in(unsigned int seconds);
struct deadline deadline_in_ms(unsigned int ms);
/* The earlier of @d and @seconds from now. */
struct deadline deadline_sooner(struct deadline d, unsigned int seconds);
/* For poll(): milliseconds left, rounded up; 0 when it is over, -1 for never. */
int deadline_left_ms(struct deadline d);
/* Not for secrets: to spread moments. */
unsigned int random_number(void);

#endif
