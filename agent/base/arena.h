/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory that is freed all at once and wiped, since it may hold secrets. */
#ifndef AGENT_BASE_ARENA_H
#define AGENT_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* An arena is a void * that begins as NULL. */

/* Zeroed memory, or NULL. */
void *arena_alloc(void **arena, size_t size);
/* A copy of the @len bytes of @s with a NUL behind them, or NULL. */
char *arena_text(void **arena, const char *s, size_t len);
__attribute__((format(printf, 2, 3))) char *arena_printf(void **arena, const char *fmt, ...);
/*
 * The same in pages of its own, which no core dump has and no child: a child's copies of pages that
 * either side writes to would never be wiped. NULL without memory.
 */
char *arena_secret(void **arena, const char *s, size_t len);
/* Whether children forked from now on get the arena's secrets. */
void arena_inherit(void *const *arena, bool secrets);
/* Wipes and frees all of it; *@arena is NULL again. For __attribute__((cleanup)) too. */
void arena_free(void **arena);

/*
 * The one reader of files: the whole content of the file that @fmt names, in the arena with a NUL
 * behind it. Its length, or -errno; -EFBIG above 1 MiB, -EINVAL for what is no regular file.
 */
__attribute__((format(printf, 3, 4))) ssize_t file_read(void **arena, char **text, const char *fmt,
							...);
/* The same from an open file. */
ssize_t file_read_fd(void **arena, char **text, int fd);

#endif
