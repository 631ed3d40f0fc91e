// SPDX-License-Identifier: GPL-2.0-only
/* Tests single kernel command-line parameters; tests/data has whole command lines with their views. */
#include "tests/unit/parsed.h"

#include "kmod/core/cmdline_private.h"

#define NETROOT "netroot=iscsi:"

/* IPv6 prefixes, as the view shows them. */
#define FD00 "fd00:0000:0000:0000:0000:0000:0000:000"
#define FE80 "fe80:0000:0000:0000:0000:0000:0000:000"

static void expect_target(const char *cmdline, unsigned int field, const char *text)
{
	struct parsed v;

	parsed_make(&v, NULL, 0, cmdline);
	if (!v.p.nr_targets)
		fail_msg("no target in: %s", cmdline);
	if (strcmp(shown(IBU_CLASS_TARGET, &v.p.targets[0], field), text))
		fail_msg("%s: %s, not %s", cmdline, shown(IBU_CLASS_TARGET, &v.p.targets[0], field),
			 text);
	parsed_free(&v);
}

static void expect_nic(const char *cmdline, unsigned int field, const char *text)
{
	struct parsed v;

	parsed_make(&v, NULL, 0, cmdline);
	if (!v.p.nr_nics)
		fail_msg("no NIC in: %s", cmdline);
	if (strcmp(shown(IBU_CLASS_NIC, &v.p.nics[0], field), text))
		fail_msg("%s: %s, not %s", cmdline, shown(IBU_CLASS_NIC, &v.p.nics[0], field),
			 text);
	parsed_free(&v);
}

/*
 * Quotes protect blanks, and are removed only around a parameter or a value, as in lib/cmdline.c.
 */
static void test_quoting(void **state)
{
	expect_target("iscsi_target_name=\"a b\"", IBU_TARGET_NAME, "a b");
	expect_target("\"iscsi_target_name=a b\"", IBU_TARGET_NAME, "a b");
	expect_target("iscsi_target_name=a\"b c\"d", IBU_TARGET_NAME, "a\"b c\"d");
	expect_target("iscsi_target_name=\"a b", IBU_TARGET_NAME, "a b");
	expect_target("  \t quiet \n iscsi_target_name=a\x0b"
		      "b",
		      IBU_TARGET_NAME, "a");
	expect_target("iscsi_target_name=a=b", IBU_TARGET_NAME, "a=b");
	expect_target("iscsi_target_name=ab\"", IBU_TARGET_NAME, "ab\"");
	expect_target("\"iscsi_target_name=\"a\"\"", IBU_TARGET_NAME, "a\"");
	expect_target("iscsi_target_name=a\x01z", IBU_TARGET_NAME, "a\\x01z");
	expect_target("iscsi_target_name=a quiet=\"", IBU_TARGET_NAME, "a");
	expect_target("iscsi_target_name=a \"", IBU_TARGET_NAME, "a");
}

static void test_uri(void **state)
{
#define URI "iscsi_boot.target=iscsi://"
	expect_target(URI "10.0.0.1/iqn.a:b/3", IBU_TARGET_LUN_NUMBER, "3");
	expect_target(URI "10.0.0.1/iqn.a:b/0", IBU_TARGET_LUN_NUMBER, "0");
	/* Without a LUN: all disks of the target. */
	expect_target(URI "10.0.0.1/iqn.a:b", IBU_TARGET_LUN, "-");
	expect_target(URI "10.0.0.1/iqn.a:b/", IBU_TARGET_LUN, "-");
	expect_target(URI "10.0.0.1/iqn.a:b/", IBU_TARGET_SELECTED, "1");
	expect_target(URI "10.0.0.1/iqn.a:b/256", IBU_TARGET_LUN, "4100000000000000");
	expect_target(URI "10.0.0.1/iqn.a:b/0x4100000000000000", IBU_TARGET_LUN_NUMBER, "256");
	expect_target(URI "10.0.0.1/iqn.a:b/0x0001000200000000", IBU_TARGET_LUN_NUMBER, "-");
	expect_target(URI "10.0.0.1/iqn.a:b/99999", IBU_TARGET_SELECTED, "0");
	expect_target(URI "10.0.0.1/iqn.a:b/-1", IBU_TARGET_SELECTED, "0");
	expect_target(URI "[fd00::1]:3261/iqn.a:b", IBU_TARGET_PORT, "3261");
	expect_target(URI "[fd00::1]:3261/iqn.a:b", IBU_TARGET_IP_ADDR,
		      "fd00:0000:0000:0000:0000:0000:0000:0001");
	expect_target(URI "10.0.0.1:0/iqn.a:b", IBU_TARGET_SELECTED, "0");
	expect_target(URI "10.0.0.1:65536/iqn.a:b", IBU_TARGET_SELECTED, "0");
	expect_target(URI "store.example/iqn.a%3Ab%2fc", IBU_TARGET_NAME, "iqn.a:b/c");
	expect_target(URI "store.example/iqn.a:b", IBU_TARGET_HOST, "store.example");
	expect_target(URI "sto_re/iqn.a:b", IBU_TARGET_SELECTED, "0");
	expect_target(URI "/iqn.a:b", IBU_TARGET_SELECTED, "0");
	/* A target without a name: the agent asks the portal. */
	expect_target(URI "10.0.0.1", IBU_TARGET_SELECTED, "1");
	expect_target(URI "10.0.0.1//3", IBU_TARGET_LUN_NUMBER, "3");
	expect_target(URI "10.0.0.1//3", IBU_TARGET_NAME, "-");
	expect_target("netroot=iscsi:10.0.0.1::::", IBU_TARGET_SELECTED, "1");
	expect_target("netroot=iscsi:10.0.0.1:::5:", IBU_TARGET_LUN_NUMBER, "5");
	expect_target("iscsi_target_ip=10.0.0.1", IBU_TARGET_SELECTED, "1");
	expect_target(URI, IBU_TARGET_SELECTED, "0");
	expect_target(URI "u:s%20%40%3a%22@10.0.0.1/iqn.a:b", IBU_TARGET_CHAP_SECRET, "s @:\"");
	expect_target(URI "u:s%00@10.0.0.1/iqn.a:b", IBU_TARGET_SELECTED, "0");
	expect_target(URI "u:s%4@10.0.0.1/iqn.a:b", IBU_TARGET_SELECTED, "0");
	expect_target(URI "u:s@10.0.0.1/iqn.a:b?rev-user=t", IBU_TARGET_SELECTED, "0");
	expect_target(URI "u:s@10.0.0.1/iqn.a:b?rev-user=t,rev-secret=x", IBU_TARGET_CHAP_TYPE,
		      "2");
	expect_target(URI "10.0.0.1/iqn.a:b?rev-user=t,rev-secret=x", IBU_TARGET_SELECTED, "0");
	expect_target(URI "u@10.0.0.1/iqn.a:b?secret-file=/etc/s", IBU_TARGET_SECRET_FILE,
		      "/etc/s");
	expect_target(URI "10.0.0.1/iqn.a:b?secret-file=/etc/s", IBU_TARGET_SELECTED, "0");
	expect_target(URI "u@10.0.0.1/iqn.a:b?secret-file=", IBU_TARGET_SELECTED, "0");
	expect_target(URI "10.0.0.1/iqn.a:b?tpgt=65536", IBU_TARGET_SELECTED, "0");
	expect_target(URI "10.0.0.1/iqn.a:b?tpgt", IBU_TARGET_SELECTED, "0");
	expect_target(URI "10.0.0.1/iqn.a:b?reverse-user=t", IBU_TARGET_SELECTED, "0");
	expect_target(URI "u:s%g1@10.0.0.1/iqn.a:b", IBU_TARGET_SELECTED, "0");
	expect_target(URI "u:s%1g@10.0.0.1/iqn.a:b", IBU_TARGET_SELECTED, "0");
	expect_target(URI "u:s@10.0.0.1/iqn.a:b?rev-user=r,rev-secret=%4", IBU_TARGET_SELECTED,
		      "0");
	expect_target(URI "u:s@10.0.0.1/iqn.a:b?rev-user=r,rev-secret=%", IBU_TARGET_SELECTED, "0");
	expect_target(URI "u@10.0.0.1/iqn.a:b?secret-file=/s,rev-user=r", IBU_TARGET_SELECTED, "1");
	expect_target(URI "u@10.0.0.1/iqn.a:b?secret-file=/s,rev-user=r", IBU_TARGET_CHAP_TYPE,
		      "2");
	expect_target(URI "10.0.0.1/iqn.a:b/0x1", IBU_TARGET_SELECTED, "0");
	expect_target(URI "10.0.0.1/iqn.a:b/110001000000000000", IBU_TARGET_SELECTED, "0");
	expect_target(URI "10.0.0.1/iqn.a:b/0x000100000000000g", IBU_TARGET_SELECTED, "0");
	expect_target(URI "10.0.0.1/iqn.a:b/0x000100000000000!", IBU_TARGET_SELECTED, "0");
	expect_target(URI "10.0.0.1/iqn.a:b/0x000100000000000`", IBU_TARGET_SELECTED, "0");
}

/* A portal is an address or a host name; other text is rejected. */
static void test_portals(void **state)
{
	static const char *const bad[] = {
		"a!b",	 "a@b",	    "a_b",	  "a{b",	"-a",	      ".",
		"",	 "0.0.0.0", "::",	  "[::]",	"10.0.0.256", "1.2.3",
		"12345", "store.1", "x10.0.0.1]", "[10.0.0.1x", "10.0.0.1]",  "[10.0.0.1",
	};
	char line[512];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		snprintf(line, sizeof(line), "iscsi_target_name=iqn.a:b iscsi_target_ip=%s",
			 bad[i]);
		expect_target(line, IBU_TARGET_HOST, "-");
		expect_target(line, IBU_TARGET_IP_ADDR, "-");
		expect_target(line, IBU_TARGET_SELECTED, "0");
	}
	expect_target(URI "STORE-9z.Example/iqn.a:b", IBU_TARGET_HOST, "STORE-9z.Example");
	expect_target(URI "9.example/iqn.a:b", IBU_TARGET_SELECTED, "1");
	expect_target("iscsi_target_ip=[10.0.0.1] iscsi_target_name=iqn.a:b", IBU_TARGET_IP_ADDR,
		      "10.0.0.1");
	/* A name may have 255 bytes. */
	strcpy(line, "iscsi_target_name=iqn.a:b iscsi_target_ip=");
	memset(line + 42, 'h', 256);
	line[42 + 256] = '\0';
	expect_target(line, IBU_TARGET_HOST, "-");
	expect_target(line, IBU_TARGET_SELECTED, "0");
	line[42 + 255] = '\0';
	expect_target(line, IBU_TARGET_SELECTED, "1");
}

/* The zone of an address is the NIC of the target. */
static void test_zones(void **state)
{
	static const char *const lines[] = {
		"netroot=iscsi:[fe80::1%eth3]::::iqn.2001-04.a:b",
		"root=iscsi:u:s@[fe80::1%eth3]:6:3260:1:iqn.2001-04.a:b",
		URI "[fe80::1%eth3]/iqn.a:b",
		URI "u:s@[fe80::1%25eth3]:3260/iqn.a:b?nic=eth7",
		"iscsi_target_name=iqn.a:b iscsi_target_ip=fe80::1%eth3",
		"iscsi_target_name=iqn.a:b iscsi_target_ip=[fe80::1%eth3]",
		"iscsi_target_ip=fe80::2%eth4 iscsi_target_ip=fe80::1%eth3",
		"root=/dev/disk/by-path/ip-fe80::1%eth3:3260-iscsi-iqn.a:b-lun-1",
	};
	static const char *const bad[] = {
		"netroot=iscsi:[fe80::1%]::::iqn.2001-04.a:b",
		"netroot=iscsi:[fe80::1%2]::::iqn.2001-04.a:b",
		"netroot=iscsi:[fe80::1%a/b]::::iqn.2001-04.a:b",
		"netroot=iscsi:10.0.0.1%eth3::::iqn.2001-04.a:b",
		"iscsi_target_name=iqn.a:b iscsi_target_ip=store%eth3",
	};
	struct parsed v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		expect_nic(lines[i], IBU_NIC_IFNAME, "eth3");
		expect_target(lines[i], IBU_TARGET_NIC_ASSOC, "0");
		expect_target(lines[i], IBU_TARGET_SELECTED, "1");
		expect_target(lines[i], IBU_TARGET_IP_ADDR,
			      "fe80:0000:0000:0000:0000:0000:0000:0001");
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		expect_target(bad[i], IBU_TARGET_SELECTED, "0");
	/* An address without a zone replaces one that has a zone. */
	parsed_make(&v, NULL, 0, "iscsi_target_ip=fe80::2%eth4 iscsi_target_ip=fd00::1");
	assert_int_equal(v.p.nr_nics, 0);
	parsed_free(&v);
	parsed_make(&v, NULL, 0, NETROOT "[fe80::1%eth3]:::eth4:1:iqn.2001-04.a:b");
	assert_diag(&v, "warning cmdline netroot 31: ignored: the zone of the address");
	parsed_free(&v);
}

/* An IPv6 address without brackets is never cut at a colon. */
static void test_bare_ip6(void **state)
{
	static const char *const bad[] = {
		"fd00::10::3260:0:iqn.2001-04.a:b",
		"2001:db8::1::::iqn.2001-04.a:b",
		"fe80::1%eth0::3260:0:iqn.2001-04.a:b",
		"2001:db8:0:1:2:3:4:5::::iqn.2001-04.a:b",
		"fd00::::::iqn.2001-04.a:b",
		"u:s@fd00::1::::iqn.2001-04.a:b",
		"fd00::1:1:disk",
		"fd00::1:iqn.2001-04.a:b",
		"fd00::1",
		"u:s@fd00::1",
	};
	static const char *const good[] = {
		"cafe::3260:0:iqn.2001-04.a:b",
		"db1:6:::iqn.2001-04.a:b",
		"[fd00::1]:6:3260:eth0:1:iqn.2001-04.a:b",
		"u:fd00::1@cafe::::iqn.2001-04.a:b",
	};
	struct parsed v;
	char line[128];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		snprintf(line, sizeof(line), NETROOT "%s", bad[i]);
		parsed_make(&v, NULL, 0, line);
		assert_diag(&v, "an IPv6 address needs brackets");
		assert_int_equal(v.d.errors + v.d.warnings, 1);
		assert_target(&v, 0, IBU_TARGET_SELECTED, "0");
		assert_target(&v, 0, IBU_TARGET_HOST, "-");
		parsed_free(&v);
	}
	for (i = 0; i + 1 < ARRAY_SIZE(good); i++) {
		snprintf(line, sizeof(line), NETROOT "%s", good[i]);
		expect_target(line, IBU_TARGET_SELECTED, "1");
	}
	parsed_make(&v, NULL, 0, URI "fd00::1:3260/iqn.a:b");
	assert_diag(&v, "error cmdline iscsi_boot.target 26: an IPv6 address needs brackets");
	parsed_free(&v);
}

/* netroot=iscsi without a target means those of the firmware. */
static void test_firmware_words(void **state)
{
	static const char *const words[] = { "iscsi", "iscsi:", "iscsi:ibft", "iscsi:iBFT" };
	struct parsed v;
	char line[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		struct ibu_params p = { 0 };

		snprintf(line, sizeof(line), "netroot=%s", words[i]);
		memset(&v, 0, sizeof(v));
		assert_int_equal(ibu_cmdline_parse(line, strlen(line), &p, &v.d), 0);
		assert_true(p.firmware_wanted);
		assert_int_equal(p.nr_targets, 0);
		assert_null(v.d.text);
		ibu_params_free(&p);
	}
}

/* root= by udev's name of the disk names portal, target and LUN. */
static void test_by_path(void **state)
{
#define BY_PATH "root=/dev/disk/by-path/"
	static const struct {
		const char *line, *ip, *port, *lun;
	} cases[] = {
		{ BY_PATH "ip-10.0.0.1:3260-iscsi-iqn.2001-04.a:b-lun-1", "10.0.0.1", "3260",
		  "0001000000000000" },
		{ BY_PATH "ip-10.0.0.1:860-iscsi-iqn.2001-04.a:b-lun-2-part3", "10.0.0.1", "860",
		  "0002000000000000" },
		{ BY_PATH "pci-0000:05:00.0-ip-10.0.0.1:3260-iscsi-iqn.2001-04.a:b-lun-0-part10",
		  "10.0.0.1", "3260", "0000000000000000" },
		{ BY_PATH "ip-10.0.0.1:860-iscsi-iqn.2001-04.a:b-lun-2-part/by-partnum/3",
		  "10.0.0.1", "860", "0002000000000000" },
		{ BY_PATH "ip-10.0.0.1:860-iscsi-iqn.2001-04.a:b-lun-2-part/by-label/a-part1",
		  "10.0.0.1", "860", "0002000000000000" },
		{ BY_PATH "ip-10.0.0.1:3260-iscsi-iqn.2001-04.a:b-lun-0x4101000000000000",
		  "10.0.0.1", "3260", "4101000000000000" },
		{ BY_PATH "ip-fd00::1:3260-iscsi-iqn.2001-04.a:b-lun-1",
		  "fd00:0000:0000:0000:0000:0000:0000:0001", "3260", "0001000000000000" },
		{ BY_PATH "ip-[fd00::1]:3260-iscsi-iqn.2001-04.a:b-lun-1-part1",
		  "fd00:0000:0000:0000:0000:0000:0000:0001", "3260", "0001000000000000" },
		{ "root=block:/dev/disk/by-path/ip-10.0.0.1:3260-iscsi-iqn.2001-04.a:b-lun-1",
		  "10.0.0.1", "3260", "0001000000000000" },
		{ BY_PATH "ip-[fd00::1]-iscsi-iqn.2001-04.a:b-lun-1",
		  "fd00:0000:0000:0000:0000:0000:0000:0001", "-", "0001000000000000" },
		{ BY_PATH "ip-10.0.0.1-iscsi-iqn.2001-04.a:b-lun-1", "10.0.0.1", "-",
		  "0001000000000000" },
		{ "root=LABEL=x " BY_PATH "ip-10.0.0.1:3260-iscsi-iqn.2001-04.a:b-lun-1",
		  "10.0.0.1", "3260", "0001000000000000" },
	};
	static const char *const others[] = {
		BY_PATH "pci-0000:00:1f.2-ata-1",
		BY_PATH "ip-10.0.0.1:3260",
		"root=/dev/sda1",
		BY_PATH "pci-0000:00:1f.2-iscsi-x",
		"root=/dev/disk/by-path/",
		"root=",
		BY_PATH "ip-10.0.0.1:3260-iscsi-iqn.a:b-lun-1 root=LABEL=x",
	};
	static const char *const bad[][2] = {
		{ BY_PATH "ip-10.0.0.1:3260-iscsi-iqn.a:b", "error cmdline root 53: no LUN" },
		{ BY_PATH "ip-10.0.0.1:99999-iscsi-iqn.a:b-lun-1",
		  "error cmdline root 35: the port" },
		{ BY_PATH "ip-10.0.0.1:3260-iscsi-iqn.a:b-lun-x",
		  "error cmdline root 58: LUN must" },
		{ BY_PATH "ip-10.0.0.1:3260-iscsi-iqn.a:b-lun-1-partx",
		  "error cmdline root 58: LUN must" },
		{ BY_PATH "ip-:3260-iscsi-iqn.a:b-lun-1", "error cmdline root 26: no portal" },
		{ BY_PATH "ip--iscsi-iqn.a:b-lun-1", "error cmdline root 26: no portal" },
		{ BY_PATH "ip-10.0.0.1:3260-iscsi--lun-1",
		  "error cmdline root 46: no target name" },
	};
	struct parsed v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		parsed_make(&v, NULL, 0, cases[i].line);
		assert_int_equal(v.p.nr_targets, 1);
		assert_target(&v, 0, IBU_TARGET_NAME, "iqn.2001-04.a:b");
		assert_target(&v, 0, IBU_TARGET_IP_ADDR, cases[i].ip);
		assert_target(&v, 0, IBU_TARGET_PORT, cases[i].port);
		assert_target(&v, 0, IBU_TARGET_LUN, cases[i].lun);
		assert_target(&v, 0, IBU_TARGET_SELECTED, "1");
		assert_null(v.d.text);
		parsed_free(&v);
	}
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		parsed_make(&v, NULL, 0, others[i]);
		assert_int_equal(v.p.nr_targets, 0);
		assert_null(v.d.text);
		parsed_free(&v);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		parsed_make(&v, NULL, 0, bad[i][0]);
		assert_diag(&v, bad[i][1]);
		assert_int_equal(v.p.nr_targets, 0);
		parsed_free(&v);
	}
}

/* A name may contain what separates the parts: its end is the last one, its start the first. */
static void test_by_path_separators(void **state)
{
	struct parsed v;

	parsed_make(&v, NULL, 0,
		    BY_PATH
		    "pci-1-ip-10.0.0.1:3260-iscsi-iqn.a:x-ip-y-iscsi-z-lun-7-part2-lun-1-part3");
	assert_target(&v, 0, IBU_TARGET_IP_ADDR, "10.0.0.1");
	assert_target(&v, 0, IBU_TARGET_NAME, "iqn.a:x-ip-y-iscsi-z-lun-7-part2");
	assert_target(&v, 0, IBU_TARGET_LUN_NUMBER, "1");
	parsed_free(&v);
}

/* A by-path root selects among the targets of other parameters, rather than adding one. */
static void test_by_path_with_targets(void **state)
{
	static const struct {
		const char *words;
		u32 targets;
	} cases[] = {
		{ "netroot=iscsi:10.0.0.1::::iqn.2001-04.a:b", 1 },
		{ "netroot=iscsi:10.0.0.1:::2:iqn.2001-04.a:b", 1 },
		{ "netroot=iscsi:10.0.0.1:::0x4002000000000000:iqn.2001-04.a:b", 1 },
		{ "netroot=iscsi:10.0.0.1:::3:iqn.2001-04.a:b", 2 },
		{ "netroot=iscsi:10.0.0.1::861:2:iqn.2001-04.a:b", 2 },
		{ "netroot=iscsi:10.0.0.2:::2:iqn.2001-04.a:b", 2 },
		{ "netroot=iscsi:10.0.0.1:::2:iqn.2001-04.a:c", 2 },
		{ URI "store.example/iqn.2001-04.a:b/2", 1 },
		{ "iscsi_target_ip=10.0.0.1", 1 },
		{ "rd.iscsi.username=u rd.iscsi.password=s", 1 },
	};
	struct parsed v;
	char line[256];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(line, sizeof(line), "%s %s", cases[i].words,
			 BY_PATH "ip-10.0.0.1:3260-iscsi-iqn.2001-04.a:b-lun-2-part1");
		parsed_make(&v, NULL, 0, line);
		if (v.p.nr_targets != cases[i].targets)
			fail_msg("%u targets: %s", v.p.nr_targets, line);
		assert_null(v.d.text);
		if (strstr(line, "username"))
			assert_target(&v, 0, IBU_TARGET_CHAP_TYPE, "1");
		parsed_free(&v);
	}
}

static void test_numbers(void **state)
{
#define FLAT "iscsi_target_name=iqn.a:b iscsi_target_ip=10.0.0.1 "
	expect_target(FLAT "iscsi_target_port=00000003260", IBU_TARGET_SELECTED, "0");
	expect_target(FLAT "iscsi_target_port=0000003260", IBU_TARGET_PORT, "3260");
	expect_target(FLAT "iscsi_target_port=9/", IBU_TARGET_SELECTED, "0");
	expect_target(FLAT "iscsi_target_port=9:", IBU_TARGET_SELECTED, "0");
	expect_target(FLAT "iscsi_target_port=", IBU_TARGET_SELECTED, "1");
	expect_target(FLAT "iscsi_target_group=", IBU_TARGET_SELECTED, "1");
	expect_target(FLAT "iscsi_target_group=65535", IBU_TARGET_TPGT, "65535");
}

static void test_netroot(void **state)
{
	expect_target(NETROOT "10.0.0.1::::iqn.2001-04.a:b", IBU_TARGET_NAME, "iqn.2001-04.a:b");
	expect_target(NETROOT "10.0.0.1::::iqn.2001-04.a:b", IBU_TARGET_PORT, "-");
	expect_target(NETROOT "10.0.0.1:6:3261:10:iqn.2001-04.a:b", IBU_TARGET_LUN_NUMBER, "10");
	expect_target(NETROOT "10.0.0.1:::1:disk", IBU_TARGET_NAME, "disk");
	expect_target(NETROOT "[fd00::1]:::1:eui.01", IBU_TARGET_NAME, "eui.01");
	expect_target(NETROOT "u:p@10.0.0.1::::iqn.2001-04.a:b", IBU_TARGET_CHAP_TYPE, "1");
	expect_target(NETROOT "u:p:r:s@10.0.0.1::::iqn.2001-04.a:b", IBU_TARGET_REV_CHAP_SECRET,
		      "s");
	expect_target(NETROOT "u:p:r:s:t@10.0.0.1::::iqn.2001-04.a:b", IBU_TARGET_SELECTED, "0");
	expect_target(NETROOT "u@10.0.0.1::::iqn.2001-04.a:b", IBU_TARGET_SELECTED, "0");
	expect_target(NETROOT "u:[p@10.0.0.1::::iqn.2001-04.a:b", IBU_TARGET_CHAP_SECRET, "[p");
	expect_target(NETROOT "10.0.0.1:::::::iqn.2001-04.a:b", IBU_TARGET_SELECTED, "0");
	expect_target(NETROOT "10.0.0.1", IBU_TARGET_SELECTED, "0");
	expect_target("root= root=iscsi:10.0.0.1::::iqn.2001-04.a:b", IBU_TARGET_SELECTED, "1");
	expect_target(NETROOT "10.0.0.1:6:3260:eth0:2:IQN.2001-04.A:b", IBU_TARGET_NAME,
		      "IQN.2001-04.A:b");
	expect_target(NETROOT "10.0.0.1:::1:iqn.2001-04.a:b/c", IBU_TARGET_NAME,
		      "iqn.2001-04.a:b/c");
	expect_target(NETROOT "u:p@10.0.0.1:::1:disk", IBU_TARGET_NAME, "disk");
	expect_target(NETROOT "10.0.0.1::::iqn.2001-04.a:b", IBU_TARGET_LUN, "-");
	expect_target(NETROOT "10.0.0.1:::::iqn.2001-04.a:b", IBU_TARGET_LUN, "-");
	/* The name begins at the last prefix of any kind. */
	expect_target(NETROOT "10.0.0.1:::1:iqn.a:eui.b", IBU_TARGET_NAME, "eui.b");
	expect_target(NETROOT "u:eui.x@10.0.0.1::::iqn.a", IBU_TARGET_NAME, "iqn.a");
	expect_target(NETROOT "u:eui.x@10.0.0.1::::iqn.a", IBU_TARGET_CHAP_SECRET, "eui.x");
	expect_target(NETROOT "u:iqn.x@10.0.0.1::::iqn.a", IBU_TARGET_NAME, "iqn.a");
	expect_target(NETROOT "@10.0.0.1::::iqn.a", IBU_TARGET_SELECTED, "1");
	expect_target(NETROOT "10.0.0.1:::::::::::iqn.a", IBU_TARGET_SELECTED, "0");
}

/* Damaged credentials, which may end anywhere: no part of them is shown as another field. */
static void test_netroot_damaged_credentials(void **state)
{
	static const char *const lines[] = {
		NETROOT "u@SECRET:10.0.0.1::::t0",
		NETROOT "u:a:iqn.SECRET@10.0.0.1::::t0",
		NETROOT "u:a@SECRET:x@10.0.0.1::::iqn.a:b",
		NETROOT "SECRET:p:10.0.0.1::::iqn.a:b",
		NETROOT "u:iqn.SECRET:10.0.0.1::::t0",
		"iscsiroot=u:a:SECRET@10.0.0.1::::iqn.a:b",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		expect_target(lines[i], IBU_TARGET_SELECTED, "0");
		expect_target(lines[i], IBU_TARGET_HOST, "-");
		expect_target(lines[i], IBU_TARGET_NAME, "-");
		expect_target(lines[i], IBU_TARGET_REV_CHAP_NAME, "-");
	}
}

/* A name of another kind, half of a pair, and what only looks like a device. */
static void test_near_misses(void **state)
{
	static const char half[] = NETROOT "u::r:s@10.0.0.1::::iqn.a:b rd.iscsi.username=x "
					   "rd.iscsi.password=secret";
	static const char numeric[] = "ip=10.0.0.5:dhcp";
	struct parsed v;

	expect_target(NETROOT "10.0.0.1::::xiqn.a:b", IBU_TARGET_NAME, "xiqn.a:b");
	/* Four colons are behind the "@", so "iqn." begins the secret. */
	expect_target(NETROOT "u:iqn.secret@10.0.0.1::::t0", IBU_TARGET_NAME, "t0");
	expect_target(NETROOT "u:iqn.secret@10.0.0.1::::t0", IBU_TARGET_CHAP_NAME, "u");
	/* Fewer are, but the name begins behind it. */
	expect_target(NETROOT "u:p@10.0.0.1::iqn.a", IBU_TARGET_NAME, "iqn.a");
	expect_target(NETROOT "u:p@10.0.0.1::iqn.a", IBU_TARGET_CHAP_NAME, "u");
	expect_target(half, IBU_TARGET_CHAP_NAME, "u");
	expect_target(half, IBU_TARGET_SELECTED, "0");
	parsed_make(&v, NULL, 0, numeric);
	assert_int_equal(v.p.nr_nics, 1);
	assert_nic(&v, 0, IBU_NIC_IP_ADDR, "10.0.0.5");
	parsed_free(&v);
}

/* As in dracut, an "@" in the target name is no end of credentials. */
static void test_netroot_at_in_name(void **state)
{
	static const char *const lines[] = {
		NETROOT "10.0.0.1::::iqn.2009-01.com.example:testdi@sk",
		NETROOT "@10.0.0.1::3260::iqn.2009-01.com.example:testdi@sk",
		NETROOT "@10.0.0.1::3260:default:eth0:1:iqn.2009-01.com.example:testdi@sk",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		expect_target(lines[i], IBU_TARGET_NAME, "iqn.2009-01.com.example:testdi@sk");
		expect_target(lines[i], IBU_TARGET_CHAP_TYPE, "0");
		expect_target(lines[i], IBU_TARGET_SELECTED, "1");
	}
	expect_target(NETROOT "u:p@10.0.0.1::::iqn.a:b@c:d:e", IBU_TARGET_NAME, "iqn.a:b@c:d:e");
	expect_target(NETROOT "u:p@10.0.0.1::::iqn.a:b@c:d:e", IBU_TARGET_CHAP_NAME, "u");
}

/* dracut accepts fewer fields before a name of RFC 7143: the others have their defaults. */
static void test_netroot_few_fields(void **state)
{
	static const struct {
		const char *line, *port; /* NULL: refused */
	} cases[] = {
		{ NETROOT "10.0.0.1::iqn.a:b", "-" },
		{ NETROOT "10.0.0.1:3260:iqn.a:b", "-" },
		{ NETROOT "10.0.0.1:::iqn.a:b", "-" },
		{ NETROOT "10.0.0.1:6:860:iqn.a:b", "860" },
		{ NETROOT "10.0.0.1:tcp:3261:iqn.a:b", "3261" },
		{ NETROOT "10.0.0.1:TCP::iqn.a:b", "-" },
		{ NETROOT "10.0.0.1:iqn.a:b", NULL },
		{ NETROOT "u:SECRET:iqn.a:b", NULL },
		{ NETROOT "10.0.0.1:6:SECRET:iqn.a:b", NULL },
		{ NETROOT "10.0.0.1:3260:0:iqn.a:b", NULL },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		expect_target(cases[i].line, IBU_TARGET_SELECTED, cases[i].port ? "1" : "0");
		if (!cases[i].port)
			continue;
		expect_target(cases[i].line, IBU_TARGET_IP_ADDR, "10.0.0.1");
		expect_target(cases[i].line, IBU_TARGET_PORT, cases[i].port);
		expect_target(cases[i].line, IBU_TARGET_NAME, "iqn.a:b");
		expect_target(cases[i].line, IBU_TARGET_LUN, "-");
	}
}

/* dracut puts "iscsi:" in front of the value of iscsiroot=. */
static void test_iscsiroot(void **state)
{
	struct parsed v;

	expect_target("iscsiroot=10.0.0.1::::iqn.a:b", IBU_TARGET_IP_ADDR, "10.0.0.1");
	expect_target("iscsiroot=u:p@10.0.0.1:::2:iqn.a:b", IBU_TARGET_LUN_NUMBER, "2");
	expect_target("iscsiroot=iscsi:10.0.0.1::::iqn.a:b", IBU_TARGET_NAME, "iqn.a:b");
	parsed_make(&v, NULL, 0, "iscsiroot=iscsi: iscsiroot=iscsi iscsiroot=ibft iscsiroot=");
	assert_int_equal(v.p.nr_targets, 0);
	assert_int_equal(v.d.errors, 0);
	parsed_free(&v);
}

/* Values of netroot= and root= that are no target, whatever they look like. */
static void test_netroot_of_another_kind(void **state)
{
	struct parsed v;

	parsed_make(&v, NULL, 0,
		    "netroot=nbd:10.0.0.1:iqn.a:b root=UUID=x root=LABEL=iqn. netroot=dhcp");
	assert_int_equal(v.p.nr_targets, 0);
	assert_null(v.d.text);
	parsed_free(&v);
}

/* NetworkManager's ip= with an empty device, and an address and a mask of zeros. */
static void test_ip_without_device(void **state)
{
	struct parsed v;

	parsed_make(&v, NULL, 0, "ip=:dhcp6,dhcp:1499:52:54:00:aa:00:01");
	assert_null(v.d.text);
	assert_nic(&v, 0, IBU_NIC_METHOD, "any");
	assert_nic(&v, 0, IBU_NIC_MTU, "1499");
	assert_nic(&v, 0, IBU_NIC_SET_MAC, "52:54:00:aa:00:01");
	assert_nic(&v, 0, IBU_NIC_IFNAME, "-");
	parsed_free(&v);
	expect_nic("ip=:dhcp:9000", IBU_NIC_MTU, "9000");

	parsed_make(&v, NULL, 0, "ip=0.0.0.0::0.0.0.0:0.0.0.0::eth0:dhcp");
	assert_null(v.d.text);
	assert_nic(&v, 0, IBU_NIC_METHOD, "dhcp");
	assert_nic(&v, 0, IBU_NIC_PREFIX_LEN, "-");
	parsed_free(&v);
	expect_nic("vlan=eth0.80:eth0:reorder_hdr=on", IBU_NIC_VLAN, "80");
	/* A device may have such a name if a parameter says so. */
	expect_nic("ifname=dhcp:52:54:00:aa:00:01 ip=dhcp:dhcp", IBU_NIC_METHOD, "dhcp");
	/* Subnets of two have no broadcast address. */
	expect_nic("ip=10.0.0.1:::31::eth0:none", IBU_NIC_PREFIX_LEN, "31");
}

static void test_luns(void **state)
{
	expect_target(NETROOT "10.0.0.1:::4752-3A4F-6b7e-2F99:iqn.a:b", IBU_TARGET_LUN,
		      "47523a4f6b7e2f99");
	expect_target(NETROOT "10.0.0.1:::6734-9-156f-127:iqn.a:b", IBU_TARGET_LUN,
		      "67340009156f0127");
	expect_target(NETROOT "10.0.0.1:::4186-9:iqn.a:b", IBU_TARGET_LUN, "4186000900000000");
	expect_target(NETROOT "10.0.0.1:::1-2-3-4-5:iqn.a:b", IBU_TARGET_SELECTED, "0");
	expect_target(NETROOT "10.0.0.1:::1-:iqn.a:b", IBU_TARGET_SELECTED, "0");
	expect_target(NETROOT "10.0.0.1:::1-g:iqn.a:b", IBU_TARGET_SELECTED, "0");
	expect_target(NETROOT "10.0.0.1:::12345-1:iqn.a:b", IBU_TARGET_SELECTED, "0");
	expect_target(NETROOT "10.0.0.1:::0x10:iqn.a:b", IBU_TARGET_SELECTED, "0");
}

/* One target is described by separate parameters, in each spelling. */
static void test_dialects(void **state)
{
	static const char *const lines[] = {
		"rd.iscsi.target.name=iqn.a:b rd.iscsi.target.ip=10.0.0.1 rd.iscsi.target.port=3261 "
		"rd.iscsi.target.group=2 rd.iscsi.username=u rd.iscsi.password=s "
		"rd.iscsi.in.username=r rd.iscsi.in.password=t rd.iscsi.initiator=iqn.a:me",
		"iscsi_target_name=iqn.a:b iscsi_target_ip=10.0.0.1 iscsi_target_port=3261 "
		"iscsi_target_group=2 iscsi_username=u iscsi_password=s iscsi_in_username=r "
		"iscsi_in_password=t iscsi_initiator=iqn.a:me",
		"iscsi_target=iqn.a:b iscsi_address=10.0.0.1 iscsi_port=3261 iscsi_tgpt=2 "
		"iscsi_username=u iscsi_password=s iscsi_username_in=r iscsi_password_in=t "
		"iscsi_initiatorname=iqn.a:me",
		"ISCSI_TARGET_NAME=iqn.a:b ISCSI_TARGET_IP=10.0.0.1 ISCSI_TARGET_PORT=3261 "
		"ISCSI_TARGET_GROUP=2 ISCSI_USERNAME=u ISCSI_PASSWORD=s ISCSI_IN_USERNAME=r "
		"ISCSI_IN_PASSWORD=t ISCSI_INITIATOR=iqn.a:me",
	};
	struct parsed v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		parsed_make(&v, NULL, 0, lines[i]);
		assert_null(v.d.text);
		assert_int_equal(v.p.nr_targets, 1);
		assert_target(&v, 0, IBU_TARGET_NAME, "iqn.a:b");
		assert_target(&v, 0, IBU_TARGET_IP_ADDR, "10.0.0.1");
		assert_target(&v, 0, IBU_TARGET_PORT, "3261");
		assert_target(&v, 0, IBU_TARGET_TPGT, "2");
		assert_target(&v, 0, IBU_TARGET_CHAP_TYPE, "2");
		assert_target(&v, 0, IBU_TARGET_CHAP_SECRET, "s");
		assert_target(&v, 0, IBU_TARGET_REV_CHAP_NAME, "r");
		assert_target(&v, 0, IBU_TARGET_SELECTED, "1");
		assert_string_equal(shown(IBU_CLASS_ROOT, &v.p.root, IBU_ROOT_INITIATOR_NAME),
				    "iqn.a:me");
		parsed_free(&v);
	}
}

/* As in dracut, rd.iscsi.username= and the like apply to each netroot= without credentials. */
static void test_shared_credentials(void **state)
{
	struct parsed v;

	parsed_make(&v, NULL, 0,
		    "rd.iscsi.username=u " NETROOT "10.0.0.1::::iqn.a:b " NETROOT
		    "x:y@10.0.0.1::::iqn.a:c " URI "10.0.0.1/iqn.a:d "
		    "rd.iscsi.password=s rd.iscsi.transport=qedi");
	assert_null(v.d.text);
	assert_int_equal(v.p.nr_targets, 3);
	assert_target(&v, 0, IBU_TARGET_SELECTED, "1");
	assert_target(&v, 0, IBU_TARGET_CHAP_SECRET, "s");
	assert_target(&v, 0, IBU_TARGET_TRANSPORT, "qedi");
	assert_target(&v, 1, IBU_TARGET_CHAP_SECRET, "y");
	assert_target(&v, 2, IBU_TARGET_CHAP_SECRET, "-");
	parsed_free(&v);

	parsed_make(&v, NULL, 0, "rd.iscsi.username=u " NETROOT "10.0.0.1::::iqn.a:b");
	assert_target(&v, 0, IBU_TARGET_SELECTED, "0");
	parsed_free(&v);

	parsed_make(&v, NULL, 0, "iscsi_password=s");
	assert_int_equal(v.p.nr_targets, 0);
	assert_diag(&v, "warning cmdline target -: target parameters without");
	parsed_free(&v);

	/* A name without a secret is not completed from shared credentials. */
	parsed_make(&v, NULL, 0,
		    "rd.iscsi.username=u rd.iscsi.password=s " NETROOT
		    "x@10.0.0.1::::iqn.a:b " NETROOT ":y@10.0.0.1::::iqn.a:c");
	assert_target(&v, 0, IBU_TARGET_SELECTED, "0");
	assert_target(&v, 0, IBU_TARGET_CHAP_SECRET, "-");
	assert_target(&v, 1, IBU_TARGET_SELECTED, "0");
	assert_target(&v, 1, IBU_TARGET_CHAP_NAME, "-");
	parsed_free(&v);
}

/* A target with credentials of one direction still shares those of the other. */
static void test_shared_reverse(void **state)
{
	struct parsed v;

	parsed_make(&v, NULL, 0,
		    NETROOT "u:s@10.0.0.1::::iqn.a:b rd.iscsi.in.username=tu "
			    "rd.iscsi.in.password=ts");
	assert_target(&v, 0, IBU_TARGET_CHAP_SECRET, "s");
	assert_target(&v, 0, IBU_TARGET_REV_CHAP_SECRET, "ts");
	assert_target(&v, 0, IBU_TARGET_CHAP_TYPE, "2");
	parsed_free(&v);
	expect_target(URI "u@10.0.0.1/iqn.a:b/1?secret-file=/etc/s,rev-secret=x",
		      IBU_TARGET_SELECTED, "0");
	expect_target(URI "u@10.0.0.1/iqn.a:b/1?secret-file=/etc/s,rev-user=r", IBU_TARGET_SELECTED,
		      "1");
}

/* An empty parameter sets nothing; the last of several counts. */
static void test_empty_and_last(void **state)
{
	struct parsed v;

	parsed_make(&v, NULL, 0, "iscsi_target_ip= iscsi_target_port=");
	assert_int_equal(v.p.nr_targets, 0);
	assert_null(v.d.text);
	parsed_free(&v);
	expect_target(URI "10.0.0.1/iqn.a:b?nic=a/b", IBU_TARGET_SELECTED, "0");
	expect_target(URI "10.0.0.1/iqn.a:b?nic=", IBU_TARGET_SELECTED, "0");
	expect_target(URI "10.0.0.1/iqn.a:b?nic=0123456789abcdef", IBU_TARGET_SELECTED, "0");
	expect_target(URI "u@10.0.0.1/iqn.a:b?secret-file=etc/s", IBU_TARGET_SELECTED, "0");
	expect_nic("ip=[fd00::2]:::255.255.255.0::eth0:none", IBU_NIC_PREFIX_LEN, "-");
}

/* PXELINUX writes both: ip= without a device means the NIC of BOOTIF=, in any order. */
static void test_bootif_alone(void **state)
{
	static const char *const lines[] = {
		"ip=10.0.2.15:10.0.2.2:10.0.2.2:255.255.255.0 BOOTIF=01-52-54-00-aa-00-01",
		"BOOTIF=01-52-54-00-aa-00-01 ip=10.0.2.15:10.0.2.2:10.0.2.2:255.255.255.0",
	};
	struct parsed v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		parsed_make(&v, NULL, 0, lines[i]);
		assert_int_equal(v.p.nr_nics, 1);
		assert_nic(&v, 0, IBU_NIC_MAC, "52:54:00:aa:00:01");
		assert_nic(&v, 0, IBU_NIC_IP_ADDR, "10.0.2.15");
		parsed_free(&v);
	}
}

/* A target is bound to the device name as written, also that of a VLAN or BOOTIF. */
static void test_bound_to_written_name(void **state)
{
	struct parsed v;

	parsed_make(&v, NULL, 0,
		    "vlan=eth0.42:eth0 ip=10.0.0.2:::24::eth0.42:none "
		    "ip=10.1.0.2:::24::eth0:none " NETROOT
		    "10.0.0.9:::if:eth0.42:0:iqn.a:b " NETROOT "10.1.0.9:::if:eth0:0:iqn.a:c");
	assert_int_equal(v.p.nr_nics, 2);
	assert_target(&v, 0, IBU_TARGET_NIC_ASSOC, "0");
	assert_target(&v, 1, IBU_TARGET_NIC_ASSOC, "1");
	parsed_free(&v);
	parsed_make(&v, NULL, 0,
		    "ip=::::h:BOOTIF BOOTIF=01-52-54-00-aa-00-01 " NETROOT
		    "10.0.0.9:::if:BOOTIF:0:iqn.a:b");
	assert_int_equal(v.p.nr_nics, 1);
	assert_target(&v, 0, IBU_TARGET_NIC_ASSOC, "0");
	parsed_free(&v);
}

/*
 * Damaged credentials make only the targets that share them unusable. Other invalid parameters make
 * no target unusable.
 */
static void test_shared_damage(void **state)
{
	char line[1024] = NETROOT "10.0.0.1::::iqn.a:b " NETROOT "x:y:z:w@10.0.0.1::::iqn.a:c "
				  "iscsi_in_username=";
	struct parsed v;

	memset(line + strlen(line), 'r', 256);
	parsed_make(&v, NULL, 0, line);
	assert_target(&v, 0, IBU_TARGET_SELECTED, "0");
	assert_target(&v, 1, IBU_TARGET_SELECTED, "1");
	parsed_free(&v);

	parsed_make(&v, NULL, 0, "iscsi_target_port=x " NETROOT "10.0.0.1::::iqn.a:b");
	assert_int_equal(v.p.nr_targets, 2);
	assert_target(&v, 0, IBU_TARGET_SELECTED, "0");
	assert_target(&v, 1, IBU_TARGET_SELECTED, "1");
	parsed_free(&v);

	memset(line, 0, sizeof(line));
	strcpy(line, NETROOT "10.0.0.1::::iqn.a:b iscsi_target_name=");
	memset(line + strlen(line), 'n', 256);
	parsed_make(&v, NULL, 0, line);
	assert_target(&v, 0, IBU_TARGET_SELECTED, "1");
	assert_target(&v, 1, IBU_TARGET_SELECTED, "0");
	parsed_free(&v);

	memset(line, 0, sizeof(line));
	strcpy(line, NETROOT "10.0.0.1::::iqn.a:b rd.iscsi.transport=");
	memset(line + strlen(line), 't', 256);
	parsed_make(&v, NULL, 0, line);
	assert_target(&v, 0, IBU_TARGET_SELECTED, "1");
	parsed_free(&v);

	/* A secret may be as long as any text, though a name may not. */
	memset(line, 0, sizeof(line));
	strcpy(line, FLAT "iscsi_username=u iscsi_password=");
	memset(line + strlen(line), 's', 255);
	expect_target(line, IBU_TARGET_SELECTED, "1");
}

/* The target of separate parameters has the position of the first of them. */
static void test_order(void **state)
{
	struct parsed v;

	parsed_make(&v, NULL, 0,
		    URI "10.0.0.1/iqn.a:1 iscsi_target_name=iqn.a:2 " URI
			"10.0.0.1/iqn.a:3 iscsi_target_ip=10.0.0.1");
	assert_target(&v, 0, IBU_TARGET_NAME, "iqn.a:1");
	assert_target(&v, 1, IBU_TARGET_NAME, "iqn.a:2");
	assert_target(&v, 2, IBU_TARGET_NAME, "iqn.a:3");
	assert_target(&v, 1, IBU_TARGET_SELECTED, "1");
	parsed_free(&v);
}

static void test_vlan(void **state)
{
	struct parsed v;

	parsed_make(&v, NULL, 0,
		    "ip=10.0.0.2:::24::eth0.42:none ip=10.1.0.2:::24::eth0:none "
		    "vlan=eth0.42:eth0 ifname=eth0:52:54:00:aa:00:01");
	assert_null(v.d.text);
	assert_int_equal(v.p.nr_nics, 2);
	assert_nic(&v, 0, IBU_NIC_VLAN, "42");
	assert_nic(&v, 0, IBU_NIC_IFNAME, "eth0");
	assert_nic(&v, 0, IBU_NIC_MAC, "52:54:00:aa:00:01");
	assert_nic(&v, 0, IBU_NIC_IP_ADDR, "10.0.0.2");
	assert_nic(&v, 1, IBU_NIC_VLAN, "-");
	assert_nic(&v, 1, IBU_NIC_IP_ADDR, "10.1.0.2");
	parsed_free(&v);
	expect_nic("vlan=vlan0005:eth0 ip=vlan0005:dhcp", IBU_NIC_VLAN, "5");
	expect_nic("vlan=5:eth0", IBU_NIC_VLAN, "5");
	expect_nic("vlan=v4094:eth0", IBU_NIC_VLAN, "4094");

	/* Both entries of that name are on the VLAN. */
	parsed_make(&v, NULL, 0,
		    "vlan=v5:eth0 ip=10.0.0.2:::24::v5:none ip=[fd00::2]:::64::v5:none");
	assert_int_equal(v.p.nr_nics, 2);
	assert_nic(&v, 0, IBU_NIC_VLAN, "5");
	assert_nic(&v, 1, IBU_NIC_VLAN, "5");
	assert_nic(&v, 1, IBU_NIC_IFNAME, "eth0");
	parsed_free(&v);
}

static void test_nameserver(void **state)
{
	expect_nic("ip=dhcp nameserver=10.0.0.3", IBU_NIC_PRIMARY_DNS, "10.0.0.3");
	expect_nic("nameserver=[fd00::3] nameserver=10.0.0.4 ip=dhcp", IBU_NIC_SECONDARY_DNS,
		   "10.0.0.4");
	expect_nic("ip=10.0.0.2::::::off:10.0.0.9 nameserver=10.0.0.3", IBU_NIC_PRIMARY_DNS,
		   "10.0.0.9");
}

/* Invalid and unsupported parameters add a diagnostic with name and offset. */
static void test_diagnostics(void **state)
{
	static const struct {
		const char *line, *diag;
	} cases[] = {
		{ "vlan=eth0.5:", "error cmdline vlan 5: must be name:parent" },
		{ "vlan=eth0.5:eth0:reorder_hdr=on",
		  "warning cmdline vlan 17: options of a VLAN are ignored" },
		{ "iscsi_target_ip=10.1.1.1:3260",
		  "error cmdline iscsi_target_ip 16: the port belongs in iscsi_target_port=" },
		{ "iscsi_lun=1", "warning cmdline iscsi_lun 10: not supported; ignored: a LUN" },
		{ "netroot=ISCSI:10.0.0.1::::iqn.a:b",
		  "error cmdline netroot 8: ignored: a target must begin with iscsi:" },
		{ "netroot=u:p@10.0.0.1::::iqn.a:b",
		  "error cmdline netroot 8: ignored: a target must begin with iscsi:" },
		{ "root=iqn.a:b", "error cmdline root 5: ignored: a target must begin" },
		{ "netroot=iscsi:u:p:10.0.0.1::::iqn.a:b",
		  "error cmdline netroot 14: is a '@' missing" },
		{ "netroot=iscsi:u:p:store::::iqn.a:b",
		  "error cmdline netroot 14: is a '@' missing" },
		{ "netroot=iscsi:u:p:r:q:10.0.0.1::::iqn.a:b",
		  "error cmdline netroot 14: is a '@' missing" },
		{ "vlan=eth0.4095:eth0", "error cmdline vlan 5: the name must end in" },
		{ "vlan=lan:eth0", "error cmdline vlan 5: the name must end in" },
		{ "nameserver=x", "error cmdline nameserver 11: not an IP address" },
		{ "nameserver=10.0.0.1 nameserver=10.0.0.2 nameserver=10.0.0.3",
		  "warning cmdline nameserver 51: only the first two" },
		{ "rd.iscsi.waitnet=1",
		  "warning cmdline rd.iscsi.waitnet 17: not supported; ignored" },
		{ "rd.net.timeout.carrier=5",
		  "warning cmdline rd.net.timeout.carrier 23: not supported" },
		{ "rd.iscsi.password:hush=1",
		  "warning cmdline rd.iscsi.password* 23: not supported" },
		{ "rd.net.123456789012345678901234567=1",
		  "warning cmdline rd.net.1234567890123456789012345* 35: not supported" },
		{ "rd.net.1234567890123456789012345=1",
		  "warning cmdline rd.net.1234567890123456789012345 33: not supported" },
		{ "rd.net.AZaz-09_.b=1", "warning cmdline rd.net.AZaz-09_.b 18: not supported" },
		{ "rd.net.a@b=1", "warning cmdline rd.net.a* 11: not supported" },
		{ "rd.net.a[b=1", "warning cmdline rd.net.a* 11: not supported" },
		{ "rd.net.a`b=1", "warning cmdline rd.net.a* 11: not supported" },
		{ "rd.net.a{b=1", "warning cmdline rd.net.a* 11: not supported" },
		{ "rd.net.a/b=1", "warning cmdline rd.net.a* 11: not supported" },
		{ "ip=eth0:DHCP4", "error cmdline ip 8: unknown configuration method\n" },
		{ NETROOT "u::10.0.0.1::::iqn.a:b", "error cmdline netroot 14: is a '@' missing" },
		{ NETROOT "10.0.0.1:x:y:iqn.a:b", "error cmdline netroot 14: 3 fields" },
		{ NETROOT "10.0.0.1::x:0:iqn.a:b", "error cmdline netroot 24: the port must be" },
		{ NETROOT "10.0.0.1:6:x:0:iqn.a:b", "error cmdline netroot 25: the port must be" },
		{ NETROOT "10.0.0.1:udp::0:iqn.a:b",
		  "warning cmdline netroot 23: protocol is not 6" },
		{ NETROOT "10.0.0.1:udp:860:0:iqn.a:b",
		  "warning cmdline netroot 23: protocol is not 6" },
		{ NETROOT "iqn.a:b:c:d:e:f", "error cmdline netroot 14: no portal before" },
		{ "netroot=ISCSI:10.0.0.1::::t0", "error cmdline netroot 8: ignored: a target" },
		{ "netroot=u@iqn.a:b", "error cmdline netroot 8: ignored: a target must begin" },
		{ "ip=10.0.0.2:::0.0.0.0::eth0:off", "error cmdline ip 14: neither a netmask nor" },
		{ "iscsi_target_ip=:3260",
		  "error cmdline iscsi_target_ip 16: the portal is neither" },
		{ "ifcfg=eth0=dhcp", "warning cmdline ifcfg 6: not supported" },
		{ "iscsi_initiator=", "error cmdline iscsi_initiator 16: 0 bytes" },
		{ "ip=10.0.0.2:::24::eth/0:off", "error cmdline ip 18: not a network device name" },
		{ "ip=10.0.0.2::x:24::eth0:off", "error cmdline ip 13: not an IP address" },
		{ "ip=10.0.0.2:::24::eth0:off:67", "error cmdline ip 27: neither an MTU" },
		{ "ip=10.0.0.2:::24::eth0:off:1500:zz", "error cmdline ip 32: not an IP address" },
		{ "ip=10.0.0.2:::24::eth0:off:abc", "error cmdline ip 27: neither an MTU" },
		{ "ip=10.0.0.2:::0::eth0:off", "error cmdline ip 14: neither a netmask nor" },
		{ "nameserver=0.0.0.0", "error cmdline nameserver 11: not an IP address" },
		{ "vlan=eth0.0:eth0", "error cmdline vlan 5: the name must end in" },
		{ "vlan=a/1:eth0", "error cmdline vlan 5: must be name:parent" },
		{ "vlan=eth0.5", "error cmdline vlan 5: must be name:parent" },
		{ "bond=a/b:eth0", "error cmdline bond 5: not a network device name" },
		{ "bond=bond0:", "error cmdline bond 5: the bond has no members" },
		{ "bond=bond0::mode=1", "error cmdline bond 5: the bond has no members" },
		{ "bond=bond0:bond0,eth0",
		  "error cmdline bond 11: the bond cannot be its own member" },
		{ "bond=bond0:eth0,eth0", "error cmdline bond 16: names a member twice" },
		{ "bond=bond0:eth0:fast", "error cmdline bond 16: unknown bond option" },
		{ "bond=bond0:eth0,e/1", "error cmdline bond 16: a member is neither" },
		{ "bond=bond0:eth0 bond=bond1:eth1,eth0",
		  "error cmdline bond 32: the device is a member of an earlier bond" },
		{ "bond=bond0 bond=bond1:eth1,eth2",
		  "error cmdline bond 22: the device is a member of" },
		{ "bond=bond0:eth0 bond=bond0:eth1",
		  "error cmdline bond 21: the bond was named before" },
		{ "bond=b:eth0:mode=fast", "error cmdline bond 12: unknown mode; the bond is" },
		{ "bond=b:eth0:mode=7", "error cmdline bond 12: unknown mode; the bond" },
		{ "bond=b:eth0:mode=1,mimon=1", "error cmdline bond 19: unknown bond option" },
		{ "bond=b:eth0:miimon", "error cmdline bond 12: invalid value of the bond option" },
		{ "bond=b:eth0:mode=4,lacp_rate=quick", "error cmdline bond 19: invalid value" },
		{ "bond=b:eth0:lacp_rate=fast",
		  "error cmdline bond 12: the mode of the bond has no such" },
		{ "bond=b:eth0:mode=4,primary=eth0",
		  "error cmdline bond 27: the mode of the bond has no" },
		{ "bond=b:eth0:mode=1,primary=eth1",
		  "error cmdline bond 19: primary= is no member" },
		{ "bond=b:eth0:arp_interval=9,arp_ip_target=10.0.0.1;x",
		  "error cmdline bond 27: must be IPv4 addresses with ';' between" },
		{ "bond=b:eth0:miimon=9,arp_interval=9",
		  "error cmdline bond 12: excluded by miimon" },
		{ "bond=b:eth0:arp_validate=all", "error cmdline bond 12: excluded by miimon" },
		{ "bond=b:eth0:miimon=0,updelay=9", "error cmdline bond 12: needs miimon" },
		{ "bond=b:eth0:mode=1:67", "error cmdline bond 19: not an MTU" },
		{ "bond=b:eth0::1500:x", "error cmdline bond 13: not an MTU" },
		{ "team=team0:eth0,eth1",
		  "warning cmdline team 5: not supported, ignored; use bond=" },
		{ "bridge=br0:eth0", "warning cmdline bridge 7: not supported, ignored; use ip=" },
		{ "ifname=lan", "error cmdline ifname 7: not a MAC address" },
		{ "ifname=:52:54:00:aa:00:01",
		  "error cmdline ifname 7: not a network device name" },
		{ "ifname=.:52:54:00:aa:00:01",
		  "error cmdline ifname 7: not a network device name" },
		{ "ifname=..:52:54:00:aa:00:01",
		  "error cmdline ifname 7: not a network device name" },
		{ "ifname=sixteen-letters!:52:54:00:aa:00:01",
		  "error cmdline ifname 7: not a network" },
		{ "ifname=a\x01:52:54:00:aa:00:01", "error cmdline ifname 7: not a network" },
		{ "ifname=a\x7f:52:54:00:aa:00:01", "error cmdline ifname 7: not a network" },
		{ "ifname=lan:00:00:00:00:00:00", "error cmdline ifname 11: not a MAC address" },
		{ "BOOTIF=01-00-00-00-00-00-00", "error cmdline BOOTIF 10: not a MAC address" },
		{ "BOOTIF=0g-52-54-00-aa-00-01", "error cmdline BOOTIF 7: not a MAC address" },
		{ "BOOTIF=g0-52-54-00-aa-00-01", "error cmdline BOOTIF 7: not a MAC address" },
		{ "BOOTIF=01/52-54-00-aa-00-01", "error cmdline BOOTIF 7: not a MAC address" },
		{ NETROOT "10.0.0.1:17:::iqn.a", "warning cmdline netroot 23: protocol is not 6" },
		{ NETROOT "10.0.0.1:::a/b:1:iqn.a",
		  "warning cmdline netroot 25: not a network device" },
		{ NETROOT "10.0.0.1:::[a:1:iqn.a", "error cmdline netroot 25: LUN" },
		{ NETROOT "10.0.0.1:::sixteen-letters!:1:iqn.a",
		  "warning cmdline netroot 25: not a" },
		{ NETROOT "iqn.2001-04.a:b", "error cmdline netroot 14: no portal before" },
		{ NETROOT "u:s@iqn.2001-04.a:b", "error cmdline netroot 18: no portal before" },
		{ NETROOT ":::0:iqn.2001-04.a:b", "error cmdline netroot 14: no portal" },
		{ NETROOT "::3260:0:iqn.2001-04.a:b", "error cmdline netroot 14: no portal" },
		{ NETROOT "@:::0:iqn.2001-04.a:b", "error cmdline netroot 15: no portal" },
		{ NETROOT "10.0.0.1::x:iqn.a", "error cmdline netroot 14: 3 fields" },
		{ NETROOT "10.0.0.1", "error cmdline netroot 14: no target name" },
		{ "iscsi_target_name=iqn.a:b", "error cmdline.target0 target -: no portal" },
		{ URI "u@10.0.0.1/iqn.a", "error cmdline.target0 target -: CHAP needs both" },
		{ URI "u:s@10.0.0.1/iqn.a?rev-user=r",
		  "error cmdline.target0 target -: reverse CHAP" },
		{ URI "10.0.0.1/iqn.a?rev-user=r,rev-secret=s",
		  "error cmdline.target0 target -: rev" },
		{ "iscsi_target_port=99999", "error cmdline iscsi_target_port 18: the port" },
	};
	struct parsed v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		parsed_make(&v, NULL, 0, cases[i].line);
		assert_diag(&v, cases[i].diag);
		assert_int_equal(v.d.errors + v.d.warnings, 1);
		parsed_free(&v);
	}
}

/* The name begins with the kind of name, of which only letters have two cases. */
static void test_netroot_kinds(void **state)
{
	struct ibu_text empty = { "", 0 };
	struct parsed v;
	u8 lun[8];

	expect_target(NETROOT "10.0.0.1:::if:1:naa.a:b", IBU_TARGET_NAME, "naa.a:b");
	expect_target(NETROOT "10.0.0.1:::1:NAA.a:b", IBU_TARGET_NAME, "NAA.a:b");
	expect_target(NETROOT "10.0.0.1:::if:1:iqn\x0e"
			      "a:b",
		      IBU_TARGET_NAME, "1:iqn\\x0Ea:b");
	parsed_make(&v, NULL, 0, NETROOT ":::iqn.a:b");
	assert_diag(&v, "error cmdline netroot 14: no portal before the target name");
	parsed_free(&v);
	assert_int_equal(ibu_lun_parse(&empty, false, lun), -EINVAL);
	assert_int_equal(ibu_lun_parse(&empty, true, lun), -EINVAL);
}

/* Only "%25" is an escape in front of a zone. */
static void test_undecoded_zones(void **state)
{
	expect_nic("iscsi_boot.target=iscsi://[fe80::1%2x]/iqn.a:b", IBU_NIC_IFNAME, "2x");
	expect_nic("iscsi_boot.target=iscsi://[fe80::1%a5x]/iqn.a:b", IBU_NIC_IFNAME, "a5x");
	expect_nic("iscsi_boot.target=iscsi://[fe80::1%255x]/iqn.a:b", IBU_NIC_IFNAME, "5x");
}

/* ip= names the device by its MAC; a target finds it by its name all the same. */
static void test_ip_keeps_name(void **state)
{
	struct parsed v;

	parsed_make(&v, NULL, 0,
		    "ifname=lan:52:54:00:aa:00:01 ip=52-54-00-aa-00-01:dhcp "
		    "iscsi_boot.target=iscsi://10.0.0.9/iqn.a:b?nic=lan");
	assert_int_equal(v.p.nr_nics, 1);
	assert_target(&v, 0, IBU_TARGET_NIC_ASSOC, "0");
	parsed_free(&v);
}

static void test_netroot_nic(void **state)
{
	struct parsed v;

	parsed_make(&v, NULL, 0, "netroot=iscsi:10.0.0.1:::if:eth7:1:iqn.a:b ip=eth7:dhcp");
	assert_int_equal(v.p.nr_nics, 1);
	assert_target(&v, 0, IBU_TARGET_NIC_ASSOC, "0");
	parsed_free(&v);

	parsed_make(&v, NULL, 0, "netroot=iscsi:10.0.0.1::::1:iqn.a:b");
	assert_int_equal(v.p.nr_nics, 0);
	assert_null(v.d.text);
	parsed_free(&v);

	parsed_make(&v, NULL, 0, "netroot=iscsi:10.0.0.1:::a/b:1:iqn.a:b");
	assert_int_equal(v.p.nr_nics, 0);
	parsed_free(&v);

	/* The zone and the field name one device. */
	parsed_make(&v, NULL, 0, "netroot=iscsi:[fe80::1%eth7]:::if:eth7:1:iqn.a:b");
	assert_int_equal(v.p.nr_nics, 1);
	assert_nic(&v, 0, IBU_NIC_IFNAME, "eth7");
	assert_null(v.d.text);
	parsed_free(&v);
}

static void test_initiator(void **state)
{
	char line[320] = "iscsi_initiator=";
	struct parsed v;

	memset(line + 16, 'i', 223);
	parsed_make(&v, NULL, 0, line);
	assert_null(v.d.text);
	assert_int_equal(v.p.root.initiator_name.len, 223);
	parsed_free(&v);
	line[16 + 223] = 'i';
	parsed_make(&v, NULL, 0, line);
	assert_diag(&v, "error cmdline iscsi_initiator 16: 224 bytes, must be 1 to 223");
	assert_int_equal(v.p.root.initiator_name.len, 0);
	parsed_free(&v);
}

static void test_ip(void **state)
{
	expect_nic("ip=10.0.0.2::10.0.0.1:255.255.255.0:h:eth0:off", IBU_NIC_METHOD, "static");
	expect_nic("ip=10.0.0.2::10.0.0.1:255.255.255.0:h:eth0", IBU_NIC_PREFIX_LEN, "24");
	expect_nic("ip=10.0.0.2::10.0.0.1:24:h:eth0:none:1500", IBU_NIC_MTU, "1500");
	expect_nic("ip=10.0.0.2::10.0.0.1:24:h:eth0:none:10.0.0.3:10.0.0.4", IBU_NIC_SECONDARY_DNS,
		   "10.0.0.4");
	expect_nic("ip=10.0.0.2::10.0.0.1:24:h:eth0:none:::", IBU_NIC_MTU, "-");
	expect_nic("ip=10.0.0.2", IBU_NIC_IP_ADDR, "10.0.0.2");
	expect_nic("ip=10.0.0.2::::::", IBU_NIC_IFNAME, "-");
	expect_nic("ip=::::host:BOOTIF BOOTIF=01-52-54-00-aa-00-01", IBU_NIC_MAC,
		   "52:54:00:aa:00:01");
	expect_nic("ip=::::host:BOOTIF BOOTIF=52:54:00:aa:00:01", IBU_NIC_METHOD, "any");
	expect_nic("ip=::::host:BOOTIF BOOTIF=52:54:00:aa:00:01", IBU_NIC_IFNAME, "-");
	expect_nic("ifname=lan:52:54:00:aa:00:01 ip=lan:dhcp", IBU_NIC_METHOD, "dhcp");
	expect_nic("ip=dhcp", IBU_NIC_METHOD, "dhcp");
	expect_nic("ip=on", IBU_NIC_METHOD, "any");
	expect_nic("ip=eth0:auto6", IBU_NIC_METHOD, "auto6");
	expect_nic("ip=[fd00::2]::[fd00::1]:64::eth0:none:9000:52:54:00:aa:00:01", IBU_NIC_MTU,
		   "9000");
	expect_nic("ip=[fd00::2]::[fd00::1]:64::eth0:none", IBU_NIC_PREFIX_LEN, "64");
	expect_nic("ip=[fd00::2]::[fd00::1]:129::eth0:none", IBU_NIC_PREFIX_LEN, "-");
	expect_nic("ip=10.0.0.2:::33::eth0:none", IBU_NIC_PREFIX_LEN, "-");
	expect_nic("ip=10.0.0.2:::0.0.255.255::eth0:none", IBU_NIC_PREFIX_LEN, "-");
	expect_nic("ip=10.0.0.2:::[1::ffff:0]::eth0:none", IBU_NIC_PREFIX_LEN, "-");
	expect_nic("ip=10.0.0.2:::255.255.255.255::eth0:none", IBU_NIC_PREFIX_LEN, "32");
	expect_nic("ip=10.0.0.2::0.0.0.0:24::eth0:none", IBU_NIC_GATEWAY, "-");
	expect_nic("ip=eth0:off", IBU_NIC_METHOD, "none");
	expect_nic("ip=eth0:", IBU_NIC_METHOD, "any");
	expect_nic("ip=10.0.0.2:::24::eth0:none:1500:", IBU_NIC_MTU, "1500");
	expect_nic("ip=eth0:dhcp:9000:52:54:00:aa:00:01", IBU_NIC_SET_MAC, "52:54:00:aa:00:01");
	expect_nic("ip=eth0:dhcp:9000:52:54:00:aa:00:01", IBU_NIC_MAC, "-");
	expect_nic("ip=10.0.0.2:::24::eth0:none:68", IBU_NIC_MTU, "68");
	expect_nic("BOOTIF=01-02-03-04-05-06", IBU_NIC_MAC, "01:02:03:04:05:06");
}

/* Each form of ip= gives one NIC with these attributes. */
static void test_ip_forms(void **state)
{
	static const struct {
		const char *line, *device, *mac, *method, *ip, *prefix;
	} cases[] = {
		/* methods */
		{ "ip=dhcp4", "-", "-", "dhcp", "-", "-" },
		{ "ip=bootp", "-", "-", "dhcp", "-", "-" },
		{ "ip=both", "-", "-", "dhcp", "-", "-" },
		{ "ip=single-dhcp", "-", "-", "dhcp", "-", "-" },
		{ "ip=auto", "-", "-", "any", "-", "-" },
		{ "ip=all", "-", "-", "any", "-", "-" },
		{ "ip=link-local", "-", "-", "link6", "-", "-" },
		{ "ip=eth0:auto", "eth0", "-", "any", "-", "-" },
		{ "ip=eth0:link6", "eth0", "-", "link6", "-", "-" },
		/* lists */
		{ "ip=dhcp,dhcp6", "-", "-", "any", "-", "-" },
		{ "ip=eth0:dhcp6,dhcp", "eth0", "-", "any", "-", "-" },
		{ "ip=eth0:dhcp,dhcp4", "eth0", "-", "dhcp", "-", "-" },
		{ "ip=eth0:dhcp6,auto6", "eth0", "-", "either6", "-", "-" },
		{ "ip=eth0:link6,dhcp6", "eth0", "-", "dhcp6", "-", "-" },
		{ "ip=eth0:dhcp6,link6", "eth0", "-", "dhcp6", "-", "-" },
		{ "ip=eth0:dhcp,link6", "eth0", "-", "any", "-", "-" },
		{ "ip=eth0:auto6,any", "eth0", "-", "any", "-", "-" },
		{ "ip=:::::eth0:dhcp,dhcp6", "eth0", "-", "any", "-", "-" },
		{ "ip=dhcp,1,abcd", "-", "-", "dhcp", "-", "-" },
		/* devices */
		{ "ip=eth0", "eth0", "-", "any", "-", "-" },
		{ "ip=52-54-00-AA-00-01", "-", "52:54:00:aa:00:01", "any", "-", "-" },
		{ "ip=52:54:00:aa:00:01", "-", "52:54:00:aa:00:01", "any", "-", "-" },
		{ "ip=52-54-00-aa-00-01:dhcp", "-", "52:54:00:aa:00:01", "dhcp", "-", "-" },
		{ "ip=52:54:00:aa:00:01:dhcp6", "-", "52:54:00:aa:00:01", "dhcp6", "-", "-" },
		{ "ip=52:54:00:aa:00:01:", "-", "52:54:00:aa:00:01", "any", "-", "-" },
		{ "ip=:::::52:54:00:aa:00:01:dhcp", "-", "52:54:00:aa:00:01", "dhcp", "-", "-" },
		{ "ip=:::::52:54:00:aa:00:01", "-", "52:54:00:aa:00:01", "any", "-", "-" },
		{ "ip=10.0.0.2:::24::52-54-00-aa-00-01:none", "-", "52:54:00:aa:00:01", "static",
		  "10.0.0.2", "24" },
		{ "ip=:::::eth0:dhcp", "eth0", "-", "dhcp", "-", "-" },
		{ "ip=:::::all:dhcp", "-", "-", "dhcp", "-", "-" },
		{ "ip=::::::dhcp", "-", "-", "dhcp", "-", "-" },
		{ "ip=eth0:", "eth0", "-", "any", "-", "-" },
		{ "ip=fd00:dhcp", "fd00", "-", "dhcp", "-", "-" },
		{ "ip=fd00:", "fd00", "-", "any", "-", "-" },
		{ "ip=fd00:dhcp:9000", "fd00", "-", "dhcp", "-", "-" },
		{ "ip=abcde::9000", "abcde", "-", "any", "-", "-" },
		{ "ip=12345:dhcp", "12345", "-", "dhcp", "-", "-" },
		{ "ip=1.2-3:dhcp", "1.2-3", "-", "dhcp", "-", "-" },
		{ "ip=eth0.5:dhcp", "eth0.5", "-", "dhcp", "-", "-" },
		{ "ip=0.0.0.0:::::eth0:dhcp", "eth0", "-", "dhcp", "-", "-" },
		{ "ip=::10.0.0.1:24::eth0:dhcp", "eth0", "-", "dhcp", "-", "24" },
		{ "ip=::10.0.0.1:255.255.255.0::eth0:dhcp", "eth0", "-", "dhcp", "-", "24" },
		{ "ip=fe80::2%eth0/64 ksdevice=eth1", "eth0", "-", "static", FE80 "2", "64" },
		{ "ip=10.0.0.2 ksdevice=ibft", "-", "-", "static", "10.0.0.2", "-" },
		{ "ip=10.0.0.2 ksdevice=a/b", "-", "-", "static", "10.0.0.2", "-" },
		{ "ip=10.0.0.2 ksdevice=BOOTIF BOOTIF=52:54:00:aa:00:01", "-", "52:54:00:aa:00:01",
		  "static", "10.0.0.2", "-" },
		{ "ifname=eth0:52:54:00:aa:00:01 bootdev=eth0", "eth0", "52:54:00:aa:00:01", "any",
		  "-", "-" },
		{ "ifname=lan:52:54:00:aa:00:01 ip=lan:dhcp rd.bootif=0", "lan",
		  "52:54:00:aa:00:01", "dhcp", "-", "-" },
		{ "ip=any,auto6", "-", "-", "any", "-", "-" },
		{ "rd.bootif=off ip=dhcp BOOTIF=52:54:00:aa:00:01", "-", "-", "dhcp", "-", "-" },
		{ "ip=ed0", "ed0", "-", "any", "-", "-" },
		/* the prefix with the address */
		{ "ip=10.0.0.2/24::10.0.0.1:::eth0:none", "eth0", "-", "static", "10.0.0.2", "24" },
		{ "ip=10.0.0.2/24:::16::eth0:none", "eth0", "-", "static", "10.0.0.2", "16" },
		{ "ip=10.0.0.2/24", "-", "-", "static", "10.0.0.2", "24" },
		{ "ip=10.0.0.2", "-", "-", "static", "10.0.0.2", "-" },
		{ "ip=[fd00::2]/64:::::eth0:none", "eth0", "-", "static", FD00 "2", "64" },
		{ "ip=[fd00::2/64]:::::eth0:none", "eth0", "-", "static", FD00 "2", "64" },
		{ "ip=fd00::2/64", "-", "-", "static", FD00 "2", "64" },
		{ "ip=[fd00::2]/64", "-", "-", "static", FD00 "2", "64" },
		{ "ip=fd00::2", "-", "-", "static", FD00 "2", "-" },
		/* a zone is the device */
		{ "ip=[fe80::2%eth0]:::64", "eth0", "-", "static", FE80 "2", "64" },
		{ "ip=fe80::2%eth0/64", "eth0", "-", "static", FE80 "2", "64" },
		{ "ip=[fe80::2%eth0]/64:::::eth0:off", "eth0", "-", "static", FE80 "2", "64" },
		{ "ip=[fd00::2]/64::[fe80::1%eth0]", "eth0", "-", "static", FD00 "2", "64" },
		/* Ubuntu's ip6= */
		{ "ip6=dhcp", "-", "-", "dhcp6", "-", "-" },
		{ "ip6=on", "-", "-", "dhcp6", "-", "-" },
		{ "ip6=auto6", "-", "-", "auto6", "-", "-" },
		{ "ip6=eth0", "eth0", "-", "dhcp6", "-", "-" },
		{ "ip6=eth0:dhcp", "eth0", "-", "dhcp6", "-", "-" },
		{ "ip6=BOOTIF BOOTIF=01-52-54-00-aa-00-01", "-", "52:54:00:aa:00:01", "dhcp6", "-",
		  "-" },
		{ "ip6=52-54-00-aa-00-01", "-", "52:54:00:aa:00:01", "dhcp6", "-", "-" },
		{ "ip6=fd00::2/64", "-", "-", "static", FD00 "2", "64" },
		{ "ip6=BOOTIF:dhcp BOOTIF=01-52-54-00-aa-00-01", "-", "52:54:00:aa:00:01", "dhcp6",
		  "-", "-" },
		/* genkernel and Anaconda */
		{ "ip=10.0.0.2/24 gk.net.iface=eth1", "eth1", "-", "static", "10.0.0.2", "24" },
		{ "gk.net.iface=52:54:00:aa:00:01 ip=10.0.0.2/24", "-", "52:54:00:aa:00:01",
		  "static", "10.0.0.2", "24" },
		{ "ip=dhcp gk.net.iface=eth1", "eth1", "-", "dhcp", "-", "-" },
		{ "gk.net.iface=eth1", "eth1", "-", "any", "-", "-" },
		{ "ip=10.0.0.2 netmask=255.255.0.0 ksdevice=eth1", "eth1", "-", "static",
		  "10.0.0.2", "16" },
		{ "ip=10.0.0.2 netmask=16 ksdevice=link", "-", "-", "static", "10.0.0.2", "16" },
		{ "ip=10.0.0.2 ksdevice=bootif BOOTIF=52:54:00:aa:00:01", "-", "52:54:00:aa:00:01",
		  "static", "10.0.0.2", "-" },
		{ "ip=10.0.0.2 ksdevice=52-54-00-aa-00-01", "-", "52:54:00:aa:00:01", "static",
		  "10.0.0.2", "-" },
		/* bootdev= */
		{ "ip=dhcp bootdev=eth1", "eth1", "-", "dhcp", "-", "-" },
		{ "bootdev=eth1 ip=dhcp", "eth1", "-", "dhcp", "-", "-" },
		{ "bootdev=eth1", "eth1", "-", "any", "-", "-" },
		{ "bootdev=52-54-00-aa-00-01", "-", "52:54:00:aa:00:01", "any", "-", "-" },
		{ "bootdev=eth1 ip=eth1:dhcp", "eth1", "-", "dhcp", "-", "-" },
		{ "bootdev=eth1 ip=dhcp BOOTIF=52:54:00:aa:00:01", "-", "52:54:00:aa:00:01", "dhcp",
		  "-", "-" },
		/* BOOTIF= of any hardware type */
		{ "ip=dhcp BOOTIF=20-52-54-00-AA-00-01", "-", "52:54:00:aa:00:01", "dhcp", "-",
		  "-" },
		{ "ip=dhcp BOOTIF=01:52:54:00:aa:00:01", "-", "52:54:00:aa:00:01", "dhcp", "-",
		  "-" },
		{ "ip=dhcp BOOTIF=52-54-00-AA-00-01", "-", "52:54:00:aa:00:01", "dhcp", "-", "-" },
		{ "ip=dhcp BOOTIF=52:54:00:aa:00:01 rd.bootif=0", "-", "-", "dhcp", "-", "-" },
		{ "rd.bootif=no ip=dhcp BOOTIF=52:54:00:aa:00:01", "-", "-", "dhcp", "-", "-" },
		{ "ip=dhcp BOOTIF=52:54:00:aa:00:01 rd.bootif=1", "-", "52:54:00:aa:00:01", "dhcp",
		  "-", "-" },
		{ "ip=::::h:BOOTIF BOOTIF=52:54:00:aa:00:01 rd.bootif=0", "-", "-", "any", "-",
		  "-" },
	};
	struct parsed v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		print_message("%s\n", cases[i].line);
		parsed_make(&v, NULL, 0, cases[i].line);
		assert_int_equal(v.p.nr_nics, 1);
		assert_nic(&v, 0, IBU_NIC_IFNAME, cases[i].device);
		assert_nic(&v, 0, IBU_NIC_MAC, cases[i].mac);
		assert_nic(&v, 0, IBU_NIC_METHOD, cases[i].method);
		assert_nic(&v, 0, IBU_NIC_IP_ADDR, cases[i].ip);
		assert_nic(&v, 0, IBU_NIC_PREFIX_LEN, cases[i].prefix);
		assert_nic(&v, 0, IBU_NIC_SET_MAC, "-");
		assert_int_equal(v.d.errors, 0);
		parsed_free(&v);
	}
}

/* A parameter that is rejected is reported at its byte, and has no effect at all. */
static void test_ip_rejected(void **state)
{
	static const struct {
		const char *word;
		unsigned int at;
		const char *reason;
	} cases[] = {
		{ "ip=eth1:dchp", 8, "unknown configuration method" },
		{ "ip=dchp", 3, "unknown configuration method" },
		{ "ip=rarp", 3, "unknown configuration method: RARP; use dhcp" },
		{ "ip=DHCP", 3, "unknown configuration method; methods are in lower case" },
		{ "ip=dhcp::10.0.0.1", 3, "a method in the place of the device" },
		{ "ip=:::::dhcp", 8, "a method in the place of the device" },
		{ "ip=127.0.0.1:::8::eth1:none", 3, "the address is a loopback address" },
		{ "ip=224.0.0.1:::8::eth1:none", 3, "the address is a multicast address" },
		{ "ip=10.0.0.255:::24::eth1:none", 3, "the address is the broadcast address" },
		{ "ip=10.0.0.0/24:::::eth1:none", 3, "the address is the network address" },
		{ "ip=eth1:rarp", 8, "unknown configuration method" },
		{ "ip=:::::eth1:nfs", 13, "unknown configuration method" },
		{ "ip=10.0.0.3:::24::eth1:nfs", 23, "unknown configuration method" },
		{ "ip=eth1:dhcp,", 8, "unknown configuration method" },
		{ "ip=eth1:,dhcp", 8, "unknown configuration method" },
		{ "ip=eth1:dhcp,nfs", 8, "unknown configuration method" },
		{ "ip=eth1:dhcp,none", 8, "unknown configuration method" },
		{ "ip=eth1:static,dhcp", 8, "unknown configuration method" },
		{ "ip=ibft,dhcp", 3, "unknown configuration method" },
		{ "ip=eth1:static", 3, "a static configuration needs an address" },
		{ "ip=static", 3, "a static configuration needs an address" },
		{ "ip=::10.0.0.1:24::eth1:none", 3, "a static configuration needs an address" },
		{ "ip=::10.0.0.1:::eth1:off", 3, "a static configuration needs an address" },
		{ "ip=10.0.0.300::10.0.0.1:24::eth1:none", 3, "not an IP address" },
		{ "ip=10.0.0.3/33", 3, "not an IP address" },
		{ "ip=10.0.0.3/33:::::eth1:none", 3, "not an IP address" },
		{ "ip=10.0.0.3/0:::::eth1:none", 3, "not an IP address" },
		{ "ip=[fd00::3:::64::eth1:none", 3, "not an IP address" },
		{ "ip=[fd00::3%eth1]:::64::eth1:none", 3, "not an IP address" },
		{ "ip=[fe80::3%a/b]:::64::eth1:none", 3, "not an IP address" },
		{ "ip=[fe80::3%eth2]:::64::eth1:none", 12, "the zone is not the device" },
		{ "ip=fd00::3::fd00::1:64::eth1:none", 3,
		  "an IPv6 address must be in brackets []" },
		{ "ip=10.0.0.3::fd00::1:64::eth1:none", 13,
		  "an IPv6 address must be in brackets []" },
		{ "ip=10.0.0.3:::24::eth1/0:none", 18, "not a network device name" },
		{ "ip=a_name_that_is_too_long_1:dhcp", 3, "not a network device name" },
		{ "ip=00:00:00:00:00:00:dhcp", 3, "not a network device name" },
		{ "ip=x", 3, "unknown configuration method" },
		{ "ip=eth1:auto6,1", 8, "unknown configuration method" },
		{ "ip=10.0.0.3/24]", 3, "unknown configuration method" },
		{ "ip=52-54-00-aa-00-01x:dhcp", 3, "not a network device name" },
		{ "ip=:aa:bb:cc:dd:ee:ff", 7, "an IPv6 address must be in brackets []" },
		{ "ip=10.0.0.300:::x::eth1:none", 3, "not an IP address" },
		{ "ip=eth1:fd00", 8, "unknown configuration method" },
		{ "ip=fd00:1:2", 3, "an IPv6 address must be in brackets []" },
		{ "ip=a1/b", 3, "unknown configuration method" },
		{ "ip6=dchp", 4, "unknown configuration method" },
		{ "bootdev=a/b", 8, "neither a network device name nor a MAC address" },
		{ "gk.net.iface=", 13, "neither a network device name nor a MAC address" },
	};
	char line[256], diag[128];
	struct parsed v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		print_message("%s\n", cases[i].word);
		snprintf(line, sizeof(line), "%s ip=eth1:dhcp6", cases[i].word);
		parsed_make(&v, NULL, 0, line);
		snprintf(diag, sizeof(diag), " %u: %s", cases[i].at, cases[i].reason);
		assert_diag(&v, diag);
		assert_int_equal(v.d.errors + v.d.warnings, 1);
		assert_int_equal(v.p.nr_nics, 1);
		assert_nic(&v, 0, IBU_NIC_METHOD, "dhcp6");
		assert_nic(&v, 0, IBU_NIC_IFNAME, "eth1");
		assert_nic(&v, 0, IBU_NIC_FROM_CMDLINE, "ifname method");
		parsed_free(&v);
		parsed_make(&v, NULL, 0, cases[i].word);
		assert_int_equal(v.p.nr_nics, 0);
		assert_string_equal(shown(IBU_CLASS_ROOT, &v.p.root, IBU_ROOT_SOURCES), "none");
		parsed_free(&v);
	}
}

/* ip=DEVICE:ibft asks for the firmware's configuration; it adds no NIC that would do DHCP. */
static void test_ip_firmware(void **state)
{
	static const char *const lines[] = {
		"ip=ibft",
		"ip=fw",
		"ip=eth0:ibft",
		"ip=52-54-00-aa-00-01:ibft",
		"ip=52:54:00:aa:00:01:fw",
		"ip=:::::eth0:ibft",
		"ip=10.0.0.2:::24::eth0:ibft",
	};
	struct ibu_params p = { 0 };
	struct ibu_diag d = { 0 };
	char line[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		strcpy(line, lines[i]);
		assert_int_equal(ibu_cmdline_parse(line, strlen(line), &p, &d), 0);
		assert_true(p.firmware_wanted);
		assert_int_equal(p.nr_nics, 0);
		assert_int_equal(d.errors, 0);
		ibu_params_free(&p);
		ibu_diag_free(&d);
	}
}

/* What is used although it is odd is reported. */
static void test_ip_warnings(void **state)
{
	static const char *const cases[][2] = {
		{ "ip=eth0", "warning cmdline ip 3: no configuration method; read as a device" },
		{ "ip=dhcp,1,abcd", "warning cmdline ip 8: a DHCP client ID is not supported" },
		{ "ip=10.0.0.2:::24::eth0:dhcp",
		  "warning cmdline ip 3: with an address the method is" },
		{ "ip=10.0.0.2:::24::eth0:ibft",
		  "warning cmdline ip 3: address ignored: the firmware" },
		{ "ip=::::h:BOOTIF", "warning cmdline ip -: device BOOTIF without BOOTIF=" },
		{ "ip=eth0:none", "warning cmdline ip 3: no address: this device cannot" },
		{ "ip=:::::eth0:off", "warning cmdline ip 8: no address: this device cannot" },
		{ "ip=eth0:none vlan=eth1.5:eth1", "warning cmdline ip 3: no address" },
		{ "vlan=eth0.5:eth0 ip=eth0.5:none", "warning cmdline ip 20: no address" },
		{ "ip=eth0:none ip=eth1:dhcp", "warning cmdline ip 3: no address" },
		{ "ip=52-54-00-aa-00-01:none", "warning cmdline ip 3: no address" },
		{ "BOOTIF=52:54:00:aa:00:01 ip=BOOTIF:none", "warning cmdline ip 28: no address" },
		{ "ip=10.0.0.2 gateway=x", "error cmdline gateway 20: not an IP address" },
		{ "ip=10.0.0.2 gk.net.gw=x", "error cmdline gk.net.gw 22: not an IP address" },
		{ "ip=10.0.0.2 netmask=x", "error cmdline netmask 20: neither a netmask" },
		{ "ip=10.0.0.2 mtu=9", "error cmdline mtu 16: neither an MTU" },
	};
	static const char *const stacked[] = {
		"ip=eth0:none bond=bond0:eth0",
		"team=team0:eth0 ip=eth0:none",
		"ip=eth0:off bridge=br0:eth0",
	};
	static const char *const quiet[] = {
		"ip=",
		"ip6=",
		"ip=10.0.0.2:::24::eth0:on",
		"ip=dhcp rd.neednet=1",
		"ip6=eth0",
		"gateway=x netmask=y mtu=z",
		"ip=dhcp gateway=x",
		"ip=eth0:none ip=eth0:dhcp6",
		"vlan=eth0.5:eth0 ip=eth0:none",
		"ip=eth0:off vlan=eth0.5:eth0 ip=eth0.5:dhcp",
	};
	struct parsed v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		parsed_make(&v, NULL, 0, cases[i][0]);
		assert_diag(&v, cases[i][1]);
		parsed_free(&v);
	}
	for (i = 0; i < ARRAY_SIZE(quiet); i++) {
		parsed_make(&v, NULL, 0, quiet[i]);
		assert_null(v.d.text);
		parsed_free(&v);
	}
	/* The members of a bond, team or bridge need no address. */
	for (i = 0; i < ARRAY_SIZE(stacked); i++) {
		parsed_make(&v, NULL, 0, stacked[i]);
		assert_true(!v.d.text || !strstr(v.d.text, "no address: this"));
		parsed_free(&v);
	}
}

/* The MTU, the address to set and the name servers at the end of ip=. */
static void test_ip_tail(void **state)
{
	expect_nic("ip=eth0:dhcp:9000:52-54-00-aa-00-01", IBU_NIC_SET_MAC, "52:54:00:aa:00:01");
	expect_nic("ip=eth0:dhcp::52:54:00:aa:00:01", IBU_NIC_SET_MAC, "52:54:00:aa:00:01");
	expect_nic("ip=eth0:dhcp:52:54:00:aa:00:01", IBU_NIC_SET_MAC, "52:54:00:aa:00:01");
	expect_nic("ip=52:54:00:aa:00:02:dhcp::52:54:00:aa:00:01", IBU_NIC_SET_MAC,
		   "52:54:00:aa:00:01");
	expect_nic("ip=52:54:00:aa:00:02:dhcp::52:54:00:aa:00:01", IBU_NIC_MAC,
		   "52:54:00:aa:00:02");
	expect_nic("ip=:::::eth0:dhcp:[fd00::3]:10.0.0.4", IBU_NIC_PRIMARY_DNS, FD00 "3");
	expect_nic("ip=:::::eth0:dhcp:[fe80::3%eth0]:10.0.0.4", IBU_NIC_PRIMARY_DNS, FE80 "3");
	expect_nic("ip=:::::eth0:dhcp:[fd00::3]:10.0.0.4", IBU_NIC_SECONDARY_DNS, "10.0.0.4");
	expect_nic("ip=:::::eth0:dhcp::10.0.0.4", IBU_NIC_SECONDARY_DNS, "10.0.0.4");
	expect_nic("ip=:::::eth0:dhcp:10.0.0.3:10.0.0.4:10.0.0.5", IBU_NIC_SECONDARY_DNS,
		   "10.0.0.4");
	expect_nic("ip=:::::eth0:dhcp:67", IBU_NIC_MTU, "-");
	expect_nic("ip=10.0.0.2 gk.net.gw=10.0.0.1", IBU_NIC_GATEWAY, "10.0.0.1");
	expect_nic("ip=10.0.0.2/24 gateway=10.0.0.1 mtu=9000", IBU_NIC_MTU, "9000");
	expect_nic("ip=10.0.0.2/24 gateway=10.0.0.1 hostname=h", IBU_NIC_HOSTNAME, "h");
	expect_nic("ip=10.0.0.2/24 gateway=10.0.0.1 hostname=h", IBU_NIC_GATEWAY, "10.0.0.1");
	expect_nic("ip=dhcp gateway=10.0.0.1", IBU_NIC_GATEWAY, "-");
	expect_nic("ip=0.0.0.0 ip=dhcp gateway=10.0.0.1", IBU_NIC_GATEWAY, "-");
}

/* A name server with a zone is asked through that device only. */
static void test_nameserver_zone(void **state)
{
	struct parsed v;

	parsed_make(&v, NULL, 0,
		    "ip=eth0:dhcp ip=eth1:dhcp nameserver=fe80::3%eth1 nameserver=[fd00::4]");
	assert_nic(&v, 0, IBU_NIC_PRIMARY_DNS, FD00 "4");
	assert_nic(&v, 0, IBU_NIC_SECONDARY_DNS, "-");
	assert_nic(&v, 1, IBU_NIC_PRIMARY_DNS, FE80 "3");
	assert_nic(&v, 1, IBU_NIC_SECONDARY_DNS, FD00 "4");
	parsed_free(&v);
	parsed_make(
		&v, NULL, 0,
		"nameserver=[fd00::3 nameserver=fd00::3] nameserver=fd00::3%eth0 nameserver=fe80::3%a/b "
		"nameserver=fec0::3%eth0 nameserver=ff80::3%eth0 nameserver=[ nameserver=fe80::3% ip=dhcp");
	assert_int_equal(v.d.errors, 8);
	assert_nic(&v, 0, IBU_NIC_PRIMARY_DNS, "-");
	parsed_free(&v);
}

/* A NIC named by its MAC is the one that another parameter has named so before. */
static void test_mac_devices(void **state)
{
	struct parsed v;

	parsed_make(&v, NULL, 0, "ifname=lan:52:54:00:aa:00:01 ip=52-54-00-aa-00-01:dhcp");
	assert_int_equal(v.p.nr_nics, 1);
	assert_nic(&v, 0, IBU_NIC_IFNAME, "lan");
	parsed_free(&v);
	parsed_make(&v, NULL, 0, "ifname=lan:52:54:00:aa:00:02 ip=52-54-00-aa-00-01:dhcp");
	assert_int_equal(v.p.nr_nics, 2);
	assert_nic(&v, 0, IBU_NIC_MAC, "52:54:00:aa:00:02");
	parsed_free(&v);
	parsed_make(&v, NULL, 0, "ifname=lan:52:54:00:aa:00:01 ip=lan");
	assert_int_equal(v.p.nr_nics, 1);
	assert_nic(&v, 0, IBU_NIC_METHOD, "any");
	parsed_free(&v);
	parsed_make(&v, NULL, 0,
		    "ip=52-54-00-aa-00-01:dhcp ip=52-54-00-aa-00-01:dhcp6 "
		    "bootdev=52:54:00:AA:00:01");
	assert_int_equal(v.p.nr_nics, 2);
	assert_nic(&v, 1, IBU_NIC_METHOD, "dhcp6");
	parsed_free(&v);
	parsed_make(&v, NULL, 0, "ip=eth1:dhcp bootdev=eth0 ip=dhcp6");
	assert_int_equal(v.p.nr_nics, 2);
	assert_nic(&v, 0, IBU_NIC_IFNAME, "eth1");
	assert_nic(&v, 1, IBU_NIC_IFNAME, "eth0");
	parsed_free(&v);
	/* A vlan= keeps the MAC of its own name; that of its parent does not replace it. */
	parsed_make(&v, NULL, 0,
		    "ifname=v5:52:54:00:aa:00:01 vlan=v5:eth0 "
		    "ifname=eth0:52:54:00:aa:00:02 ip=v5:dhcp");
	assert_nic(&v, 0, IBU_NIC_MAC, "52:54:00:aa:00:01");
	parsed_free(&v);
}

/* A bootdev= that no ip= is for is a NIC of its own. */
static void test_bootdev_apart(void **state)
{
	static const char *const lines[] = {
		"ip=eth1:dhcp bootdev=eth0",
		"ip=52-54-00-aa-00-02:dhcp bootdev=52:54:00:aa:00:01",
		"ip=52-54-00-aa-00-01:dhcp bootdev=eth1",
	};
	struct parsed v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		parsed_make(&v, NULL, 0, lines[i]);
		assert_int_equal(v.p.nr_nics, 2);
		assert_nic(&v, 1, IBU_NIC_METHOD, "any");
		parsed_free(&v);
	}
}

/* A host name may have 255 bytes. */
static void test_ip_hostname(void **state)
{
	char line[320] = "ip=10.0.0.2:::24:";

	memset(line + 17, 'h', 255);
	expect_nic(line, IBU_NIC_IP_ADDR, "10.0.0.2");
	assert_int_equal(strlen(line + 17), 255);
	expect_nic(line, IBU_NIC_HOSTNAME, line + 17);
	line[17 + 255] = 'h';
	expect_nic(line, IBU_NIC_HOSTNAME, "-");
}

/* A parameter for one name does not affect NICs with another name or without one. */
static void test_names_apart(void **state)
{
	struct parsed v;

	parsed_make(&v, NULL, 0, "ifname=a:52:54:00:aa:00:01 ifname=b:52:54:00:aa:00:02");
	assert_int_equal(v.p.nr_nics, 2);
	assert_nic(&v, 0, IBU_NIC_MAC, "52:54:00:aa:00:01");
	assert_nic(&v, 1, IBU_NIC_MAC, "52:54:00:aa:00:02");
	parsed_free(&v);

	parsed_make(&v, NULL, 0, "ip=10.0.0.2:::24:::none::52:54:00:aa:00:01 ip=dhcp");
	assert_nic(&v, 0, IBU_NIC_SET_MAC, "52:54:00:aa:00:01");
	assert_nic(&v, 1, IBU_NIC_SET_MAC, "-");
	parsed_free(&v);

	parsed_make(&v, NULL, 0,
		    "ip=10.0.0.2:::24::eth0:none::52:54:00:aa:00:01 "
		    "ip=10.0.0.3:::24::eth0:none::52:54:00:aa:00:02");
	assert_nic(&v, 0, IBU_NIC_SET_MAC, "52:54:00:aa:00:01");
	assert_nic(&v, 1, IBU_NIC_SET_MAC, "52:54:00:aa:00:02");
	parsed_free(&v);
}

static void test_ip_none(void **state)
{
	struct parsed v;

	parsed_make(&v, NULL, 0, "ip=none ip=off ip= ip6= ip6=none ip=ibft");
	assert_int_equal(v.p.nr_nics, 0);
	assert_string_equal(shown(IBU_CLASS_ROOT, &v.p.root, IBU_ROOT_SOURCES), "none");
	parsed_free(&v);
}

/* Two addresses of one device are two entries, which the agent finds on one device. */
static void test_ip_twice(void **state)
{
	struct parsed v;

	parsed_make(&v, NULL, 0,
		    "ip=10.0.0.2::::h:eth0 ip=[fd00::2]::::h:eth0 ifname=eth0:52:54:00:aa:00:01");
	assert_int_equal(v.p.nr_nics, 2);
	assert_nic(&v, 0, IBU_NIC_MAC, "52:54:00:aa:00:01");
	assert_nic(&v, 1, IBU_NIC_MAC, "52:54:00:aa:00:01");
	parsed_free(&v);
}

static void test_repeated(void **state)
{
	struct parsed v;

	parsed_make(&v, NULL, 0,
		    "iscsi_target_name=iqn.a:a iscsi_target_name=iqn.a:b "
		    "iscsi_target_ip=10.0.0.1");
	assert_int_equal(v.p.nr_targets, 1);
	assert_target(&v, 0, IBU_TARGET_NAME, "iqn.a:b");
	assert_diag(&v, "warning cmdline iscsi_target_name 44: repeated; the last value is used");
	parsed_free(&v);
}

/* Found by fuzzing: an empty secret after another left the attribute present, but without text. */
static void test_taken_back(void **state)
{
	struct parsed v;

	parsed_make(&v, NULL, 0,
		    "iscsi_target_name=iqn.a:a iscsi_target_ip=10.0.0.1 iscsi_username=u "
		    "iscsi_password=x iscsi_password=");
	assert_target(&v, 0, IBU_TARGET_CHAP_SECRET, "-");
	assert_target(&v, 0, IBU_TARGET_SELECTED, "0");
	parsed_free(&v);
}

/* BOOTIF= joins only an ip= without a device; an address to set names no device. */
static void test_bootif_adopted(void **state)
{
	static const struct {
		const char *line, *mac; /* of the first NIC */
		unsigned int nics;
	} cases[] = {
		{ "ip=dhcp BOOTIF=01-52-54-00-aa-00-01", "52:54:00:aa:00:01", 1 },
		{ "ip=dhcp ip=dhcp6 BOOTIF=01-52-54-00-aa-00-01", "52:54:00:aa:00:01", 2 },
		{ "ip=dhcp ifname=a:52:54:00:aa:00:01", "-", 2 },
		{ "ip=dhcp ip=::::h:BOOTIF BOOTIF=01-52-54-00-aa-00-01", "-", 2 },
		{ "ip=eth0:dhcp BOOTIF=01-52-54-00-aa-00-01", "-", 2 },
		{ "ip=10.0.0.2:::24:::none::52:54:00:aa:00:09 BOOTIF=01-52-54-00-aa-00-01",
		  "52:54:00:aa:00:01", 1 },
	};
	struct parsed v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		parsed_make(&v, NULL, 0, cases[i].line);
		if (v.p.nr_nics != cases[i].nics)
			fail_msg("%s: %u NICs", cases[i].line, v.p.nr_nics);
		assert_nic(&v, 0, IBU_NIC_MAC, cases[i].mac);
		parsed_free(&v);
	}
}

/* If credentials are repeated and invalid, the earlier ones are not used either. */
static void test_shared_pairs(void **state)
{
	static const char *const words[] = {
		NETROOT "::r:t@10.0.0.1::::iqn.a:b rd.iscsi.username=u rd.iscsi.password=s "
			"rd.iscsi.password=",
		NETROOT "x:y@10.0.0.1::::iqn.a:b rd.iscsi.in.username=r rd.iscsi.in.password=t "
			"rd.iscsi.in.password=",
	};
	char line[512];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		memset(line, 0, sizeof(line));
		strcpy(line, words[i]);
		memset(line + strlen(line), 's', 256);
		expect_target(line, IBU_TARGET_SELECTED, "0");
		*strrchr(line, ' ') = '\0';
		expect_target(line, IBU_TARGET_SELECTED, "1");
	}
}

/* A name that is too long is rejected, not truncated. */
static void test_long(void **state)
{
	char *line = malloc(70000);
	struct parsed v;

	strcpy(line, "iscsi_target_ip=10.0.0.1 iscsi_target_name=");
	memset(line + strlen(line) + 1, 0, 1);
	memset(line + 43, 'a', 224);
	strcpy(line + 43 + 224, " ip=dhcp");
	parsed_make(&v, NULL, 0, line);
	assert_diag(&v,
		    "error cmdline iscsi_target_name 43: target-name has 224 bytes, at most 223");
	assert_target(&v, 0, IBU_TARGET_SELECTED, "0");
	assert_int_equal(v.p.nr_nics, 1);
	parsed_free(&v);

	memset(line, 'x', 69000);
	strcpy(line + 69000, " ip=dhcp");
	parsed_make(&v, NULL, 0, line);
	assert_int_equal(v.p.nr_nics, 1);
	parsed_free(&v);
	free(line);
}

/* Returns @size bytes of words like @format, with numbers that grow; to be freed. */
static char *repeat(const char *format, size_t size)
{
	char *text = malloc(size + 128);
	size_t len = 0;
	unsigned int i;

	for (i = 0; len < size; i++) {
		len += (size_t)snprintf(text + len, 127, format, i % 250, i / 250);
		text[len++] = ' ';
	}
	text[size] = '\0';
	return text;
}

/* What exceeds a limit is cut, with one line that says so; what fits is used. */
static void test_limits(void **state)
{
	static const char nics[] = "ip=10.%u.0.2:::24::eth%u:none";
	static const char targets[] = "netroot=iscsi:10.0.0.1:::1:iqn.a:b%u.%u";
	static const char hints[] = "iscsi_boot.target=iscsi://10.0.0.1/iqn.a:b/1?nic=e%u";
	char *text = repeat(nics, 64 << 10);
	struct parsed v;

	parsed_make(&v, NULL, 0, text);
	free(text);
	assert_int_equal(v.p.nr_nics, IBU_NICS_MAX);
	assert_nic(&v, IBU_NICS_MAX - 1, IBU_NIC_IP_ADDR, "10.63.0.2");
	assert_diag(&v, "more than 64 NICs; the further ones are ignored");
	assert_true(v.d.errors <= 2); /* the last word is cut off */
	parsed_free(&v);

	/* The words about the NIC of ip=ADDR, which was cut, have no effect on another one. */
	text = repeat(nics, 64 << 10);
	strcpy(text + 3000, " ip=10.9.0.2 netmask=255.255.0.0 mtu=9000");
	parsed_make(&v, NULL, 0, text);
	free(text);
	assert_int_equal(v.p.nr_nics, IBU_NICS_MAX);
	assert_nic(&v, IBU_NICS_MAX - 1, IBU_NIC_PREFIX_LEN, "24");
	assert_nic(&v, IBU_NICS_MAX - 1, IBU_NIC_MTU, "-");
	parsed_free(&v);

	text = repeat(targets, 64 << 10);
	parsed_make(&v, NULL, 0, text);
	free(text);
	assert_int_equal(v.p.nr_targets, IBU_TARGETS_MAX);
	assert_target(&v, IBU_TARGETS_MAX - 1, IBU_TARGET_NAME, "iqn.a:b11.2");
	assert_target(&v, IBU_TARGETS_MAX - 1, IBU_TARGET_SELECTED, "1");
	assert_diag(&v, "more than 512 targets; the further ones are ignored");
	assert_true(v.d.errors <= 2);
	parsed_free(&v);

	/* A target that names a NIC beyond the limit must not be reached by another one. */
	text = repeat(hints, 6 << 10);
	parsed_make(&v, NULL, 0, text);
	free(text);
	assert_int_equal(v.p.nr_nics, IBU_NICS_MAX);
	assert_target(&v, IBU_NICS_MAX - 1, IBU_TARGET_SELECTED, "1");
	assert_target(&v, IBU_NICS_MAX, IBU_TARGET_SELECTED, "0");
	assert_target(&v, IBU_NICS_MAX, IBU_TARGET_NIC_ASSOC, "-");
	assert_diag(&v, "error target64 nic-assoc -: more than 64 NICs; the target is not used");
	parsed_free(&v);
}

/* 64 targets, and 256 LUNs of one, are far below the limits. */
static void test_large_machines(void **state)
{
	static const char targets[] = "netroot=iscsi:10.0.0.1:::1:iqn.a:b%u";
	static const char luns[] = "netroot=iscsi:10.0.0.1:::%u:iqn.a:b";
	struct parsed v;
	char *text;

	text = repeat(targets, 64 * 38);
	parsed_make(&v, NULL, 0, text);
	free(text);
	assert_true(v.p.nr_targets >= 64);
	assert_int_equal(v.d.errors, 0);
	parsed_free(&v);
	text = repeat(luns, 249 * 36);
	parsed_make(&v, NULL, 0, text);
	free(text);
	assert_true(v.p.nr_targets > 240);
	assert_int_equal(v.d.errors, 0);
	parsed_free(&v);
}

/* The number of lines is limited; the last one tells how many are missing, and both counts fit. */
static void test_diagnostics_limit(void **state)
{
	static const char bad[] = "ip=eth0:maybe";
	unsigned int lines = 0;
	struct parsed v;
	char *text, *s;

	text = repeat(bad, 14 * 1000);
	parsed_make(&v, NULL, 0, text);
	free(text);
	for (s = v.d.text; (s = strchr(s, '\n')); s++)
		lines++;
	assert_int_equal(lines, IBU_DIAG_LINES_MAX + 1);
	assert_int_equal(v.d.errors + v.d.warnings, lines);
	assert_int_equal(v.p.root.errors, v.d.errors);
	assert_diag(&v, "error cmdline diagnostics -: 500 further lines are left out\n");
	parsed_free(&v);

	text = repeat(bad, 14 * IBU_DIAG_LINES_MAX);
	parsed_make(&v, NULL, 0, text);
	free(text);
	assert_int_equal(v.d.errors, IBU_DIAG_LINES_MAX);
	assert_null(strstr(v.d.text, "left out"));
	parsed_free(&v);
}

static void test_no_secret_in_diagnostics(void **state)
{
	static const char *const lines[] = {
		URI "u:hush@10.0.0.1:x/iqn.a:b/z",
		URI "u:hush%@10.0.0.1/iqn.a:b",
		URI "10.0.0.1/iqn.a:b?rev-secret=hush,hush=1",
		NETROOT "u:p:hush@10.0.0.1::::iqn.2001-04.a:b",
		NETROOT "u:p:r:s:hush@10.0.0.1::::iqn.2001-04.a:b",
		"iscsi_password=hush iscsi_target_port=hush iscsi_password=hush",
	};
	struct parsed v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		parsed_make(&v, NULL, 0, lines[i]);
		assert_non_null(v.d.text);
		assert_null(strstr(v.d.text, "hush"));
		parsed_free(&v);
	}
}

/* Parses root paths of RFC 4173 5 and its examples, without a NUL. */
static void root_path(void **state)
{
	static const struct {
		const char *text, *ip, *port, *lun, *name;
	} paths[] = {
		{ "iscsi:10.0.0.1::::iqn.a:b", "10.0.0.1", "-", "0000000000000000", "iqn.a:b" },
		{ "iscsi:10.0.0.1:6:860:10:iqn.a:b", "10.0.0.1", "860", "0010000000000000",
		  "iqn.a:b" },
		{ "iscsi:[fd00::1]:6::4752-3A4F-6b7e-2F99:eui.0",
		  "fd00:0000:0000:0000:0000:0000:0000:0001", "-", "47523a4f6b7e2f99", "eui.0" },
		{ "iscsi:10.0.0.1:::6734-9-156f-127:naa.0", "10.0.0.1", "-", "67340009156f0127",
		  "naa.0" },
		{ "iscsi:boot.example:::4186-9:iqn.a:b", "-", "-", "4186000900000000", "iqn.a:b" },
		{ "iscsi:10.0.0.1::::other", "10.0.0.1", "-", "0000000000000000", "other" },
	};
	struct parsed v = { 0 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		size_t len = strlen(paths[i].text);
		char *text = malloc(len);

		memcpy(text, paths[i].text, len);
		assert_int_equal(ibu_root_path_parse(text, len, &v.p, &v.d), 0);
		assert_int_equal(v.p.nr_targets, 1);
		assert_false(v.p.targets[0].unsound);
		assert_target(&v, 0, IBU_TARGET_IP_ADDR, paths[i].ip);
		assert_target(&v, 0, IBU_TARGET_PORT, paths[i].port);
		assert_target(&v, 0, IBU_TARGET_LUN, paths[i].lun);
		assert_target(&v, 0, IBU_TARGET_NAME, paths[i].name);
		assert_int_equal(v.d.warnings + v.d.errors, 0);
		free(text);
		parsed_free(&v);
		memset(&v, 0, sizeof(v));
	}
}

static void root_path_with_credentials(void **state)
{
	static const char path[] = "iscsi:user:secret@10.0.0.1::::iqn.a:b";
	struct parsed v = { 0 };

	assert_int_equal(ibu_root_path_parse(path, strlen(path), &v.p, &v.d), 0);
	assert_target(&v, 0, IBU_TARGET_CHAP_TYPE, "1");
	assert_target(&v, 0, IBU_TARGET_CHAP_NAME, "user");
	parsed_free(&v);
}

static void root_path_of_another_kind(void **state)
{
	static const char *const others[] = { "", "/srv/nfs", "10.0.0.1:/srv", "iscsi", "nfs:x" };
	struct parsed v = { 0 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(others); i++) {
		/* Allocated with exact size, so that the sanitizer sees an overrun. */
		size_t len = strlen(others[i]);
		char *text = malloc(len + !len);

		memcpy(text, others[i], len);
		assert_int_equal(ibu_root_path_parse(text, len, &v.p, &v.d), 0);
		assert_int_equal(v.p.nr_targets, 0);
		assert_null(v.d.text);
		free(text);
	}
}

/* An invalid root path adds a diagnostic for "dhcp", and its target is never used. */
static void root_path_that_is_bad(void **state)
{
	static const char *const bad[][2] = {
		{ "iscsi:", "error dhcp root-path 6: no target name" },
		{ "iscsi:::::iqn.a:b", "error dhcp root-path" },
		{ "iscsi:10.0.0.1:::g:iqn.a:b", "error dhcp root-path 17: LUN must be" },
		{ "iscsi:10.0.0.1:::12345:iqn.a:b", "error dhcp root-path 17: LUN must be" },
		{ "iscsi:10.0.0.1::0::iqn.a:b", "error dhcp root-path 16: the port must be" },
		{ "iscsi:user@10.0.0.1::::iqn.a:b", "error dhcp root-path 6: must be user:secret" },
	};
	struct parsed v = { 0 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(ibu_root_path_parse(bad[i][0], strlen(bad[i][0]), &v.p, &v.d), 0);
		assert_diag(&v, bad[i][1]);
		assert_true(v.p.targets[0].unsound);
		parsed_free(&v);
		memset(&v, 0, sizeof(v));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quoting),
		cmocka_unit_test(test_uri),
		cmocka_unit_test(test_portals),
		cmocka_unit_test(test_zones),
		cmocka_unit_test(test_bare_ip6),
		cmocka_unit_test(test_firmware_words),
		cmocka_unit_test(test_by_path),
		cmocka_unit_test(test_by_path_separators),
		cmocka_unit_test(test_netroot_kinds),
		cmocka_unit_test(test_ip_keeps_name),
		cmocka_unit_test(test_undecoded_zones),
		cmocka_unit_test(test_by_path_with_targets),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_netroot),
		cmocka_unit_test(test_netroot_damaged_credentials),
		cmocka_unit_test(test_near_misses),
		cmocka_unit_test(test_netroot_at_in_name),
		cmocka_unit_test(test_netroot_few_fields),
		cmocka_unit_test(test_iscsiroot),
		cmocka_unit_test(test_netroot_of_another_kind),
		cmocka_unit_test(test_ip_without_device),
		cmocka_unit_test(test_luns),
		cmocka_unit_test(test_dialects),
		cmocka_unit_test(test_shared_credentials),
		cmocka_unit_test(test_shared_reverse),
		cmocka_unit_test(test_empty_and_last),
		cmocka_unit_test(test_bootif_alone),
		cmocka_unit_test(test_bound_to_written_name),
		cmocka_unit_test(test_shared_damage),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_vlan),
		cmocka_unit_test(test_nameserver),
		cmocka_unit_test(test_diagnostics),
		cmocka_unit_test(test_netroot_nic),
		cmocka_unit_test(test_initiator),
		cmocka_unit_test(test_ip),
		cmocka_unit_test(test_ip_forms),
		cmocka_unit_test(test_ip_rejected),
		cmocka_unit_test(test_ip_firmware),
		cmocka_unit_test(test_ip_warnings),
		cmocka_unit_test(test_ip_tail),
		cmocka_unit_test(test_nameserver_zone),
		cmocka_unit_test(test_mac_devices),
		cmocka_unit_test(test_bootdev_apart),
		cmocka_unit_test(test_ip_hostname),
		cmocka_unit_test(test_names_apart),
		cmocka_unit_test(test_ip_none),
		cmocka_unit_test(test_ip_twice),
		cmocka_unit_test(test_repeated),
		cmocka_unit_test(test_taken_back),
		cmocka_unit_test(test_bootif_adopted),
		cmocka_unit_test(test_shared_pairs),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_large_machines),
		cmocka_unit_test(test_diagnostics_limit),
		cmocka_unit_test(test_no_secret_in_diagnostics),
		cmocka_unit_test(root_path),
		cmocka_unit_test(root_path_with_credentials),
		cmocka_unit_test(root_path_of_another_kind),
		cmocka_unit_test(root_path_that_is_bad),
	};

	return cmocka_run_group_tests_name("cmdline", tests, NULL, NULL);
}
