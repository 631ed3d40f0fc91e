// SPDX-License-Identifier: GPL-2.0-only
/*
 * iscsi-boot-shutdown [--stderr] [ACTION]: "iscsi-boot-agent shutdown", which runs it with
 * --stderr. A program without libraries, to be kept in memory where it can be run when the root,
 * and all that is on it, is lost.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "shutdown/shutdown.h"

int main(int argc, char **argv)
{
	bool to_stderr = argc > 1 && !strcmp(argv[1], "--stderr");
	const char *action = argv[1 + to_stderr];
	struct boot_record wanted;
	enum status status;
	int r;

	if (argc > 2 + to_stderr) {
		fputs("Usage: iscsi-boot-shutdown [--stderr] [reboot|poweroff|halt|kexec]\n",
		      stderr);
		return STATUS_USAGE;
	}
	if (!to_stderr)
		log_to_kmsg();
	r = boot_record_read(&wanted);
	if (r == -ENOENT && to_stderr)
		log_info("shutdown", "boot recorded nothing in " WANTED_FILE);
	if (r == -ENOENT)
		return STATUS_NOTHING;
	if (r)
		return log_failure("shutdown", STATUS_ERROR, "to read " WANTED_FILE, strerror(-r),
				   "who changed it");
	status = shutdown_sessions(&wanted, action);
	boot_record_free(&wanted);
	return status;
}
