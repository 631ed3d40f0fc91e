/* SPDX-License-Identifier: GPL-2.0-only */
/* The command boot, which an initramfs calls once. */
#ifndef AGENT_BOOT_BOOT_H
#define AGENT_BOOT_BOOT_H

#include <stdbool.h>

#include "base/exit_status.h"

/* File in BOOT_RUN_DIR: the result of the last boot as KEY=VALUE lines, see iscsi-boot-agent(8). */
#define BOOT_RESULT "result"

/*
 * Attaches all planned paths. Returns once the root disk is available, or with @wait_all when each
 * path is attached or has failed. Prints the device of the root disk on standard output, and
 * nothing else there. Returns STATUS_OK or STATUS_TIMERS with a root disk, STATUS_NOTHING if no
 * iSCSI boot is configured; otherwise the failure, which is logged.
 */
enum status boot_command(bool wait_all);

#endif
