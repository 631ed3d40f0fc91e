/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything that kmod/core/ needs from its environment: integer types, byte order, formatting and
 * memory. The files there compile unchanged into the module, the agent, the unit tests and the
 * fuzzers, and include nothing else from outside.
 */
#ifndef IBU_PORTABLE_H
#define IBU_PORTABLE_H

#ifdef __KERNEL__

#include "../compat.h"
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>

#else

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define BIT_ULL(n) (1ULL << (n))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define __printf(f, a) __attribute__((format(printf, f, a)))

#endif /* __KERNEL__ */

/* Read little-endian and big-endian fields. The table guarantees no alignment. */
static inline u16 ibu_le16(const u8 *p)
{
	return (u16)(p[0] | p[1] << 8);
}

static inline u32 ibu_le32(const u8 *p)
{
	return (u32)ibu_le16(p) | (u32)ibu_le16(p + 2) << 16;
}

static inline u16 ibu_be16(const u8 *p)
{
	return (u16)(p[0] << 8 | p[1]);
}

/*
 * Called in loops that the length of the input bounds: yields the CPU where the kernel asks for it.
 */
static inline void ibu_let_others_run(void)
{
#ifdef __KERNEL__
	cond_resched();
#endif
}

/*
 * Allocates @size zeroed bytes; NULL if there is no memory. Free them with ibu_free(), as they may
 * hold a secret by then. May sleep.
 */
static inline void *ibu_zalloc(size_t size)
{
#ifdef __KERNEL__
	return kvzalloc(size, GFP_KERNEL);
#else
	return calloc(1, size);
#endif
}

/* Wipes the @size bytes at @p, then frees them. @p may be NULL. */
static inline void ibu_free(void *p, size_t size)
{
#ifdef __KERNEL__
	kvfree_sensitive(p, size);
#else
	if (p)
		explicit_bzero(p, size);
	free(p);
#endif
}

#endif
