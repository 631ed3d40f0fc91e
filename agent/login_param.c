// SPDX-License-Identifier: GPL-2.0-only
#include "login_param.h"

#include <ctype.h>

/* What open-iscsi 2.1.8 knows of a login; iscsistart ends at a name that it does not know. */
static const char *const names[NR_LOGIN_PARAMS] = {
	[LOGIN_PARAM_RECOVERY_TMO] = "node.session.timeo.replacement_timeout",
	[LOGIN_PARAM_NOOP_INTERVAL] = "node.conn[0].timeo.noop_out_interval",
	[LOGIN_PARAM_NOOP_TIMEOUT] = "node.conn[0].timeo.noop_out_timeout",
	"node.session.initial_login_retry_max",
	"node.session.scan",
	"node.conn[0].timeo.login_timeout",
	[LOGIN_PARAM_FREE] = "node.session.auth.chap_algs",
	"node.session.cmds_max",
	"node.session.queue_depth",
	"node.session.xmit_thread_priority",
	"node.session.err_timeo.abort_timeout",
	"node.session.err_timeo.lu_reset_timeout",
	"node.session.err_timeo.tgt_reset_timeout",
	"node.session.iscsi.FastAbort",
	"node.session.iscsi.InitialR2T",
	"node.session.iscsi.ImmediateData",
	"node.session.iscsi.FirstBurstLength",
	"node.session.iscsi.MaxBurstLength",
	"node.session.iscsi.DefaultTime2Retain",
	"node.session.iscsi.DefaultTime2Wait",
	"node.session.iscsi.MaxOutstandingR2T",
	"node.conn[0].tcp.window_size",
	"node.conn[0].tcp.type_of_service",
	"node.conn[0].iscsi.MaxXmitDataSegmentLength",
	"node.conn[0].iscsi.MaxRecvDataSegmentLength",
	"node.conn[0].iscsi.HeaderDigest",
	"node.conn[0].iscsi.DataDigest",
};

enum login_param login_param_find(const struct ibu_text *name)
{
	unsigned int i;

	for (i = 0; i < NR_LOGIN_PARAMS; i++)
		if (strlen(names[i]) == name->len && !memcmp(names[i], name->s, name->len))
			break;
	return (enum login_param)i;
}

const char *login_param_name(enum login_param param)
{
	return names[param];
}

/* Numbers, Yes and No, and lists of digests and algorithms: "CRC32C,None". */
bool login_param_takes(const struct ibu_text *value)
{
	u32 i;

	for (i = 0; i < value->len; i++)
		if (!isalnum((unsigned char)value->s[i]) && value->s[i] != ',' &&
		    value->s[i] != '-')
			return false;
	return value->len && value->len < LOGIN_PARAM_SIZE;
}
