/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef AGENT_SESSION_STALE_SESSIONS_H
#define AGENT_SESSION_STALE_SESSIONS_H

/*
 * Ends the sessions of logins that were killed: not logged in, without a LUN, and the process that
 * made them is gone. While the kernel has one, it refuses the next login of that target as there
 * already. Waits for a moment at most.
 */
void stale_sessions_remove(void);

#endif
