// SPDX-License-Identifier: GPL-2.0-only
/* Tests the parser with leases as DHCP clients report them, valid and hostile. */
#include "tests/unit/parsed.h"

#include "dhcp/lease.h"

#include <errno.h>
#include <limits.h>

static struct lease lease;
static struct ibu_diag diag;

/* Parses a copy of the exact size without a NUL, so that the sanitizer sees a byte read too far. */
static int parse_bytes(const char *text, size_t len)
{
	char *copy = malloc(len + !len);
	int r;

	ibu_diag_free(&diag);
	memcpy(copy, text, len);
	r = lease_parse(copy, len, "nic0", &lease, &diag);
	free(copy);
	return r;
}

/* In @text '|' stands for the NUL after each variable. */
static int parse_env(const char *text)
{
	size_t len = strlen(text), i;
	char *copy = strdup(text);
	int r;

	for (i = 0; i < len; i++)
		if (copy[i] == '|')
			copy[i] = '\0';
	r = parse_bytes(copy, len);
	free(copy);
	return r;
}

static int teardown(void **state)
{
	ibu_diag_free(&diag);
	return 0;
}

static void assert_addr(const struct ibu_addr *a, const char *want)
{
	char text[IBU_ADDR_STRLEN];

	ibu_addr_print(a, text);
	assert_string_equal(text, want);
}

static void assert_reported(const char *line)
{
	if (!diag.text || !strstr(diag.text, line))
		fail_msg("not reported: \"%s\" but:\n%s", line, diag.text ? diag.text : "");
}

static void assert_quiet(void)
{
	if (diag.text)
		fail_msg("reported: %s", diag.text);
}

/* The tests use the variables that each client was observed to set. */
static void udhcpc(void **state)
{
	assert_int_equal(
		parse_env(
			"opt58=0000012c|subnet=255.255.255.0|router=10.77.0.1 10.77.0.2|"
			"domain=lab.example|interface=c0|dns=10.77.0.1 10.77.0.9|siaddr=10.77.0.3|"
			"rootpath=iscsi:10.77.0.1::3260:1:iqn.2026-11.org.example:root|"
			"serverid=10.77.0.4|broadcast=10.77.0.255|mtu=1400|PATH=/sbin|"
			"ip=10.77.0.58|lease=600|mask=24|hostname=node1|opt53=05|"),
		0);
	assert_quiet();
	assert_addr(&lease.ip, "10.77.0.58");
	assert_int_equal(lease.prefix_len, 24);
	assert_addr(&lease.router, "10.77.0.1");
	assert_int_equal(lease.nr_dns, 2);
	assert_addr(&lease.dns[1], "10.77.0.9");
	assert_addr(&lease.server, "10.77.0.4");
	assert_int_equal(lease.mtu, 1400);
	assert_int_equal(lease.seconds, 600);
	assert_string_equal(lease.hostname, "node1");
	assert_string_equal(lease.domain, "lab.example");
	assert_string_equal(lease.root_path,
			    "iscsi:10.77.0.1::3260:1:iqn.2026-11.org.example:root");
}

static void dhcpcd(void **state)
{
	assert_int_equal(
		parse_env(
			"new_subnet_cidr=24|if_configured=false|new_ip_address=10.77.0.58|"
			"new_network_number=10.77.0.0|new_root_path=iscsi:a::::iqn.x:y|ifmtu=1500|"
			"new_routers=10.77.0.1|new_domain_name=lab.example|reason=BOUND|"
			"new_interface_mtu=1400|new_host_name=node1|"
			"new_dhcp_server_identifier=10.77.0.1|new_domain_name_servers=10.77.0.1|"
			"new_dhcp_lease_time=4294967295|old_ip_address=10.1.1.1|"),
		0);
	assert_quiet();
	assert_addr(&lease.ip, "10.77.0.58");
	assert_int_equal(lease.prefix_len, 24);
	assert_addr(&lease.router, "10.77.0.1");
	assert_addr(&lease.server, "10.77.0.1");
	assert_int_equal(lease.nr_dns, 1);
	assert_int_equal(lease.mtu, 1400);
	assert_int_equal(lease.seconds, UINT_MAX);
	assert_string_equal(lease.hostname, "node1");
	assert_string_equal(lease.domain, "lab.example");
	assert_string_equal(lease.root_path, "iscsi:a::::iqn.x:y");
}

static void dhcpcd_ipv6(void **state)
{
	assert_int_equal(
		parse_env("reason=BOUND6|new_dhcp6_bootfile_url=iscsi:[fd77::1]::3260:1:iqn.x:y|"
			  "new_dhcp6_ia_na1_ia_addr1=fd77::5b|new_dhcp6_ia_na1_ia_addr1_vltime=600|"
			  "new_dhcp6_name_servers=fd77::1 fe80::2%eth0|new_dhcp6_ia_na1_t1=300|"
			  "new_dhcp6_domain_search=lab.example. other.example.|"),
		0);
	assert_quiet();
	assert_addr(&lease.ip, "fd77::5b");
	assert_int_equal(lease.prefix_len, 128);
	assert_true(ibu_addr_is_null(&lease.router));
	assert_int_equal(lease.nr_dns, 2);
	assert_addr(&lease.dns[1], "fe80::2");
	assert_int_equal(lease.seconds, 600);
	assert_string_equal(lease.domain, "lab.example");
	assert_string_equal(lease.root_path, "iscsi:[fd77::1]::3260:1:iqn.x:y");
}

#define IPCONFIG                                                                               \
	"DEVICE='c0'\nPROTO='dhcp'\nIPV4ADDR='10.77.0.58'\nIPV4BROADCAST='10.77.0.255'\n"      \
	"IPV4NETMASK='255.255.240.0'\nIPV4GATEWAY='10.77.0.1'\nIPV4DNS0='10.77.0.1'\n"         \
	"IPV4DNS1='0.0.0.0'\nHOSTNAME='node1'\nDNSDOMAIN='lab.example'\nNISDOMAIN=''\n"        \
	"ROOTSERVER='10.77.0.1'\nROOTPATH='iscsi:a::::iqn.x:y'\nfilename=''\nUPTIME='11949'\n" \
	"DHCPLEASETIME='600'\nDOMAINSEARCH=''\n"

static void ipconfig(void **state)
{
	assert_int_equal(parse_bytes(IPCONFIG, strlen(IPCONFIG)), 0);
	assert_quiet();
	assert_addr(&lease.ip, "10.77.0.58");
	assert_int_equal(lease.prefix_len, 20);
	assert_addr(&lease.router, "10.77.0.1");
	assert_int_equal(lease.nr_dns, 1);
	assert_int_equal(lease.seconds, 600);
	assert_string_equal(lease.hostname, "node1");
	assert_string_equal(lease.root_path, "iscsi:a::::iqn.x:y");
}

/* A text cut at any byte is refused, unless all lines with addresses are whole. */
static void cut_anywhere(void **state)
{
	size_t whole = (size_t)(strstr(IPCONFIG, "DHCPLEASETIME") - IPCONFIG), len;

	for (len = 0; len < strlen(IPCONFIG); len++) {
		int r = parse_bytes(IPCONFIG, len);

		assert_int_equal(r, len < whole || IPCONFIG[len - 1] != '\n' ? -EINVAL : 0);
	}
}

static void no_address(void **state)
{
	static const char *const bad[] = {
		"",
		"ip=|",
		"ip=0.0.0.0|",
		"ip=127.0.0.1|",
		"ip=224.0.0.1|",
		"ip=0.1.2.3|",
		"ip=255.255.255.255|",
		"ip=10.0.0.256|",
		"ip=10.0.0.1 |",
		"new_dhcp6_ia_na1_ia_addr1=ff02::1|",
		"new_dhcp6_ia_na1_ia_addr1=::1|",
		"new_dhcp6_ia_na1_ia_addr1=::|",
		"mask=24|router=10.0.0.1|",
		"ip|",
		"=|",
		"IP=10.0.0.1|",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(parse_env(bad[i]), -EINVAL);
		assert_reported("warning nic0 address -: missing in the lease");
	}
}

/* Each invalid value is reported with its name; the other values are used. */
static void odd_values(void **state)
{
	static const char *const values[] = {
		"mask=33|",
		"mask=0|",
		"mask=-1|",
		"mask=a|",
		"router=router|",
		"router=0|",
		"dns=1.2.3|",
		"serverid=224.1.1.1|",
		"mtu=65536|",
		"mtu=575|",
		"mtu=1e3|",
		"lease=4294967296|",
		"lease=-1|",
		"hostname=a b|",
		"hostname=$(x)|",
		"hostname=-a|",
		"hostname=a\nb|",
		"domain=a;b|",
		"hostname=a/../b|",
		"IPV4NETMASK=255.0.255.0|",
		"hostname=\xff|",
		"IPV4NETMASK=::1|",
		"IPV4NETMASK=0.0.0.0|",
	};
	char text[100], reported[60];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(values); i++) {
		snprintf(text, sizeof(text), "%sip=10.1.2.3|", values[i]);
		assert_int_equal(parse_env(text), 0);
		snprintf(reported, sizeof(reported),
			 "warning nic0 %.*s -: ", (int)strcspn(values[i], "="), values[i]);
		assert_reported(reported);
		assert_int_equal(diag.warnings, 1);
		assert_int_equal(lease.prefix_len, 8);
		assert_true(ibu_addr_is_null(&lease.router) && ibu_addr_is_null(&lease.server));
		assert_int_equal(lease.nr_dns, 0);
		assert_int_equal(lease.mtu, 0);
		assert_int_equal(lease.seconds, 0);
		assert_string_equal(lease.hostname, "");
		assert_string_equal(lease.domain, "");
	}
}

static void too_long(void **state)
{
	char text[600];

	snprintf(text, sizeof(text), "ip=10.1.2.3|rootpath=%0255d|hostname=%0255d|", 0, 0);
	assert_int_equal(parse_env(text), 0);
	assert_quiet();
	assert_int_equal(strlen(lease.root_path), 255);
	assert_int_equal(strlen(lease.hostname), 255);
	snprintf(text, sizeof(text), "ip=10.1.2.3|rootpath=%0256d|", 0);
	assert_int_equal(parse_env(text), 0);
	assert_reported("rootpath -: ignored: 256 bytes, at most 255");
	assert_string_equal(lease.root_path, "");
	snprintf(text, sizeof(text), "ip=10.1.2.3|domain=%0256d|", 0);
	assert_int_equal(parse_env(text), 0);
	assert_reported("domain -: ignored");
	assert_int_equal(parse_env("ip=10.1.2.3|dns=1.1.1.1 2.2.2.2 3.3.3.3  4.4.4.4 5.5.5.5|"), 0);
	assert_reported("dns -: more than 4");
	assert_int_equal(lease.nr_dns, 4);
}

/* The root path may hold credentials. */
static void root_path_is_not_reported(void **state)
{
	char text[600];

	snprintf(text, sizeof(text), "ip=10.1.2.3|rootpath=iscsi:user:secret@%0255d|", 0);
	parse_env(text);
	assert_int_equal(diag.warnings, 1);
	assert_null(strstr(diag.text, "secret"));
}

/* Configured values take precedence over those of the lease. */
static void applied(void **state)
{
	struct ibu_nic nic = { .mtu = 9000, .method = IBU_METHOD_DHCP }, leased;

	ibu_set(&nic.f, IBU_NIC_MTU);
	assert_int_equal(parse_env("ip=10.1.2.3|mask=16|router=10.1.0.1|mtu=1400|hostname=h|"
				   "dns=10.1.0.2|"),
			 0);
	lease_apply(&nic, &lease, &leased);
	assert_int_equal(leased.mtu, 9000);
	assert_int_equal(leased.prefix_len, 16);
	assert_int_equal(leased.method, IBU_METHOD_DHCP);
	assert_addr(&leased.ip, "10.1.2.3");
	assert_addr(&leased.gateway, "10.1.0.1");
	assert_addr(&leased.primary_dns, "10.1.0.2");
	assert_true(ibu_has(&leased.f, IBU_NIC_IP_ADDR) && ibu_has(&leased.f, IBU_NIC_GATEWAY));
	assert_false(ibu_has(&leased.f, IBU_NIC_SECONDARY_DNS) || ibu_has(&leased.f, IBU_NIC_DHCP));
	assert_memory_equal(leased.hostname.s, "h", leased.hostname.len);
	nic.f.set = 0;
	lease_apply(&nic, &lease, &leased);
	assert_int_equal(leased.mtu, 1400);
}

#define TEST(f) cmocka_unit_test_teardown(f, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(udhcpc),	  TEST(dhcpcd),	      TEST(dhcpcd_ipv6),
		TEST(ipconfig),	  TEST(cut_anywhere), TEST(no_address),
		TEST(odd_values), TEST(too_long),     TEST(root_path_is_not_reported),
		TEST(applied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
