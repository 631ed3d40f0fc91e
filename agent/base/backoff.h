/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When to try again: pauses of random length (full jitter), so that machines which were powered on
 * together don't come back together. Pure: no clock, no randomness of its own.
 */
#ifndef AGENT_BASE_BACKOFF_H
#define AGENT_BASE_BACKOFF_H

struct backoff {
	unsigned int first_ms; /* 1...: the longest pause after the first failure */
	unsigned int most_ms; /* at least first_ms: it doubles up to this */
	unsigned int patience; /* but only after so many failures, */
	unsigned int least_ms; /* and halves down to this before */
};

/* Nobody answers, or not what should be: a network or a target that comes up. */
extern const struct backoff backoff_silent;
/*
 * The target is there and has too much to do. All others come back too, so the first pause is the
 * longest; as they get in, those left must ask more often, or the target would idle. Of 1000
 * machines at a target that takes 50 in a second the last is in after little more than the 20 s
 * that this takes (docs/results/boot-storm.md). Who isn't in by then has met something else.
 */
extern const struct backoff backoff_busy;

/* After @failures (1...) in a row: 1 to the longest pause, by @random, equally spread. */
unsigned int backoff_ms(const struct backoff *b, unsigned int failures, unsigned int random);

#endif
