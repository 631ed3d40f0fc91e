/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When to try again: exponential backoff with full jitter, so that machines which were powered on
 * together don't come back together. Pure: no clock, no randomness of its own.
 */
#ifndef AGENT_BACKOFF_H
#define AGENT_BACKOFF_H

struct backoff {
	unsigned int first_ms; /* 1...: the longest pause after the first failure */
	unsigned int most_ms; /* at least first_ms: it doubles up to this */
};

/* After @failures (1...) in a row: 1 to the longest pause, by @random, equally spread. */
unsigned int backoff_ms(const struct backoff *b, unsigned int failures, unsigned int random);

#endif
