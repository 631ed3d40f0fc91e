// SPDX-License-Identifier: GPL-2.0-only
/* Tests which addresses no portal can have, and which may be IPv6 addresses cut to four bytes. */
#include "tests/unit/parsed.h"

#include "kmod/core/portal.h"

static struct ibu_addr address(const char *text)
{
	struct ibu_addr a = { 0 };

	if (ibu_addr_parse(text, strlen(text), &a))
		fail_msg("not an address: %s", text);
	return a;
}

/* Both texts, or both NULL. */
static void expect_text(const char *what, const char *got, const char *want)
{
	if (!got != !want || (got && strcmp(got, want)))
		fail_msg("%s: %s, not %s", what, got ? got : "nothing", want ? want : "nothing");
}

static void test_faults(void **state)
{
	static const struct {
		const char *addr, *fault;
	} cases[] = {
		{ "0.0.0.1", "is in 0.0.0.0/8, which is no host" },
		{ "1.0.0.0", NULL },
		{ "126.255.255.255", NULL },
		{ "127.1.2.3", "is a loopback address" },
		{ "128.0.0.1", NULL },
		{ "223.255.255.255", NULL },
		{ "224.0.0.1", "is a multicast address" },
		{ "239.255.255.255", "is a multicast address" },
		{ "240.0.0.1", "is reserved (class E)" },
		{ "254.255.255.255", "is reserved (class E)" },
		{ "255.0.255.255", "is reserved (class E)" },
		{ "255.255.0.255", "is reserved (class E)" },
		{ "255.255.255.0", "is reserved (class E)" },
		{ "255.255.255.255", "is the broadcast address" },
		{ "ff02::1", "is a multicast address" },
		{ "fe02::1", NULL },
		{ "::", "is the unspecified address" },
		{ "::1", "is a loopback address" },
		{ "::2", "is an IPv4 address without its ::ffff:" },
		{ "::1:0", "is an IPv4 address without its ::ffff:" },
		{ "::1:0:0", "is an IPv4 address without its ::ffff:" },
		{ "::ffff:0:a00:1", "is an IPv4 address without its ::ffff:" },
		{ "0:0:0:1::", NULL },
		{ "a00:1::", "is an IPv4 address without its ::ffff:" },
		{ "1fff::", "is an IPv4 address without its ::ffff:" },
		{ "a00:1:0:1::", NULL },
		{ "a00:1::1", NULL },
		{ "2000::", NULL },
		{ "3fff::", NULL },
		{ "4000::", "is an IPv4 address without its ::ffff:" },
		{ "fbff::", "is an IPv4 address without its ::ffff:" },
		{ "fd00::1", NULL },
		/* The IPv4 address in one of NAT64 and of 6to4. */
		{ "64:ff9b::a00:1", NULL },
		{ "64:ff9b::7f00:1", "is a loopback address" },
		{ "64:ff9b:1::7f00:1", NULL },
		{ "2002:a00:1::7f00:1", NULL },
		{ "2002:e000:1::1", "is a multicast address" },
		{ "2001:e000:1::1", NULL },
		{ "2102:e000:1::1", NULL },
	};
	struct ibu_addr a;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		a = address(cases[i].addr);
		expect_text(cases[i].addr, ibu_portal_fault(&a), cases[i].fault);
	}
}

/* A NIC with an address, and with a prefix length if that is not 255. */
static struct ibu_nic nic_of(const char *addr, u8 prefix)
{
	struct ibu_nic nic = { .ip = address(addr), .prefix_len = prefix };

	ibu_set(&nic.f, IBU_NIC_IP_ADDR);
	if (prefix != 255)
		ibu_set(&nic.f, IBU_NIC_PREFIX_LEN);
	return nic;
}

static void test_subnets(void **state)
{
	static const struct {
		const char *nic;
		u8 prefix;
		const char *addr;
		bool has;
	} cases[] = {
		{ "10.0.0.7", 24, "10.0.0.9", true },	   { "10.0.0.7", 24, "10.0.1.9", false },
		{ "10.0.0.7", 0, "11.0.1.9", true },	   { "10.0.0.7", 255, "10.0.0.9", false },
		{ "10.0.0.7", 29, "10.0.0.0", true },	   { "10.0.0.7", 30, "10.0.0.3", false },
		{ "10.0.0.7", 32, "10.0.0.7", true },	   { "10.0.0.7", 32, "10.0.0.6", false },
		{ "10.0.0.7", 33, "10.0.0.7", false },	   { "10.0.0.7", 0, "fd00::9", false },
		{ "fd00::7", 0, "10.0.0.9", false },	   { "fd00::7", 64, "fd00::1:9", true },
		{ "fd00::7", 64, "fd00:0:0:1::9", false }, { "fd00::7", 128, "fd00::7", true },
		{ "fd00::7", 129, "fd00::7", false },
	};
	struct ibu_nic nic;
	struct ibu_addr a;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		nic = nic_of(cases[i].nic, cases[i].prefix);
		a = address(cases[i].addr);
		if (ibu_nic_has(&nic, &a) != cases[i].has)
			fail_msg("%s/%u and %s", cases[i].nic, cases[i].prefix, cases[i].addr);
	}
	nic = nic_of("10.0.0.7", 24);
	nic.f.set &= ~BIT_ULL(IBU_NIC_IP_ADDR);
	a = address("10.0.0.9");
	assert_false(ibu_nic_has(&nic, &a));
}

static void test_clashes(void **state)
{
	static const struct {
		const char *nic;
		u8 prefix;
		const char *addr, *clash;
	} cases[] = {
		{ "10.0.0.7", 24, "10.0.0.7", "is the address of" },
		{ "10.0.0.7", 255, "10.0.0.7", "is the address of" },
		{ "fd00::7", 64, "fd00::7", "is the address of" },
		{ "10.0.0.7", 24, "10.0.0.8", NULL },
		{ "10.0.0.7", 24, "10.0.0.255", "is the broadcast address of the subnet of" },
		{ "10.0.0.7", 24, "10.0.0.0", "is the network address of the subnet of" },
		{ "10.0.0.7", 24, "10.0.1.255", NULL },
		{ "10.0.0.5", 30, "10.0.0.7", "is the broadcast address of the subnet of" },
		{ "10.0.0.5", 30, "10.0.0.4", "is the network address of the subnet of" },
		/* RFC 3021: a subnet of two has neither. */
		{ "10.0.0.6", 31, "10.0.0.7", NULL },
		{ "10.0.0.7", 31, "10.0.0.6", NULL },
		{ "10.0.0.7", 255, "10.0.0.255", NULL },
		{ "fd00::7", 24, "fd00::", NULL },
		{ "fd00::7", 24, "fd00:00ff:ffff:ffff:ffff:ffff:ffff:ffff", NULL },
	};
	struct ibu_nic nic;
	struct ibu_addr a;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		nic = nic_of(cases[i].nic, cases[i].prefix);
		a = address(cases[i].addr);
		expect_text(cases[i].addr, ibu_portal_clash(&a, &nic), cases[i].clash);
	}
	nic = nic_of("10.0.0.7", 24);
	nic.f.set &= ~BIT_ULL(IBU_NIC_IP_ADDR);
	a = address("10.0.0.7");
	assert_null(ibu_portal_clash(&a, &nic));
	memcpy(nic.mac, "\x52\x54\x00\xaa\x00\x01", 6);
	a = address("fe80::5054:ff:feaa:1");
	assert_null(ibu_portal_clash(&a, &nic));
	ibu_set(&nic.f, IBU_NIC_MAC);
	expect_text("of the MAC", ibu_portal_clash(&a, &nic), "is the address of");
	a = address("fe80::5054:ff:feaa:2");
	assert_null(ibu_portal_clash(&a, &nic));
}

static void test_cuts(void **state)
{
	static const struct {
		const char *addr;
		enum ibu_cut cut;
	} cases[] = {
		{ "::", IBU_CUT_NO },
		{ "fc00::fc00:1", IBU_CUT_NO }, /* IPv6 is whole */
		{ "0.100.255.155", IBU_CUT_YES },
		{ "0.100.255.154", IBU_CUT_NO },
		{ "251.0.0.1", IBU_CUT_NO },
		{ "252.0.0.1", IBU_CUT_YES },
		{ "253.0.0.1", IBU_CUT_YES },
		{ "254.127.0.1", IBU_CUT_NO },
		{ "254.128.0.1", IBU_CUT_YES },
		{ "255.128.0.1", IBU_CUT_NO },
		{ "31.1.0.1", IBU_CUT_NO },
		{ "32.0.0.1", IBU_CUT_NO },
		{ "32.1.0.1", IBU_CUT_MAYBE },
		{ "32.3.0.1", IBU_CUT_MAYBE },
		{ "32.4.0.1", IBU_CUT_NO },
		{ "34.1.0.1", IBU_CUT_NO },
		{ "36.0.0.1", IBU_CUT_MAYBE },
		{ "36.31.0.1", IBU_CUT_MAYBE },
		{ "36.32.0.1", IBU_CUT_NO },
		{ "37.0.0.1", IBU_CUT_NO },
		{ "38.63.0.1", IBU_CUT_MAYBE },
		{ "38.64.0.1", IBU_CUT_NO },
		{ "44.0.0.1", IBU_CUT_MAYBE },
		{ "46.0.0.1", IBU_CUT_NO },
		{ "63.255.15.1", IBU_CUT_MAYBE },
		{ "63.255.16.1", IBU_CUT_NO },
	};
	struct ibu_addr a;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		a = address(cases[i].addr);
		if (ibu_addr_is_cut(&a) != cases[i].cut)
			fail_msg("%s: %d", cases[i].addr, ibu_addr_is_cut(&a));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_subnets),
		cmocka_unit_test(test_clashes),
		cmocka_unit_test(test_cuts),
	};

	return cmocka_run_group_tests_name("portal", tests, NULL, NULL);
}
