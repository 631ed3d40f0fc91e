/* SPDX-License-Identifier: GPL-2.0-only */
/* What a login engine offers. open-iscsi's is in engine_openiscsi.c. */
#ifndef AGENT_LOGIN_H
#define AGENT_LOGIN_H

#include "deadline.h"
#include "plan.h"

struct engine {
	const char *name;
	/*
	 * Logs in side by side on all paths whose result is STATUS_NOTHING until @deadline, and
	 * sets result, sid and host of each by login_succeeded() or login_failed().
	 */
	void (*login)(struct plan *plan, struct deadline deadline);
};

extern const struct engine engine_openiscsi;

/* What every engine does with a path in the end: says it in the log, sets the result. */
void login_succeeded(struct plan_path *path, int64_t began_ns);
void login_failed(const struct plan *plan, struct plan_path *path, enum status status,
		  const char *answer);
/* A path of the root is in: the others are waited for only a little longer. */
bool login_root_is_in(const struct plan *plan);

#endif
