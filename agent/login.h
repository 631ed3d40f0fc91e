/* SPDX-License-Identifier: GPL-2.0-only */
/* What a login engine offers. open-iscsi's is in engine_openiscsi.c. */
#ifndef AGENT_LOGIN_H
#define AGENT_LOGIN_H

#include "deadline.h"
#include "plan.h"

struct engine {
	const char *name;
	/*
	 * Logs in on all @plan->paths side by side until @deadline; sets their result. What is
	 * already logged in is STATUS_OK. Says each result in the log, with the target's answer.
	 */
	void (*login)(struct plan *plan, struct deadline deadline);
};

extern const struct engine engine_openiscsi;

#endif
