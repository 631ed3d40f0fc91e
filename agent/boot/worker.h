/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The worker process of boot. It lets the caller's process exit as soon as the root disk is
 * available, and continues with the other paths. Until it has reported a result it is killed when
 * the caller's process exits; after that it exits when the machine switches root.
 */
#ifndef AGENT_BOOT_WORKER_H
#define AGENT_BOOT_WORKER_H

#include "base/exit_status.h"

/*
 * Runs @work(@data) in a new process, where it must call worker_report(). Returns the status that
 * it reports, or STATUS_ERROR, which is logged, if it exits without a report.
 */
enum status worker_run(void (*work)(void *data), void *data);

/* In the worker: worker_run() returns @status in the caller's process. */
void worker_report(enum status status);

/*
 * In the worker, before worker_report(): detaches it from the caller's life time, output and
 * terminal, so that it can continue.
 */
void worker_detach(void);

#endif
