// SPDX-License-Identifier: GPL-2.0-only
#include "iscsi/login_phase.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscsi/login_keys.h"
#include "kmod/core/portable.h"

/* Of answers; a login with mutual CHAP takes five, and each may come in several. */
#define ROUNDS_MAX 32
/* Of one answer, however many PDUs it comes in. */
#define TEXT_MAX ((size_t)4 * PDU_DATA_MAX)
/* RFC 7143 6.1. */
#define KEY_MAX 63
#define DEFAULT_PORT 3260

static const struct verdict broken_auth = { STATUS_AUTH, NEXT_NONE, FAILURE_AUTH };
static const struct verdict unusable = { STATUS_CONFIG, NEXT_NONE, FAILURE_OTHER };
static const struct verdict no_memory = { STATUS_ERROR, NEXT_TRY, FAILURE_OTHER };
const struct verdict exchange_broken = { STATUS_REFUSED, NEXT_NONE, FAILURE_OTHER };

/* One answer's text, in pieces. */
struct words {
	const char *auth_method;
	struct chap_words chap;
};

static const struct {
	const char *name;
	size_t at; /* in struct words */
} security_keys[] = {
	{ "AuthMethod", offsetof(struct words, auth_method) },
	{ "CHAP_A", offsetof(struct words, chap.algorithm) },
	{ "CHAP_I", offsetof(struct words, chap.id) },
	{ "CHAP_C", offsetof(struct words, chap.challenge) },
	{ "CHAP_N", offsetof(struct words, chap.name) },
	{ "CHAP_R", offsetof(struct words, chap.response) },
};

/* Bytes that are none of printable ASCII as \xHH; "..." where it ends early. */
static void print_escaped(char *to, size_t size, const char *from)
{
	char *end = to + size - sizeof("...");

	for (; *from; from++) {
		bool plain = *from >= ' ' && *from <= '~' && *from != '\\';

		if (to + (plain ? 1 : 4) > end) {
			memcpy(to, "...", sizeof("..."));
			return;
		}
		if (plain)
			*to++ = *from;
		else
			to += sprintf(to, "\\x%02x", (unsigned char)*from);
	}
	*to = '\0';
}

void login_phase_refuse(struct login_phase *x, const struct verdict *verdict, const char *fmt, ...)
{
	char text[sizeof(x->answer)] = "";
	va_list args;
	int len = 0;

	if (x->failed)
		return;
	if (x->rounds)
		len = snprintf(text, sizeof(text), "answer %u of the login: ", x->rounds);
	va_start(args, fmt);
	vsnprintf(text + len, sizeof(text) - (size_t)len, fmt, args);
	va_end(args);
	print_escaped(x->answer, sizeof(x->answer), text);
	x->verdict = *verdict;
	x->failed = true;
}

static bool has_account(const struct login_phase *x)
{
	return x->login->chap.recorded_disks.user;
}

static unsigned int stage_after(unsigned int stage)
{
	return stage == PDU_STAGE_SECURITY ? PDU_STAGE_OPERATIONAL : PDU_STAGE_FULL;
}

/* An empty request that stays in the stage. */
static void request(struct login_phase *x)
{
	struct pdu_numbers n = { .cmd_sn = x->login->cmd_sn, .exp_stat_sn = x->exp_stat_sn };

	memcpy(n.isid, x->login->isid, sizeof(n.isid));
	pdu_login_request(&x->out, &n, x->stage, x->stage);
}

/* The request that is being made asks for the next stage. */
static void leave(struct login_phase *x)
{
	pdu_login_leave(&x->out, stage_after(x->stage));
	x->leaves = true;
}

static bool add(struct login_phase *x, const char *key, const char *value)
{
	if (pdu_add_text(&x->out, key, value))
		return true;
	login_phase_refuse(x, &exchange_broken, "no room to answer %s", key);
	return false;
}

static bool offer(struct login_phase *x)
{
	if (login_keys_offer(x))
		return true;
	login_phase_refuse(x, &unusable, "the names are too long for a login");
	return false;
}

static bool introduce(struct login_phase *x)
{
	const struct login_phase_account *login = x->login;

	return add(x, "InitiatorName", login->initiator_name) &&
	       add(x, "SessionType", login->target_name ? "Normal" : "Discovery") &&
	       (!login->target_name || add(x, "TargetName", login->target_name));
}

/* Without CHAP all is in one request, and the target may answer all of it at once. */
static enum login_phase_next begin(struct login_phase *x)
{
	const char *wrong = has_account(x) ? chap_check(&x->login->chap) : NULL;

	x->stage = has_account(x) ? PDU_STAGE_SECURITY : PDU_STAGE_OPERATIONAL;
	request(x);
	if (wrong) {
		login_phase_refuse(x, &unusable, "not tried: %s", wrong);
		return EXCHANGE_FAILED;
	}
	if (!introduce(x))
		return EXCHANGE_FAILED;
	if (has_account(x))
		return add(x, "AuthMethod", "CHAP") ? EXCHANGE_SEND : EXCHANGE_FAILED;
	if (!offer(x))
		return EXCHANGE_FAILED;
	leave(x);
	return EXCHANGE_SEND;
}

enum login_phase_next login_phase_start(struct login_phase *x,
					const struct login_phase_account *login)
{
	login_phase_free(x);
	x->login = login;
	x->params = login->offer;
	if (!x->params.max_xmit)
		x->params.max_xmit = exchange_defaults.max_xmit;
	if (x->params.first_burst > x->params.max_burst)
		x->params.first_burst = x->params.max_burst;
	x->tpgt = -1;
	return begin(x);
}

/* Whether it is an answer at all, and to what was asked. */
static bool check_header(struct login_phase *x, const struct pdu *in)
{
	const struct login_phase_account *login = x->login;

	if (++x->rounds > ROUNDS_MAX)
		login_phase_refuse(x, &exchange_broken, "there is no end to it");
	else if (x->stage == PDU_STAGE_FULL)
		login_phase_refuse(x, &exchange_broken, "it comes after the end");
	else if (pdu_opcode(in) == PDU_REJECT)
		login_phase_refuse(x, &exchange_broken,
				   "the target rejects our request (reason 0x%02x)", in->header[2]);
	else if (pdu_opcode(in) != PDU_LOGIN_RESPONSE)
		login_phase_refuse(x, &exchange_broken, "it is none, but of opcode 0x%02x",
				   pdu_opcode(in));
	else if (!pdu_size(in->header))
		login_phase_refuse(x, &exchange_broken, "it is longer than it may be");
	else if (!login->through_kernel && !pdu_is_ours(in))
		login_phase_refuse(x, &exchange_broken, "it is to a request that we never made");
	return !x->failed;
}

/* Not at the ISID: the connection says whose login it is, and some targets leave it empty. */
static bool check_login_header(struct login_phase *x, const struct pdu *in)
{
	const unsigned int stage = pdu_stage(in), next = pdu_next_stage(in);

	if (in->header[3])
		login_phase_refuse(x, &exchange_broken, "of version 0x%02x, not 0x00",
				   in->header[3]);
	else if (stage != x->stage)
		login_phase_refuse(x, &exchange_broken, "it is in stage %u, not %u", stage,
				   x->stage);
	else if (pdu_has_final(in) && pdu_has_continue(in))
		login_phase_refuse(x, &exchange_broken, "it is the last and goes on (T and C)");
	else if (pdu_has_final(in) && has_account(x) && stage == PDU_STAGE_SECURITY &&
		 !x->chap.answered)
		login_phase_refuse(x, &broken_auth,
				   "the target lets us in without CHAP, which this login demands");
	else if (pdu_has_final(in) && (!x->leaves || next != stage_after(x->stage)))
		login_phase_refuse(x, &exchange_broken, "it leads from stage %u to %u, unasked",
				   stage, next);
	return !x->failed;
}

/*
 * Without an account we begin after the security stage. A target that wants that first gets it:
 * there is nothing that it could take from us.
 */
static void go_back_to_security(struct login_phase *x, const struct pdu *in)
{
	if (!has_account(x) && x->rounds == 1 && pdu_stage(in) == PDU_STAGE_SECURITY)
		x->stage = PDU_STAGE_SECURITY;
}

/* "HOST[:PORT][,GROUP]". */
static bool read_address(struct login_redirect *to, const char *text)
{
	static const char name_bytes[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
	const char *bracket = text[0] == '[' ? strchr(text, ']') : NULL, *rest;
	const char *host = text + !!bracket;
	size_t len = bracket ? (size_t)(bracket - host) : strspn(text, name_bytes);
	size_t digits;

	if (!len || len >= sizeof(to->host) ||
	    (bracket && strspn(host, "0123456789abcdefABCDEF:.") != len))
		return false;
	rest = host + len + !!bracket;
	to->port = DEFAULT_PORT;
	if (*rest == ':') {
		digits = strspn(++rest, "0123456789");
		to->port = digits && digits < 6 ? (unsigned int)strtoul(rest, NULL, 10) : 0;
		rest += digits;
	}
	if ((*rest && *rest != ',') || !to->port || to->port > 65535)
		return false;
	memcpy(to->host, host, len);
	to->host[len] = '\0';
	return true;
}

/* The value of @key in the text of this one PDU; NULL: it is not there. */
static const char *find_text(const struct pdu *in, const char *key)
{
	const char *at = (const char *)in->data, *end = at + pdu_data_len(in), *nul;
	size_t len = strlen(key);

	for (; at < end; at = nul + 1) {
		nul = memchr(at, '\0', (size_t)(end - at));
		if (!nul)
			break;
		if (!strncmp(at, key, len) && at[len] == '=')
			return at + len + 1;
	}
	return NULL;
}

static enum login_phase_next redirected(struct login_phase *x, const struct pdu *in,
					const struct verdict *verdict, const char *words)
{
	const char *address = find_text(in, "TargetAddress");

	if (in->header[37] != 1 && in->header[37] != 2) {
		login_phase_refuse(x, verdict, "%s: in a way that RFC 7143 does not know", words);
	} else if (!address) {
		login_phase_refuse(x, verdict, "%s, and does not say where to", words);
	} else if (!read_address(&x->redirect, address)) {
		login_phase_refuse(x, verdict, "%s, to TargetAddress=%s, which is none", words,
				   address);
	} else {
		x->redirect.permanent = in->header[37] == 2;
		login_phase_refuse(x, verdict, "%s, to %s", words, address);
		return EXCHANGE_REDIRECTED;
	}
	return EXCHANGE_FAILED;
}

static enum login_phase_next refused(struct login_phase *x, const struct pdu *in)
{
	const char *words;
	struct verdict verdict = pdu_login_verdict(in, &words);

	if (verdict.failure == FAILURE_REDIRECT)
		return redirected(x, in, &verdict, words);
	login_phase_refuse(x, &verdict, "%s", words);
	return EXCHANGE_FAILED;
}

/* Puts the PDU's text behind what came before. */
static bool gather(struct login_phase *x, const struct pdu *in)
{
	size_t len = pdu_data_len(in);
	char *text;

	if (x->text_len + len > TEXT_MAX) {
		login_phase_refuse(x, &exchange_broken, "it is longer than %zu bytes", TEXT_MAX);
		return false;
	}
	text = malloc(x->text_len + len + 1);
	if (!text) {
		login_phase_refuse(x, &no_memory, "no memory");
		return false;
	}
	if (x->text_len)
		memcpy(text, x->text, x->text_len);
	memcpy(text + x->text_len, in->data, len);
	text[x->text_len + len] = '\0';
	if (x->text)
		explicit_bzero(x->text, x->text_len);
	free(x->text);
	x->text = text;
	x->text_len += len;
	return true;
}

static void forget_text(struct login_phase *x)
{
	if (x->text)
		explicit_bzero(x->text, x->text_len);
	free(x->text);
	x->text = NULL;
	x->text_len = 0;
}

/* A key of the security stage. False: it is none. */
static bool take_security(struct login_phase *x, struct words *words,
			  const struct login_key_pair *pair)
{
	const char **value;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(security_keys); i++)
		if (!strcmp(security_keys[i].name, pair->key))
			break;
	if (i == ARRAY_SIZE(security_keys))
		return false;
	value = (const char **)((char *)words + security_keys[i].at);
	if (*value)
		login_phase_refuse(x, &exchange_broken, "%s comes a second time", pair->key);
	else if (i && (!has_account(x) || x->stage != PDU_STAGE_SECURITY))
		login_phase_refuse(x, &exchange_broken, "%s, which nobody asked for", pair->key);
	*value = pair->value;
	return true;
}

/* Answered as RFC 7143 6.2 wants it, if there is a chance to; it binds nobody. */
static void take_unknown(struct login_phase *x, const struct login_key_pair *pair, bool last)
{
	bool obsolete = !strcmp(pair->key, "IFMarker") || !strcmp(pair->key, "OFMarker") ||
			!strcmp(pair->key, "IFMarkInt") || !strcmp(pair->key, "OFMarkInt");

	if (!last)
		add(x, pair->key, obsolete ? "Reject" : "NotUnderstood");
}

/* "KEY=VALUE" with its NUL; cut in two. */
static bool split(struct login_phase *x, char *text, struct login_key_pair *pair)
{
	char *equals = strchr(text, '=');

	if (!equals || equals == text) {
		login_phase_refuse(x, &exchange_broken, "\"%s\" is no KEY=VALUE", text);
		return false;
	}
	if (equals - text > KEY_MAX) {
		login_phase_refuse(x, &exchange_broken, "a key is longer than %d bytes: %s",
				   KEY_MAX, text);
		return false;
	}
	*equals = '\0';
	*pair = (struct login_key_pair){ text, equals + 1 };
	return true;
}

/* All of the text, which comes to its end without a NUL where the target forgot that. */
static bool take_text(struct login_phase *x, struct words *words, bool last)
{
	char *at = x->text, *end = x->text + x->text_len;
	struct login_key_pair pair;
	size_t len;

	for (; at < end; at += len + 1) {
		len = strlen(at);
		if (!len) /* padding that was counted in */
			continue;
		if (!split(x, at, &pair))
			break;
		if (!take_security(x, words, &pair) &&
		    login_keys_receive(x, &pair) == NEGOTIATED_NOT)
			take_unknown(x, &pair, last);
		if (x->failed)
			break;
	}
	return !x->failed;
}

/* The target wants a method that we don't have, or none where we need one. */
static bool check_method(struct login_phase *x, const char *method)
{
	if (!method)
		return true;
	if (!has_account(x) && strcmp(method, "None") != 0)
		login_phase_refuse(x, &broken_auth, "the target demands AuthMethod=%s%s", method,
				   strcmp(method, "CHAP") ? ", which we do not have" :
							    ", and there is no account for it");
	else if (has_account(x) && strcmp(method, "CHAP") != 0)
		login_phase_refuse(x, &broken_auth,
				   "AuthMethod=%s, where this login demands CHAP and nothing less",
				   method);
	else if (has_account(x) && x->chap.asked)
		login_phase_refuse(x, &exchange_broken, "AuthMethod comes a second time");
	return !x->failed;
}

/* Of the security stage with CHAP: what the answer is worth, and the next request. */
static const char *chap_step(struct login_phase *x, const struct words *words)
{
	const struct chap_login *login = &x->login->chap;
	const struct chap_words *said = &words->chap;
	bool any = said->algorithm || said->id || said->challenge || said->name || said->response;

	if (!x->chap.asked) {
		if (!words->auth_method)
			return "the target does not say whether it takes CHAP";
		return any ? "CHAP begins unasked" : chap_ask(&x->chap, login, &x->out);
	}
	if (!x->chap.answered) {
		leave(x);
		return chap_answer(&x->chap, login, said, &x->out);
	}
	if (said->algorithm || said->id || said->challenge)
		return "the target begins CHAP a second time";
	if (!chap_is_mutual(login))
		return any ? "CHAP_N or CHAP_R, which nobody asked for" : NULL;
	if (!x->chap.proven)
		return chap_prove(&x->chap, login, said);
	return any ? "CHAP goes on after its end" : NULL;
}

static bool is_authenticated(const struct login_phase *x)
{
	return x->chap.answered && (x->chap.proven || !chap_is_mutual(&x->login->chap));
}

static bool security_with_chap(struct login_phase *x, const struct words *words, bool last)
{
	const char *wrong;

	wrong = chap_step(x, words);
	if (wrong)
		login_phase_refuse(x, &broken_auth, "%s", wrong);
	else if (is_authenticated(x) && !last)
		leave(x);
	return !wrong;
}

/* A target that wants this stage of us although we have nothing for it. */
static bool security_without(struct login_phase *x, const struct words *words, bool last)
{
	if (last)
		return true;
	if (!words->auth_method && !add(x, "AuthMethod", "None"))
		return false;
	leave(x);
	return true;
}

/* Into the operational stage, or to the end. */
static enum login_phase_next go_on(struct login_phase *x)
{
	if (x->stage == PDU_STAGE_OPERATIONAL) {
		if (!login_keys_check(x))
			return EXCHANGE_FAILED;
		x->stage = PDU_STAGE_FULL;
		return EXCHANGE_DONE;
	}
	x->stage = PDU_STAGE_OPERATIONAL;
	request(x);
	if (!offer(x))
		return EXCHANGE_FAILED;
	leave(x);
	return EXCHANGE_SEND;
}

static enum login_phase_next take_answer(struct login_phase *x, bool last)
{
	struct words words = { NULL };
	bool fine;

	request(x);
	if (!take_text(x, &words, last) || !check_method(x, words.auth_method))
		return EXCHANGE_FAILED;
	if (x->stage == PDU_STAGE_OPERATIONAL)
		fine = true;
	else if (has_account(x))
		fine = security_with_chap(x, &words, last);
	else
		fine = security_without(x, &words, last);
	if (!fine || x->failed)
		return EXCHANGE_FAILED;
	if (last)
		return go_on(x);
	if (x->stage == PDU_STAGE_OPERATIONAL)
		leave(x);
	return EXCHANGE_SEND;
}

enum login_phase_next login_phase_receive(struct login_phase *x, const struct pdu *in)
{
	enum login_phase_next next;
	const char *words;

	if (x->failed || !check_header(x, in))
		return EXCHANGE_FAILED;
	x->exp_stat_sn = pdu_stat_sn(in) + 1;
	if (pdu_login_verdict(in, &words).status != STATUS_OK)
		return refused(x, in);
	go_back_to_security(x, in);
	if (!check_login_header(x, in) || !gather(x, in))
		return EXCHANGE_FAILED;
	if (pdu_has_continue(in)) {
		request(x);
		return EXCHANGE_SEND;
	}
	next = take_answer(x, pdu_has_final(in));
	forget_text(x);
	return next;
}

void login_phase_free(struct login_phase *x)
{
	chap_end(&x->chap);
	forget_text(x);
	explicit_bzero(x, sizeof(*x));
}
