// SPDX-License-Identifier: GPL-2.0-only
/*
 * fault-writer FILE PAUSE: writes one record after another to FILE, each followed by fsync() and a
 * pause of PAUSE ms, until SIGTERM. It reports on standard output, which is not on the disk:
 *
 *   run RUN | ack NUMBER | error NUMBER CALL: REASON | end COUNT
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "fault-record.h"

static volatile sig_atomic_t stopped;

static void stop(int sig)
{
	stopped = sig;
}

/* Reports a line in one write(), so that lines of other processes cannot interrupt it. */
static void report(const char *what, uint64_t number, const char *call)
{
	char line[128];
	int len = snprintf(line, sizeof(line), "%s %" PRIu64, what, number);

	if (call)
		len += snprintf(line + len, sizeof(line) - (size_t)len, " %s: %s", call,
				strerror(errno));
	line[len++] = '\n';
	if (write(STDOUT_FILENO, line, (size_t)len) != len)
		_exit(1);
}

/* Writes a record. Returns the name of the call that failed, or NULL. */
static const char *put(int fd, uint64_t run, uint64_t number)
{
	static uint64_t record[RECORD_WORDS];
	ssize_t len;

	record_fill(record, run, number);
	len = pwrite(fd, record, RECORD_SIZE, (off_t)(number * RECORD_SIZE));
	if (len < 0)
		return "pwrite";
	if (len != RECORD_SIZE)
		return "short pwrite";
	return fsync(fd) ? "fsync" : NULL;
}

int main(int argc, char **argv)
{
	/* SA_RESTART: a record whose write has begun is still acknowledged. */
	struct sigaction action = { .sa_handler = stop, .sa_flags = SA_RESTART };
	long ms = argc == 3 ? atol(argv[2]) : 0;
	struct timespec pause = { ms / 1000, ms % 1000 * 1000000 };
	uint64_t run = 0, number;
	int fd = argc == 3 ? open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;

	if (fd < 0 || fsync(fd) || getrandom(&run, sizeof(run), 0) != sizeof(run) ||
	    mlockall(MCL_CURRENT) || sigaction(SIGTERM, &action, NULL)) {
		report("error", 0, "fault-writer FILE PAUSE");
		return 1;
	}
	report("run", run, NULL);
	for (number = 0; !stopped; number++) {
		const char *failed = put(fd, run, number);

		if (failed) {
			report("error", number, failed);
			return 1;
		}
		report("ack", number, NULL);
		nanosleep(&pause, NULL);
	}
	report("end", number, NULL);
	return 0;
}
