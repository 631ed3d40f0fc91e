// SPDX-License-Identifier: GPL-2.0-only
/* Allocates memory that is wiped and freed all at once, and reads whole files into it. */
#include "base/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/preopened.h"

#define FILE_MAX (1024 * 1024)

struct chunk {
	struct chunk *next;
	size_t size; /* bytes of @data, or of @pages unless NULL */
	char *pages; /* mapped for a secret; else NULL */
	max_align_t data[];
};

void *arena_alloc(void **arena, size_t size)
{
	struct chunk *c = calloc(1, sizeof(*c) + size);

	if (!c)
		return NULL;
	c->next = *arena;
	c->size = size;
	*arena = c;
	return c->data;
}

char *arena_text(void **arena, const char *s, size_t len)
{
	char *copy = arena_alloc(arena, len + 1);

	return copy && len ? memcpy(copy, s, len) : copy;
}

static char *arena_vprintf(void **arena, const char *fmt, va_list args)
{
	va_list again;
	char *text;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (len < 0)
		return NULL;
	text = arena_alloc(arena, (size_t)len + 1);
	if (text)
		vsnprintf(text, (size_t)len + 1, fmt, args);
	return text;
}

char *arena_printf(void **arena, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = arena_vprintf(arena, fmt, args);
	va_end(args);
	return text;
}

char *arena_secret(void **arena, const char *s, size_t len)
{
	struct chunk *c;
	char *pages;

	if (!arena_alloc(arena, 0))
		return NULL;
	c = *arena;
	pages = mmap(NULL, len + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pages == MAP_FAILED)
		return NULL;
	c->pages = pages;
	c->size = len + 1;
	madvise(pages, len + 1, MADV_DONTDUMP);
	madvise(pages, len + 1, MADV_WIPEONFORK);
	return memcpy(pages, s, len);
}

void arena_inherit(void *const *arena, bool secrets)
{
	const struct chunk *c;

	for (c = *arena; c; c = c->next)
		if (c->pages)
			madvise(c->pages, c->size, secrets ? MADV_KEEPONFORK : MADV_WIPEONFORK);
}

void arena_free(void **arena)
{
	struct chunk *c, *next;

	for (c = *arena; c; c = next) {
		next = c->next;
		explicit_bzero(c->pages ? c->pages : (char *)c->data, c->size);
		if (c->pages)
			munmap(c->pages, c->size);
		free(c);
	}
	*arena = NULL;
}

/* Reads to the end, as sysfs and proc report no size. Returns the number of bytes, or -errno. */
static ssize_t read_all(int fd, char *buf, size_t size)
{
	size_t len = 0;
	ssize_t n;

	while (len < size) {
		n = pread(fd, buf + len, size - len, (off_t)len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

/*
 * Reads from the start into ever larger buffers until the content does not fill one. The first
 * buffer is small because most files are short and each buffer is zeroed twice. @cut: of a file
 * above the limit reads the beginning, and to arena_secret().
 */
static ssize_t read_limited(void **arena, char **text, int fd, bool cut)
{
	__attribute__((cleanup(arena_free))) void *scratch = NULL;
	ssize_t len;
	size_t size;
	char *buf;

	for (size = 512; size <= 2 * FILE_MAX; size *= 8) {
		buf = arena_alloc(&scratch, size);
		if (!buf)
			return -ENOMEM;
		len = read_all(fd, buf, size);
		if (len < 0)
			return len;
		if (cut && len > FILE_MAX)
			len = FILE_MAX;
		else if ((size_t)len == size)
			continue;
		if (len > FILE_MAX)
			break;
		*text = (cut ? arena_secret : arena_text)(arena, buf, (size_t)len);
		return *text ? len : -ENOMEM;
	}
	return -EFBIG;
}

ssize_t file_read_fd(void **arena, char **text, int fd)
{
	return read_limited(arena, text, fd, false);
}

/* Refuses pipes and terminals, on which open() or read() could block forever. */
static int open_regular(const char *path)
{
	int fd = preopened_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	int r = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		r = -errno;
	else if (!S_ISREG(st.st_mode))
		r = S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	if (!r)
		return fd;
	close(fd);
	return r;
}

ssize_t file_read(void **arena, char **text, const char *fmt, ...)
{
	__attribute__((cleanup(arena_free))) void *scratch = NULL;
	va_list args;
	ssize_t len;
	char *path;
	int fd;

	va_start(args, fmt);
	path = arena_vprintf(&scratch, fmt, args);
	va_end(args);
	if (!path)
		return -ENOMEM;
	fd = open_regular(path);
	if (fd < 0)
		return fd;
	len = file_read_fd(arena, text, fd);
	close(fd);
	return len;
}

ssize_t file_read_cut(void **arena, char **text, const char *path)
{
	int fd = open_regular(path);
	ssize_t len;

	if (fd < 0)
		return fd;
	len = read_limited(arena, text, fd, true);
	close(fd);
	return len;
}
