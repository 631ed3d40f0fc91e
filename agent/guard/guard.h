/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Remakes lost connections of our sessions until the real iscsid works. The kernel blocks the disks
 * of a session that lost its connection, for as long as recovery_tmo says, and waits for somebody
 * to bring another one: this is it, in the time when nobody else is.
 */
#ifndef GUARD_GUARD_H
#define GUARD_GUARD_H

/* Returns once the real iscsid works: 0, or -errno where it could not begin. */
int guard_run(void);

#endif
