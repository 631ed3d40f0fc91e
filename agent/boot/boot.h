/* SPDX-License-Identifier: GPL-2.0-only */
/* The one call that an initramfs makes. */
#ifndef AGENT_BOOT_BOOT_H
#define AGENT_BOOT_BOOT_H

#include <stdbool.h>

#include "base/exit_status.h"

/* In BOOT_RUN_DIR, for programs: KEY=VALUE lines on the last boot, see iscsi-boot-agent(8). */
#define BOOT_RESULT "result"

/*
 * Ends as soon as the root is there, or with @wait_all when nothing is left to wait for; prints the
 * root's device on standard output, and nothing else there.
 */
enum status boot_command(bool wait_all);

#endif
