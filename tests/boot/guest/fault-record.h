/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The records of a test with faults: each is its number, its run's, and bytes that follow from both, so
 * that a reader knows every byte there must be.
 */
#ifndef FAULT_RECORD_H
#define FAULT_RECORD_H

#include <stddef.h>
#include <stdint.h>

/* More than a target takes at once, so that a write is in several parts on the wire. */
#define RECORD_SIZE 16384
#define RECORD_WORDS (RECORD_SIZE / sizeof(uint64_t))

/* Record @number of @run (which is nobody else's), into @words. */
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
