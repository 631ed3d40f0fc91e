// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests host names: the strict rule is RFC 1123; the lenient one checks only characters and length.
 */
#include "tests/unit/parsed.h"

#include "base/hostname.h"

#include <string.h>

static void strict(void **state)
{
	char label[256];

	memset(label, 'a', sizeof(label));
	assert_true(hostname_is_valid("a", 1));
	assert_true(hostname_is_valid("1a-b.C9", 7));
	assert_true(hostname_is_valid(label, 63));
	assert_false(hostname_is_valid(label, 64));
	label[63] = label[127] = label[191] = '.';
	assert_true(hostname_is_valid(label, 253));
	assert_false(hostname_is_valid(label, 254));
	assert_false(hostname_is_valid("", 0));
	assert_false(hostname_is_valid("a-", 2));
	assert_false(hostname_is_valid("-a", 2));
	assert_false(hostname_is_valid("a\0b", 3));
	assert_false(hostname_is_valid("a..b", 4));
	assert_false(hostname_is_valid("a.", 2));
}

static void lenient(void **state)
{
	char name[256];

	memset(name, 'a', sizeof(name));
	assert_true(hostname_has_valid_chars(name, 255));
	assert_false(hostname_has_valid_chars(name, 256));
	assert_true(hostname_has_valid_chars("a..b-", 5));
	assert_true(hostname_has_valid_chars("9", 1));
	assert_false(hostname_has_valid_chars("", 0));
	assert_false(hostname_has_valid_chars(".a", 2));
	assert_false(hostname_has_valid_chars("-a", 2));
	assert_false(hostname_has_valid_chars("a_b", 3));
	assert_false(hostname_has_valid_chars("a\0b", 3));
	assert_false(hostname_has_valid_chars("\xe4", 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strict),
		cmocka_unit_test(lenient),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
