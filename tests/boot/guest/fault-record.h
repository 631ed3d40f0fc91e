/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The records of the fault tests. Each has its number, the number of its run, and bytes computed
 * from both, so that a reader can check every byte.
 */
#ifndef FAULT_RECORD_H
#define FAULT_RECORD_H

#include <stddef.h>
#include <stdint.h>

/* More than a target accepts in one PDU, so that a write is split on the wire. */
#define RECORD_SIZE 16384
#define RECORD_WORDS (RECORD_SIZE / sizeof(uint64_t))

/* Makes record @number of @run in @words. @run is a random number, different for each run. */
static inline void record_fill(uint64_t *words, uint64_t run, uint64_t number)
{
	uint64_t x = (run ^ number * 0x9e3779b97f4a7c15) | 1; /* xorshift64 stays at 0 */

	words[0] = run;
	words[1] = number;
	for (size_t i = 2; i < RECORD_WORDS; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		words[i] = x;
	}
}

#endif
