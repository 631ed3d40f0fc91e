/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of boot: boot.c decides, worker.c has it done in a process of its own, report.c and
 * paths.c tell, guard_start.c and after_failure.c do what is left.
 */
#ifndef AGENT_BOOT_BOOT_PRIVATE_H
#define AGENT_BOOT_BOOT_PRIVATE_H

#include "boot/boot.h"
#include "loop/path.h"

struct boot_times {
	int64_t start_ns;
	int64_t modules_ns; /* spent */
};

/* A timer that is not as wanted is told by the status, but the root is there. */
static inline bool boot_has_root(enum status status)
{
	return status == STATUS_OK || status == STATUS_TIMERS;
}

/* How it ended and where the time went: a line in the log, and the result file. */
void boot_result_report(const struct progress *progress, const struct boot_times *times,
			enum status status);

/* The root is there: whoever remakes its connection where that is lost, if @wanted. */
void guard_start(bool wanted);

/* A shell, a reboot, or nothing. What is left to do for retry was done before. */
void on_failure_act(enum on_failure what, enum status status);

#endif
