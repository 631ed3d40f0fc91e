/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parameters of open-iscsi's node records that may be given for all logins
 * (rd.iscsi.param=NAME=VALUE, iscsi_boot.param.NAME=VALUE): their names, and which values look
 * like one.
 */
#ifndef AGENT_PLAN_NODE_PARAM_H
#define AGENT_PLAN_NODE_PARAM_H

#include "kmod/core/params.h"

enum node_param {
	/* Each is a timer of the policy, which has a key for it. */
	LOGIN_PARAM_RECOVERY_TMO,
	LOGIN_PARAM_NOOP_INTERVAL,
	LOGIN_PARAM_NOOP_TIMEOUT,
	/* Those before this one the agent itself decides on. */
	LOGIN_PARAM_FREE = 5,
	LOGIN_PARAM_LOGIN_TIMEOUT = LOGIN_PARAM_FREE,
	LOGIN_PARAM_CHAP_ALGS,
	LOGIN_PARAM_CMDS_MAX,
	LOGIN_PARAM_QUEUE_DEPTH,
	LOGIN_PARAM_XMIT_PRIORITY,
	LOGIN_PARAM_ABORT_TIMEOUT,
	LOGIN_PARAM_LU_RESET_TIMEOUT,
	LOGIN_PARAM_TGT_RESET_TIMEOUT,
	LOGIN_PARAM_FAST_ABORT,
	LOGIN_PARAM_INITIAL_R2T,
	LOGIN_PARAM_IMMEDIATE_DATA,
	LOGIN_PARAM_FIRST_BURST,
	LOGIN_PARAM_MAX_BURST,
	LOGIN_PARAM_TIME2RETAIN,
	LOGIN_PARAM_TIME2WAIT,
	LOGIN_PARAM_MAX_R2T,
	LOGIN_PARAM_WINDOW_SIZE,
	LOGIN_PARAM_TYPE_OF_SERVICE,
	LOGIN_PARAM_MAX_XMIT,
	LOGIN_PARAM_MAX_RECV,
	LOGIN_PARAM_HEADER_DIGEST,
	LOGIN_PARAM_DATA_DIGEST,
	NR_NODE_PARAMS,
};

/* A value with its NUL. */
#define NODE_PARAM_SIZE 24

/* NR_LOGIN_PARAMS: there is none of that name. */
enum node_param node_param_find(const struct ibu_text *name);
const char *node_param_name(enum node_param param);
/* Of LOGIN_PARAM_LOGIN_TIMEOUT, for one attempt; 15 of an empty one, 0: it is not 1 to 3600. */
unsigned int node_param_seconds(const char *value);
/* Whether @value may be handed to iscsistart; what an engine makes of it is its business. */
bool node_param_is_valid(const struct ibu_text *value);

#endif
