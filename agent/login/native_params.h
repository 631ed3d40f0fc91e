/* SPDX-License-Identifier: GPL-2.0-only */
/* What the policy's node.* parameters are to the native engine; what is not said, as open-iscsi. */
#ifndef AGENT_LOGIN_NATIVE_PARAMS_H
#define AGENT_LOGIN_NATIVE_PARAMS_H

#include "plan/plan.h"
#include "session/session_params.h"

struct native_params {
	struct login_phase_params offer;
	const char *chap_algorithms; /* NULL: all */
	unsigned int cmds_max, queue_depth;
	unsigned int window; /* bytes, 0: the kernel's own */
	unsigned int tos;
	unsigned int abort_tmo, lu_reset_tmo, tgt_reset_tmo; /* s */
	bool fast_abort;
};

/* A value that cannot be is told, and the default counts. */
void native_params_read(const struct policy *policy, struct native_params *params);
/* The accounts by which @target is to be logged in to; without CHAP, none. Points into it. */
void native_account(const struct ibu_target *target, struct chap_login *chap);

#endif
