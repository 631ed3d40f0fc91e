// SPDX-License-Identifier: GPL-2.0-only
#include "iscsi/chap.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "iscsi/digest.h"
#include "iscsi/pdu.h"
#include "kmod/core/portable.h"

/* RFC 7143 12.1.3. */
#define NAME_MAX_LEN 255

static const struct {
	const char *name;
	unsigned int number;
} algorithms[] = {
	{ "SHA3-256", DIGEST_SHA3_256 },
	{ "SHA256", DIGEST_SHA256 },
	{ "SHA1", DIGEST_SHA1 },
	{ "MD5", DIGEST_MD5 },
};

/*
 * Best first, but for SHA256 at the end: its number is that of SHA1 for tgt and what came of IET,
 * which take the first that they know, and then find our answer too long.
 */
#define ALL_ALGORITHMS "SHA3-256,SHA1,MD5,SHA256"

static const char no_digest[] = "there is no memory for a digest";

/* Whose challenge to the target is outstanding, in the whole process. */
static struct chap *outstanding;

/* The next word of a list; false: there is none. */
static bool next_word(const char **list, const char **word, size_t *len)
{
	*list += strspn(*list, ",");
	*word = *list;
	*len = strcspn(*list, ",");
	*list += *len;
	return *len;
}

static unsigned int number_of(const char *word, size_t len)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(algorithms); i++)
		if (strlen(algorithms[i].name) == len && !memcmp(algorithms[i].name, word, len))
			return algorithms[i].number;
	return 0;
}

/* The numbers of all that are offered, best first; @nr of ARRAY_SIZE(algorithms) at most. */
static unsigned int offered(const struct chap_login *login, unsigned int *numbers)
{
	const char *list = login->algorithms ? login->algorithms : ALL_ALGORITHMS, *word;
	unsigned int nr = 0, i, n;
	size_t len;

	while (next_word(&list, &word, &len)) {
		n = number_of(word, len);
		for (i = 0; i < nr && numbers[i] != n; i++)
			;
		if (n && i == nr && digest_size(n))
			numbers[nr++] = n;
	}
	return nr;
}

const char *chap_check(const struct chap_login *login)
{
	const struct chap_account *recorded_disks = &login->recorded_disks,
				  *theirs = &login->theirs;
	unsigned int numbers[ARRAY_SIZE(algorithms)];

	if (recorded_disks->user_len > NAME_MAX_LEN ||
	    memchr(recorded_disks->user, '\0', recorded_disks->user_len))
		return "the CHAP user is too long, or holds a NUL: no target can be told it";
	if (!offered(login, numbers))
		return "of the CHAP algorithms that are wanted there is none here (FIPS?)";
	if (chap_is_mutual(login) && recorded_disks->secret_len == theirs->secret_len &&
	    digest_is_equal(recorded_disks->secret, theirs->secret, recorded_disks->secret_len))
		return "both secrets of mutual CHAP are the same, which proves nothing";
	return NULL;
}

const char *chap_ask(struct chap *chap, const struct chap_login *login, struct pdu *out)
{
	unsigned int numbers[ARRAY_SIZE(algorithms)], nr = offered(login, numbers), i;
	char list[2 * ARRAY_SIZE(algorithms)];

	for (i = 0; i < nr; i++) {
		list[2 * i] = (char)('0' + numbers[i]); /* each has one digit */
		list[2 * i + 1] = i + 1 < nr ? ',' : '\0';
	}
	chap->asked = true;
	return pdu_add_text(out, "CHAP_A", list) ? NULL : "no room for CHAP_A";
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* An odd digit comes first, as in a number. Bytes, or 0: it is none, or longer than @size. */
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

/* RFC 4648 4. Bytes, or 0: it is none, or longer than @size. */
static size_t read_base64(const char *s, uint8_t *bytes, size_t size)
{
	size_t len = strlen(s), nr = 0, i;
	unsigned int pad = 0;
	uint32_t bits = 0;
	int d;

	while (pad < 2 && len && s[len - 1] == '=') {
		len--;
		pad++;
	}
	if ((len + pad) % 4 || len * 3 / 4 > size)
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

/* A large binary value of RFC 7143 6.1. Bytes, or 0: it is none, or not of 1 to @size bytes. */
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

/* 0 to 255, decimal or after 0x; -1: it is none. */
static int read_byte(const char *s)
{
	bool hex = s[0] == '0' && (s[1] == 'x' || s[1] == 'X');
	int base = hex ? 16 : 10, n = 0, d;

	s += hex ? 2 : 0;
	if (!*s)
		return -1;
	for (; *s; s++) {
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

/* RFC 1994 4.1. false without memory. */
static bool response(unsigned int algorithm, uint8_t id, const struct chap_account *account,
		     const uint8_t *challenge, size_t len, uint8_t *result)
{
	const struct digest_part parts[] = {
		{ &id, 1 },
		{ account->secret, account->secret_len },
		{ challenge, len },
	};

	return digest(algorithm, parts, ARRAY_SIZE(parts), result);
}

/* One that a login of this process gave a target: it wants us to answer for it elsewhere. */
static bool is_reflected(const uint8_t *challenge, size_t len)
{
	const struct chap *c;

	for (c = outstanding; c; c = c->next)
		if (c->challenge_len == len && digest_is_equal(c->challenge, challenge, len))
			return true;
	return false;
}

static bool is_offered(const struct chap_login *login, unsigned int number)
{
	unsigned int numbers[ARRAY_SIZE(algorithms)], nr = offered(login, numbers), i;

	for (i = 0; i < nr; i++)
		if (numbers[i] == number)
			return true;
	return false;
}

static bool random_bytes(void *bytes, size_t len)
{
	ssize_t n;

	do {
		n = getrandom(bytes, len, 0); /* blocks until the kernel has enough, once */
	} while (n < 0 && errno == EINTR);
	return n == (ssize_t)len;
}

/* Ours to the target; never with its number, so that no answer is good both ways. */
static const char *give_challenge(struct chap *chap, uint8_t their_id, struct pdu *out)
{
	const uint8_t *id = &chap->id;
	char number[4] = { 0 };

	chap->challenge_len = digest_size(chap->algorithm);
	if (!random_bytes(&chap->id, 1) || !random_bytes(chap->challenge, chap->challenge_len))
		return "the kernel gives no random numbers for a challenge";
	if (chap->id == their_id)
		chap->id++;
	chap->next = outstanding;
	outstanding = chap;
	number[0] = (char)('0' + *id / 100);
	number[1] = (char)('0' + *id / 10 % 10);
	number[2] = (char)('0' + *id % 10);
	/* No zeros in front: some read that as octal. */
	if (!pdu_add_text(out, "CHAP_I", number + (*id < 100) + (*id < 10)) ||
	    !add_hex(out, "CHAP_C", chap->challenge, chap->challenge_len))
		return "no room for a challenge";
	return NULL;
}

static bool add_name(struct pdu *out, const struct chap_account *account)
{
	char name[NAME_MAX_LEN + 1];

	memcpy(name, account->user, account->user_len);
	name[account->user_len] = '\0';
	return pdu_add_text(out, "CHAP_N", name);
}

const char *chap_answer(struct chap *chap, const struct chap_login *login,
			const struct chap_words *words, struct pdu *out)
{
	uint8_t theirs[CHAP_CHALLENGE_MAX], result[CHAP_DIGEST_MAX];
	int number, id;
	size_t len;

	if (!words->algorithm || !words->id || !words->challenge || words->name || words->response)
		return "CHAP_A, CHAP_I and CHAP_C are due, not this";
	number = read_byte(words->algorithm);
	if (number < 0 || !is_offered(login, (unsigned int)number))
		return "CHAP_A is none of the algorithms that we offered";
	id = read_byte(words->id);
	if (id < 0)
		return "CHAP_I is no number from 0 to 255";
	len = read_binary(words->challenge, theirs, sizeof(theirs));
	if (!len)
		return "CHAP_C is not 1 to 1024 bytes in hex or base64";
	if (is_reflected(theirs, len))
		return "CHAP_C is our own challenge, sent back to us: this is no honest target";
	chap->algorithm = (unsigned int)number;
	if (!response(chap->algorithm, (uint8_t)id, &login->recorded_disks, theirs, len, result))
		return no_digest;
	chap->answered = true;
	if (!add_name(out, &login->recorded_disks) ||
	    !add_hex(out, "CHAP_R", result, digest_size(chap->algorithm)))
		return "no room for CHAP_R";
	return chap_is_mutual(login) ? give_challenge(chap, (uint8_t)id, out) : NULL;
}

static bool is_their_name(const struct chap_account *account, const char *name)
{
	return !account->user_len || (strlen(name) == account->user_len &&
				      !memcmp(name, account->user, account->user_len));
}

const char *chap_prove(struct chap *chap, const struct chap_login *login,
		       const struct chap_words *words)
{
	uint8_t said[CHAP_DIGEST_MAX], due[CHAP_DIGEST_MAX], recorded_disks[CHAP_DIGEST_MAX];
	size_t size = digest_size(chap->algorithm), len;
	const char *wrong = NULL;

	if (!words->name || !words->response)
		return "the target does not prove itself (CHAP_N, CHAP_R), as mutual CHAP demands";
	len = read_binary(words->response, said, sizeof(said));
	if (!response(chap->algorithm, chap->id, &login->theirs, chap->challenge, size, due) ||
	    !response(chap->algorithm, chap->id, &login->recorded_disks, chap->challenge, size,
		      recorded_disks))
		wrong = no_digest;
	else if (len != size)
		wrong = "the target's CHAP_R has not the length that the algorithm gives";
	else if (digest_is_equal(said, recorded_disks, size))
		wrong = "the target's CHAP_R is our own answer: this is no honest target";
	else if (!digest_is_equal(said, due, size))
		wrong = "the target's CHAP_R is wrong: it does not know its secret";
	else if (!is_their_name(&login->theirs, words->name))
		wrong = "the target's CHAP_N is another name than it should have";
	explicit_bzero(due, sizeof(due));
	explicit_bzero(recorded_disks, sizeof(recorded_disks));
	chap->proven = !wrong;
	return wrong;
}

void chap_end(struct chap *chap)
{
	struct chap **at;

	for (at = &outstanding; *at; at = &(*at)->next)
		if (*at == chap) {
			*at = chap->next;
			break;
		}
	explicit_bzero(chap, sizeof(*chap));
}
