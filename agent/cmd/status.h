/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands for the real root, where boot is over: what became of what it recorded. */
#ifndef AGENT_CMD_STATUS_H
#define AGENT_CMD_STATUS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/exit_status.h"
#include "session/boot_record.h"

/*
 * Sessions, disks and timers as they are beside what is wanted, and the guard, if boot was here.
 * STATUS_OK, the first of STATUS_NO_ANSWER (a session is missing or not logged in), STATUS_NO_LUN
 * (a disk is), STATUS_TIMERS (one differs) and STATUS_GUARD that holds; STATUS_ERROR: something
 * could not be read.
 */
enum status status_print(const struct boot_record *wanted, bool json, FILE *out);

#endif
