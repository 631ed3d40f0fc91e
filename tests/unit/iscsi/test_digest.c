// SPDX-License-Identifier: GPL-2.0-only
/* Tests digests by libcrypto; build/unit/iscsi/test_digest_nettle tests nettle, as in the guard. */
#include "tests/unit/root.h"

#include "iscsi/digest.h"
#include "tests/unit/iscsi/login_talk.h"

/* Digests of "abc" from FIPS 180-4 and 202 and RFC 1321. */
static void abc(void **state)
{
	static const struct {
		unsigned int number;
		const char *result;
	} cases[] = {
		{ DIGEST_MD5, "0x900150983cd24fb0d6963f7d28e17f72" },
		{ DIGEST_SHA1, "0xa9993e364706816aba3e25717850c26c9cd0d89d" },
		{ DIGEST_SHA256,
		  "0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ DIGEST_SHA3_256,
		  "0x3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532" },
	};
	const struct digest_part parts[] = { { "a", 1 }, { "", 0 }, { "bc", 2 } };
	uint8_t due[32], result[32];
	unsigned int i;

	for (i = 0; i < 4; i++) {
		assert_int_equal(talk_hex(cases[i].result, due), digest_size(cases[i].number));
		assert_true(digest(cases[i].number, parts, 3, result));
		assert_memory_equal(result, due, digest_size(cases[i].number));
	}
}

static void unknown(void **state)
{
	uint8_t result[32];

	assert_int_equal(digest_size(4), 0);
	assert_int_equal(digest_size(9), 0);
	assert_false(digest(9, NULL, 0, result));
}

static void equal(void **state)
{
	assert_true(digest_is_equal("abc", "abd", 2));
	assert_false(digest_is_equal("abc", "abd", 3));
	assert_false(digest_is_equal("abc", "bbc", 3));
	assert_true(digest_is_equal("", "", 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(abc),
		cmocka_unit_test(unknown),
		cmocka_unit_test(equal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
