// SPDX-License-Identifier: GPL-2.0-only
/*
 * iscsi-boot-shutdown [ACTION]: "iscsi-boot-agent shutdown" without libraries, to be kept in memory
 * where it can be run when the root, and all that is on it, is lost.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../log.h"
#include "../shutdown.h"

int main(int argc, char **argv)
{
	struct wanted wanted;
	enum status status;
	int r;

	if (argc > 2) {
		fputs("Usage: iscsi-boot-shutdown [reboot|poweroff|halt|kexec]\n", stderr);
		return STATUS_USAGE;
	}
	log_to_kmsg();
	r = wanted_read(&wanted);
	if (r == -ENOENT)
		return STATUS_NOTHING;
	if (r)
		return log_failure("shutdown", STATUS_ERROR, "to read " WANTED_FILE, strerror(-r),
				   "who changed it");
	status = shutdown_sessions(&wanted, argv[1]);
	wanted_free(&wanted);
	return status;
}
