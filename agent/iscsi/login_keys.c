// SPDX-License-Identifier: GPL-2.0-only
#include "iscsi/login_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kmod/core/portable.h"

/* RFC 7143 6.1: the longest value of a key that does not say otherwise. */
#define VALUE_MAX 255

enum rule {
	RULE_MIN, /* the target may take less than we offer */
	RULE_TIME_MIN, /* the same; but more than offered binds nobody, and some targets say it */
	RULE_TIME_MAX,
	RULE_OR,
	RULE_AND,
	RULE_ONE, /* there is one value that we can do */
	RULE_DIGEST,
	RULE_DECLARE_RECV, /* each side says its own */
	RULE_DECLARE_TPGT, /* the target's alone */
	RULE_DECLARE, /* nothing that we need */
} __attribute__((packed));

#define AT(member) offsetof(struct login_phase_params, member)
#define NUMBER(key, how, normal, member, least, most, without)                                    \
	{                                                                                         \
		.name = (key), .rule = RULE_##how, .at = AT(member),                              \
		.not_for_discovery = (normal), .min = (least), .max = (most), .unsaid = (without) \
	}
#define TRUTH(key, how, member, without)                                                        \
	{                                                                                       \
		.name = (key), .rule = RULE_##how, .at = AT(member), .not_for_discovery = true, \
		.unsaid = (without)                                                             \
	}
#define DIGEST(key, member)                                          \
	{                                                            \
		.name = (key), .rule = RULE_DIGEST, .at = AT(member) \
	}
#define ONE(key, normal, text)                                                                \
	{                                                                                     \
		.name = (key), .rule = RULE_ONE, .not_for_discovery = (normal), .one = (text) \
	}

static const struct key {
	const char *name;
	enum rule rule;
	bool not_for_discovery;
	uint16_t at; /* in struct exchange_params */
	uint32_t min, max; /* that RFC 7143 allows */
	uint32_t unsaid; /* what holds without an answer */
	const char *one; /* RULE_ONE */
} keys[] = {
	DIGEST("HeaderDigest", header_digest),
	DIGEST("DataDigest", data_digest),
	TRUTH("InitialR2T", OR, initial_r2t, true),
	TRUTH("ImmediateData", AND, immediate_data, false),
	NUMBER("MaxBurstLength", MIN, true, max_burst, 512, 0xffffff, 262144),
	NUMBER("FirstBurstLength", MIN, true, first_burst, 512, 0xffffff, 65536),
	NUMBER("MaxOutstandingR2T", MIN, true, max_r2t, 1, 65535, 1),
	NUMBER("DefaultTime2Wait", TIME_MAX, false, time2wait, 0, 3600, 2),
	NUMBER("DefaultTime2Retain", TIME_MIN, false, time2retain, 0, 3600, 20),
	ONE("MaxConnections", true, "1"),
	ONE("DataPDUInOrder", true, "Yes"),
	ONE("DataSequenceInOrder", true, "Yes"),
	ONE("ErrorRecoveryLevel", false, "0"),
	/* Answers of a discovery may have PDU_DATA_MAX, as long as we don't say else. */
	NUMBER("MaxRecvDataSegmentLength", DECLARE_RECV, true, max_xmit, 512, 0xffffff,
	       PDU_DATA_MAX),
	{ .name = "TargetPortalGroupTag", .rule = RULE_DECLARE_TPGT, .max = 65535 },
	{ .name = "TargetAlias", .rule = RULE_DECLARE },
};

const struct login_phase_params exchange_defaults = {
	.max_recv = 262144,
	.max_xmit = 0xffffff,
	.first_burst = 262144,
	.max_burst = 16776192,
	.max_r2t = 1,
	.time2wait = 2,
	.immediate_data = true,
};

const char *const digest_offers[NR_DIGEST_OFFERS] = {
	[DIGEST_NONE] = "None",
	[DIGEST_CRC32C] = "CRC32C",
	[DIGEST_NONE_CRC32C] = "None,CRC32C",
	[DIGEST_CRC32C_NONE] = "CRC32C,None",
};

static uint32_t *number_of(struct login_phase_params *p, const struct key *key)
{
	return (uint32_t *)((char *)p + key->at);
}

static bool *truth_of(struct login_phase_params *p, const struct key *key)
{
	return (bool *)((char *)p + key->at);
}

static enum digest_offer *digest_of(struct login_phase_params *p, const struct key *key)
{
	return (enum digest_offer *)((char *)p + key->at);
}

/* What we say of the key, in @buf; NULL: nothing. @x->params is still what we offer. */
static const char *offer_of(struct login_phase *x, const struct key *key, char *buf, size_t size)
{
	switch (key->rule) {
	case RULE_OR:
	case RULE_AND:
		return *truth_of(&x->params, key) ? "Yes" : "No";
	case RULE_ONE:
		return key->one;
	case RULE_DIGEST:
		return digest_offers[*digest_of(&x->params, key)];
	case RULE_DECLARE_RECV:
		snprintf(buf, size, "%u", x->params.max_recv);
		return buf;
	case RULE_DECLARE_TPGT:
	case RULE_DECLARE:
		return NULL;
	default:
		snprintf(buf, size, "%u", *number_of(&x->params, key));
		return buf;
	}
}

bool login_keys_offer(struct login_phase *x)
{
	char buf[16];
	const char *value;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		if ((keys[i].not_for_discovery && !x->login->target_name) || x->answered & 1U << i)
			continue;
		value = offer_of(x, &keys[i], buf, sizeof(buf));
		if (value && !pdu_add_text(&x->out, keys[i].name, value))
			return false;
		x->offered |= value ? 1U << i : 0;
	}
	return true;
}

/* A numerical value of RFC 7143 6.1, decimal or after 0x. False: it is none, or out of bounds. */
static bool read_number(struct login_phase *x, const struct key *key, const char *value,
			uint32_t *n)
{
	bool hex = value[0] == '0' && (value[1] == 'x' || value[1] == 'X');
	const char *digits = hex ? value + 2 : value;
	unsigned long long v;
	size_t len = strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789");

	if (!len || digits[len]) {
		login_phase_refuse(x, &exchange_broken, "%s=%s is no number", key->name, value);
		return false;
	}
	v = strtoull(digits, NULL, hex ? 16 : 10); /* too long a one: ULLONG_MAX */
	if (v < key->min || v > key->max) {
		login_phase_refuse(x, &exchange_broken, "%s=%s is not from %u to %u", key->name,
				   value, key->min, key->max);
		return false;
	}
	*n = (uint32_t)v;
	return true;
}

static bool take_number(struct login_phase *x, const struct key *key, const char *value)
{
	uint32_t *recorded_disks = number_of(&x->params, key), n;

	if (!read_number(x, key, value, &n))
		return false;
	if (key->rule == RULE_MIN && n > *recorded_disks) {
		login_phase_refuse(x, &exchange_broken, "%s=%s is more than the %u that we offered",
				   key->name, value, *recorded_disks);
		return false;
	}
	if (key->rule == RULE_TIME_MAX ? n > *recorded_disks : n < *recorded_disks)
		*recorded_disks = n;
	return true;
}

static bool take_truth(struct login_phase *x, const struct key *key, const char *value)
{
	bool *recorded_disks = truth_of(&x->params, key), yes = !strcmp(value, "Yes"), stays;

	if (!yes && strcmp(value, "No") != 0) {
		login_phase_refuse(x, &exchange_broken, "%s=%s is neither Yes nor No", key->name,
				   value);
		return false;
	}
	/* Of OR nothing comes of Yes but Yes, of AND nothing of No but No. */
	stays = key->rule == RULE_OR;
	if (yes != *recorded_disks && *recorded_disks == stays) {
		login_phase_refuse(x, &exchange_broken, "%s=%s, where we offered %s", key->name,
				   value, *recorded_disks ? "Yes" : "No");
		return false;
	}
	*recorded_disks = yes;
	return true;
}

static bool take_digest(struct login_phase *x, const struct key *key, const char *value)
{
	enum digest_offer *recorded_disks = digest_of(&x->params, key);

	if (!strcmp(value, "None") && *recorded_disks != DIGEST_CRC32C) {
		*recorded_disks = DIGEST_NONE;
	} else if (!strcmp(value, "CRC32C") && *recorded_disks != DIGEST_NONE) {
		*recorded_disks = DIGEST_CRC32C;
	} else {
		login_phase_refuse(x, &exchange_broken, "%s=%s, where we offered %s", key->name,
				   value, digest_offers[*recorded_disks]);
		return false;
	}
	return true;
}

static bool take_one(struct login_phase *x, const struct key *key, const char *value)
{
	if (!strcmp(value, key->one))
		return true;
	login_phase_refuse(x, &exchange_broken, "%s=%s, where we offered %s", key->name, value,
			   key->one);
	return false;
}

static bool take_tpgt(struct login_phase *x, const struct key *key, const char *value)
{
	uint32_t n;

	if (!read_number(x, key, value, &n))
		return false;
	x->tpgt = (int)n;
	return true;
}

static bool take(struct login_phase *x, const struct key *key, const char *value)
{
	switch (key->rule) {
	case RULE_OR:
	case RULE_AND:
		return take_truth(x, key, value);
	case RULE_ONE:
		return take_one(x, key, value);
	case RULE_DIGEST:
		return take_digest(x, key, value);
	case RULE_DECLARE_TPGT:
		return take_tpgt(x, key, value);
	case RULE_DECLARE:
		return true;
	default:
		return take_number(x, key, value);
	}
}

static bool is_declared(const struct key *key)
{
	return key->rule >= RULE_DECLARE_RECV;
}

/* RFC 7143 6.2: with these the key is as if never offered. */
static bool is_no_answer(const char *value)
{
	return !strcmp(value, "Irrelevant") || !strcmp(value, "NotUnderstood") ||
	       !strcmp(value, "Reject");
}

/* What the target wants to know though we didn't ask: in a discovery most of it means nothing. */
static bool answer_unasked(struct login_phase *x, const struct key *key, const char *value)
{
	if (x->login->target_name || x->stage != PDU_STAGE_OPERATIONAL) {
		login_phase_refuse(x, &exchange_broken, "%s=%s, which we have not offered yet",
				   key->name, value);
		return false;
	}
	if (pdu_add_text(&x->out, key->name, "Irrelevant"))
		return true;
	login_phase_refuse(x, &exchange_broken, "more keys than an answer to them has room for");
	return false;
}

enum negotiated login_keys_receive(struct login_phase *x, const struct login_key_pair *pair)
{
	const struct key *key;
	bool offered, fine;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcmp(keys[i].name, pair->key))
			break;
	if (i == ARRAY_SIZE(keys))
		return NEGOTIATED_NOT;
	key = &keys[i];
	if (strlen(pair->value) > VALUE_MAX) {
		login_phase_refuse(x, &exchange_broken, "the value of %s is longer than %u bytes",
				   key->name, VALUE_MAX);
		return NEGOTIATED_BADLY;
	}
	if (x->answered & 1U << i) {
		login_phase_refuse(x, &exchange_broken, "%s=%s comes a second time", key->name,
				   pair->value);
		return NEGOTIATED_BADLY;
	}
	offered = x->offered & 1U << i;
	if (!is_declared(key) && offered && is_no_answer(pair->value))
		return NEGOTIATED;
	if (is_declared(key) || offered)
		fine = take(x, key, pair->value);
	else
		fine = answer_unasked(x, key, pair->value);
	x->answered |= 1U << i;
	return fine ? NEGOTIATED : NEGOTIATED_BADLY;
}

/* What was offered in vain: the value that RFC 7143 gives it, unless ours is the safer one. */
static void end_unsaid(struct login_phase *x, const struct key *key)
{
	switch (key->rule) {
	case RULE_OR:
	case RULE_AND:
		*truth_of(&x->params, key) = key->unsaid;
		break;
	case RULE_DIGEST:
		*digest_of(&x->params, key) = DIGEST_NONE;
		break;
	case RULE_ONE:
	case RULE_DECLARE_TPGT:
	case RULE_DECLARE:
		break;
	case RULE_TIME_MAX:
		if (*number_of(&x->params, key) < key->unsaid)
			*number_of(&x->params, key) = key->unsaid;
		break;
	default:
		if (*number_of(&x->params, key) > key->unsaid)
			*number_of(&x->params, key) = key->unsaid;
	}
}

static bool demands_digest(struct login_phase *x, const struct key *key)
{
	if (key->rule != RULE_DIGEST || *digest_of(&x->params, key) != DIGEST_CRC32C)
		return false;
	login_phase_refuse(x, &exchange_broken, "%s: CRC32C is wanted, and not agreed on",
			   key->name);
	return true;
}

bool login_keys_check(struct login_phase *x)
{
	struct login_phase_params *p = &x->params;
	bool said = false;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		if (x->answered & 1U << i) {
			said = said || keys[i].at == AT(first_burst);
			continue;
		}
		if (demands_digest(x, &keys[i]))
			return false;
		end_unsaid(x, &keys[i]);
	}
	if (p->first_burst <= p->max_burst)
		return true;
	if (!said) {
		p->first_burst = p->max_burst;
		return true;
	}
	login_phase_refuse(x, &exchange_broken,
			   "FirstBurstLength=%u is more than MaxBurstLength=%u", p->first_burst,
			   p->max_burst);
	return false;
}
