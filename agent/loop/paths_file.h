/* SPDX-License-Identifier: GPL-2.0-only */
/* The file /run/iscsi-boot/paths. */
#ifndef AGENT_LOOP_PATHS_FILE_H
#define AGENT_LOOP_PATHS_FILE_H

#include "loop/path.h"

/* Replaces the file atomically with the state of each path. Returns 0 or -errno. */
int paths_write(const struct progress *progress);

#endif
