// SPDX-License-Identifier: GPL-2.0-only
/* Computes and verifies CHAP responses for the login phase. */
#include "iscsi/chap.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "iscsi/digest.h"
#include "iscsi/pdu.h"
#include "kmod/core/portable.h"

/* RFC 7143 12.1.3. */
#define NAME_MAX_LEN 255

static const struct {
	const char *list; /* its name, and MD5 behind it */
	size_t len; /* of the name */
	unsigned int number;
} algorithms[] = {
	{ "SHA3-256,MD5", 8, DIGEST_SHA3_256 },
	{ "SHA256,MD5", 6, DIGEST_SHA256 },
	{ "SHA1,MD5", 4, DIGEST_SHA1 },
	{ "MD5", 3, DIGEST_MD5 },
};

/*
 * Best first: a target takes the first one that it supports. Targets that accept no list unless it
 * begins with MD5 (LIO before Linux 3.15, Synology) cost one more connection, see
 * login_phase_reduce_chap(); if MD5 came first, no target would use a better one. SHA256 is last:
 * tgt and the targets derived from IET use its number for SHA1. They would choose it, and then
 * reject the response as too long.
 */
#define ALL_ALGORITHMS "SHA3-256,SHA1,MD5,SHA256"

static const char no_digest[] = "no memory for a digest";

/*
 * The last bytes of a challenge are a mark, a keyed digest of the other bytes. So the agent notices
 * a challenge of the guard, and the guard one of the agent, without a list that both share.
 */
#define MARK_LEN 4
static uint8_t mark_key[64];
static size_t mark_key_len; /* 0: challenges are not marked */

/* All logins of this process whose challenge to the target is outstanding. */
static struct chap *outstanding;

/* Finds the next entry of a comma-separated list; false at its end. */
static bool next_entry(const char **list, const char **entry, size_t *len)
{
	*list += strspn(*list, ",");
	*entry = *list;
	*len = strcspn(*list, ",");
	*list += *len;
	return *len;
}

static unsigned int algorithm_number(const char *entry, size_t len)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(algorithms); i++)
		if (algorithms[i].len == len && !memcmp(algorithms[i].list, entry, len))
			return algorithms[i].number;
	return 0;
}

const char *chap_list_from(int number)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(algorithms); i++)
		if ((int)algorithms[i].number == number)
			return algorithms[i].list;
	return NULL;
}

/*
 * Fills @numbers with the configured algorithms that this machine has, best first. Returns how
 * many, ARRAY_SIZE(algorithms) at most.
 */
static unsigned int available(const struct chap_login *login, unsigned int *numbers)
{
	const char *list = login->algorithms ? login->algorithms : ALL_ALGORITHMS, *entry;
	unsigned int nr = 0, i, n;
	size_t len;

	while (next_entry(&list, &entry, &len)) {
		n = algorithm_number(entry, len);
		for (i = 0; i < nr && numbers[i] != n; i++)
			;
		if (n && i == nr && digest_size(n))
			numbers[nr++] = n;
	}
	return nr;
}

const char *chap_check(const struct chap_login *login)
{
	const struct chap_account *ours = &login->initiator, *theirs = &login->target;
	unsigned int numbers[ARRAY_SIZE(algorithms)];

	if (ours->user_len > NAME_MAX_LEN || memchr(ours->user, '\0', ours->user_len))
		return "CHAP user name longer than 255 bytes, or with a NUL byte";
	if (!available(login, numbers))
		return "none of the configured CHAP algorithms is available (FIPS mode?)";
	if (chap_is_mutual(login) && ours->secret_len == theirs->secret_len &&
	    digest_is_equal(ours->secret, theirs->secret, ours->secret_len))
		return "mutual CHAP with the same secret in both directions (RFC 7143 9.2.1)";
	return NULL;
}

static bool is_available(const struct chap_login *login, unsigned int number)
{
	unsigned int numbers[ARRAY_SIZE(algorithms)], nr = available(login, numbers), i;

	for (i = 0; i < nr; i++)
		if (numbers[i] == number)
			return true;
	return false;
}

const char *chap_offer(struct chap *chap, const struct chap_login *login, struct pdu *out)
{
	unsigned int numbers[ARRAY_SIZE(algorithms)], nr = available(login, numbers), i;
	char list[2 * ARRAY_SIZE(algorithms)];

	for (i = 0; i < nr; i++) {
		list[2 * i] = (char)('0' + numbers[i]); /* each has one digit */
		list[2 * i + 1] = i + 1 < nr ? ',' : '\0';
	}
	chap->offered = true;
	return pdu_add_text(out, "CHAP_A", list) ? NULL : "no room for CHAP_A";
}

bool chap_reduce(struct chap_login *login)
{
	unsigned int numbers[ARRAY_SIZE(algorithms)], nr = available(login, numbers);

	if (nr < 2 || !is_available(login, DIGEST_MD5))
		return false;
	login->algorithms = "MD5";
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/*
 * With an odd number of digits, the first byte has one digit. Returns the length in bytes, or 0 if
 * @s is not hex or longer than @size.
 */
static size_t read_hex(const char *s, uint8_t *bytes, size_t size)
{
	size_t digits = strlen(s), len = (digits + 1) / 2, i;
	size_t skip = digits % 2;
	int d;

	if (len > size)
		return 0;
	memset(bytes, 0, len);
	for (i = 0; i < digits; i++) {
		d = hex_digit(s[i]);
		if (d < 0)
			return 0;
		bytes[(i + skip) / 2] = (uint8_t)(bytes[(i + skip) / 2] << 4 | d);
	}
	return len;
}

static int base64_digit(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* RFC 4648 4. Returns the length in bytes, or 0 if @s is not base64 or longer than @size. */
static size_t read_base64(const char *s, uint8_t *bytes, size_t size)
{
	size_t len = strlen(s), nr = 0, i;
	uint32_t bits = 0;
	int d;

	/* Some targets omit the padding, and open-iscsi accepts any. */
	while (len && s[len - 1] == '=')
		len--;
	if (len % 4 == 1 || len * 3 / 4 > size)
		return 0;
	for (i = 0; i < len; i++) {
		d = base64_digit(s[i]);
		if (d < 0)
			return 0;
		bits = bits << 6 | (uint32_t)d;
		if (i % 4)
			bytes[nr++] = (uint8_t)(bits >> (6 - 2 * (i % 4)));
	}
	return nr;
}

/*
 * Reads a binary value (RFC 7143 6.1). Returns its length, or 0 if it is invalid or not of 1 to
 * @size bytes.
 */
static size_t read_binary(const char *s, uint8_t *bytes, size_t size)
{
	if (s[0] != '0')
		return 0;
	if (s[1] == 'x' || s[1] == 'X')
		return read_hex(s + 2, bytes, size);
	if (s[1] == 'b' || s[1] == 'B')
		return read_base64(s + 2, bytes, size);
	return 0;
}

/* Reads 0 to 255 of @len bytes, decimal or hex after 0x; -1: invalid. */
static int read_byte(const char *s, size_t len)
{
	bool hex = len > 1 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X');
	int base = hex ? 16 : 10, n = 0, d;
	const char *end = s + len;

	s += hex ? 2 : 0;
	if (s == end)
		return -1;
	for (; s < end; s++) {
		d = hex_digit(*s);
		if (d < 0 || d >= base)
			return -1;
		n = n * base + d;
		if (n > 255)
			return -1;
	}
	return n;
}

static bool add_hex(struct pdu *out, const char *key, const uint8_t *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	char text[2 + 2 * CHAP_DIGEST_MAX + 1] = "0x";
	size_t i;

	for (i = 0; i < len; i++) {
		text[2 + 2 * i] = digits[bytes[i] >> 4];
		text[3 + 2 * i] = digits[bytes[i] & 15];
	}
	text[2 + 2 * len] = '\0';
	return pdu_add_text(out, key, text);
}

/* Computes a response (RFC 1994 4.1). Returns false without memory. */
static bool compute(unsigned int algorithm, uint8_t id, const struct chap_account *account,
		    const uint8_t *challenge, size_t len, uint8_t *result)
{
	const struct digest_part parts[] = {
		{ &id, 1 },
		{ account->secret, account->secret_len },
		{ challenge, len },
	};

	return digest(algorithm, parts, ARRAY_SIZE(parts), result);
}

const char *const chap_no_random = "the kernel has no random numbers for CHAP_C yet";

/* Does not block: that would stop all other logins, and could outlast the deadline. */
static bool random_bytes(void *bytes, size_t len)
{
	return getrandom(bytes, len, GRND_NONBLOCK) == (ssize_t)len;
}

/* Computes the mark of a challenge of @len bytes. Returns false if marks are not used. */
static bool compute_mark(unsigned int algorithm, const uint8_t *challenge, size_t len,
			 uint8_t mark[MARK_LEN])
{
	const struct digest_part parts[] = { { mark_key, mark_key_len },
					     { challenge, len - MARK_LEN } };
	uint8_t result[CHAP_DIGEST_MAX];

	if (!mark_key_len || len <= MARK_LEN || !digest(algorithm, parts, 2, result))
		return false;
	memcpy(mark, result, MARK_LEN);
	return true;
}

void chap_mark_challenges(const char *key)
{
	mark_key_len = strnlen(key, sizeof(mark_key));
	memcpy(mark_key, key, mark_key_len);
}

/* Returns true if the challenge has a mark: another process of this boot made it. */
static bool is_marked(const uint8_t *challenge, size_t len)
{
	uint8_t mark[MARK_LEN];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(algorithms); i++)
		if (digest_size(algorithms[i].number) == len &&
		    compute_mark(algorithms[i].number, challenge, len, mark) &&
		    digest_is_equal(mark, challenge + len - MARK_LEN, MARK_LEN))
			return true;
	return false;
}

/*
 * RFC 7143 9.2.1: true if a login of this machine sent @challenge. A target that sends it back
 * wants the response for another connection.
 */
static bool is_reflected(const uint8_t *challenge, size_t len)
{
	const struct chap *c;

	for (c = outstanding; c; c = c->next)
		if (c->challenge_len == len && digest_is_equal(c->challenge, challenge, len))
			return true;
	return is_marked(challenge, len);
}

/* The identifier differs from @their_id, so that no response is valid in both directions. */
static const char *add_challenge(struct chap *chap, uint8_t their_id, struct pdu *out)
{
	const uint8_t *id = &chap->id;
	char number[4] = { 0 };
	uint8_t mark[MARK_LEN];

	chap->challenge_len = digest_size(chap->algorithm);
	if (!random_bytes(&chap->id, 1) || !random_bytes(chap->challenge, chap->challenge_len))
		return chap_no_random;
	if (compute_mark(chap->algorithm, chap->challenge, chap->challenge_len, mark))
		memcpy(chap->challenge + chap->challenge_len - MARK_LEN, mark, MARK_LEN);
	if (chap->id == their_id)
		chap->id++;
	chap->next = outstanding;
	outstanding = chap;
	number[0] = (char)('0' + *id / 100);
	number[1] = (char)('0' + *id / 10 % 10);
	number[2] = (char)('0' + *id % 10);
	/* No leading zeros: some targets would read octal. */
	if (!pdu_add_text(out, "CHAP_I", number + (*id < 100) + (*id < 10)) ||
	    !add_hex(out, "CHAP_C", chap->challenge, chap->challenge_len))
		return "no room for CHAP_C";
	return NULL;
}

static bool add_name(struct pdu *out, const struct chap_account *account)
{
	char name[NAME_MAX_LEN + 1];

	memcpy(name, account->user, account->user_len);
	name[account->user_len] = '\0';
	return pdu_add_text(out, "CHAP_N", name);
}

/*
 * Returns the algorithm in CHAP_A, or 0 if it was not offered. Of a list, which some targets send
 * although they must choose, it is the first one that was offered, as for open-iscsi.
 */
static unsigned int chosen_algorithm(const struct chap_login *login, const char *list)
{
	const char *entry;
	size_t len;
	int number;

	while (next_entry(&list, &entry, &len)) {
		number = read_byte(entry, len);
		if (number > 0 && is_available(login, (unsigned int)number))
			return (unsigned int)number;
	}
	return 0;
}

const char *chap_respond(struct chap *chap, const struct chap_login *login,
			 const struct chap_keys *keys, struct pdu *out)
{
	uint8_t challenge[CHAP_CHALLENGE_MAX], result[CHAP_DIGEST_MAX];
	unsigned int algorithm;
	size_t len;
	int id;

	chap->challenged = keys->c;
	if (!keys->a || !keys->i || !keys->c || keys->n || keys->r)
		return "the response must have CHAP_A, CHAP_I and CHAP_C only";
	algorithm = chosen_algorithm(login, keys->a);
	if (!algorithm)
		return "CHAP_A is not one of the offered algorithms";
	id = read_byte(keys->i, strlen(keys->i));
	if (id < 0)
		return "CHAP_I is not a number from 0 to 255";
	len = read_binary(keys->c, challenge, sizeof(challenge));
	if (!len)
		return "CHAP_C is not 1 to 1024 bytes in hex or base64";
	if (is_reflected(challenge, len))
		return "CHAP_C is the initiator's own challenge (reflection attack)";
	chap->algorithm = algorithm;
	if (!compute(chap->algorithm, (uint8_t)id, &login->initiator, challenge, len, result))
		return no_digest;
	chap->responded = true;
	if (!add_name(out, &login->initiator) ||
	    !add_hex(out, "CHAP_R", result, digest_size(chap->algorithm)))
		return "no room for CHAP_R";
	return chap_is_mutual(login) ? add_challenge(chap, (uint8_t)id, out) : NULL;
}

/* True if @name is the user name of @account. An account without a user name accepts any name. */
static bool is_name_of(const struct chap_account *account, const char *name)
{
	return !account->user_len || (strlen(name) == account->user_len &&
				      !memcmp(name, account->user, account->user_len));
}

const char *chap_verify(struct chap *chap, const struct chap_login *login,
			const struct chap_keys *keys)
{
	uint8_t got[CHAP_DIGEST_MAX], want[CHAP_DIGEST_MAX], ours[CHAP_DIGEST_MAX];
	size_t size = digest_size(chap->algorithm), len;
	const char *wrong = NULL;

	if (!keys->n || !keys->r)
		return "the target does not authenticate itself (no CHAP_N, CHAP_R)";
	len = read_binary(keys->r, got, sizeof(got));
	if (!compute(chap->algorithm, chap->id, &login->target, chap->challenge, size, want) ||
	    !compute(chap->algorithm, chap->id, &login->initiator, chap->challenge, size, ours))
		wrong = no_digest;
	else if (len != size)
		wrong = "the target's CHAP_R has the wrong length";
	else if (digest_is_equal(got, ours, size))
		wrong = "the target's CHAP_R is made with the initiator's secret";
	else if (!digest_is_equal(got, want, size))
		wrong = "the target's CHAP_R is wrong: it does not know its secret";
	else if (!is_name_of(&login->target, keys->n))
		wrong = "the target's CHAP_N is not the configured name";
	explicit_bzero(want, sizeof(want));
	explicit_bzero(ours, sizeof(ours));
	chap->verified = !wrong;
	return wrong;
}

void chap_free(struct chap *chap)
{
	struct chap **at;

	for (at = &outstanding; *at; at = &(*at)->next)
		if (*at == chap) {
			*at = chap->next;
			break;
		}
	explicit_bzero(chap, sizeof(*chap));
}
