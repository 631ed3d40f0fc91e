// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzes a login with a hostile target, which sends one arbitrary response after another. The login
 * must end. Its message must be printable and without our secrets. It succeeds only with the
 * authentication that it demands, and never with values above our offer. Redirects, and the second
 * login with MD5 alone, are followed over further connections. Each proof of ours is computed again.
 *
 * The first byte selects the accounts. Then, for each response: the damage to its header, flags,
 * class, detail, length of the text in two bytes, text.
 */
#include "tests/fuzz/show.h"
#include "tests/unit/iscsi/login_talk.h"

#define OUR_SECRET "secretsecret1"
#define THEIR_SECRET "othersecret22"

enum { ACCOUNT = 1, MUTUAL = 2, DISCOVERY = 4, KERNEL = 8, DIGESTS = 16 };

/* Bits of the first byte of a response. */
enum { DAMAGED = 1, PROVEN = 2 };

static const struct login_phase_params offer = {
	.max_recv = 262144,
	.max_xmit = 65536,
	.first_burst = 65536,
	.max_burst = 262144,
	.max_r2t = 4,
	.time2wait = 2,
	.immediate_data = true,
};

static void want(bool so)
{
	if (!so)
		abort();
}

static struct login_phase_account login_of(unsigned int who)
{
	struct login_phase_account login = { .initiator_name = "iqn.x:me",
					.target_name = who & DISCOVERY ? NULL : "iqn.x:disk",
					.isid = TALK_ISID,
					.through_kernel = who & KERNEL,
					.offer = offer };

	if (who & DIGESTS)
		login.offer.header_digest = DIGEST_CRC32C_NONE;
	if (who & (ACCOUNT | MUTUAL))
		login.chap.initiator = (struct chap_account){ "me", 2, (const u8 *)OUR_SECRET, 13 };
	if (who & MUTUAL)
		login.chap.target = (struct chap_account){ "it", 2, (const u8 *)THEIR_SECRET, 13 };
	return login;
}

static void check_out(const struct login_phase *x)
{
	size_t len = pdu_data_len(&x->out), size = pdu_size(x->out.header);

	want(size >= PDU_HEADER && size <= sizeof(x->out));
	want(!len || !x->out.data[len - 1]);
	want(!memmem(&x->out, size, OUR_SECRET, 13) && !memmem(&x->out, size, THEIR_SECRET, 13));
}

static void check_words(const struct login_phase *x)
{
	size_t len = strnlen(x->answer, sizeof(x->answer)), i;

	want(len && len < sizeof(x->answer));
	for (i = 0; i < len; i++)
		want(x->answer[i] >= ' ' && x->answer[i] <= '~');
	want(x->verdict.status != STATUS_OK);
	want(!strstr(x->answer, OUR_SECRET) && !strstr(x->answer, THEIR_SECRET));
}

static void check_done(const struct login_phase *x, unsigned int who, bool proven)
{
	const struct login_phase_params *p = &x->params;

	want(!(who & (ACCOUNT | MUTUAL)) || x->chap.responded);
	want(!(who & MUTUAL) || proven);
	want(p->max_burst >= 512 && p->max_burst <= offer.max_burst);
	want(p->first_burst >= 512 && p->first_burst <= offer.first_burst);
	want(p->first_burst <= p->max_burst);
	want(p->max_xmit >= 512 && p->max_xmit <= offer.max_xmit);
	want(p->max_r2t >= 1 && p->max_r2t <= offer.max_r2t);
	want(p->time2wait >= 2 && p->time2wait <= 3600 && !p->time2retain);
	want(p->data_digest == DIGEST_NONE);
	want(p->header_digest == DIGEST_NONE || (p->header_digest == DIGEST_CRC32C && who & DIGESTS));
	want(x->tpgt >= -1 && x->tpgt <= 65535);
}

static void check_redirect(const struct login_redirect *r)
{
	size_t len = strnlen(r->host, sizeof(r->host));

	want(len && len < sizeof(r->host));
	want(strspn(r->host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:") == len);
	want(r->port >= 1 && r->port <= 65535);
}

/* Reads the next response; returns false at the end of the input. */
static bool next_answer(const u8 **data, size_t *size, const struct login_phase *x, struct pdu *in,
			bool *proven)
{
	char text[256];
	const u8 *d = *data;
	size_t len;

	if (*size < 6)
		return false;
	len = (size_t)(d[4] & 31) << 8 | d[5];
	if (len > *size - 6)
		len = *size - 6;
	talk_bytes(in, d[1], (const char *)d + 6, len);
	in->header[36] = d[2];
	in->header[37] = d[3];
	if (d[0] & DAMAGED && len >= 2)
		in->header[d[6] % PDU_HEADER] = d[7];
	if (d[0] & PROVEN && talk_asked(&x->out, "CHAP_C")) {
		talk_prove(&x->out, x->chap.algorithm, "it", THEIR_SECRET, text);
		talk_text(in, d[1], text);
		*proven = true;
	}
	*data += 6 + len;
	*size -= 6 + len;
	return true;
}

/* Returns the value of @key in the one pair of the text that has it; NULL: none, or several. */
static const char *only_value(const struct pdu *in, const char *key)
{
	const char *at = (const char *)in->data, *end = at + pdu_data_len(in), *found = NULL;

	for (; at < end; at += strnlen(at, (size_t)(end - at)) + 1)
		if ((size_t)(end - at) > strlen(key) && !strncmp(at, key, strlen(key)) && at[strlen(key)] == '=') {
			if (found)
				return NULL;
			found = at + strlen(key) + 1;
		}
	return found;
}

/*
 * The oracle for our proof: computes the response to a challenge of one PDU, in decimal and hex, by
 * itself. Other notations have unit tests.
 */
static void check_proof(const struct login_phase *x, const struct pdu *in)
{
	const char *number = only_value(in, "CHAP_I"), *c = only_value(in, "CHAP_C"), *r = talk_asked(&x->out, "CHAP_R");
	u8 challenge[PDU_DATA_MAX / 2], result[32], given[64], id;
	size_t digits;

	if (!r)
		return;
	want(!strcmp(talk_asked(&x->out, "CHAP_N"), "me"));
	if (!number || !c || strncmp(c, "0x", 2) || strspn(number, "0123456789") != strlen(number))
		return;
	digits = strspn(c + 2, "0123456789abcdefABCDEF");
	if (c[2 + digits] || digits % 2)
		return;
	id = (u8)atoi(number);
	const struct digest_part parts[] = { { &id, 1 }, { OUR_SECRET, 13 }, { challenge, talk_hex(c, challenge) } };
	want(digest(x->chap.algorithm, parts, 3, result));
	want(talk_hex(r, given) == digest_size(x->chap.algorithm));
	want(!memcmp(given, result, digest_size(x->chap.algorithm)));
}

/* The list is sent once, and then at most MD5 alone. CHAP is never left out. */
static void check_offer(const struct login_phase *x, unsigned int who, unsigned int connection)
{
	const char *list = talk_asked(&x->out, "CHAP_A"), *method = talk_asked(&x->out, "AuthMethod");

	want(!list || !strcmp(list, connection ? "5" : "8,6,5,7"));
	want(!method || !strcmp(method, who & (ACCOUNT | MUTUAL) ? "CHAP" : "None"));
}

/* Runs one connection. Returns how it ended; LOGIN_PHASE_SEND: the input did. */
static enum login_phase_next converse(struct login_phase *x, const struct login_phase_account *login, unsigned int who,
				      unsigned int connection, const u8 **data, size_t *size)
{
	struct pdu *in = malloc(sizeof(*in));
	enum login_phase_next next = login_phase_start(x, login);
	bool proven = false;

	while (next == LOGIN_PHASE_SEND) {
		check_out(x);
		check_offer(x, who, connection);
		if (!next_answer(data, size, x, in, &proven))
			break;
		next = login_phase_receive(x, in);
		want(x->rounds <= 33);
		if (next == LOGIN_PHASE_SEND)
			check_proof(x, in);
	}
	if (next == LOGIN_PHASE_DONE)
		check_done(x, who, proven);
	if (next == LOGIN_PHASE_REDIRECTED)
		check_redirect(&x->redirect);
	if (next == LOGIN_PHASE_FAILED || next == LOGIN_PHASE_REDIRECTED)
		check_words(x);
	free(in);
	return next;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct login_phase x;
	struct login_phase_account login;
	unsigned int who, reduced = 0, hops = 0;
	enum login_phase_next next;

	/* A target that knows the secrets may send them. */
	if (!size || memmem(data, size, OUR_SECRET, 13) || memmem(data, size, THEIR_SECRET, 13))
		return 0;
	who = *data++;
	size--;
	login = login_of(who);
	do {
		next = converse(&x, &login, who, reduced, &data, &size);
		if (next == LOGIN_PHASE_FAILED && login_phase_reduce_chap(&x, &login)) {
			want(!reduced++);
			next = LOGIN_PHASE_REDIRECTED; /* to the same portal */
		}
	} while (next == LOGIN_PHASE_REDIRECTED && hops++ < 4 && size);
	login_phase_free(&x);
	return 0;
}
