/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A mutator that knows the structure of a table. Half of the time it adds a structure and a pointer
 * to it, a string and the field that names it, or an address; otherwise libFuzzer mutates. It
 * writes wrong values as often as right ones.
 */
#ifndef TESTS_FUZZ_TABLE_H
#define TESTS_FUZZ_TABLE_H

#include "kmod/core/portable.h"

size_t LLVMFuzzerMutate(u8 *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned int seed);

enum { CONTROL_AT = 48, POINTERS_AT = 56, POINTERS = 12 };

static inline unsigned int next_random(unsigned int *seed, unsigned int below)
{
	*seed = *seed * 1103515245 + 12345;
	return (*seed >> 16) % below;
}

static inline void put_le16(u8 *at, size_t v)
{
	at[0] = (u8)v;
	at[1] = (u8)(v >> 8);
}

static inline size_t make_header(u8 *t)
{
	memset(t, 0, POINTERS_AT + 2 * POINTERS);
	memcpy(t, "iBFT", 4);
	t[8] = 1;
	t[CONTROL_AT] = 1;
	t[CONTROL_AT + 1] = 1;
	put_le16(t + CONTROL_AT + 2, 8 + 2 * POINTERS);
	return POINTERS_AT + 2 * POINTERS;
}

static inline size_t add_structure(u8 *t, size_t size, size_t max, unsigned int *seed)
{
	static const u8 lens[] = { 74, 102, 54, 6 };
	unsigned int kind = next_random(seed, 4);

	if (size + lens[kind] > max)
		return size;
	put_le16(t + POINTERS_AT + 2 * next_random(seed, POINTERS), size);
	memset(t + size, 0, lens[kind]);
	t[size] = (u8)(2 + kind);
	t[size + 1] = 1;
	put_le16(t + size + 2, lens[kind]);
	t[size + 4] = (u8)next_random(seed, 3);
	t[size + 5] = 3;
	if (t[size] == 3) /* a MAC that parameters have too (words.h) */
		memcpy(t + size + 90, "\x52\x54\x00\xaa\x00\x01", 6);
	if (t[size] == 4)
		t[size + 32] = (u8)next_random(seed, 4);
	return size + lens[kind];
}

/* Adds a string at the end, named by one of the fields that name strings. */
static inline size_t add_string(u8 *t, size_t size, size_t max, u8 *block, unsigned int *seed)
{
	static const u8 initiator[] = { 70 }, nic[] = { 98 }, target[] = { 34, 38, 42, 46, 50 };
	size_t len = next_random(seed, 8) ? next_random(seed, 24) : next_random(seed, 300);
	u8 *field = block + (block[0] == 2 ? initiator[0] :
			     block[0] == 3 ? nic[0] : target[next_random(seed, 5)]);

	if (size + len > max || field + 4 > t + size)
		return size;
	memset(t + size, 'a' + (int)next_random(seed, 26), len);
	put_le16(field, len);
	put_le16(field + 2, size);
	return size + len;
}

static inline void put_address(u8 *t, size_t size, u8 *block, unsigned int *seed)
{
	static const u8 rels[] = { 6, 22, 24, 38, 40, 54, 56, 72 };
	/* First bytes of addresses of any class, and of IPv6 that were cut to four bytes. */
	static const u8 firsts[] = { 0, 10, 32, 42, 127, 224, 240, 252, 254, 255 };
	u8 *at = block + rels[next_random(seed, sizeof(rels))];

	if (at + 16 > t + size)
		return;
	memset(at, 0, 16);
	if (next_random(seed, 4))
		at[10] = at[11] = 0xff;
	if (next_random(seed, 2))
		at[12] = firsts[next_random(seed, sizeof(firsts))];
	if (!next_random(seed, 4))
		at[0] = firsts[next_random(seed, sizeof(firsts))];
	at[15] = next_random(seed, 4) ? (u8)next_random(seed, 3) : 255;
	if (!next_random(seed, 4) && block[0] == 3) /* a NIC has a prefix length */
		block[22] = (u8)next_random(seed, 34);
}

static inline size_t mutate_table(u8 *t, size_t size, size_t max, unsigned int seed)
{
	size_t off;

	if (max < POINTERS_AT + 2 * POINTERS || next_random(&seed, 2))
		return LLVMFuzzerMutate(t, size, max);
	if (size < POINTERS_AT + 2 * POINTERS)
		size = make_header(t);
	off = ibu_le16(t + POINTERS_AT + 2 * next_random(&seed, POINTERS));
	if (off < POINTERS_AT || off + 54 > size || next_random(&seed, 3) == 0)
		size = add_structure(t, size, max, &seed);
	else if (next_random(&seed, 2))
		size = add_string(t, size, max, t + off, &seed);
	else
		put_address(t, size, t + off, &seed);
	if (next_random(&seed, 8))
		put_le16(t + 4, size);
	return size;
}

#endif
