// SPDX-License-Identifier: GPL-2.0-only
/*
 * Program iscsi-boot-shutdown [--stderr] [ACTION]. "iscsi-boot-agent shutdown" runs it with
 * --stderr. It is statically linked, and a copy is kept in memory, so that it runs without the root
 * disk.
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
	struct boot_record record;
	enum status status;
	int r;

	if (argc > 2 + to_stderr) {
		fputs("Usage: iscsi-boot-shutdown [--stderr] [reboot|poweroff|halt|kexec]\n",
		      stderr);
		return STATUS_USAGE;
	}
	if (!to_stderr)
		log_to_kmsg();
	r = boot_record_read(&record);
	if (r == -ENOENT && to_stderr)
		log_info("shutdown", "nothing to do: boot did not write " WANTED_FILE);
	if (r == -ENOENT)
		return STATUS_NOTHING;
	if (r)
		return log_failure("shutdown", STATUS_ERROR, "cannot read " WANTED_FILE,
				   strerror(-r), "restore that file");
	status = shutdown_sessions(&record, action);
	boot_record_free(&record);
	return status;
}
