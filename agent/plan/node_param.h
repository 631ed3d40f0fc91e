/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parameters of open-iscsi's node records that may be given for all logins
 * (rd.iscsi.param=NAME=VALUE, iscsi_boot.param.NAME=VALUE): their names and the syntax of their
 * values.
 */
#ifndef AGENT_PLAN_NODE_PARAM_H
#define AGENT_PLAN_NODE_PARAM_H

#include "kmod/core/params.h"

enum node_param {
	/* Timers, which have keys of the policy too. */
	LOGIN_PARAM_RECOVERY_TMO,
	LOGIN_PARAM_NOOP_INTERVAL,
	LOGIN_PARAM_NOOP_TIMEOUT,
	/* The agent itself sets the parameters before this one. */
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
	LOGIN_PARAM_CONGESTION, /* newer than open-iscsi 2.1.11 */
	NR_NODE_PARAMS,
};

/* Size of a value with its NUL. */
#define NODE_PARAM_SIZE 24

/* Returns the parameter @name; NR_NODE_PARAMS: not found. */
enum node_param node_param_find(const struct ibu_text *name);
/* Returns the name of the parameter: "node.session.auth.chap_algs". */
const char *node_param_name(enum node_param param);
/*
 * Returns the time limit of one login attempt in seconds, by @value of LOGIN_PARAM_LOGIN_TIMEOUT:
 * 15 if it is empty, 0 if it is not 1 to 3600.
 */
unsigned int node_param_seconds(const char *value);
/* Returns true if @value has the syntax of some parameter; each engine checks it further. */
bool node_param_is_valid(const struct ibu_text *value);

#endif
