// SPDX-License-Identifier: GPL-2.0-only
/* Writes files in /run/iscsi-boot. */
#include "base/run_dir.h"

#include <errno.h>
#include <string.h>

#include "base/atomic_file.h"
#include "base/cleanup.h"

int run_dir_write(const char *name, const char *text)
{
	AUTO_ARENA arena = NULL;
	char *path = arena_printf(&arena, BOOT_RUN_DIR "/%s", name);

	return path ? atomic_file_write_path(path, text, strlen(text), 0644) : -ENOMEM;
}
