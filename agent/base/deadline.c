// SPDX-License-Identifier: GPL-2.0-only
/* Reads the monotonic clock, computes deadlines and makes random numbers. */
#include "base/deadline.h"

#include <limits.h>
#include <sys/random.h>
#include <time.h>

#define NS_PER_S 1000000000LL
#define NS_PER_MS 1000000LL

int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * NS_PER_S + t.tv_nsec;
}

double seconds_since(int64_t ns)
{
	return (double)(now_ns() - ns) / 1e9;
}

struct deadline deadline_in(unsigned int seconds)
{
	struct deadline d = { INT64_MAX };

	if (seconds)
		d.at_ns = now_ns() + seconds * NS_PER_S;
	return d;
}

struct deadline deadline_in_ms(unsigned int ms)
{
	return (struct deadline){ now_ns() + ms * NS_PER_MS };
}

struct deadline deadline_sooner(struct deadline d, unsigned int seconds)
{
	struct deadline other = { now_ns() + seconds * NS_PER_S };

	return other.at_ns < d.at_ns ? other : d;
}

int deadline_left_ms(struct deadline d)
{
	int64_t left = d.at_ns - now_ns();

	if (d.at_ns == INT64_MAX)
		return -1;
	if (left <= 0)
		return 0;
	left = (left - 1) / NS_PER_MS + 1;
	return left < INT_MAX ? (int)left : INT_MAX;
}

unsigned int random_number(void)
{
	unsigned int value;

	if (getrandom(&value, sizeof(value), GRND_NONBLOCK) != sizeof(value))
		value = (unsigned int)now_ns();
	return value;
}
