// SPDX-License-Identifier: GPL-2.0-only
/* Starts the program that renews leases while the machine runs. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/libexec.h"
#include "base/log.h"
#include "base/sysfs.h"
#include "base/task.h"
#include "boot/boot_private.h"
#include "lease/lease_record.h"

#define LEASE_PROGRAM "iscsi-boot-lease"
#define START_S 5 /* for the program to go into the background */

/* Runs in a child process. */
static int become_keeper(const void *data)
{
	static char *const args[] = { (char *)"@" LEASE_PROGRAM, NULL };

	execv(data, args);
	return errno;
}

static bool has_leases(void)
{
	AUTO_DIR dir = sysfs_dir(LEASE_DIR);

	return sysfs_next(dir);
}

void lease_start(void)
{
	AUTO_ARENA arena = NULL;
	const char *program = libexec_path(&arena, LEASE_PROGRAM);
	struct task task;
	int r;

	if (!has_leases())
		return;
	if (!program || access(program, X_OK)) {
		log_warning("boot", "no " LEASE_PROGRAM
				    " in the image: only systemd-networkd renews the lease");
		return;
	}
	if (!access("/run/systemd/system", F_OK))
		return;
	r = task_start(&task, become_keeper, program);
	r = r ? -r : task_wait(&task, deadline_in(START_S));
	if (r)
		log_warning("boot", "cannot start %s: %s", program, strerror(r));
}
