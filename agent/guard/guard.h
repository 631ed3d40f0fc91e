/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reconnects lost sessions of boot while no iscsid does. When a session loses its connection, the
 * kernel blocks its disks for recovery_tmo and waits for a new connection. Before iscsid runs, only
 * the guard makes one. Afterwards it stands by: it acts again if iscsid ends or is stuck.
 */
#ifndef AGENT_GUARD_GUARD_H
#define AGENT_GUARD_GUARD_H

#include <stdint.h>
#include <sys/types.h>

/* State that outlives a killed worker, in memory shared with its successor. */
struct guard_past {
	int64_t since_ns; /* start of the first worker, as of now_ns() */
	unsigned int remade; /* number of connections made */
	unsigned int terminated; /* number of iscsid processes that the guard terminated */
	pid_t served; /* the last iscsid that had the sessions; 0: none */
};

/*
 * Runs for life, or until iscsid takes over if standing by is off. @file is /run/iscsi-boot/guard,
 * kept as iscsi-boot-agent(8) describes it. @past: in shared memory. Returns 0, or -errno if it
 * cannot start.
 */
int guard_run(int file, struct guard_past *past);

#endif
