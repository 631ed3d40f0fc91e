// SPDX-License-Identifier: GPL-2.0-only
/* Tests the native engine's node.* parameters: a value outside its bounds gives the default. */
#include "tests/unit/root.h"

#include "login/native_params.h"

#include <string.h>

#define TEXT(s) { s, sizeof(s) - 1 }

static struct policy policy;
static struct native_params params;

/* Reads a policy that has only @param, with @value. */
static void given(enum node_param param, const char *value)
{
	memset(&policy, 0, sizeof(policy));
	strcpy(policy.params[param], value);
	native_params_read(&policy, &params);
}

/* The defaults are those of etc/iscsid.conf of open-iscsi 2.1.8. */
static void defaults(void **state)
{
	memset(&policy, 0, sizeof(policy));
	native_params_read(&policy, &params);
	assert_int_equal(params.cmds_max, 128);
	assert_int_equal(params.queue_depth, 32);
	assert_int_equal(params.socket.window, 524288);
	assert_int_equal(params.socket.tos, 0);
	assert_int_equal(params.abort_tmo, 15);
	assert_int_equal(params.lu_reset_tmo, 30);
	assert_int_equal(params.tgt_reset_tmo, 30);
	assert_true(params.fast_abort);
	assert_null(params.chap_algorithms);
	assert_memory_equal(&params.offer, &login_phase_defaults, sizeof(login_phase_defaults));
}

static void numbers(void **state)
{
	static const struct {
		enum node_param param;
		const unsigned int *is;
		unsigned int least, most, otherwise;
	} cases[] = {
		{ LOGIN_PARAM_CMDS_MAX, &params.cmds_max, 2, 2048, 128 },
		{ LOGIN_PARAM_QUEUE_DEPTH, &params.queue_depth, 1, 1024, 32 },
		{ LOGIN_PARAM_FIRST_BURST, &params.offer.first_burst, 512, 16777215, 262144 },
		{ LOGIN_PARAM_MAX_R2T, &params.offer.max_r2t, 1, 65535, 1 },
		{ LOGIN_PARAM_TIME2RETAIN, &params.offer.time2retain, 0, 3600, 0 },
		{ LOGIN_PARAM_TYPE_OF_SERVICE, &params.socket.tos, 0, 255, 0 },
	};
	char text[24];
	unsigned int i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		snprintf(text, sizeof(text), "%u", cases[i].least);
		given(cases[i].param, text);
		assert_int_equal(*cases[i].is, cases[i].least);
		snprintf(text, sizeof(text), "%u", cases[i].most);
		given(cases[i].param, text);
		assert_int_equal(*cases[i].is, cases[i].most);
		snprintf(text, sizeof(text), "%u", cases[i].most + 1);
		given(cases[i].param, text);
		assert_int_equal(*cases[i].is, cases[i].otherwise);
		given(cases[i].param, "99999999999999999999999");
		assert_int_equal(*cases[i].is, cases[i].otherwise);
		given(cases[i].param, "7x");
		assert_int_equal(*cases[i].is, cases[i].otherwise);
	}
	given(LOGIN_PARAM_CMDS_MAX, "1");
	assert_int_equal(params.cmds_max, 128);
}

static void texts(void **state)
{
	given(LOGIN_PARAM_INITIAL_R2T, "Yes");
	assert_true(params.offer.initial_r2t);
	given(LOGIN_PARAM_IMMEDIATE_DATA, "No");
	assert_false(params.offer.immediate_data);
	given(LOGIN_PARAM_IMMEDIATE_DATA, "no");
	assert_true(params.offer.immediate_data);
	given(LOGIN_PARAM_HEADER_DIGEST, "None,CRC32C");
	assert_int_equal(params.offer.header_digest, DIGEST_NONE_CRC32C);
	given(LOGIN_PARAM_DATA_DIGEST, "CRC32C");
	assert_int_equal(params.offer.data_digest, DIGEST_CRC32C);
	assert_int_equal(params.offer.header_digest, login_phase_defaults.header_digest);
	given(LOGIN_PARAM_DATA_DIGEST, "SHA1");
	assert_int_equal(params.offer.data_digest, login_phase_defaults.data_digest);
	given(LOGIN_PARAM_CHAP_ALGS, "SHA256,MD5");
	assert_string_equal(params.chap_algorithms, "SHA256,MD5");
}

static void accounts(void **state)
{
	struct ibu_target t = { .chap_type = 2,
				.chap_name = TEXT("me"),
				.chap_secret = TEXT("secretsecret1"),
				.rev_chap_name = TEXT("it"),
				.rev_chap_secret = TEXT("othersecret22") };
	struct chap_login chap = { 0 };

	native_account(&t, &chap); /* the CHAP type is not set */
	assert_null(chap.initiator.user);
	t.f.set = BIT_ULL(IBU_TARGET_CHAP_TYPE);
	native_account(&t, &chap);
	assert_int_equal(chap.initiator.secret_len, 13);
	assert_true(chap_is_mutual(&chap));
	memset(&chap, 0, sizeof(chap));
	t.chap_type = 1;
	native_account(&t, &chap);
	assert_non_null(chap.initiator.user);
	assert_false(chap_is_mutual(&chap));
	memset(&chap, 0, sizeof(chap));
	t.chap_type = 0;
	native_account(&t, &chap);
	assert_null(chap.initiator.user);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(numbers),
		cmocka_unit_test(texts),
		cmocka_unit_test(accounts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
