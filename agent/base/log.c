// SPDX-License-Identifier: GPL-2.0-only
/* Writes the log to standard error or /dev/kmsg, and to /run/iscsi-boot/log. */
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/diag_text.h"
#include "base/deadline.h"
#include "base/preopened.h"

static struct {
	bool kmsg;
	int fd; /* the log file; -1: not open */
	FILE *early; /* lines logged before log_open() */
	char *early_text;
	size_t early_len;
} out = { .fd = -1 };

#define KMSG_MAX 900
#define LOG_FILE_MAX (1024 * 1024)
#define LOG_FULL "iscsi-boot: the log is full: see the kernel's log\n"

const char *log_kmsg = "/dev/kmsg";

void log_to_kmsg(void)
{
	out.kmsg = true;
}

/* Ignores errors and short writes: a full /run must not fail a boot. */
static void write_line(int fd, const char *line, size_t len)
{
	if (write(fd, line, len) < 0)
		return;
}

/*
 * Opens /dev/kmsg for each line: the kernel drops lines above ten in five seconds for each open
 * file (printk.devkmsg=ratelimit, the default).
 */
static bool kmsg_write_part(int level, const char *mark, const char *line, size_t len)
{
	__attribute__((cleanup(arena_free))) void *arena = NULL;
	char *text = arena_printf(&arena, "<%d>%s%.*s\n", level, mark, (int)len, line);
	int fd;

	if (!text)
		return false;
	fd = preopened_open(log_kmsg, O_WRONLY | O_NOCTTY);
	if (fd < 0)
		return false;
	write_line(fd, text, strlen(text));
	close(fd);
	return true;
}

/* Splits the line, at a space if possible: the kernel refuses more than about 1000 bytes. */
static bool kmsg_write(int level, const char *line)
{
	const char *mark = "", *space;
	size_t left = strcspn(line, "\n"), len;

	for (; left > KMSG_MAX; line += len, left -= len) {
		space = memrchr(line + KMSG_MAX / 2, ' ', KMSG_MAX / 2);
		len = space ? (size_t)(space - line) + 1 : KMSG_MAX;
		if (!kmsg_write_part(level, mark, line, len))
			return false;
		mark = "iscsi-boot: ... ";
	}
	return kmsg_write_part(level, mark, line, left);
}

/* The file is in memory, and guard and lease run for as long as the machine. */
static void log_file_append(const char *line, size_t len)
{
	off_t size = lseek(out.fd, 0, SEEK_END);

	if (size >= LOG_FILE_MAX)
		return;
	write_line(out.fd, line, len);
	if (size + (off_t)len >= LOG_FILE_MAX)
		write_line(out.fd, LOG_FULL, strlen(LOG_FULL));
}

static void log_file_write(const char *line)
{
	if (out.fd >= 0) {
		log_file_append(line, strlen(line));
		return;
	}
	if (!out.early)
		out.early = open_memstream(&out.early_text, &out.early_len);
	if (out.early)
		fputs(line, out.early);
}

/* @line ends with a newline. It gets a time, except in the kernel log, which adds one. */
static void log_line(int level, const char *line)
{
	__attribute__((cleanup(arena_free))) void *arena = NULL;
	int64_t us = now_ns() / 1000;
	char *timed;

	timed = arena_printf(&arena, "[%5lld.%03lld] %s", (long long)(us / 1000000),
			     (long long)(us / 1000 % 1000), line);
	if (!timed)
		return;
	if (!out.kmsg || !kmsg_write(level, line))
		write_line(STDERR_FILENO, timed, strlen(timed));
	log_file_write(timed);
}

static void log_vprintf(int level, const char *step, const char *mark, const char *fmt,
			va_list args)
{
	__attribute__((cleanup(arena_free))) void *arena = NULL;
	char *text, *line = NULL;

	if (vasprintf(&text, fmt, args) < 0)
		return;
	line = arena_printf(&arena, "iscsi-boot: %s: %s%s\n", step, mark, text);
	free(text);
	if (line)
		log_line(level, line);
}

void log_info(const char *step, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	log_vprintf(6, step, "", fmt, args);
	va_end(args);
}

void log_warning(const char *step, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	log_vprintf(4, step, "warning: ", fmt, args);
	va_end(args);
}

__attribute__((format(printf, 2, 3))) static void log_error(const char *step, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	log_vprintf(3, step, "", fmt, args);
	va_end(args);
}

#define DIAG_LINES 16

void log_diag(const char *step, const char *text, size_t len)
{
	unsigned int n;

	for (n = 0; len && n < DIAG_LINES; n++) {
		AUTO_ARENA arena = NULL;
		bool error;
		const char *line = diag_next(&arena, &text, &len, &error);

		if (error)
			log_error(step, "error: %s", line ? line : "?");
		else
			log_warning(step, "%s", line ? line : "?");
	}
	if (len)
		log_warning(step, "more diagnostics: see iscsi-boot-agent show");
}

enum status log_failure(const char *step, enum status status, const char *failed,
			const char *reason, const char *advice)
{
	log_error(step, "error: %s: %s", failed, reason);
	log_error(step, "try: %s", advice);
	return status;
}

static void flush_early(void)
{
	if (!out.early)
		return;
	fclose(out.early);
	if (out.fd >= 0)
		write_line(out.fd, out.early_text, out.early_len);
	free(out.early_text);
	out.early = NULL;
	out.early_text = NULL;
}

int log_open(const char *run_dir)
{
	__attribute__((cleanup(arena_free))) void *arena = NULL;
	char *path = arena_printf(&arena, "%s/log", run_dir);

	if (!path)
		return -ENOMEM;
	if (mkdir(run_dir, 0755) < 0 && errno != EEXIST)
		return -errno;
	out.fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (out.fd < 0)
		return -errno;
	flush_early();
	return 0;
}

void log_close(void)
{
	flush_early();
	if (out.fd >= 0)
		close(out.fd);
	out.fd = -1;
	out.kmsg = false;
}
