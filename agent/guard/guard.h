/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reconnects lost sessions of boot until iscsid runs. When a session loses its connection, the
 * kernel blocks its disks for recovery_tmo and waits for a new connection. Before iscsid runs, only
 * the guard makes one.
 */
#ifndef AGENT_GUARD_GUARD_H
#define AGENT_GUARD_GUARD_H

#include <stdint.h>

/* State that outlives a killed worker, in memory shared with its successor. */
struct guard_past {
	int64_t since_ns; /* start of the first worker, as of now_ns() */
	unsigned int remade; /* number of connections made */
};

/*
 * Runs until iscsid takes over. @file is /run/iscsi-boot/guard, kept as iscsi-boot-agent(8)
 * describes it. @past: in shared memory. Returns 0, or -errno if it cannot start.
 */
int guard_run(int file, struct guard_past *past);

#endif
