// SPDX-License-Identifier: GPL-2.0-only
/* Tests that the parameters of a session are complete, and that the kernel would cut no text. */
#include "tests/unit/fake.h"

#include "session/session_params.h"

/* Returns the text of @param until the next call; NULL: not set, or set twice. */
static const char *value(const struct session_values *v, enum iscsi_nl_param param)
{
	static char text[300];
	const struct iscsi_nl_value *found = NULL;
	unsigned int i;

	for (i = 0; i < v->nr; i++) {
		if (v->list[i].param != param)
			continue;
		if (found)
			return NULL;
		found = &v->list[i];
	}
	if (!found)
		return NULL;
	memcpy(text, found->text, found->len);
	text[found->len] = '\0';
	return text;
}

static const struct chap_login chap = {
	.initiator = { "user", 4, (const uint8_t *)"secret-secret", 13 },
	.target = { "target\0x", 8, (const uint8_t *)"another", 7 },
};

static void names_and_timers(void **state)
{
	struct session_params params = session_params_defaults;
	struct session_values v = { 0 };

	params.target_name = "iqn.x:t";
	params.initiator_name = "iqn.x:i";
	params.portal = "fe80::1";
	params.port = 3260;
	params.chap = &chap;
	params.recovery_tmo = -1;
	session_values_add(&v, &params);
	assert_string_equal(value(&v, ISCSI_PARAM_TARGET_NAME), "iqn.x:t");
	assert_string_equal(value(&v, ISCSI_PARAM_INITIATOR_NAME), "iqn.x:i");
	assert_string_equal(value(&v, ISCSI_PARAM_PERSISTENT_ADDRESS), "fe80::1");
	assert_string_equal(value(&v, ISCSI_PARAM_PERSISTENT_PORT), "3260");
	assert_string_equal(value(&v, ISCSI_PARAM_IFACE_NAME), "default");
	assert_string_equal(value(&v, ISCSI_PARAM_USERNAME), "user");
	assert_string_equal(value(&v, ISCSI_PARAM_PASSWORD), "secret-secret");
	assert_string_equal(value(&v, ISCSI_PARAM_SESS_RECOVERY_TMO), "-1");
	assert_string_equal(value(&v, ISCSI_PARAM_PING_TMO), "0");
	/* The name has a NUL; the others are not configured. */
	assert_null(value(&v, ISCSI_PARAM_USERNAME_IN));
	assert_null(value(&v, ISCSI_PARAM_PASSWORD_IN));
	assert_null(value(&v, ISCSI_PARAM_BOOT_ROOT));
	assert_null(value(&v, ISCSI_HOST_PARAM_HWADDRESS));
}

static void negotiated(void **state)
{
	static struct login_phase x = {
		.params = { .header_digest = DIGEST_CRC32C,
			    .max_recv = 262144,
			    .max_xmit = 8192,
			    .first_burst = 65536,
			    .max_burst = 16776192,
			    .max_r2t = 5,
			    .immediate_data = true },
		.exp_stat_sn = 0xffffffff,
		.tpgt = 0,
	};
	struct session_values v = { 0 };

	session_values_add_login(&v, &x);
	assert_string_equal(value(&v, ISCSI_PARAM_MAX_RECV_DLENGTH), "262144");
	assert_string_equal(value(&v, ISCSI_PARAM_MAX_XMIT_DLENGTH), "8192");
	assert_string_equal(value(&v, ISCSI_PARAM_HDRDGST_EN), "1");
	assert_string_equal(value(&v, ISCSI_PARAM_DATADGST_EN), "0");
	assert_string_equal(value(&v, ISCSI_PARAM_MAX_R2T), "8"); /* rounded up to a power of two */
	assert_string_equal(value(&v, ISCSI_PARAM_EXP_STATSN), "4294967295");
	assert_string_equal(value(&v, ISCSI_PARAM_TPGT), "0");
	v.nr = 0;
	x.tpgt = -1;
	session_values_add_login(&v, &x);
	assert_null(value(&v, ISCSI_PARAM_TPGT));
}

/* There is room for all parameters at once. */
static void room(void **state)
{
	static struct login_phase x;
	struct session_params params = session_params_defaults;
	struct session_values v = { 0 };
	struct chap_login both = chap;

	both.target = both.initiator;
	params.chap = &both;
	params.target_name = params.initiator_name = params.portal = "x";
	params.netdev = params.hwaddress = "x";
	params.boot_root = params.boot_nic = params.boot_target = "x";
	session_values_add(&v, &params);
	session_values_add_login(&v, &x);
	assert_true(v.nr < ARRAY_SIZE(v.list));
	assert_string_equal(value(&v, ISCSI_PARAM_ERL), "0");
	assert_string_equal(value(&v, ISCSI_PARAM_PASSWORD_IN), "secret-secret");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_timers),
		cmocka_unit_test(negotiated),
		cmocka_unit_test(room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
