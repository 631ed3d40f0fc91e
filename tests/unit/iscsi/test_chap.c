// SPDX-License-Identifier: GPL-2.0-only
/* Tests CHAP: which keys of a target are accepted, and which are refused. */
#include "tests/unit/root.h"

#include "iscsi/digest.h"
#include "iscsi/login_phase.h"
#include "tests/unit/iscsi/login_talk.h"

#include <errno.h>
#include <sys/random.h>

static struct login_phase x;
static struct pdu in;

#define OUR_SECRET "secretsecret1"
#define THEIR_SECRET "othersecret22"

static const struct login_phase_account one_way = {
	.initiator_name = "iqn.x:me",
	.target_name = "iqn.x:disk",
	.isid = TALK_ISID,
	.chap.initiator = { "me", 2, (const uint8_t *)OUR_SECRET, 13 },
	.offer = { .max_recv = 8192, .max_xmit = 8192, .first_burst = 8192, .max_burst = 8192,
		   .max_r2t = 1 },
};

static struct login_phase_account mutual;

static bool no_random;
ssize_t __real_getrandom(void *bytes, size_t len, unsigned int flags);
ssize_t __wrap_getrandom(void *bytes, size_t len, unsigned int flags);
ssize_t __wrap_getrandom(void *bytes, size_t len, unsigned int flags)
{
	if (!no_random)
		return __real_getrandom(bytes, len, flags);
	assert_true(flags & GRND_NONBLOCK);
	errno = EAGAIN;
	return -1;
}

/* A bit for each digest that is unavailable, as in FIPS mode. */
static unsigned int away;
size_t __real_digest_size(unsigned int algorithm);
size_t __wrap_digest_size(unsigned int algorithm);
size_t __wrap_digest_size(unsigned int algorithm)
{
	return algorithm == away ? 0 : __real_digest_size(algorithm);
}

static int setup(void **state)
{
	away = 0;
	mutual = one_way;
	mutual.chap.target = (struct chap_account){ "it", 2, (const uint8_t *)THEIR_SECRET, 13 };
	memset(&x, 0, sizeof(x));
	return 0;
}

static int teardown(void **state)
{
	login_phase_free(&x);
	return 0;
}

static enum next retry; /* of the last failure */

static enum login_phase_next say(unsigned int flags, const char *text)
{
	talk_text(&in, flags, text);
	return login_phase_receive(&x, &in);
}

static void fails_with(enum login_phase_next next, enum status status, const char *words)
{
	if (next != LOGIN_PHASE_FAILED || x.verdict.status != status || !strstr(x.answer, words))
		fail_msg("%d, status %d: \"%s\", not status %d: \"%s\"", next, x.verdict.status,
			 x.answer, status, words);
	retry = x.verdict.next;
	assert_null(strstr(x.answer, OUR_SECRET));
	assert_null(strstr(x.answer, THEIR_SECRET));
	login_phase_free(&x);
}

/* Runs a login up to the challenge of the target. */
static void ask(const struct login_phase_account *login)
{
	assert_int_equal(login_phase_start(&x, login), LOGIN_PHASE_SEND);
	assert_int_equal(x.out.header[1], 0);
	assert_string_equal(talk_asked(&x.out, "AuthMethod"), "CHAP");
	assert_null(talk_asked(&x.out, "MaxBurstLength"));
	assert_int_equal(say(TALK_STAY_SECURITY, "TargetPortalGroupTag=1|AuthMethod=CHAP|"),
			 LOGIN_PHASE_SEND);
	assert_int_equal(x.out.header[1], 0);
	assert_non_null(talk_asked(&x.out, "CHAP_A"));
}

/* Digests of the byte 7, OUR_SECRET and the bytes 00 to 0f, made by Python's hashlib. */
static const struct {
	unsigned int number;
	const char *name, *response;
} vectors[] = {
	{ DIGEST_MD5, "MD5", "0x6875f30806cb16d41a4e8f0e860a3921" },
	{ DIGEST_SHA1, "SHA1", "0x7e3a840576106d6c831d4ed73a5c1c07a454cac0" },
	{ DIGEST_SHA256, "SHA256", "0x409188ebbb9a867c3c75cf043a2b4baa991028cf86fb3c17c93fcd7612e159d3" },
	{ DIGEST_SHA3_256, "SHA3-256", "0x9e1d3d1c72430e5c0c390c20cb6e53d1092f8d277d7b60d02792206262c4b35a" },
};

#define CHALLENGE "000102030405060708090a0b0c0d0e0f"

static void known_responses(void **state)
{
	struct login_phase_account login = one_way;
	char text[256], number[2] = "";
	unsigned int i;

	for (i = 0; i < 4; i++) {
		login.chap.algorithms = vectors[i].name;
		ask(&login);
		number[0] = (char)('0' + vectors[i].number);
		assert_string_equal(talk_asked(&x.out, "CHAP_A"), number);
		snprintf(text, sizeof(text), "CHAP_A=%s|CHAP_I=7|CHAP_C=0x" CHALLENGE "|", number);
		assert_int_equal(say(TALK_STAY_SECURITY, text), LOGIN_PHASE_SEND);
		assert_int_equal(x.out.header[1], 0x81);
		assert_string_equal(talk_asked(&x.out, "CHAP_N"), "me");
		assert_string_equal(talk_asked(&x.out, "CHAP_R"), vectors[i].response);
		assert_null(talk_asked(&x.out, "CHAP_C"));
		assert_int_equal(say(TALK_TO_OPERATIONAL, ""), LOGIN_PHASE_SEND);
		assert_non_null(talk_asked(&x.out, "MaxBurstLength"));
		assert_int_equal(say(TALK_TO_FULL, ""), LOGIN_PHASE_DONE);
		assert_int_equal(x.tpgt, 1);
	}
}

static void algorithms(void **state)
{
	static const struct {
		const char *list, *asked; /* NULL: refused */
	} cases[] = {
		{ NULL, "8,6,5,7" }, /* 7 is SHA1 for tgt: it must come after 5 */
		{ "SHA3-256,SHA256,SHA1,MD5", "8,7,6,5" },
		{ "MD5", "5" },
		{ "MD5,MD5,SHA1", "5,6" },
		{ "SHA512,,MD5,", "5" },
		{ "SHA512", NULL },
		{ "", NULL },
	};
	struct login_phase_account login = one_way;
	unsigned int i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		login.chap.algorithms = cases[i].list;
		if (cases[i].asked) {
			ask(&login);
			assert_string_equal(talk_asked(&x.out, "CHAP_A"), cases[i].asked);
		} else {
			fails_with(login_phase_start(&x, &login), STATUS_CONFIG, "CHAP algorithms");
		}
	}
}

/* Gives the same challenge and number in all notations of RFC 7143 6.1, and in invalid ones. */
static void spellings(void **state)
{
	static const char *const good[] = {
		"CHAP_I=7|CHAP_C=0x" CHALLENGE "|",
		"CHAP_I=0x07|CHAP_C=0X000102030405060708090A0b0C0d0E0f|",
		"CHAP_C=0bAAECAwQFBgcICQoLDA0ODw==|CHAP_I=007|",
		"CHAP_C=0bAAECAwQFBgcICQoLDA0ODw|CHAP_I=7|", /* without padding */
		"CHAP_I=0X7|CHAP_C=0BAAECAwQFBgcICQoLDA0ODw==|",
		"CHAP_I=7|CHAP_C=0x0102030405060708090a0b0c0d0e0f|"
	};
	static const char *const bad[] = {
		"CHAP_I=7|CHAP_C=0x|", "CHAP_I=7|CHAP_C=0b|", "CHAP_I=7|CHAP_C=|", "CHAP_I=7|CHAP_C=17|",
		"CHAP_I=7|CHAP_C=0x0g|", "CHAP_I=7|CHAP_C=0bAAEAA|", "CHAP_I=7|CHAP_C=0bAA=E|",
		"CHAP_I=7|CHAP_C=0bA===|", "CHAP_I=7|CHAP_C=0bAA*=|", "CHAP_I=7|CHAP_C=0c00|",
		"CHAP_I=256|CHAP_C=0x01|", "CHAP_I=|CHAP_C=0x01|", "CHAP_I=-1|CHAP_C=0x01|",
		"CHAP_I=0x|CHAP_C=0x01|", "CHAP_I=a|CHAP_C=0x01|", "CHAP_I=99999999999|CHAP_C=0x01|",
	};
	struct login_phase_account login = one_way;
	char text[256];
	unsigned int i;

	login.chap.algorithms = "MD5";
	for (i = 0; i < sizeof(good) / sizeof(*good); i++) {
		ask(&login);
		snprintf(text, sizeof(text), "CHAP_A=0x5|%s", good[i]);
		assert_int_equal(say(TALK_STAY_SECURITY, text), LOGIN_PHASE_SEND);
		assert_int_equal(!strcmp(talk_asked(&x.out, "CHAP_R"), vectors[0].response), i < 5);
	}
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		ask(&login);
		snprintf(text, sizeof(text), "CHAP_A=5|%s", bad[i]);
		fails_with(say(TALK_STAY_SECURITY, text), STATUS_AUTH, i < 10 ? "CHAP_C is not" : "CHAP_I is no");
	}
}

/* Challenges of 1 to 1024 bytes are accepted, in both notations. */
static void lengths(void **state)
{
	char text[4096];
	unsigned int n, i;
	int len;

	for (n = 1; n <= 1025; n += n < 8 || n > 1015 ? 1 : 63) {
		ask(&one_way);
		len = sprintf(text, "CHAP_A=5|CHAP_I=1|CHAP_C=0x");
		for (i = 0; i < n; i++)
			len += sprintf(text + len, "%02x", i & 255);
		strcpy(text + len, "|");
		if (n <= 1024)
			assert_int_equal(say(TALK_STAY_SECURITY, text), LOGIN_PHASE_SEND);
		else
			fails_with(say(TALK_STAY_SECURITY, text), STATUS_AUTH, "1 to 1024 bytes");
		ask(&one_way);
		len = sprintf(text, "CHAP_A=5|CHAP_I=1|CHAP_C=0b");
		for (i = 0; i < n / 3 * 4; i++)
			text[len++] = 'A';
		strcpy(text + len, n % 3 == 0 ? "|" : n % 3 == 1 ? "AA==|" : "AAA=|");
		if (n <= 1024)
			assert_int_equal(say(TALK_STAY_SECURITY, text), LOGIN_PHASE_SEND);
		else
			fails_with(say(TALK_STAY_SECURITY, text), STATUS_AUTH, "1 to 1024 bytes");
	}
}

/* Runs a login of mutual CHAP with @algorithm up to the response of the target. */
static void ask_for_proof(unsigned int algorithm)
{
	char text[128];

	ask(&mutual);
	snprintf(text, sizeof(text), "CHAP_A=%u|CHAP_I=255|CHAP_C=0x" CHALLENGE "|", algorithm);
	assert_int_equal(say(TALK_STAY_SECURITY, text), LOGIN_PHASE_SEND);
	assert_non_null(talk_asked(&x.out, "CHAP_C"));
	assert_string_not_equal(talk_asked(&x.out, "CHAP_I"), "255");
	assert_int_equal(strlen(talk_asked(&x.out, "CHAP_C")), 2 + 2 * digest_size(algorithm));
}

static void proven(void **state)
{
	char text[256], before[256] = "", *c;
	unsigned int i;

	for (i = 0; i < 4; i++) {
		ask_for_proof(vectors[i].number);
		assert_string_not_equal(before, talk_asked(&x.out, "CHAP_C"));
		strcpy(before, talk_asked(&x.out, "CHAP_C"));
		talk_prove(&x.out, vectors[i].number, "it", THEIR_SECRET, text);
		for (c = text; *c; c++) /* in upper case */
			if (*c >= 'a' && *c <= 'f')
				*c = (char)(*c - 'a' + 'A');
		assert_int_equal(say(TALK_TO_OPERATIONAL, text), LOGIN_PHASE_SEND);
		assert_int_equal(say(TALK_TO_FULL, ""), LOGIN_PHASE_DONE);
		/* This target waits for the T bit of the initiator. */
		ask_for_proof(vectors[i].number);
		talk_prove(&x.out, vectors[i].number, "it", THEIR_SECRET, text);
		assert_int_equal(say(TALK_STAY_SECURITY, text), LOGIN_PHASE_SEND);
		assert_int_equal(x.out.header[1], 0x81);
		assert_int_equal(say(TALK_TO_OPERATIONAL, ""), LOGIN_PHASE_SEND);
		/* Any CHAP_N is accepted if no name is configured. */
		mutual.chap.target.user_len = 0;
		ask_for_proof(vectors[i].number);
		talk_prove(&x.out, vectors[i].number, "anyone", THEIR_SECRET, text);
		assert_int_equal(say(TALK_TO_OPERATIONAL, text), LOGIN_PHASE_SEND);
		mutual.chap.target.user_len = 2;
	}
}

static void not_proven(void **state)
{
	char text[512];

	ask_for_proof(DIGEST_MD5);
	fails_with(say(TALK_TO_OPERATIONAL, ""), STATUS_AUTH, "login response 3: the target does not authenticate itself");
	ask_for_proof(DIGEST_MD5);
	fails_with(say(TALK_STAY_SECURITY, ""), STATUS_AUTH, "does not authenticate itself");
	ask_for_proof(DIGEST_MD5);
	fails_with(say(TALK_TO_OPERATIONAL, "CHAP_N=it|"), STATUS_AUTH, "does not authenticate itself");
	ask_for_proof(DIGEST_MD5);
	talk_prove(&x.out, DIGEST_MD5, "it", THEIR_SECRET, text);
	fails_with(say(TALK_TO_OPERATIONAL, text + 10), STATUS_AUTH, "does not authenticate itself");
	ask_for_proof(DIGEST_MD5);
	talk_prove(&x.out, DIGEST_MD5, "it", "thirdsecret33", text);
	fails_with(say(TALK_TO_OPERATIONAL, text), STATUS_AUTH, "CHAP_R is wrong");
	ask_for_proof(DIGEST_MD5);
	talk_prove(&x.out, DIGEST_MD5, "It", THEIR_SECRET, text);
	fails_with(say(TALK_TO_OPERATIONAL, text), STATUS_AUTH, "CHAP_N is not the configured name");
	ask_for_proof(DIGEST_MD5);
	talk_prove(&x.out, DIGEST_MD5, "it", OUR_SECRET, text);
	fails_with(say(TALK_TO_OPERATIONAL, text), STATUS_AUTH, "is made with the initiator's secret");
	ask_for_proof(DIGEST_MD5);
	talk_prove(&x.out, DIGEST_SHA256, "it", THEIR_SECRET, text);
	fails_with(say(TALK_TO_OPERATIONAL, text), STATUS_AUTH, "wrong length");
	ask_for_proof(DIGEST_MD5);
	talk_prove(&x.out, DIGEST_MD5, "it", THEIR_SECRET, text);
	strcat(text, "CHAP_C=0x00|");
	fails_with(say(TALK_TO_OPERATIONAL, text), STATUS_AUTH, "a second time");
	ask_for_proof(DIGEST_MD5);
	talk_prove(&x.out, DIGEST_MD5, "it", THEIR_SECRET, text);
	assert_int_equal(say(TALK_STAY_SECURITY, text), LOGIN_PHASE_SEND);
	fails_with(say(TALK_TO_OPERATIONAL, text), STATUS_AUTH, "CHAP keys after the end of CHAP");
}

/* A target that reflects the challenge is refused, in this login or in another one. */
static void reflected(void **state)
{
	static struct login_phase other;
	char text[256];

	ask_for_proof(DIGEST_SHA256);
	snprintf(text, sizeof(text), "CHAP_A=7|CHAP_I=%s|CHAP_C=%s|", talk_asked(&x.out, "CHAP_I"),
		 talk_asked(&x.out, "CHAP_C"));
	memcpy(&in, &x.out, sizeof(in));
	login_phase_start(&other, &one_way);
	talk_text(&in, TALK_STAY_SECURITY, "AuthMethod=CHAP|");
	assert_int_equal(login_phase_receive(&other, &in), LOGIN_PHASE_SEND);
	talk_text(&in, TALK_STAY_SECURITY, text);
	assert_int_equal(login_phase_receive(&other, &in), LOGIN_PHASE_FAILED);
	assert_non_null(strstr(other.answer, "CHAP_C is the initiator's own challenge"));
	assert_int_equal(other.verdict.status, STATUS_AUTH);
	login_phase_free(&other);
	/* After the end of that login its challenge is allowed. */
	login_phase_free(&x);
	ask(&one_way);
	assert_int_equal(say(TALK_STAY_SECURITY, text), LOGIN_PHASE_SEND);
}

static void accounts_that_may_not_be(void **state)
{
	static char name[300];
	struct login_phase_account login = mutual;

	login.chap.target.secret = (const uint8_t *)OUR_SECRET;
	fails_with(login_phase_start(&x, &login), STATUS_CONFIG, "not tried: mutual CHAP with the same secret");
	login = one_way;
	login.chap.initiator.user = "m\0e";
	login.chap.initiator.user_len = 3;
	fails_with(login_phase_start(&x, &login), STATUS_CONFIG, "with a NUL");
	memset(name, 'a', sizeof(name));
	login.chap.initiator.user = name;
	login.chap.initiator.user_len = 256;
	fails_with(login_phase_start(&x, &login), STATUS_CONFIG, "longer than 255 bytes");
	login.chap.initiator.user_len = 255;
	ask(&login);
	assert_int_equal(say(TALK_STAY_SECURITY, "CHAP_A=5|CHAP_I=1|CHAP_C=0x01|"), LOGIN_PHASE_SEND);
	assert_int_equal(strlen(talk_asked(&x.out, "CHAP_N")), 255);
	/* login_phase_receive() fails too if the caller ignored the first failure. */
	login.chap.algorithms = "none";
	login_phase_start(&x, &login);
	fails_with(say(TALK_STAY_SECURITY, "AuthMethod=CHAP|"), STATUS_CONFIG, "CHAP algorithms");
}

/* The target sends wrong responses instead of the first, the second and the third one. */
static void out_of_turn(void **state)
{
	static const struct {
		unsigned int flags;
		const char *text, *words;
	} first[] = {
		{ TALK_TO_OPERATIONAL, "", "the target skips CHAP" },
		{ TALK_TO_OPERATIONAL, "AuthMethod=None|", "the target skips CHAP" },
		{ TALK_TO_FULL, "", "stage 1, not 0" },
		{ TALK_STAY_SECURITY, "", "no AuthMethod" },
		{ TALK_STAY_SECURITY, "AuthMethod=None|", "AuthMethod=None, but this login requires CHAP" },
		{ TALK_STAY_SECURITY, "AuthMethod=Reject|", "requires CHAP" },
		{ TALK_STAY_SECURITY, "AuthMethod=CHAPS,None|", "requires CHAP" },
		{ TALK_STAY_SECURITY, "AuthMethod=None,KRB5|", "requires CHAP" },
		{ TALK_STAY_SECURITY, "AuthMethod=CHAP|CHAP_A=5|CHAP_I=1|CHAP_C=0x01|", "CHAP keys before CHAP_A was offered" },
		{ TALK_STAY_SECURITY, "AuthMethod=CHAP|MaxBurstLength=512|", "was not offered" },
	}, second[] = {
		{ 0x83, "", "the target skips CHAP" },
		{ TALK_STAY_SECURITY, "", "must have CHAP_A, CHAP_I and CHAP_C only" },
		{ TALK_STAY_SECURITY, "AuthMethod=CHAP|", "AuthMethod comes a second time" },
		{ TALK_STAY_SECURITY, "AuthMethod=None|", "requires CHAP" },
		{ TALK_STAY_SECURITY, "CHAP_A=5|CHAP_I=1|", "must have CHAP_A" },
		{ TALK_STAY_SECURITY, "CHAP_A=5|CHAP_C=0x01|", "must have CHAP_A" },
		{ TALK_STAY_SECURITY, "CHAP_I=5|CHAP_C=0x01|", "must have CHAP_A" },
		{ TALK_STAY_SECURITY, "CHAP_A=5|CHAP_I=1|CHAP_C=0x01|CHAP_N=it|", "must have CHAP_A" },
		{ TALK_STAY_SECURITY, "CHAP_A=9|CHAP_I=1|CHAP_C=0x01|", "not one of the offered algorithms" },
		{ TALK_STAY_SECURITY, "CHAP_A=4,9|CHAP_I=1|CHAP_C=0x01|", "not one of the offered algorithms" },
		{ TALK_STAY_SECURITY, "CHAP_A=,|CHAP_I=1|CHAP_C=0x01|", "not one of the offered algorithms" },
		{ TALK_STAY_SECURITY, "CHAP_A=0x|CHAP_I=1|CHAP_C=0x01|", "not one of the offered algorithms" },
		{ TALK_STAY_SECURITY, "CHAP_A=261|CHAP_I=1|CHAP_C=0x01|", "not one of the offered algorithms" },
		{ TALK_STAY_SECURITY, "CHAP_A=5|CHAP_A=5|CHAP_I=1|CHAP_C=0x01|", "CHAP_A comes a second" },
	}, third[] = {
		{ TALK_TO_OPERATIONAL, "CHAP_N=it|CHAP_R=0x01|", "unexpected CHAP_N or CHAP_R" },
		{ TALK_STAY_SECURITY, "CHAP_A=5|CHAP_I=1|CHAP_C=0x01|", "starts CHAP a second time" },
		{ TALK_TO_FULL, "", "stage 1, not 0" },
		{ 0x83, "", "unrequested transit from stage 0 to 3" },
	};
	static char much[PDU_DATA_MAX];
	unsigned int i;
	size_t len;

	for (i = 0; i < sizeof(first) / sizeof(*first); i++) {
		login_phase_start(&x, &one_way);
		say(first[i].flags, first[i].text);
		fails_with(LOGIN_PHASE_FAILED, x.verdict.status, first[i].words);
	}
	for (i = 0; i < sizeof(second) / sizeof(*second); i++) {
		ask(&one_way);
		say(second[i].flags, second[i].text);
		fails_with(LOGIN_PHASE_FAILED, x.verdict.status, second[i].words);
	}
	for (i = 0; i < sizeof(third) / sizeof(*third); i++) {
		ask(&one_way);
		say(TALK_STAY_SECURITY, "CHAP_A=5|CHAP_I=1|CHAP_C=0x01|");
		say(third[i].flags, third[i].text);
		fails_with(LOGIN_PHASE_FAILED, x.verdict.status, third[i].words);
	}
	/* The responses to unknown keys leave no room. */
	ask(&one_way);
	for (len = 0, i = 0; i < 355; i++)
		len += (size_t)sprintf(much + len, "X-org.%02u=1|", i % 100);
	strcpy(much + len, "CHAP_A=5|CHAP_I=1|CHAP_C=0x01|");
	fails_with(say(TALK_STAY_SECURITY, much), STATUS_AUTH, "no room for CHAP_R");
	/* CHAP in the operational stage is refused. */
	ask(&one_way);
	say(TALK_STAY_SECURITY, "CHAP_A=5|CHAP_I=1|CHAP_C=0x01|");
	assert_int_equal(say(TALK_TO_OPERATIONAL, ""), LOGIN_PHASE_SEND);
	fails_with(say(TALK_TO_FULL, "CHAP_N=it|"), STATUS_REFUSED, "unexpected key CHAP_N");
}

/* These targets refuse a list that does not begin with MD5; they take MD5 alone. */
static void refused_list(void **state)
{
	static const struct {
		unsigned int status; /* 0: the text */
		const char *text;
		bool again; /* MD5 alone is tried */
		enum failure failure;
	} cases[] = {
		{ 0x0201, "", true, FAILURE_ALGORITHM }, /* LIO before Linux 3.15, Synology */
		{ 0x0200, "", true, FAILURE_DENIED },
		{ 0x020b, "", true, FAILURE_DENIED },
		{ 0, "CHAP_A=Reject|", true, FAILURE_ALGORITHM },
		{ 0, "CHAP_A=NotUnderstood|", true, FAILURE_ALGORITHM },
		{ 0, "", true, FAILURE_ALGORITHM },
		{ 0x0301, "", false, FAILURE_BUSY },
		{ 0, "CHAP_A=9|CHAP_I=1|CHAP_C=0x01|", false, FAILURE_AUTH },
		{ 0, "AuthMethod=None|", false, FAILURE_AUTH },
		{ 0, "garbage|", false, FAILURE_OTHER },
	};
	struct login_phase_account login;
	unsigned int i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		login = one_way;
		ask(&login);
		talk_text(&in, TALK_STAY_SECURITY, cases[i].text);
		in.header[36] = (uint8_t)(cases[i].status >> 8);
		in.header[37] = (uint8_t)cases[i].status;
		assert_int_equal(login_phase_receive(&x, &in), LOGIN_PHASE_FAILED);
		assert_int_equal(x.verdict.failure, cases[i].failure);
		assert_int_equal(login_phase_reduce_chap(&x, &login), cases[i].again);
		if (!cases[i].again)
			continue;
		ask(&login);
		assert_string_equal(talk_asked(&x.out, "CHAP_A"), "5");
		assert_false(login_phase_reduce_chap(&x, &login)); /* once only */
	}
	/* The target closes the connection instead: the same, but not before CHAP_A. */
	login = one_way;
	login_phase_start(&x, &login);
	assert_false(login_phase_reduce_chap(&x, &login));
	ask(&login);
	assert_true(login_phase_reduce_chap(&x, &login));
	/* After a challenge the secret is wrong, not the list. */
	login = one_way;
	ask(&login);
	say(TALK_STAY_SECURITY, "CHAP_A=5|CHAP_I=1|CHAP_C=0x01|");
	assert_false(login_phase_reduce_chap(&x, &login));
}

/*
 * The target chooses another algorithm than MD5, and then refuses the response: it may compute
 * something else under that number.
 */
static void refused_response(void **state)
{
	static const struct {
		const char *challenge;
		unsigned int status;
		bool again;
	} cases[] = {
		{ "CHAP_A=8|CHAP_I=1|CHAP_C=0x01|", 0x0201, true },
		{ "CHAP_A=7|CHAP_I=1|CHAP_C=0x01|", 0x0200, true }, /* tgt, open-iscsi issue 192 */
		{ "CHAP_A=5|CHAP_I=1|CHAP_C=0x01|", 0x0201, false }, /* the secret is wrong */
		{ "CHAP_A=8|CHAP_I=1|CHAP_C=0x01|", 0x0202, false }, /* tried again as it is */
		{ "CHAP_A=8|CHAP_I=1|CHAP_C=0x01|", 0x0301, false },
	};
	struct login_phase_account login;
	unsigned int i, guarded;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		for (guarded = 0; guarded < 2; guarded++) {
			login = one_way;
			login.through_kernel = guarded;
			ask(&login);
			assert_int_equal(say(TALK_STAY_SECURITY, cases[i].challenge),
					 LOGIN_PHASE_SEND);
			talk_text(&in, 0, "");
			in.header[36] = (uint8_t)(cases[i].status >> 8);
			in.header[37] = (uint8_t)cases[i].status;
			assert_int_equal(login_phase_receive(&x, &in), LOGIN_PHASE_FAILED);
			assert_true(x.verdict.failure != FAILURE_ALGORITHM);
			assert_int_equal(login_phase_reduce_chap(&x, &login),
					 cases[i].again && !guarded);
		}
	/* A target that does not prove itself gets no second login. */
	login = mutual;
	ask(&login);
	say(TALK_STAY_SECURITY, "CHAP_A=8|CHAP_I=1|CHAP_C=0x01|");
	say(TALK_TO_OPERATIONAL, "CHAP_N=it|CHAP_R=0x01|");
	assert_false(login_phase_reduce_chap(&x, &login));
}

/* Some targets send a list instead of their choice: the first one that was offered counts. */
static void chosen_list(void **state)
{
	ask(&one_way);
	assert_int_equal(say(TALK_STAY_SECURITY, "CHAP_A=9,0x5,7|CHAP_I=0x1|CHAP_C=0bAQ|"),
			 LOGIN_PHASE_SEND);
	assert_int_equal(x.chap.algorithm, DIGEST_MD5);
}

/* Never offers less than the policy names, nor no CHAP at all. */
static void refused_policy(void **state)
{
	static const char *const lists[] = { "SHA256", "SHA3-256,SHA1", "MD5" };
	struct login_phase_account login = one_way;
	unsigned int i;

	for (i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		login.chap.algorithms = lists[i];
		ask(&login);
		say(TALK_STAY_SECURITY, "CHAP_A=Reject|");
		assert_false(login_phase_reduce_chap(&x, &login));
		assert_ptr_equal(login.chap.algorithms, lists[i]);
	}
	login.chap.algorithms = NULL;
	away = DIGEST_MD5; /* FIPS */
	ask(&login);
	say(TALK_STAY_SECURITY, "CHAP_A=Reject|");
	assert_false(login_phase_reduce_chap(&x, &login));
}

/* A challenge of another process of this boot is recognized by its mark. */
static void reflected_by_another_process(void **state)
{
	char text[256], challenge[128];
	unsigned int i;

	chap_mark_challenges("a boot id");
	for (i = 0; i < 4; i++) {
		ask_for_proof(vectors[i].number);
		strcpy(challenge, talk_asked(&x.out, "CHAP_C"));
		login_phase_free(&x); /* no list of this process has it now */
		ask(&one_way);
		snprintf(text, sizeof(text), "CHAP_A=5|CHAP_I=1|CHAP_C=%s|", challenge);
		fails_with(say(TALK_STAY_SECURITY, text), STATUS_AUTH, "reflection attack");
		ask(&one_way); /* another one of that length is accepted */
		challenge[2] = challenge[2] == '0' ? '1' : '0';
		snprintf(text, sizeof(text), "CHAP_A=5|CHAP_I=1|CHAP_C=%s|", challenge);
		assert_int_equal(say(TALK_STAY_SECURITY, text), LOGIN_PHASE_SEND);
		chap_mark_challenges("that of another machine");
		ask(&one_way);
		challenge[2] = challenge[2] == '0' ? '1' : '0';
		snprintf(text, sizeof(text), "CHAP_A=5|CHAP_I=1|CHAP_C=%s|", challenge);
		assert_int_equal(say(TALK_STAY_SECURITY, text), LOGIN_PHASE_SEND);
		chap_mark_challenges("a boot id");
	}
	chap_mark_challenges("");
}

/* Without random numbers the login fails at once, and is tried again. */
static void no_random_numbers(void **state)
{
	no_random = true;
	ask(&mutual);
	fails_with(say(TALK_STAY_SECURITY, "CHAP_A=5|CHAP_I=1|CHAP_C=0x01|"), STATUS_ERROR, "no random numbers");
	assert_int_equal(retry, NEXT_TRY);
	no_random = false;
}

/* Algorithms that are not available are not offered; without any, the login fails. */
static void forbidden(void **state)
{
	struct login_phase_account login = one_way;

	away = DIGEST_MD5;
	ask(&login);
	assert_string_equal(talk_asked(&x.out, "CHAP_A"), "8,6,7");
	login_phase_free(&x);
	login.chap.algorithms = "MD5";
	fails_with(login_phase_start(&x, &login), STATUS_CONFIG, "FIPS");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(forbidden, setup, teardown),
		cmocka_unit_test_setup_teardown(refused_list, setup, teardown),
		cmocka_unit_test_setup_teardown(reflected_by_another_process, setup, teardown),
		cmocka_unit_test_setup_teardown(no_random_numbers, setup, teardown),
		cmocka_unit_test_setup_teardown(refused_policy, setup, teardown),
		cmocka_unit_test_setup_teardown(refused_response, setup, teardown),
		cmocka_unit_test_setup_teardown(chosen_list, setup, teardown),
		cmocka_unit_test_setup_teardown(known_responses, setup, teardown),
		cmocka_unit_test_setup_teardown(algorithms, setup, teardown),
		cmocka_unit_test_setup_teardown(spellings, setup, teardown),
		cmocka_unit_test_setup_teardown(lengths, setup, teardown),
		cmocka_unit_test_setup_teardown(proven, setup, teardown),
		cmocka_unit_test_setup_teardown(not_proven, setup, teardown),
		cmocka_unit_test_setup_teardown(reflected, setup, teardown),
		cmocka_unit_test_setup_teardown(accounts_that_may_not_be, setup, teardown),
		cmocka_unit_test_setup_teardown(out_of_turn, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
