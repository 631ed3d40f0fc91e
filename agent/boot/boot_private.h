/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by the files of boot/: the result, the start of the guard, the action on failure. */
#ifndef AGENT_BOOT_BOOT_PRIVATE_H
#define AGENT_BOOT_BOOT_PRIVATE_H

#include "boot/boot.h"
#include "loop/path.h"

/* Times of this boot in ns. */
struct boot_times {
	int64_t start_ns; /* CLOCK_MONOTONIC */
	int64_t modules_ns; /* spent on loading modules */
};

/* True if the root disk is available; with STATUS_TIMERS a timer differs from the plan. */
static inline bool boot_has_root(enum status status)
{
	return status == STATUS_OK || status == STATUS_TIMERS;
}

/* Returns true if each disk that boot waits for is attached, or will not be. */
bool awaited_settled(const struct progress *progress);
/*
 * Returns an attached path to the root disk; NULL: no such path. If root= may be on any disk, one
 * that is there takes the place of a root disk that is missing.
 */
const struct path *awaited_root(struct progress *progress);
/* Logs each disk that boot waited for and that is missing. Returns their number. */
unsigned int awaited_report_missing(const struct progress *progress);

/* Logs the result and the time spent in each step, and writes both to BOOT_RESULT. */
void boot_result_report(const struct progress *progress, const struct boot_times *times,
			enum status status);

/*
 * Starts the guard, which restores lost connections, unless systemd runs: a unit starts it there.
 * If it is not @wanted or not in the image, writes the reason to the file no-guard instead.
 */
void guard_start(bool wanted);
/*
 * Starts iscsi-boot-lease, which renews leases while the machine runs, if there are any; where
 * systemd runs, a unit does.
 */
void lease_start(void);

/*
 * Carries out iscsi_boot.on-failure=: runs a shell until the user leaves it, or reboots, or does
 * nothing. ON_FAILURE_RETRY was done by the stage retry. @status is logged.
 */
void on_failure_act(enum on_failure what, enum status status);

#endif
