// SPDX-License-Identifier: GPL-2.0-only
/* Finds the programs that are installed next to the agent. */
#include "base/libexec.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"

const char *libexec_path(void **arena, const char *name)
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
	path = arena_printf(arena, "%s/lib/iscsi-boot/%s", self, name);
	if (path && !access(path, X_OK))
		return path;
	return arena_printf(arena, "/usr/lib/iscsi-boot/%s", name);
}
