/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Computes the pauses between attempts. Their length is random (full jitter), so that machines
 * powered on together do not retry together. Pure: the caller supplies clock and random numbers.
 */
#ifndef AGENT_BASE_BACKOFF_H
#define AGENT_BASE_BACKOFF_H

struct backoff {
	unsigned int first_ms; /* longest pause after the first failure; at least 1 */
	unsigned int most_ms; /* the longest pause doubles up to this; at least first_ms */
	/* number of failures before the longest pause doubles; it halves until then */
	unsigned int patience;
	unsigned int least_ms; /* the longest pause halves down to this */
};

/* Used after no response or a refusal: the network or the target may be starting. */
extern const struct backoff backoff_silent;
/*
 * Used for an overloaded target. All other machines retry too, so the first pause is the longest.
 * As machines log in, the remaining ones must retry more often, or the target would idle. If 1000
 * machines log in to a target that accepts 50 a second, the last one is logged in after little more
 * than the minimum of 20 s (docs/results/boot-storm.md). Failures after that have another cause, so
 * the pauses grow again.
 */
extern const struct backoff backoff_busy;

/*
 * Returns the pause after @failures (at least 1) in a row, in milliseconds: 1 to the longest pause,
 * uniformly distributed if @random is.
 */
unsigned int backoff_ms(const struct backoff *b, unsigned int failures, unsigned int random);

#endif
