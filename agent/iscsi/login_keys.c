// SPDX-License-Identifier: GPL-2.0-only
/* Offers the operational keys, and processes the responses to them. */
#include "iscsi/login_keys.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kmod/core/portable.h"

/* RFC 7143 6.1: longest value, unless the key has another limit. */
#define VALUE_MAX 255
/* RFC 7143 13.14. */
#define FIRST_BURST_MIN 512

enum rule {
	RULE_MIN, /* the lower value; a higher response is ignored, as some targets send one */
	RULE_TIME_MAX, /* the higher value */
	RULE_OR,
	RULE_AND,
	RULE_ONE, /* only one value is supported */
	RULE_DIGEST,
	RULE_DECLARE_RECV, /* each side declares its own value */
	RULE_DECLARE_TPGT, /* the target declares its portal group */
	RULE_DECLARE, /* the target declares a value, which is ignored */
} __attribute__((packed));

#define AT(member) offsetof(struct login_phase_params, member)
#define NUMBER(key, how, normal, member, least, most, without)                \
	{                                                                     \
		.name = (key), .rule = RULE_##how, .at = AT(member),          \
		.not_for_discovery = (normal), .min = (least), .max = (most), \
		.unanswered = (without)                                       \
	}
#define TRUTH(key, how, member, without)                                                        \
	{                                                                                       \
		.name = (key), .rule = RULE_##how, .at = AT(member), .not_for_discovery = true, \
		.unanswered = (without)                                                         \
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
	bool again; /* may come a second time with another value */
	uint16_t at; /* in struct login_phase_params */
	uint32_t min, max; /* allowed by RFC 7143 */
	uint32_t unanswered; /* value without a response */
	const char *one; /* RULE_ONE: the value */
} keys[] = {
	DIGEST("HeaderDigest", header_digest),
	DIGEST("DataDigest", data_digest),
	TRUTH("InitialR2T", OR, initial_r2t, true),
	TRUTH("ImmediateData", AND, immediate_data, false),
	NUMBER("MaxBurstLength", MIN, true, max_burst, 512, 0xffffff, 262144),
	/* Less than FIRST_BURST_MIN: see limit_first_burst(). */
	NUMBER("FirstBurstLength", MIN, true, first_burst, 0, 0xffffff, 65536),
	NUMBER("MaxOutstandingR2T", MIN, true, max_r2t, 1, 65535, 1),
	NUMBER("DefaultTime2Wait", TIME_MAX, false, time2wait, 0, 3600, 2),
	NUMBER("DefaultTime2Retain", MIN, false, time2retain, 0, 3600, 20),
	ONE("MaxConnections", true, "1"),
	ONE("DataPDUInOrder", true, "Yes"),
	ONE("DataSequenceInOrder", true, "Yes"),
	ONE("ErrorRecoveryLevel", false, "0"),
	/* OpenSolaris takes 0 for it if it is missing, and then sends nothing of its list. */
	NUMBER("MaxRecvDataSegmentLength", DECLARE_RECV, false, max_xmit, 512, 0xffffff,
	       PDU_DATA_MAX),
	{ .name = "TargetPortalGroupTag", .rule = RULE_DECLARE_TPGT, .max = 65535 },
	{ .name = "TargetAlias", .rule = RULE_DECLARE },
	/* Counts only in a redirect, and may come again (RFC 7143 6.2). */
	{ .name = "TargetAddress", .rule = RULE_DECLARE, .again = true },
};

const struct login_phase_params login_phase_defaults = {
	/* A target that may choose takes None; one that requires CRC32C gets it. */
	.header_digest = DIGEST_NONE_CRC32C,
	.data_digest = DIGEST_NONE_CRC32C,
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

static_assert(ARRAY_SIZE(keys) <= LOGIN_KEYS_MAX, "bits of @answered");

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

/*
 * Returns the offered value, which may be in @buf; NULL: not offered. @x->params still holds the
 * offer.
 */
static const char *offered_value(struct login_phase *x, const struct key *key, char *buf,
				 size_t size)
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
		snprintf(buf, size, "%u",
			 x->login->target_name ? x->params.max_recv : PDU_DATA_MAX);
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
		value = offered_value(x, &keys[i], buf, sizeof(buf));
		if (value && !pdu_add_text(&x->out, keys[i].name, value))
			return false;
		x->offered |= value ? 1U << i : 0;
	}
	return true;
}

/*
 * Reads a number (RFC 7143 6.1, decimal or hex after 0x). Blanks around it are ignored, as
 * open-iscsi does. Returns false if it is not a number.
 */
static bool read_number(const char *value, unsigned long long *n)
{
	static const char blanks[] = " \t";
	const char *first = value + strspn(value, blanks);
	bool hex = first[0] == '0' && (first[1] == 'x' || first[1] == 'X');
	const char *digits = hex ? first + 2 : first;
	size_t len = strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789");

	*n = strtoull(digits, NULL, hex ? 16 : 10); /* ULLONG_MAX on overflow */
	return len && !digits[len + strspn(digits + len, blanks)];
}

/*
 * Reads a number and checks its range. A target that sends more than RFC 7143 allows, such as
 * MaxRecvDataSegmentLength=16777216, gets the most that is allowed.
 */
static bool key_number(struct login_phase *x, const struct key *key, const char *value, uint32_t *n)
{
	unsigned long long v;

	if (!read_number(value, &v)) {
		login_phase_refuse(x, &login_phase_broken, "%s=%s is not a number", key->name,
				   value);
		return false;
	}
	if (v > key->max)
		v = key->max;
	if (v < key->min) {
		login_phase_refuse(x, &login_phase_broken, "%s=%s is not from %u to %u", key->name,
				   value, key->min, key->max);
		return false;
	}
	*n = (uint32_t)v;
	return true;
}

static bool take_number(struct login_phase *x, const struct key *key, const char *value)
{
	uint32_t *ours = number_of(&x->params, key), n;

	if (!key_number(x, key, value, &n))
		return false;
	if (key->rule == RULE_TIME_MAX ? n > *ours : n < *ours)
		*ours = n;
	return true;
}

static bool is_truth(const char *value)
{
	return !strcasecmp(value, "Yes") || !strcasecmp(value, "No");
}

/*
 * OR with an offered Yes stays Yes, and AND with an offered No stays No, whatever the target
 * responds: it then only gets less unsolicited data than it would take.
 */
static bool take_truth(struct login_phase *x, const struct key *key, const char *value)
{
	bool *ours = truth_of(&x->params, key), yes = !strcasecmp(value, "Yes");

	if (!is_truth(value)) {
		login_phase_refuse(x, &login_phase_broken, "%s=%s is neither Yes nor No", key->name,
				   value);
		return false;
	}
	*ours = key->rule == RULE_OR ? *ours || yes : *ours && yes;
	return true;
}

/* Some targets repeat the whole offer instead of one of its values: the first one counts. */
static bool take_digest(struct login_phase *x, const struct key *key, const char *value)
{
	enum digest_offer *ours = digest_of(&x->params, key);
	size_t len = strcspn(value, ",");

	if (len == 4 && !memcmp(value, "None", len) && *ours != DIGEST_CRC32C) {
		*ours = DIGEST_NONE;
	} else if (len == 6 && !memcmp(value, "CRC32C", len) && *ours != DIGEST_NONE) {
		*ours = DIGEST_CRC32C;
	} else {
		login_phase_refuse(x, &login_phase_broken, "%s=%s, but %s was offered", key->name,
				   value, digest_offers[*ours]);
		return false;
	}
	return true;
}

/*
 * In-order delivery stays required (OR) and one connection allowed (the minimum), whatever the
 * target responds. ErrorRecoveryLevel must be the offered one.
 */
static bool take_one(struct login_phase *x, const struct key *key, const char *value)
{
	unsigned long long n;

	if (!strcmp(value, key->one) || (key->one[0] == 'Y' && is_truth(value)) ||
	    (key->one[0] == '1' && read_number(value, &n) && n))
		return true;
	login_phase_refuse(x, &login_phase_broken, "%s=%s, but %s was offered", key->name, value,
			   key->one);
	return false;
}

/* An invalid tag is ignored: the login does not depend on it. */
static bool take_tpgt(struct login_phase *x, const struct key *key, const char *value)
{
	unsigned long long n;

	if (read_number(value, &n) && n <= key->max)
		x->tpgt = (int)n;
	return true;
}

static bool take_value(struct login_phase *x, const struct key *key, const char *value)
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

/* RFC 7143 6.2: these values decline the negotiation of a key. */
static bool is_declined(const char *value)
{
	return !strcmp(value, "Irrelevant") || !strcmp(value, "NotUnderstood") ||
	       !strcmp(value, "Reject");
}

/* Responds to an offer of the target. In a discovery session most keys are irrelevant. */
static bool respond_to_offer(struct login_phase *x, const struct key *key, const char *value)
{
	if (x->login->target_name || x->stage != PDU_STAGE_OPERATIONAL) {
		login_phase_refuse(x, &login_phase_broken, "%s=%s was not offered", key->name,
				   value);
		return false;
	}
	if (pdu_add_text(&x->out, key->name, "Irrelevant"))
		return true;
	login_phase_refuse(x, &login_phase_broken, "too many keys for one request");
	return false;
}

/* FNV-1a: tells whether a value is the same as an earlier one, whose text is gone. */
static uint32_t value_hash(const char *value)
{
	uint32_t hash = 2166136261U;

	for (; *value; value++)
		hash = (hash ^ (uint8_t)*value) * 16777619U;
	return hash;
}

enum login_key_result login_keys_receive(struct login_phase *x, const struct login_key_pair *pair)
{
	const struct key *key;
	bool offered, ok;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcmp(keys[i].name, pair->key))
			break;
	if (i == ARRAY_SIZE(keys))
		return LOGIN_KEY_UNKNOWN;
	key = &keys[i];
	if (key->rule != RULE_DECLARE && strlen(pair->value) > VALUE_MAX) {
		login_phase_refuse(x, &login_phase_broken,
				   "the value of %s is longer than %u bytes", key->name, VALUE_MAX);
		return LOGIN_KEY_REFUSED;
	}
	if (x->answered & 1U << i) {
		if (key->again || x->hashes[i] == value_hash(pair->value))
			return LOGIN_KEY_TAKEN;
		login_phase_refuse(x, &login_phase_broken, "%s=%s comes a second time", key->name,
				   pair->value);
		return LOGIN_KEY_REFUSED;
	}
	offered = x->offered & 1U << i;
	if ((is_declared(key) || offered) && is_declined(pair->value))
		return LOGIN_KEY_TAKEN;
	if (is_declared(key) || offered)
		ok = take_value(x, key, pair->value);
	else
		ok = respond_to_offer(x, key, pair->value);
	x->answered |= 1U << i;
	x->hashes[i] = value_hash(pair->value);
	return ok ? LOGIN_KEY_TAKEN : LOGIN_KEY_REFUSED;
}

/* Sets the default of RFC 7143 for a key without a response, unless the offer is safer. */
static void set_unanswered(struct login_phase *x, const struct key *key)
{
	switch (key->rule) {
	case RULE_OR:
	case RULE_AND:
		*truth_of(&x->params, key) = key->unanswered;
		break;
	case RULE_DIGEST:
		*digest_of(&x->params, key) = DIGEST_NONE;
		break;
	case RULE_ONE:
	case RULE_DECLARE_TPGT:
	case RULE_DECLARE:
		break;
	case RULE_TIME_MAX:
		if (*number_of(&x->params, key) < key->unanswered)
			*number_of(&x->params, key) = key->unanswered;
		break;
	default:
		if (*number_of(&x->params, key) > key->unanswered)
			*number_of(&x->params, key) = key->unanswered;
	}
}

static bool requires_digest(struct login_phase *x, const struct key *key)
{
	if (key->rule != RULE_DIGEST || *digest_of(&x->params, key) != DIGEST_CRC32C)
		return false;
	login_phase_refuse(x, &login_phase_broken,
			   "%s: the target does not agree to CRC32C, which is required", key->name);
	return true;
}

/*
 * A target that responds with FirstBurstLength=0 wants neither immediate nor unsolicited data; a
 * later login must not offer 0. The kernel refuses a FirstBurstLength above MaxBurstLength. Lowers
 * one that has no effect: the target did not respond to it, or wants no such data.
 */
static bool limit_first_burst(struct login_phase *x, bool is_answered, bool is_relevant)
{
	struct login_phase_params *p = &x->params;

	if (p->first_burst < FIRST_BURST_MIN) {
		p->initial_r2t = true;
		p->immediate_data = false;
		p->first_burst = FIRST_BURST_MIN;
	}
	if (p->first_burst <= p->max_burst)
		return true;
	if (is_answered && is_relevant) {
		login_phase_refuse(x, &login_phase_broken,
				   "FirstBurstLength=%u is more than MaxBurstLength=%u",
				   p->first_burst, p->max_burst);
		return false;
	}
	p->first_burst = p->max_burst;
	return true;
}

bool login_keys_finish(struct login_phase *x)
{
	bool has_first_burst = false, has_r2t = false, has_immediate = false;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		if (x->answered & 1U << i) {
			has_first_burst |= keys[i].at == AT(first_burst);
			has_r2t |= keys[i].rule == RULE_OR;
			has_immediate |= keys[i].rule == RULE_AND;
			continue;
		}
		if (requires_digest(x, &keys[i]))
			return false;
		set_unanswered(x, &keys[i]);
	}
	return limit_first_burst(x, has_first_burst,
				 !has_r2t || !has_immediate || !x->params.initial_r2t ||
					 x->params.immediate_data);
}
