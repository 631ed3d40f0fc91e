// SPDX-License-Identifier: GPL-2.0-only
/* Names of the node.* parameters, and the syntax of their values. */
#include "plan/node_param.h"

#include <ctype.h>

/* The names of open-iscsi; iscsistart exits if it does not know a name. */
static const char *const names[NR_NODE_PARAMS] = {
	[LOGIN_PARAM_RECOVERY_TMO] = "node.session.timeo.replacement_timeout",
	[LOGIN_PARAM_NOOP_INTERVAL] = "node.conn[0].timeo.noop_out_interval",
	[LOGIN_PARAM_NOOP_TIMEOUT] = "node.conn[0].timeo.noop_out_timeout",
	"node.session.initial_login_retry_max",
	"node.session.scan",
	[LOGIN_PARAM_LOGIN_TIMEOUT] = "node.conn[0].timeo.login_timeout",
	[LOGIN_PARAM_CHAP_ALGS] = "node.session.auth.chap_algs",
	[LOGIN_PARAM_CMDS_MAX] = "node.session.cmds_max",
	[LOGIN_PARAM_QUEUE_DEPTH] = "node.session.queue_depth",
	[LOGIN_PARAM_XMIT_PRIORITY] = "node.session.xmit_thread_priority",
	[LOGIN_PARAM_ABORT_TIMEOUT] = "node.session.err_timeo.abort_timeout",
	[LOGIN_PARAM_LU_RESET_TIMEOUT] = "node.session.err_timeo.lu_reset_timeout",
	[LOGIN_PARAM_TGT_RESET_TIMEOUT] = "node.session.err_timeo.tgt_reset_timeout",
	[LOGIN_PARAM_FAST_ABORT] = "node.session.iscsi.FastAbort",
	[LOGIN_PARAM_INITIAL_R2T] = "node.session.iscsi.InitialR2T",
	[LOGIN_PARAM_IMMEDIATE_DATA] = "node.session.iscsi.ImmediateData",
	[LOGIN_PARAM_FIRST_BURST] = "node.session.iscsi.FirstBurstLength",
	[LOGIN_PARAM_MAX_BURST] = "node.session.iscsi.MaxBurstLength",
	[LOGIN_PARAM_TIME2RETAIN] = "node.session.iscsi.DefaultTime2Retain",
	[LOGIN_PARAM_TIME2WAIT] = "node.session.iscsi.DefaultTime2Wait",
	[LOGIN_PARAM_MAX_R2T] = "node.session.iscsi.MaxOutstandingR2T",
	[LOGIN_PARAM_WINDOW_SIZE] = "node.conn[0].tcp.window_size",
	[LOGIN_PARAM_TYPE_OF_SERVICE] = "node.conn[0].tcp.type_of_service",
	[LOGIN_PARAM_MAX_XMIT] = "node.conn[0].iscsi.MaxXmitDataSegmentLength",
	[LOGIN_PARAM_MAX_RECV] = "node.conn[0].iscsi.MaxRecvDataSegmentLength",
	[LOGIN_PARAM_HEADER_DIGEST] = "node.conn[0].iscsi.HeaderDigest",
	[LOGIN_PARAM_DATA_DIGEST] = "node.conn[0].iscsi.DataDigest",
	[LOGIN_PARAM_CONGESTION] = "node.conn[0].tcp.congestion_control",
};

enum node_param node_param_find(const struct ibu_text *name)
{
	unsigned int i;

	for (i = 0; i < NR_NODE_PARAMS; i++)
		if (strlen(names[i]) == name->len && !memcmp(names[i], name->s, name->len))
			break;
	return (enum node_param)i;
}

const char *node_param_name(enum node_param param)
{
	return names[param];
}

#define SECONDS_MAX 3600

unsigned int node_param_seconds(const char *value)
{
	unsigned int s = 0;

	if (!*value)
		return 15; /* the default of open-iscsi's iscsid.conf */
	for (; isdigit((unsigned char)*value) && s <= SECONDS_MAX; value++)
		s = s * 10 + (unsigned int)(*value - '0');
	return *value || s > SECONDS_MAX ? 0 : s;
}

/* Accepts numbers, Yes, No, and lists of digests and algorithms: "CRC32C,None". */
bool node_param_is_valid(const struct ibu_text *value)
{
	u32 i;

	for (i = 0; i < value->len; i++)
		if (!isalnum((unsigned char)value->s[i]) && value->s[i] != ',' &&
		    value->s[i] != '-')
			return false;
	return value->len && value->len < NODE_PARAM_SIZE;
}
