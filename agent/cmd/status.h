/* SPDX-License-Identifier: GPL-2.0-only */
/* The command status. */
#ifndef AGENT_CMD_STATUS_H
#define AGENT_CMD_STATUS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/exit_status.h"
#include "session/boot_record.h"

/*
 * Compares the current sessions, disks and timers with @wanted, and prints them to @out, as text or
 * as a JSON array; then the guard, if boot has run. Returns the first of these that applies:
 * STATUS_NO_ANSWER (a session is missing or not logged in), STATUS_NO_LUN (a disk is missing),
 * STATUS_TIMERS (a timer differs), STATUS_GUARD (the guard is missing), STATUS_ERROR (something
 * cannot be read), STATUS_OK.
 */
enum status status_print(const struct boot_record *wanted, bool json, FILE *out);

#endif
