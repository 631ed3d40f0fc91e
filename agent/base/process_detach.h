/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef AGENT_BASE_PROCESS_DETACH_H
#define AGENT_BASE_PROCESS_DETACH_H

/*
 * Detaches this process from the terminal: makes it the leader of a new session, unless it is a
 * leader already, and redirects standard input, output and error to /dev/null.
 */
void process_detach(void);
/*
 * Redirects standard input, output and error to /dev/null, or closes them if it cannot be opened;
 * process_detach() calls this too. @out: descriptor that becomes standard output instead; -1: none.
 */
void process_redirect_stdio(int out);

#endif
