/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory that is wiped and freed all at once, because it may hold secrets. */
#ifndef AGENT_BASE_ARENA_H
#define AGENT_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* An arena is a void *, initially NULL. All of its memory is valid until arena_free(). */

/* Returns zeroed memory, or NULL. */
void *arena_alloc(void **arena, size_t size);
/* Returns a copy of the @len bytes of @s with a NUL appended, or NULL. @s may be NULL if empty. */
char *arena_text(void **arena, const char *s, size_t len);
/* Returns the formatted text, or NULL. */
__attribute__((format(printf, 2, 3))) char *arena_printf(void **arena, const char *fmt, ...);
/*
 * Returns a copy as arena_text() does, in separate pages that are excluded from core dumps and
 * from child processes: a child's copy of a page would never be wiped. NULL without memory.
 */
char *arena_secret(void **arena, const char *s, size_t len);
/* Sets whether children forked from now on get the arena's secrets. */
void arena_inherit(void *const *arena, bool secrets);
/* Wipes and frees all memory and sets *@arena to NULL. AUTO_ARENA calls it at scope exit. */
void arena_free(void **arena);

/*
 * Reads the whole regular file that @fmt names to @text, in the arena with a NUL appended. Returns
 * its length, or -errno: -EFBIG above 1 MiB, -EISDIR or -EINVAL if it is not a regular file.
 */
__attribute__((format(printf, 3, 4))) ssize_t file_read(void **arena, char **text, const char *fmt,
							...);
/*
 * Reads the file @path in the same way, but of one above 1 MiB only the first 1 MiB, and to
 * arena_secret().
 */
ssize_t file_read_cut(void **arena, char **text, const char *path);
/* Reads the open file @fd, which may be of any kind, in the same way. */
ssize_t file_read_fd(void **arena, char **text, int fd);

#endif
