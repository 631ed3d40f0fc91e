// SPDX-License-Identifier: GPL-2.0-only
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

/* Bounds: RFC 7143 13; of open-iscsi and the kernel for what is not negotiated. */
static const struct row {
	enum node_param param;
	enum kind kind;
	size_t offset;
	unsigned int min, max;
} rows[] = {
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
	PARAM(WINDOW_SIZE, NUMBER, window, 0, 64 * 1024 * 1024),
	PARAM(TYPE_OF_SERVICE, NUMBER, tos, 0, 255),
	PARAM(MAX_XMIT, NUMBER, offer.max_xmit, 0, BYTES_MAX),
	PARAM(MAX_RECV, NUMBER, offer.max_recv, 512, BYTES_MAX),
	PARAM(HEADER_DIGEST, DIGEST, offer.header_digest, 0, 0),
	PARAM(DATA_DIGEST, DIGEST, offer.data_digest, 0, 0),
};

static bool set_number(const struct row *row, const char *value, void *member)
{
	char *end;
	unsigned long n = strtoul(value, &end, 10);

	if (*end || n < row->min || n > row->max)
		return false;
	*(unsigned int *)member = (unsigned int)n;
	return true;
}

static bool set_switch(const char *value, void *member)
{
	bool yes = !strcmp(value, "Yes");

	if (!yes && strcmp(value, "No") != 0)
		return false;
	*(bool *)member = yes;
	return true;
}

static bool set_digest(const char *value, void *member)
{
	unsigned int i;

	for (i = 0; i < NR_DIGEST_OFFERS; i++)
		if (!strcmp(value, digest_offers[i])) {
			*(enum digest_offer *)member = (enum digest_offer)i;
			return true;
		}
	return false;
}

static void read_row(const struct row *row, const char *value, struct native_params *params)
{
	void *member = (char *)params + row->offset;
	bool good;

	switch (row->kind) {
	case NUMBER:
		good = set_number(row, value, member);
		break;
	case SWITCH:
		good = set_switch(value, member);
		break;
	default:
		good = set_digest(value, member);
		break;
	}
	if (!good && row->kind == NUMBER)
		log_warning("login", "%s: not a number from %u to %u, not used",
			    node_param_name(row->param), row->min, row->max);
	else if (!good)
		log_warning("login", "%s: not %s, not used", node_param_name(row->param),
			    row->kind == SWITCH ? "Yes or No" : "None and CRC32C in some order");
}

static void set_defaults(struct native_params *params)
{
	const struct session_params *d = &session_params_defaults;

	/* Queues: iscsid.conf of open-iscsi; window: its TCP_WINDOW_SIZE. */
	*params = (struct native_params){ .offer = login_phase_defaults,
					  .cmds_max = 128,
					  .queue_depth = 32,
					  .window = 512 * 1024,
					  .abort_tmo = (unsigned int)d->abort_tmo,
					  .lu_reset_tmo = (unsigned int)d->lu_reset_tmo,
					  .tgt_reset_tmo = (unsigned int)d->tgt_reset_tmo,
					  .fast_abort = d->fast_abort };
}

void native_params_read(const struct policy *policy, struct native_params *params)
{
	unsigned int i;

	set_defaults(params);
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (policy->params[rows[i].param][0])
			read_row(&rows[i], policy->params[rows[i].param], params);
	if (policy->params[LOGIN_PARAM_CHAP_ALGS][0])
		params->chap_algorithms = policy->params[LOGIN_PARAM_CHAP_ALGS];
	if (policy->params[LOGIN_PARAM_XMIT_PRIORITY][0])
		log_warning("login", "%s: for engine=open-iscsi alone, not used",
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
