/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Boot works in a process of its own, so that the caller's can end as soon as the root is there,
 * while the work goes on with the other paths. Until its word was given it does not outlive the
 * caller's process; after it, it ends itself when the machine switches root.
 */
#ifndef AGENT_BOOT_WORKER_H
#define AGENT_BOOT_WORKER_H

#include "base/exit_status.h"

/*
 * Does @work in a process of its own, which must call worker_word(), and returns its word.
 * STATUS_ERROR, which was told, if there is none.
 */
enum status worker_run(void (*work)(void *data), void *data);

/* In the worker: the caller's process ends with @status. */
void worker_word(enum status status);

/*
 * In the worker, before worker_word(), where it will go on: it is on its own, away from the
 * caller's output and terminal.
 */
void worker_detach(void);

#endif
