/* SPDX-License-Identifier: GPL-2.0-only */
/* Removes the sessions that killed logins left. */
#ifndef AGENT_SESSION_STALE_SESSIONS_H
#define AGENT_SESSION_STALE_SESSIONS_H

/*
 * Destroys sessions that a killed login left: they are not logged in and have no LUN, and their
 * creator has exited. While such a session exists, the kernel refuses the next login to its target
 * (-EEXIST). Waits at most 2 s for each.
 */
void stale_sessions_remove(void);

#endif
