/* SPDX-License-Identifier: GPL-2.0-only */
/* Scope-based cleanup: resources are released on every return path. */
#ifndef AGENT_BASE_CLEANUP_H
#define AGENT_BASE_CLEANUP_H

#include <dirent.h>
#include <unistd.h>

#include "base/arena.h"

/* Closes *@fd unless it is negative; for AUTO_FD. */
static inline void cleanup_fd(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* Closes *@dir unless it is NULL; for AUTO_DIR. */
static inline void cleanup_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

/* Types of variables that are released when they go out of scope. */
#define AUTO_ARENA __attribute__((cleanup(arena_free))) void *
#define AUTO_FD __attribute__((cleanup(cleanup_fd))) int
#define AUTO_DIR __attribute__((cleanup(cleanup_dir))) DIR *

#endif
