/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef AGENT_BASE_PROCESS_HARDEN_H
#define AGENT_BASE_PROCESS_HARDEN_H

/*
 * Whatever else happens, this process goes on: not ended where memory is short, none of it paged
 * out, and what the kernel allocates for it never waits for a disk. @step: who says what of this
 * was refused.
 */
void process_harden(const char *step);

#endif
