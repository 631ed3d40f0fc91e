/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Remakes lost connections of our sessions until the real iscsid works. The kernel blocks the disks
 * of a session that lost its connection, for as long as recovery_tmo says, and waits for somebody
 * to bring another one: this is it, in the time when nobody else is.
 */
#ifndef AGENT_GUARD_GUARD_H
#define AGENT_GUARD_GUARD_H

#include <stdint.h>

/* What is known beyond the process that works, which may be ended; shared between them. */
struct guard_past {
	int64_t since_ns; /* of now_ns(): the first of them */
	unsigned int remade; /* connections */
};

/*
 * Returns once the real iscsid works: 0, or -errno where it could not begin. Keeps @file as
 * iscsi-boot-agent(8) has it: /run/iscsi-boot/guard.
 */
int guard_run(int file, struct guard_past *past);

#endif
