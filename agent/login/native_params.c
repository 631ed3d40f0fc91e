// SPDX-License-Identifier: GPL-2.0-only
/* Reads node.* parameters of the policy into binary values for the native engine. */
#include "login/native_params.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

enum kind { NUMBER, SWITCH, DIGEST };

#define PARAM(p, kind, member, min, max)                                                \
	{                                                                               \
		LOGIN_PARAM_##p, kind, offsetof(struct native_params, member), min, max \
	}
#define BYTES_MAX 16777215 /* RFC 7143 13.13, 13.14 */

/*
 * Bounds are those of RFC 7143 13; values that are not negotiated have those of open-iscsi and the
 * kernel.
 */
static const struct native_param {
	enum node_param param;
	enum kind kind;
	size_t offset;
	unsigned int min, max;
} param_table[] = {
	PARAM(CMDS_MAX, NUMBER, cmds_max, 2, 2048),
	PARAM(QUEUE_DEPTH, NUMBER, queue_depth, 1, 1024),
	PARAM(ABORT_TIMEOUT, NUMBER, abort_tmo, 0, 86400),
	PARAM(LU_RESET_TIMEOUT, NUMBER, lu_reset_tmo, 0, 86400),
	PARAM(TGT_RESET_TIMEOUT, NUMBER, tgt_reset_tmo, 0, 86400),
	PARAM(FAST_ABORT, SWITCH, fast_abort, 0, 0),
	PARAM(INITIAL_R2T, SWITCH, offer.initial_r2t, 0, 0),
	PARAM(IMMEDIATE_DATA, SWITCH, offer.immediate_data, 0, 0),
	PARAM(FIRST_BURST, NUMBER, offer.first_burst, 512, BYTES_MAX),
	PARAM(MAX_BURST, NUMBER, offer.max_burst, 512, BYTES_MAX),
	PARAM(TIME2RETAIN, NUMBER, offer.time2retain, 0, 3600),
	PARAM(TIME2WAIT, NUMBER, offer.time2wait, 0, 3600),
	PARAM(MAX_R2T, NUMBER, offer.max_r2t, 1, 65535),
	PARAM(WINDOW_SIZE, NUMBER, socket.window, 0, 64 * 1024 * 1024),
	PARAM(TYPE_OF_SERVICE, NUMBER, socket.tos, 0, 255),
	PARAM(MAX_XMIT, NUMBER, offer.max_xmit, 0, BYTES_MAX),
	PARAM(MAX_RECV, NUMBER, offer.max_recv, 512, BYTES_MAX),
	PARAM(HEADER_DIGEST, DIGEST, offer.header_digest, 0, 0),
	PARAM(DATA_DIGEST, DIGEST, offer.data_digest, 0, 0),
};

static bool native_set_number(const struct native_param *param, const char *value, void *member)
{
	char *end;
	unsigned long n = strtoul(value, &end, 10);

	if (*end || n < param->min || n > param->max)
		return false;
	*(unsigned int *)member = (unsigned int)n;
	return true;
}

static bool native_set_switch(const char *value, void *member)
{
	bool yes = !strcmp(value, "Yes");

	if (!yes && strcmp(value, "No") != 0)
		return false;
	*(bool *)member = yes;
	return true;
}

static bool native_set_digest(const char *value, void *member)
{
	unsigned int i;

	for (i = 0; i < NR_DIGEST_OFFERS; i++)
		if (!strcmp(value, digest_offers[i])) {
			*(enum digest_offer *)member = (enum digest_offer)i;
			return true;
		}
	return false;
}

static void native_read_param(const struct native_param *param, const char *value,
			      struct native_params *params)
{
	void *member = (char *)params + param->offset;
	bool good;

	switch (param->kind) {
	case NUMBER:
		good = native_set_number(param, value, member);
		break;
	case SWITCH:
		good = native_set_switch(value, member);
		break;
	default:
		good = native_set_digest(value, member);
		break;
	}
	if (!good && param->kind == NUMBER)
		log_warning("login", "%s: must be a number from %u to %u; ignored",
			    node_param_name(param->param), param->min, param->max);
	else if (!good)
		log_warning("login", "%s: must be %s; ignored", node_param_name(param->param),
			    param->kind == SWITCH ? "Yes or No" : "None, CRC32C or both");
}

static void native_set_defaults(struct native_params *params)
{
	const struct session_params *d = &session_params_defaults;

	/* The queues are those of open-iscsi's iscsid.conf. */
	*params = (struct native_params){ .offer = login_phase_defaults,
					  .cmds_max = 128,
					  .queue_depth = 32,
					  .socket.window = PDU_SOCKET_WINDOW,
					  .abort_tmo = (unsigned int)d->abort_tmo,
					  .lu_reset_tmo = (unsigned int)d->lu_reset_tmo,
					  .tgt_reset_tmo = (unsigned int)d->tgt_reset_tmo,
					  .fast_abort = d->fast_abort };
}

void native_params_read(const struct policy *policy, struct native_params *params)
{
	unsigned int i;

	native_set_defaults(params);
	for (i = 0; i < ARRAY_SIZE(param_table); i++)
		if (policy->params[param_table[i].param][0])
			native_read_param(&param_table[i], policy->params[param_table[i].param],
					  params);
	if (policy->params[LOGIN_PARAM_CHAP_ALGS][0])
		params->chap_algorithms = policy->params[LOGIN_PARAM_CHAP_ALGS];
	if (policy->params[LOGIN_PARAM_CONGESTION][0])
		params->socket.congestion = policy->params[LOGIN_PARAM_CONGESTION];
	params->socket.pacing_mbit = policy->pacing_mbit;
	if (policy->params[LOGIN_PARAM_XMIT_PRIORITY][0])
		log_warning("login", "%s: only for engine=open-iscsi; ignored",
			    node_param_name(LOGIN_PARAM_XMIT_PRIORITY));
}

static struct chap_account account(const struct ibu_text *user, const struct ibu_text *secret)
{
	return (struct chap_account){ user->s, user->len, (const uint8_t *)secret->s, secret->len };
}

void native_account(const struct ibu_target *target, struct chap_login *chap)
{
	if (!ibu_has(&target->f, IBU_TARGET_CHAP_TYPE) || !target->chap_type)
		return;
	chap->initiator = account(&target->chap_name, &target->chap_secret);
	if (target->chap_type > 1)
		chap->target = account(&target->rev_chap_name, &target->rev_chap_secret);
}
