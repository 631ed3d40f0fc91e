// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "boot_inner.h"
#include "child.h"
#include "cleanup.h"
#include "log.h"

#define PROGRAM "lib/iscsi-boot/iscsi-boot-guard"
#define REFUSED "no-guard" /* in BOOT_RUN_DIR: the condition of its unit */
/* It takes no time, but on a busy machine. */
#define START_S 5

/* In a child: that program goes into the background once it has opened what it needs. */
static int become_guard(const void *data)
{
	execl(data, "@iscsi-boot-guard", (char *)NULL);
	return errno;
}

/* Below the prefix that we were installed to, PREFIX/sbin/iscsi-boot-agent, or below /usr. */
static const char *find(void **arena)
{
	char self[PATH_MAX] = "", *slash;
	const char *path;
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int i;

	for (i = 0; len > 0 && i < 2; i++) {
		slash = strrchr(self, '/');
		if (slash)
			*slash = '\0';
	}
	path = arena_printf(arena, "%s/" PROGRAM, self);
	return path && !access(path, X_OK) ? path : "/usr/" PROGRAM;
}

void guard_start(bool wanted)
{
	AUTO_ARENA arena = NULL;
	const char *program = find(&arena);
	struct child child;
	int r;

	unlink(BOOT_RUN_DIR "/" REFUSED);
	if (!wanted) {
		run_file_write(REFUSED, "guard=no\n");
		return;
	}
	if (access(program, X_OK)) {
		run_file_write(REFUSED, "the initramfs has no " PROGRAM "\n");
		log_info("boot", "no %s: lost connections wait for iscsid", program);
		return;
	}
	/* A process of a service of the initramfs would end with that: it has a unit of its own. */
	if (!access("/run/systemd/system", F_OK))
		return;
	r = child_start(&child, become_guard, program);
	r = r ? -r : child_wait(&child, deadline_in(START_S));
	if (r)
		log_warning("boot", "%s did not start: %s", program, strerror(r));
}
