/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads the policy's node.* parameters for the native engine; defaults are those of open-iscsi. */
#ifndef AGENT_LOGIN_NATIVE_PARAMS_H
#define AGENT_LOGIN_NATIVE_PARAMS_H

#include "iscsi/pdu_socket.h"
#include "plan/plan.h"
#include "session/session_params.h"

struct native_params {
	struct login_phase_params offer; /* operational keys offered to the target */
	const char *chap_algorithms; /* NULL: all */
	unsigned int cmds_max, queue_depth;
	struct pdu_socket_options socket;
	unsigned int abort_tmo, lu_reset_tmo, tgt_reset_tmo; /* in seconds */
	bool fast_abort;
};

/*
 * Fills @params, which points into @policy. An invalid value is logged and the default is used.
 */
void native_params_read(const struct policy *policy, struct native_params *params);
/* Sets the CHAP accounts of @target in @chap, by reference. Sets none if CHAP is off. */
void native_account(const struct ibu_target *target, struct chap_login *chap);

#endif
