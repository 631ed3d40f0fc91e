// SPDX-License-Identifier: GPL-2.0-only
/* Tests the pieces of text: cutting, numbers, addresses with zones, names of network devices. */
#include "tests/unit/parsed.h"

#include "kmod/core/text.h"

static struct ibu_text text(const char *s)
{
	return (struct ibu_text){ s, (u32)strlen(s) };
}

static void test_cut(void **state)
{
	static const struct {
		const char *whole, *head, *rest; /* NULL: nothing is left */
	} cases[] = {
		{ "a:b:c", "a", "b:c" }, { "a", "a", NULL },	      { "", "", NULL },
		{ ":", "", "" },	 { "[a:b]:c", "[a:b]", "c" }, { "[a:b", "[a:b", NULL },
		{ "a]:b", "a]", "b" },
	};
	struct ibu_text rest, head;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		rest = text(cases[i].whole);
		head = ibu_cut(&rest, ':');
		if (!ibu_is(&head, cases[i].head))
			fail_msg("%s: another head", cases[i].whole);
		if (cases[i].rest)
			assert_true(rest.s && ibu_is(&rest, cases[i].rest));
		else
			assert_true(!rest.s && !rest.len);
	}
}

static void test_starts(void **state)
{
	static const char *const yes[] = { "ip-", "ip-10" }, *const no[] = { "", "ip", "xip-" };
	struct ibu_text t = { NULL, 0 };
	size_t i;

	assert_false(ibu_starts(&t, "ip-"));
	for (i = 0; i < ARRAY_SIZE(yes); i++) {
		t = text(yes[i]);
		assert_true(ibu_starts(&t, "ip-"));
	}
	for (i = 0; i < ARRAY_SIZE(no); i++) {
		t = text(no[i]);
		assert_false(ibu_starts(&t, "ip-"));
	}
}

static void test_switch(void **state)
{
	static const char *const off[] = { "0", "no", "off" };
	static const char *const on[] = { "", "1", "yes", "00", "NO", "of" };
	struct ibu_text t;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(off); i++) {
		t = text(off[i]);
		assert_true(ibu_is_off(&t));
	}
	for (i = 0; i < ARRAY_SIZE(on); i++) {
		t = text(on[i]);
		assert_false(ibu_is_off(&t));
	}
}

static void test_number(void **state)
{
	static const char *const bad[] = { "",	 "-1", "+1",	     " 1",	    "1 ",   "0x1",
					   "1/", "1:", "4294967296", "00000000001", "65536" };
	struct ibu_text t;
	u32 value = 7;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		t = text(bad[i]);
		assert_int_equal(ibu_number(&t, i < 8 ? ~0U : 65535, &value), -EINVAL);
		assert_int_equal(value, 7);
	}
	t = text("0000065535");
	assert_int_equal(ibu_number(&t, 65535, &value), 0);
	assert_int_equal(value, 65535);
	t = text("4294967295");
	assert_int_equal(ibu_number(&t, ~0U, &value), 0);
	assert_int_equal(value, ~0U);
}

static void test_address(void **state)
{
	static const char *const good[] = { "10.0.0.1", "[10.0.0.1]", "fd00::1", "[fd00::1]" };
	static const char *const bad[] = { "",		"[",	     "]",	    "[]",
					   "[10.0.0.1", "[10.0.0.11", "10.0.0.1]", "fe80::1%eth0" };
	struct ibu_addr a;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++)
		assert_int_equal(ibu_address(text(good[i]), &a), 0);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(ibu_address(text(bad[i]), &a), -EINVAL);
	assert_int_equal(ibu_address((struct ibu_text){ NULL, 0 }, &a), -EINVAL);
}

static void test_zone(void **state)
{
	static const struct {
		const char *s;
		int any, link_local; /* what ibu_split_zone() and ibu_address_zone() return */
		const char *zone;
	} cases[] = {
		{ "10.0.0.1", 0, 0, "" },
		{ "fe80::1", 0, 0, "" },
		{ "fe80::1%eth0", 0, 0, "eth0" },
		{ "[fe80::1%eth0]", 0, 0, "eth0" },
		{ "febf::1%eth0", 0, 0, "eth0" },
		{ "fec0::1%eth0", 0, -EINVAL, "eth0" },
		{ "fd80::1%eth0", 0, -EINVAL, "eth0" },
		{ "10.0.0.1%eth0", 0, -EINVAL, "eth0" },
		{ "fe80::1%", 0, -EINVAL, "" },
		{ "fe80::1%a/b", 0, -EINVAL, "a/b" },
		{ "fe80::1%a%b", 0, 0, "a%b" },
		{ "[fe80::1%eth0", -EINVAL, -EINVAL, "eth0" },
		{ "", -EINVAL, -EINVAL, "" },
		{ "[", -EINVAL, -EINVAL, "" },
	};
	struct ibu_text zone;
	struct ibu_addr a;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		if (ibu_split_zone(text(cases[i].s), &a, &zone) != cases[i].any)
			fail_msg("%s", cases[i].s);
		assert_true(ibu_is(&zone, cases[i].zone));
		if (ibu_address_zone(text(cases[i].s), &a, &zone) != cases[i].link_local)
			fail_msg("%s, link-local", cases[i].s);
	}
}

static void test_bare_ip6(void **state)
{
	static const char *const yes[] = { "2000::",	   "3fff::1",	   "fc00::1",
					   "fd00::1",	   "fe80::1",	   "febf::1",
					   "fe80::1%eth0", "fd00::1:3260", "fd00::1:name" };
	static const char *const no[] = {
		"",
		"f",
		"::",
		"::1",
		"1fff::1",
		"4000::1",
		"fb00::1",
		"fe7f::1",
		"fec0::1",
		"ff80::1",
		"cafe::3260",
		"[fd00::1]",
		"10.0.0.1",
		"fd00",
		"fd00::1-x",
		"fd00::g",
		/* Longer than any address with its zone. */
		"fd00::1%0123456789012345678901234567890123456789012345678901234",
	};
	struct ibu_text t;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(yes); i++) {
		t = text(yes[i]);
		if (!ibu_begins_with_ip6(&t))
			fail_msg("%s", yes[i]);
	}
	for (i = 0; i < ARRAY_SIZE(no); i++) {
		t = text(no[i]);
		if (ibu_begins_with_ip6(&t))
			fail_msg("%s", no[i]);
	}
}

static void test_ifname(void **state)
{
	static const char *const yes[] = { "a", "eth0", "...", "a.b", "0123456789abcde", "~", "!" };
	static const char *const no[] = { "",	 ".",	  "..",	  "0123456789abcdef", "a b", "a/b",
					  "a:b", "a\x7f", "a\x80" };
	struct ibu_text t;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(yes); i++) {
		t = text(yes[i]);
		assert_true(ibu_valid_ifname(&t));
	}
	for (i = 0; i < ARRAY_SIZE(no); i++) {
		t = text(no[i]);
		assert_false(ibu_valid_ifname(&t));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut),    cmocka_unit_test(test_starts),
		cmocka_unit_test(test_switch),
		cmocka_unit_test(test_number), cmocka_unit_test(test_address),
		cmocka_unit_test(test_zone),   cmocka_unit_test(test_bare_ip6),
		cmocka_unit_test(test_ifname),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
