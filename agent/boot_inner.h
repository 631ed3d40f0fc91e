/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside of boot: boot.c takes the steps, report.c tells, after_failure.c does as was asked. */
#ifndef AGENT_BOOT_INNER_H
#define AGENT_BOOT_INNER_H

#include "boot.h"
#include "plan.h"

enum step { STEP_MODULES, STEP_NETWORK, STEP_LOGIN, STEP_DISKS, STEP_TIMERS, NR_STEPS };

struct boot_times {
	int64_t start_ns;
	int64_t spent_ns[NR_STEPS];
};

/* A timer that is not as wanted is told by the status, but the root is there. */
static inline bool boot_has_root(enum status status)
{
	return status == STATUS_OK || status == STATUS_TIMERS;
}

/* How it ended and where the time went: a line in the log, and the result file. */
void report(const struct plan *plan, const struct boot_times *times, enum status status);

/* A shell, a reboot, or nothing. What is left to do for retry was done before. */
void after_failure(enum on_failure what, enum status status);

#endif
