// SPDX-License-Identifier: GPL-2.0-only
/* Runs the login phase: builds each request, checks each response. */
#include "iscsi/login_phase.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscsi/digest.h"
#include "iscsi/target_address.h"
#include "kmod/core/portable.h"

/* Limit of responses. A login with mutual CHAP takes five, each perhaps of several PDUs. */
#define ROUNDS_MAX 32
/* Limit of the text of one response, over all of its PDUs. */
#define TEXT_MAX ((size_t)4 * PDU_DATA_MAX)
/* RFC 7143 6.1: length of a key. */
#define KEY_MAX 63

static const struct verdict broken_auth = { STATUS_AUTH, NEXT_NONE, FAILURE_AUTH };
static const struct verdict no_algorithm = { STATUS_AUTH, NEXT_NONE, FAILURE_ALGORITHM };
static const struct verdict no_random = { STATUS_ERROR, NEXT_TRY, FAILURE_OTHER };
static const struct verdict unusable = { STATUS_CONFIG, NEXT_NONE, FAILURE_OTHER };
static const struct verdict no_memory = { STATUS_ERROR, NEXT_TRY, FAILURE_OTHER };

/* Keys of the security stage in one response; NULL: not in the response. */
struct security_keys {
	const char *auth_method;
	struct chap_keys chap;
};

static const struct {
	const char *name;
	size_t at; /* in struct security_keys */
} security_key_names[] = {
	{ "AuthMethod", offsetof(struct security_keys, auth_method) },
	{ "CHAP_A", offsetof(struct security_keys, chap.a) },
	{ "CHAP_I", offsetof(struct security_keys, chap.i) },
	{ "CHAP_C", offsetof(struct security_keys, chap.c) },
	{ "CHAP_N", offsetof(struct security_keys, chap.n) },
	{ "CHAP_R", offsetof(struct security_keys, chap.r) },
};

static bool has_account(const struct login_phase *x)
{
	return x->login->chap.initiator.user;
}

static unsigned int stage_after(unsigned int stage)
{
	return stage == PDU_STAGE_SECURITY ? PDU_STAGE_OPERATIONAL : PDU_STAGE_FULL;
}

/* Builds an empty request that stays in the stage. */
static void new_request(struct login_phase *x)
{
	struct pdu_numbers n = { .cmd_sn = x->login->cmd_sn, .exp_stat_sn = x->exp_stat_sn };

	memcpy(n.isid, x->login->isid, sizeof(n.isid));
	pdu_login_request(&x->out, &n, x->stage, x->stage);
}

/* Makes the request ask for the next stage (T bit). */
static void request_transit(struct login_phase *x)
{
	pdu_login_set_transit(&x->out, stage_after(x->stage));
	x->transit = true;
}

static bool add_key(struct login_phase *x, const char *key, const char *value)
{
	if (pdu_add_text(&x->out, key, value))
		return true;
	login_phase_refuse(x, &login_phase_broken, "no room to answer %s", key);
	return false;
}

static bool add_offers(struct login_phase *x)
{
	if (login_keys_offer(x))
		return true;
	login_phase_refuse(x, &unusable, "the names do not fit in a login request");
	return false;
}

static bool add_names(struct login_phase *x)
{
	const struct login_phase_account *login = x->login;

	return add_key(x, "InitiatorName", login->initiator_name) &&
	       add_key(x, "SessionType", login->target_name ? "Normal" : "Discovery") &&
	       (!login->target_name || add_key(x, "TargetName", login->target_name));
}

/* Without CHAP, one request holds everything, and one response can end the login. */
static enum login_phase_next first_request(struct login_phase *x)
{
	const char *wrong = has_account(x) ? chap_check(&x->login->chap) : NULL;

	x->stage = has_account(x) ? PDU_STAGE_SECURITY : PDU_STAGE_OPERATIONAL;
	new_request(x);
	if (wrong) {
		login_phase_refuse(x, &unusable, "not tried: %s", wrong);
		return LOGIN_PHASE_FAILED;
	}
	if (!add_names(x))
		return LOGIN_PHASE_FAILED;
	if (has_account(x))
		return add_key(x, "AuthMethod", "CHAP") ? LOGIN_PHASE_SEND : LOGIN_PHASE_FAILED;
	if (!add_offers(x))
		return LOGIN_PHASE_FAILED;
	request_transit(x);
	return LOGIN_PHASE_SEND;
}

enum login_phase_next login_phase_start(struct login_phase *x,
					const struct login_phase_account *login)
{
	login_phase_free(x);
	x->login = login;
	x->params = login->offer;
	if (!x->params.max_xmit)
		x->params.max_xmit = login_phase_defaults.max_xmit;
	if (x->params.first_burst > x->params.max_burst)
		x->params.first_burst = x->params.max_burst;
	x->tpgt = -1;
	return first_request(x);
}

/* Checks that @in is a response to the request. */
static bool check_header(struct login_phase *x, const struct pdu *in)
{
	const struct login_phase_account *login = x->login;

	if (++x->rounds > ROUNDS_MAX)
		login_phase_refuse(x, &login_phase_broken, "too many responses");
	else if (x->stage == PDU_STAGE_FULL)
		login_phase_refuse(x, &login_phase_broken, "received after the end of the login");
	else if (pdu_opcode(in) == PDU_REJECT)
		login_phase_refuse(x, &login_phase_broken,
				   "the target rejects the request (reason 0x%02x)", in->header[2]);
	else if (pdu_opcode(in) != PDU_LOGIN_RESPONSE)
		login_phase_refuse(x, &login_phase_broken, "not a Login Response (opcode 0x%02x)",
				   pdu_opcode(in));
	else if (!pdu_size(in->header))
		login_phase_refuse(x, &login_phase_broken, "PDU too long");
	else if (!login->through_kernel && !pdu_has_our_tag(in))
		login_phase_refuse(x, &login_phase_broken, "wrong task tag");
	return !x->failed;
}

/*
 * The ISID is not checked: some targets leave it empty, and the connection identifies the login.
 */
static bool check_login_header(struct login_phase *x, const struct pdu *in)
{
	const unsigned int stage = pdu_current_stage(in), next = pdu_next_stage(in);

	if (in->header[3])
		login_phase_refuse(x, &login_phase_broken, "version 0x%02x, not 0x00",
				   in->header[3]);
	else if (stage != x->stage)
		login_phase_refuse(x, &login_phase_broken, "stage %u, not %u", stage, x->stage);
	else if (pdu_has_transit(in) && pdu_has_continue(in))
		login_phase_refuse(x, &login_phase_broken, "both T and C bit are set");
	else if (pdu_has_transit(in) && has_account(x) && stage == PDU_STAGE_SECURITY &&
		 !x->chap.responded)
		login_phase_refuse(x, &broken_auth,
				   "the target skips CHAP, which this login requires");
	else if (pdu_has_transit(in) && (!x->transit || next != stage_after(x->stage)))
		login_phase_refuse(x, &login_phase_broken,
				   "unrequested transit from stage %u to %u", stage, next);
	return !x->failed;
}

/*
 * Without credentials, the login starts after the security stage. If the target first responds in
 * the security stage, the login continues there: there are no credentials that the target could
 * obtain.
 */
static void go_back_to_security(struct login_phase *x, const struct pdu *in)
{
	if (!has_account(x) && x->rounds == 1 && pdu_current_stage(in) == PDU_STAGE_SECURITY)
		x->stage = PDU_STAGE_SECURITY;
}

/*
 * Reads a TargetAddress of this PDU into x->redirect, and its text into @address. A target may send
 * several: number login->nth_address of those that can be read, or the last one. Some targets omit
 * the last NUL. Returns false if none can be read; @address is empty without a TargetAddress.
 */
static bool find_address(struct login_phase *x, const struct pdu *in, char *address, size_t size)
{
	static const char key[] = "TargetAddress=";
	const char *at = (const char *)in->data, *end = at + pdu_data_len(in);
	size_t len = strlen(key), pair;
	struct login_redirect to;
	unsigned int nr = 0;

	for (*address = '\0'; at < end && nr <= x->login->nth_address; at += pair + 1) {
		pair = strnlen(at, (size_t)(end - at));
		if (pair < len || memcmp(at, key, len) != 0)
			continue;
		snprintf(address, size, "%.*s", (int)(pair - len), at + len);
		if (target_address_read(&to, address)) {
			x->redirect = to;
			nr++;
		}
	}
	return nr;
}

static enum login_phase_next login_redirected(struct login_phase *x, const struct pdu *in,
					      const struct verdict *verdict, const char *reason)
{
	char address[sizeof(x->redirect.host) + 16];

	if (in->header[37] != 1 && in->header[37] != 2) {
		login_phase_refuse(x, verdict, "%s: unknown kind of redirection", reason);
		return LOGIN_PHASE_FAILED;
	}
	if (!find_address(x, in, address, sizeof(address))) {
		login_phase_refuse(x, verdict, "%s: %s%s", reason,
				   *address ? "invalid TargetAddress=" : "no TargetAddress",
				   address);
		return LOGIN_PHASE_FAILED;
	}
	x->redirect.permanent = in->header[37] == 2;
	login_phase_refuse(x, verdict, "%s, to %s port %u", reason, x->redirect.host,
			   x->redirect.port);
	return LOGIN_PHASE_REDIRECTED;
}

/* Refuses with the digests: a target may refuse them without saying so. */
static void refused_keys(struct login_phase *x, const struct verdict *verdict, const char *reason)
{
	const struct login_phase_params *offer = &x->login->offer;

	login_phase_refuse(x, verdict, "%s; offered HeaderDigest=%s, DataDigest=%s", reason,
			   digest_offers[offer->header_digest], digest_offers[offer->data_digest]);
}

/*
 * Returns true if the target may refuse the algorithms and not the secret: before its challenge, or
 * because it computes the one that it chose otherwise. tgt takes 7 for SHA1, and a target may
 * repeat the first of the list and compute MD5. The guard's target has computed it well before.
 */
static bool may_mean_algorithm(const struct login_phase *x, const struct verdict *verdict)
{
	if (!x->chap.challenged)
		return verdict->failure != FAILURE_BUSY;
	return x->stage == PDU_STAGE_SECURITY && x->chap.algorithm != DIGEST_MD5 &&
	       verdict->next == NEXT_NONE && !x->login->through_kernel;
}

static enum login_phase_next refused(struct login_phase *x, const struct pdu *in)
{
	const char *reason;
	struct verdict verdict = pdu_login_verdict(in, &reason);

	if (verdict.failure == FAILURE_REDIRECT)
		return login_redirected(x, in, &verdict, reason);
	x->list_refused = x->chap.offered && may_mean_algorithm(x, &verdict);
	if (x->list_refused && !x->chap.challenged && verdict.failure == FAILURE_AUTH)
		verdict = no_algorithm;
	if (x->stage == PDU_STAGE_OPERATIONAL && verdict.failure == FAILURE_DENIED &&
	    verdict.next == NEXT_NONE)
		refused_keys(x, &verdict, reason);
	else
		login_phase_refuse(x, &verdict, "%s", reason);
	return LOGIN_PHASE_FAILED;
}

/* Appends the text of the PDU to that of the response so far. */
static bool append_text(struct login_phase *x, const struct pdu *in)
{
	size_t len = pdu_data_len(in);
	char *text;

	if (x->text_len + len > TEXT_MAX) {
		login_phase_refuse(x, &login_phase_broken, "longer than %zu bytes", TEXT_MAX);
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

static void wipe_text(struct login_phase *x)
{
	if (x->text)
		explicit_bzero(x->text, x->text_len);
	free(x->text);
	x->text = NULL;
	x->text_len = 0;
}

/* Stores a key of the security stage in @keys. Returns false if it is another key. */
static bool take_security_key(struct login_phase *x, struct security_keys *keys,
			      const struct login_key_pair *pair)
{
	const char **value;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(security_key_names); i++)
		if (!strcmp(security_key_names[i].name, pair->key))
			break;
	if (i == ARRAY_SIZE(security_key_names))
		return false;
	value = (const char **)((char *)keys + security_key_names[i].at);
	if (*value && (i || strcmp(*value, pair->value) != 0))
		login_phase_refuse(x, &login_phase_broken, "%s comes a second time", pair->key);
	else if (i && (!has_account(x) || x->stage != PDU_STAGE_SECURITY))
		login_phase_refuse(x, &login_phase_broken, "unexpected key %s", pair->key);
	*value = pair->value;
	return true;
}

/* Responds as RFC 7143 6.2 requires, if another request follows. The key has no effect. */
static void reject_unknown_key(struct login_phase *x, const struct login_key_pair *pair, bool last)
{
	bool obsolete = !strcmp(pair->key, "IFMarker") || !strcmp(pair->key, "OFMarker") ||
			!strcmp(pair->key, "IFMarkInt") || !strcmp(pair->key, "OFMarkInt");

	if (!last)
		add_key(x, pair->key, obsolete ? "Reject" : "NotUnderstood");
}

/* Cuts "KEY=VALUE" in two. */
static bool split_pair(struct login_phase *x, char *text, struct login_key_pair *pair)
{
	char *equals = strchr(text, '=');

	if (!equals || equals == text) {
		login_phase_refuse(x, &login_phase_broken, "\"%s\" is not KEY=VALUE", text);
		return false;
	}
	if (equals - text > KEY_MAX) {
		login_phase_refuse(x, &login_phase_broken, "a key is longer than %d bytes: %s",
				   KEY_MAX, text);
		return false;
	}
	*equals = '\0';
	*pair = (struct login_key_pair){ text, equals + 1 };
	return true;
}

/* Processes all keys of the text. Some targets omit the last NUL. */
static bool login_take_keys(struct login_phase *x, struct security_keys *keys, bool last)
{
	char *at = x->text, *end = x->text + x->text_len;
	struct login_key_pair pair;
	size_t len;

	for (; at < end; at += len + 1) {
		len = strlen(at);
		if (!len) /* padding, counted as text */
			continue;
		if (!split_pair(x, at, &pair))
			break;
		if (!take_security_key(x, keys, &pair) &&
		    login_keys_receive(x, &pair) == LOGIN_KEY_UNKNOWN)
			reject_unknown_key(x, &pair, last);
		if (x->failed)
			break;
	}
	return !x->failed;
}

/* Some targets answer with their list, "CHAP,None", instead of one method. */
static bool method_has(const char *list, const char *method)
{
	size_t len = strlen(method);

	for (; list; list = strchr(list, ',') ? strchr(list, ',') + 1 : NULL)
		if (!strncmp(list, method, len) && (!list[len] || list[len] == ','))
			return true;
	return false;
}

/* Refuses a method that is not supported, or less than CHAP where credentials are configured. */
static bool check_method(struct login_phase *x, const char *method)
{
	if (!method)
		return true;
	if (!has_account(x) && !method_has(method, "None"))
		login_phase_refuse(x, &broken_auth, "the target requires AuthMethod=%s%s", method,
				   strcmp(method, "CHAP") ?
					   ", which is not supported" :
					   ", but no CHAP credentials are configured");
	else if (has_account(x) && !method_has(method, "CHAP"))
		login_phase_refuse(x, &broken_auth, "AuthMethod=%s, but this login requires CHAP",
				   method);
	else if (has_account(x) && x->chap.offered)
		login_phase_refuse(x, &login_phase_broken, "AuthMethod comes a second time");
	return !x->failed;
}

/* Handles the CHAP keys of a response, and adds those of the next request. */
static const char *chap_step(struct login_phase *x, const struct security_keys *keys)
{
	const struct chap_login *login = &x->login->chap;
	const struct chap_keys *got = &keys->chap;
	bool any = got->a || got->i || got->c || got->n || got->r;

	if (!x->chap.offered) {
		if (!keys->auth_method)
			return "no AuthMethod in the response";
		return any ? "CHAP keys before CHAP_A was offered" :
			     chap_offer(&x->chap, login, &x->out);
	}
	if (!x->chap.responded) {
		request_transit(x);
		return chap_respond(&x->chap, login, got, &x->out);
	}
	if (got->a || got->i || got->c)
		return "the target starts CHAP a second time";
	if (!chap_is_mutual(login))
		return any ? "unexpected CHAP_N or CHAP_R" : NULL;
	if (!x->chap.verified)
		return chap_verify(&x->chap, login, got);
	return any ? "CHAP keys after the end of CHAP" : NULL;
}

static bool is_authenticated(const struct login_phase *x)
{
	return x->chap.responded && (x->chap.verified || !chap_is_mutual(&x->login->chap));
}

static bool security_with_chap(struct login_phase *x, const struct security_keys *keys, bool last)
{
	const char *wrong;
	bool was_offered;

	was_offered = x->chap.offered;
	wrong = chap_step(x, keys);
	x->list_refused = wrong && was_offered && !x->chap.challenged;
	if (wrong)
		login_phase_refuse(x,
				   wrong == chap_no_random ? &no_random :
				   x->list_refused	   ? &no_algorithm :
							     &broken_auth,
				   "%s", wrong);
	else if (is_authenticated(x) && !last)
		request_transit(x);
	return !wrong;
}

/* Handles a security stage that the target requires although no credentials are configured. */
static bool security_without(struct login_phase *x, const struct security_keys *keys, bool last)
{
	if (last)
		return true;
	if (!keys->auth_method && !x->method_sent && !add_key(x, "AuthMethod", "None"))
		return false;
	x->method_sent = true;
	request_transit(x);
	return true;
}

/* Enters the operational stage, or ends the login. */
static enum login_phase_next next_stage(struct login_phase *x)
{
	if (x->stage == PDU_STAGE_OPERATIONAL) {
		if (!login_keys_finish(x))
			return LOGIN_PHASE_FAILED;
		x->stage = PDU_STAGE_FULL;
		return LOGIN_PHASE_DONE;
	}
	x->stage = PDU_STAGE_OPERATIONAL;
	new_request(x);
	if (!add_offers(x))
		return LOGIN_PHASE_FAILED;
	request_transit(x);
	return LOGIN_PHASE_SEND;
}

static enum login_phase_next login_take_response(struct login_phase *x, bool last)
{
	struct security_keys keys = { .auth_method = NULL };
	bool ok;

	new_request(x);
	if (!login_take_keys(x, &keys, last) || !check_method(x, keys.auth_method))
		return LOGIN_PHASE_FAILED;
	if (x->stage == PDU_STAGE_OPERATIONAL)
		ok = true;
	else if (has_account(x))
		ok = security_with_chap(x, &keys, last);
	else
		ok = security_without(x, &keys, last);
	if (!ok || x->failed)
		return LOGIN_PHASE_FAILED;
	if (last)
		return next_stage(x);
	if (x->stage == PDU_STAGE_OPERATIONAL)
		request_transit(x);
	return LOGIN_PHASE_SEND;
}

enum login_phase_next login_phase_receive(struct login_phase *x, const struct pdu *in)
{
	enum login_phase_next next;
	const char *reason;

	if (x->failed || !check_header(x, in))
		return LOGIN_PHASE_FAILED;
	x->exp_stat_sn = pdu_stat_sn(in) + 1;
	if (pdu_login_verdict(in, &reason).status != STATUS_OK)
		return refused(x, in);
	go_back_to_security(x, in);
	if (!check_login_header(x, in) || !append_text(x, in))
		return LOGIN_PHASE_FAILED;
	if (pdu_has_continue(in)) {
		new_request(x);
		return LOGIN_PHASE_SEND;
	}
	next = login_take_response(x, pdu_has_transit(in));
	wipe_text(x);
	return next;
}

bool login_phase_reduce_chap(const struct login_phase *x, struct login_phase_account *login)
{
	return x->chap.offered && (x->failed ? x->list_refused : !x->chap.challenged) &&
	       chap_reduce(&login->chap);
}

void login_phase_free(struct login_phase *x)
{
	chap_free(&x->chap);
	wipe_text(x);
	explicit_bzero(x, sizeof(*x));
}
