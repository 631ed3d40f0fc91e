/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files in memory for fuzzers: the input has records of three bytes (number of the file, length),
 * each followed by that content. The linker replaces file_read(), file_read_cut() and access() by
 * these (--wrap), so that an input costs no system call.
 */
#ifndef TESTS_FUZZ_FILES_H
#define TESTS_FUZZ_FILES_H

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "tests/fuzz/show.h"

#define FILES_MAX 128

static struct {
	const u8 *data; /* NULL: the input does not have it */
	size_t len;
} files[FILES_MAX];

static const char *const *file_paths;
static size_t nr_file_paths;

/* Takes the files of the input; @paths are their names. A later record of a file counts. */
static inline void files_take(const u8 *data, size_t size, const char *const *paths, size_t nr)
{
	memset(files, 0, sizeof(files));
	file_paths = paths;
	nr_file_paths = nr;
	if (nr > FILES_MAX)
		abort();
	while (size >= 3) {
		size_t len = (size_t)data[1] | (size_t)data[2] << 8;

		if (len > size - 3)
			len = size - 3;
		files[data[0] % nr].data = data + 3;
		files[data[0] % nr].len = len;
		data += 3 + len;
		size -= 3 + len;
	}
}

static inline ssize_t file_copy(void **arena, char **text, const char *path, bool secret)
{
	size_t i;

	for (i = 0; i < nr_file_paths; i++) {
		if (!files[i].data || strcmp(file_paths[i], path) != 0)
			continue;
		*text = (secret ? arena_secret : arena_text)(arena, (const char *)files[i].data,
							     files[i].len);
		return *text ? (ssize_t)files[i].len : -ENOMEM;
	}
	return -ENOENT;
}

ssize_t __wrap_file_read(void **arena, char **text, const char *fmt, ...);
ssize_t __wrap_file_read_cut(void **arena, char **text, const char *path);
int __wrap_access(const char *path, int mode);

__attribute__((format(printf, 3, 4))) ssize_t __wrap_file_read(void **arena, char **text,
							       const char *fmt, ...)
{
	char path[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(path, sizeof(path), fmt, args);
	va_end(args);
	return file_copy(arena, text, path, false);
}

ssize_t __wrap_file_read_cut(void **arena, char **text, const char *path)
{
	return file_copy(arena, text, path, true);
}

/* A file or a directory above one. */
int __wrap_access(const char *path, int mode)
{
	size_t i, len = strlen(path);

	for (i = 0; i < nr_file_paths; i++)
		if (files[i].data && !strncmp(file_paths[i], path, len) &&
		    (!file_paths[i][len] || file_paths[i][len] == '/'))
			return 0;
	errno = ENOENT;
	return -1;
}

#endif
