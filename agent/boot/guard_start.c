// SPDX-License-Identifier: GPL-2.0-only
/* Starts the guard at the end of boot. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/libexec.h"
#include "base/log.h"
#include "base/run_dir.h"
#include "base/task.h"
#include "boot/boot_private.h"

#define GUARD "iscsi-boot-guard"
/* File in BOOT_RUN_DIR: iscsi-boot-guard.service does not start if it exists. */
#define NO_GUARD "no-guard"
/* Time limit for the guard to go into the background; long only on a busy machine. */
#define START_S 5

/* Runs in a child process. The guard goes into the background once it has opened its files. */
static int become_guard(const void *data)
{
	static char *const args[] = { (char *)"@" GUARD, NULL };

	execv(data, args);
	return errno;
}

/* Without this file, the unit would start the guard. */
static void forbid(const char *reason)
{
	int r = run_dir_write(NO_GUARD, reason);

	if (r)
		log_warning("boot", "cannot write " BOOT_RUN_DIR "/" NO_GUARD ": %s", strerror(-r));
}

void guard_start(bool wanted)
{
	AUTO_ARENA arena = NULL;
	const char *program = libexec_path(&arena, GUARD);
	struct task task;
	int r;

	if (unlink(BOOT_RUN_DIR "/" NO_GUARD) < 0 && errno != ENOENT)
		log_warning("boot", "cannot remove " BOOT_RUN_DIR "/" NO_GUARD ": %s",
			    strerror(errno));
	if (!wanted) {
		forbid("guard=no\n");
		return;
	}
	if (!program || access(program, X_OK)) {
		forbid("the initramfs has no lib/iscsi-boot/" GUARD "\n");
		log_info("boot",
			 "no " GUARD " in the image: only iscsid restores lost connections");
		return;
	}
	/* The guard's own unit starts it: systemd would kill it here together with our service. */
	if (!access("/run/systemd/system", F_OK))
		return;
	r = task_start(&task, become_guard, program);
	r = r ? -r : task_wait(&task, deadline_in(START_S));
	if (r)
		log_warning("boot", "cannot start %s: %s", program, strerror(r));
}
