/* SPDX-License-Identifier: GPL-2.0-only */
/* Sets the timers of recorded disks: the command tune, and the retries after handoff. */
#ifndef AGENT_SESSION_TIMERS_SET_ALL_H
#define AGENT_SESSION_TIMERS_SET_ALL_H

#include "base/exit_status.h"
#include "session/boot_record.h"

/*
 * Sets the timers of the disks and sessions in @names ("sda", "/dev/disk/by-path/...", "dm-0",
 * "session3"), or of all recorded disks if @nr is 0. A name that boot did not record is logged and
 * ignored. Returns STATUS_OK, STATUS_TIMERS (a timer could not be set) or STATUS_ERROR.
 */
enum status tune_command(const struct boot_record *wanted, char *const *names, unsigned int nr);

#endif
