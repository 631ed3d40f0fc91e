// SPDX-License-Identifier: GPL-2.0-only
/* Finds processes by name. */
#include "base/process_running.h"

#include <ctype.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/sysfs.h"

bool process_is_running(const char *comm)
{
	AUTO_DIR dir = sysfs_dir("/proc");
	const char *pid;

	while ((pid = sysfs_next(dir))) {
		AUTO_ARENA arena = NULL;
		char *text;

		if (isdigit((unsigned char)*pid) &&
		    sysfs_read(&arena, &text, "/proc/%s/comm", pid) > 0 && !strcmp(text, comm))
			return true;
	}
	return false;
}
