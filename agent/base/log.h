/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The log: one line for each action, with the monotonic time: "[    3.142] iscsi-boot: net: eth0
 * up, carrier after 0.9 s". Lines go to standard error, or to /dev/kmsg with --kmsg, and also to
 * /run/iscsi-boot/log after log_open(), until that has 1 MiB. The caller escapes bytes from outside
 * (ibu_escape()) and never logs secrets.
 */
#ifndef AGENT_BASE_LOG_H
#define AGENT_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/exit_status.h"

extern const char *log_kmsg; /* "/dev/kmsg" except in tests */

/* Sends the following lines to /dev/kmsg instead of standard error. */
void log_to_kmsg(void);
/*
 * Opens the file "log" in the directory @run_dir, which is created if needed, and writes the lines
 * logged before; so a boot that has nothing to do leaves no file. Returns 0 or -errno.
 */
int log_open(const char *run_dir);
/* Closes the file; later lines go to standard error. */
void log_close(void);

/* Log a line. @step: the part of the agent that logs: "net", "login", ... */
__attribute__((format(printf, 2, 3))) void log_info(const char *step, const char *fmt, ...);
__attribute__((format(printf, 2, 3))) void log_warning(const char *step, const char *fmt, ...);

/*
 * Logs the text of a struct ibu_diag (kmod/core/params.h) for people: see diag_text.h. A damaged
 * table may have many lines: only the first ones are logged.
 */
void log_diag(const char *step, const char *text, size_t len);

/*
 * Logs a failed step in two lines: "error: FAILED: REASON" and "try: ADVICE". @failed: "cannot VERB
 * OBJECT". @advice: in the imperative. Returns @status, for "return log_failure(...)".
 */
enum status log_failure(const char *step, enum status status, const char *failed,
			const char *reason, const char *advice);

#endif
