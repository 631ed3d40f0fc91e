// SPDX-License-Identifier: GPL-2.0-only
/*
 * main() of iscsi-boot-handoff [--again], which "iscsi-boot-agent handoff" runs. It is a separate
 * program, so that images can leave it out: they do not need it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "handoff/handoff.h"

int main(int argc, char **argv)
{
	bool again = argc == 2 && !strcmp(argv[1], "--again");
	struct boot_record wanted;
	enum status status;
	int r;

	if (argc > 1 && !again) {
		fputs("Usage: iscsi-boot-handoff [--again]\n", stderr);
		return STATUS_USAGE;
	}
	r = boot_record_read(&wanted);
	if (r == -ENOENT) {
		log_info("handoff", "boot recorded nothing in " WANTED_FILE);
		return STATUS_NOTHING;
	}
	if (r)
		return log_failure("handoff", STATUS_ERROR, "cannot read " WANTED_FILE,
				   strerror(-r), "check its permissions, and what has changed it");
	status = again ? handoff_retry_command(&wanted) : handoff_command(&wanted);
	boot_record_free(&wanted);
	return status;
}
