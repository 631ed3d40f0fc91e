// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "boot_inner.h"
#include "child.h"
#include "log.h"

#define PROGRAM "/usr/lib/iscsi-boot/iscsi-boot-guard"
#define REFUSED "no-guard" /* in BOOT_RUN_DIR: the condition of its unit */
/* It takes no time, but on a busy machine. */
#define START_S 5

/* In a child: that program goes into the background once it has opened what it needs. */
static int become_guard(const void *data)
{
	execl(PROGRAM, "@iscsi-boot-guard", (char *)NULL);
	return errno;
}

void guard_start(bool wanted)
{
	struct child child;
	int r;

	unlink(BOOT_RUN_DIR "/" REFUSED);
	if (!wanted) {
		run_file_write(REFUSED, "");
		return;
	}
	/* A process of a service of the initramfs would end with that: it has a unit of its own. */
	if (!access("/run/systemd/system", F_OK))
		return;
	if (access(PROGRAM, X_OK)) {
		log_info("boot", "no " PROGRAM ": lost connections wait for iscsid");
		return;
	}
	r = child_start(&child, become_guard, NULL);
	r = r ? -r : child_wait(&child, deadline_in(START_S));
	if (r)
		log_warning("boot", PROGRAM " did not start: %s", strerror(r));
}
