/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One line for each thing done, with the monotonic time: "[    3.142] iscsi-boot: net: eth0 up,
 * carrier after 0.9 s". Lines go to standard error, or to /dev/kmsg where that is asked for
 * (--kmsg), and to /run/iscsi-boot/log once log_open() made it. Bytes from outside are escaped by
 * the caller (ibu_escape); secrets never come here.
 */
#ifndef AGENT_BASE_LOG_H
#define AGENT_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/exit_status.h"

extern const char *log_kmsg; /* "/dev/kmsg" but in tests */

/* From now on lines go to /dev/kmsg instead of standard error. */
void log_to_kmsg(void);
/*
 * Starts the file "log" in @run_dir ("/run/iscsi-boot"), made if needed, with the lines that were
 * said before: a boot that has nothing to do leaves no file. 0 or -errno.
 */
int log_open(const char *run_dir);
void log_close(void);

/* @step: the file that speaks: "tree", "net", "login", ... */
__attribute__((format(printf, 2, 3))) void log_info(const char *step, const char *fmt, ...);
__attribute__((format(printf, 2, 3))) void log_warning(const char *step, const char *fmt, ...);

/*
 * The lines of a struct ibu_diag (kmod/params.h) of @len bytes; not all of the many that a damaged
 * table has.
 */
void log_diag(const char *step, const char *text, size_t len);

/*
 * Logs a failed step in two lines: "error: FAILED: REASON" and "try: ADVICE". @failed: "cannot VERB
 * OBJECT". @advice: in the imperative. Returns @status, for "return log_failure(...)".
 */
enum status log_failure(const char *step, enum status status, const char *failed,
			const char *reason, const char *advice);

#endif
