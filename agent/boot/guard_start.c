// SPDX-License-Identifier: GPL-2.0-only
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
#define REFUSED "no-guard" /* in BOOT_RUN_DIR: the condition of its unit */
/* It takes no time, but on a busy machine. */
#define START_S 5

/* In a child: that program goes into the background once it has opened what it needs. */
static int become_guard(const void *data)
{
	static char *const args[] = { (char *)"@" GUARD, NULL };

	execv(data, args);
	return errno;
}

void guard_start(bool wanted)
{
	AUTO_ARENA arena = NULL;
	const char *program = libexec_path(&arena, GUARD);
	struct task task;
	int r;

	unlink(BOOT_RUN_DIR "/" REFUSED);
	if (!wanted) {
		run_dir_write(REFUSED, "guard=no\n");
		return;
	}
	if (!program || access(program, X_OK)) {
		run_dir_write(REFUSED, "the initramfs has no lib/iscsi-boot/" GUARD "\n");
		log_info("boot", "no " GUARD ": lost connections wait for iscsid");
		return;
	}
	/* A process of a service of the initramfs would end with that: it has a unit of its own. */
	if (!access("/run/systemd/system", F_OK))
		return;
	r = task_start(&task, become_guard, program);
	r = r ? -r : task_wait(&task, deadline_in(START_S));
	if (r)
		log_warning("boot", "%s did not start: %s", program, strerror(r));
}
