// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks from outside what fault-writer (guest/fault-writer.c) did.
 *
 *   fault-check stamp            copies lines from standard input, each after the time it arrived (s.us)
 *   fault-check records FILE ACKS  checks that FILE has every record that the stamped lines ACKS acknowledge,
 *                                and that ACKS has no error; prints the number of records
 */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../guest/fault-record.h"

static int stamp(void)
{
	struct timespec now;
	char line[256];

	while (fgets(line, sizeof(line), stdin)) {
		clock_gettime(CLOCK_REALTIME, &now);
		line[strcspn(line, "\r\n")] = '\0';
		printf("%lld.%06ld %s\n", (long long)now.tv_sec, now.tv_nsec / 1000, line);
		fflush(stdout);
	}
	return 0;
}

/* Returns the offset of the first wrong byte, or RECORD_SIZE if all are right. */
static size_t wrong_at(FILE *file, uint64_t run, uint64_t number)
{
	static uint64_t wanted[RECORD_WORDS], got[RECORD_WORDS];
	const char *a = (const char *)wanted, *b = (const char *)got;
	size_t len, i = 0;

	record_fill(wanted, run, number);
	if (fseeko(file, (off_t)(number * RECORD_SIZE), SEEK_SET))
		return 0;
	len = fread(got, 1, RECORD_SIZE, file);
	while (i < len && a[i] == b[i])
		i++;
	return i;
}

static int check(const char *path, const char *acks_path)
{
	FILE *file = fopen(path, "r"), *acks = fopen(acks_path, "r");
	uint64_t run = 0, number, count = 0, wrong = 0;
	bool running = false;
	char line[256];
	size_t at;

	if (!file || !acks)
		err(1, "%s", file ? acks_path : path);
	while (fgets(line, sizeof(line), acks)) {
		if (strstr(line, " error "))
			errx(1, "I/O error: %s", line);
		if (sscanf(line, "%*s run %" SCNu64, &run) == 1)
			running = true;
		if (sscanf(line, "%*s ack %" SCNu64, &number) != 1)
			continue;
		if (!running || number != count)
			errx(1, "record %" PRIu64 " was acknowledged, expected %" PRIu64, number,
			     count);
		count++;
		at = wrong_at(file, run, number);
		if (at != RECORD_SIZE && !wrong++)
			warnx("acknowledged record %" PRIu64 " is lost or differs, from byte %zu on",
			      number, at);
	}
	if (wrong)
		errx(1, "%" PRIu64 " of %" PRIu64 " acknowledged records are lost", wrong, count);
	printf("%" PRIu64 "\n", count);
	return count ? 0 : 1;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "stamp"))
		return stamp();
	if (argc == 4 && !strcmp(argv[1], "records"))
		return check(argv[2], argv[3]);
	errx(2, "usage: fault-check stamp | records FILE ACKS");
}
