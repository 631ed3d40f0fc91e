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

/* Nobody answers, or not what should be: a network or a target that comes up. */
extern const struct backoff backoff_silent;
/*
 * The target is there and has too much to do. So short a limit keeps it at work to the end: 1000
 * machines at a target that takes 50 in a second are in after 1.4 times the 20 s that this takes at
 * least; with a limit of 8 s it would be 1.9 times.
 */
extern const struct backoff backoff_busy;

/* After @failures (1...) in a row: 1 to the longest pause, by @random, equally spread. */
unsigned int backoff_ms(const struct backoff *b, unsigned int failures, unsigned int random);

#endif
