/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef AGENT_BASE_PROCESS_HARDEN_H
#define AGENT_BASE_PROCESS_HARDEN_H

/*
 * Keeps this process running when memory is short or the root disk is lost: exempts it from the OOM
 * killer, locks its memory, and marks it PR_SET_IO_FLUSHER, so that memory allocations for it never
 * wait for a disk. Logs refusals of the first two as step @step.
 */
void process_harden(const char *step);

#endif
