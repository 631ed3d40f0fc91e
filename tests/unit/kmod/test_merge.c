// SPDX-License-Identifier: GPL-2.0-only
/* Tests the rules of docs/user/sysfs-abi.md, "Merging": which targets are selected, which fields win. */
#include "tests/unit/parsed.h"

#include "kmod/core/cmdline_private.h"

static u8 mac(unsigned int n)
{
	return (u8)n;
}

/* Makes parameters of the firmware without a table. */
static void firmware(struct ibu_params *p, unsigned int targets, const u8 *flags)
{
	unsigned int i;

	p->ibft.f.set = 1;
	for (i = 0; i < 2; i++) {
		struct ibu_nic *nic = ibu_params_add_nic(p);

		nic->source = IBU_FROM_IBFT;
		nic->f.set = BIT_ULL(IBU_NIC_SOURCE) | BIT_ULL(IBU_NIC_MAC) |
			     BIT_ULL(IBU_NIC_IP_ADDR) | BIT_ULL(IBU_NIC_GATEWAY);
		nic->mac[0] = 0x52;
		nic->mac[5] = mac(i + 1);
		ibu_addr_parse("10.0.0.2", 8, &nic->ip);
		ibu_addr_parse("10.0.0.1", 8, &nic->gateway);
	}
	for (i = 0; i < targets; i++) {
		struct ibu_target *tgt = ibu_params_add_target(p);

		tgt->source = IBU_FROM_IBFT;
		tgt->flags = flags[i] & 0x0f;
		tgt->unsound = flags[i] & 0x80;
		tgt->chap_secret = (struct ibu_text){ "firmware", 8 };
		tgt->f.set = BIT_ULL(IBU_TARGET_SOURCE) | BIT_ULL(IBU_TARGET_CHAP_SECRET);
	}
}

#define UNSOUND 0x80
#define OWN "iscsi_boot.target=iscsi://10.0.0.9/iqn.a:b "
#define BAD "iscsi_boot.target=iscsi://u@10.0.0.9/iqn.a:b "

static const struct {
	const char *why;
	u8 flags[3];
	unsigned int targets;
	const char *cmdline;
	const char *selected; /* a digit for each target */
} rows[] = {
	{ "nothing at all", { 0 }, 0, "", "" },
	{ "firmware, one flagged", { 3, 1 }, 2, "", "10" },
	{ "firmware, all flagged", { 3, 3 }, 2, "", "11" },
	{ "firmware, none flagged", { 1, 1 }, 2, "", "11" },
	{ "firmware, the flagged one is unsound", { 3 | UNSOUND, 1 }, 2, "", "00" },
	{ "firmware, none flagged, one unsound", { 1, 1 | UNSOUND }, 2, "", "10" },
	{ "command line alone", { 0 }, 0, OWN, "1" },
	{ "command line beats firmware", { 3, 3 }, 2, OWN, "001" },
	{ "unsound on the command line: firmware's not taken instead", { 3 }, 1, BAD, "00" },
	{ "both asked for, dracut's word", { 3, 1 }, 2, OWN "rd.iscsi.firmware=1", "101" },
	{ "both asked for, its old word", { 3 }, 1, OWN "iscsi_firmware", "11" },
	{ "both asked for, Debian's word", { 3 }, 1, OWN "iscsi_auto", "11" },
	{ "both asked for, by ip=ibft", { 3 }, 1, OWN "ip=ibft", "11" },
	{ "both asked for, by a bare netroot", { 3 }, 1, OWN "netroot=iscsi:", "11" },
	{ "firmware switched off by value", { 3 }, 1, OWN "rd.iscsi.firmware=0", "01" },
	{ "both asked for, by ip=fw", { 3 }, 1, OWN "ip=fw", "11" },
	{ "both asked for, by netroot without a colon", { 3 }, 1, OWN "netroot=iscsi", "11" },
	{ "netroot of another kind", { 3 }, 1, OWN "netroot=nfs4: netroot=other", "01" },
	{ "firmware switched off by no", { 3 }, 1, OWN "rd.iscsi.firmware=no", "01" },
	{ "firmware switched off by off", { 3 }, 1, OWN "rd.iscsi.ibft=off", "01" },
	{ "firmware asked for by the bare word", { 3 }, 1, OWN "rd.iscsi.firmware", "11" },
	{ "a broken target is a target all the same", { 3 }, 1, "iscsi_target_port=99999", "00" },
	{ "words of no target are none", { 3 }, 1, "iscsi_password=x", "1" },
	{ "genkernel refuses the firmware", { 3 }, 1, "iscsi_noibft=1", "0" },
	{ "asked for, then not: the last counts", { 3 }, 1,
	  OWN "rd.iscsi.firmware=1 rd.iscsi.firmware=0", "01" },
	{ "asked for and refused: refused", { 3 }, 1, OWN "iscsi_auto iscsi_noibft", "01" },
	{ "another disk of a target of the command line", { 3 }, 1,
	  "netroot=iscsi:10.0.0.9:::3:iqn.a:b "
	  "root=/dev/disk/by-path/ip-10.0.0.9:3260-iscsi-iqn.a:b-lun-1", "011" },
	{ "two on the command line", { 3 }, 1, OWN OWN, "011" },
};

static void make(struct parsed *v, unsigned int targets, const u8 *flags, const char *cmdline)
{
	struct ibu_params cl = { 0 };

	memset(v, 0, sizeof(*v));
	v->cmdline = strdup(cmdline);
	if (flags)
		firmware(&v->p, targets, flags);
	assert_int_equal(ibu_cmdline_parse(v->cmdline, strlen(v->cmdline), &cl, &v->d), 0);
	assert_int_equal(ibu_merge(&v->p, &cl, &v->d), 0);
}

static void test_selection(void **state)
{
	struct parsed v;
	size_t i, n;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		char selected[8] = "";

		make(&v, rows[i].targets, rows[i].targets ? rows[i].flags : NULL, rows[i].cmdline);
		for (n = 0; n < v.p.nr_targets; n++)
			selected[n] = v.p.targets[n].selected ? '1' : '0';
		if (strcmp(selected, rows[i].selected))
			fail_msg("%s: %s, not %s", rows[i].why, selected, rows[i].selected);
		parsed_free(&v);
	}
}

/* Whatever asks for the firmware's table is told when the firmware has none. */
static void test_no_table(void **state)
{
	static const struct {
		const char *cmdline, *place; /* NULL: nothing is reported */
	} cases[] = {
		{ "rd.iscsi.firmware=1", "rd.iscsi.firmware 18" },
		{ "rd.iscsi.ibft", "rd.iscsi.ibft 13" },
		{ "quiet iscsi_firmware", "iscsi_firmware 20" },
		{ "iscsi_auto", "iscsi_auto 10" },
		{ "netroot=iscsi:ibft", "netroot 8" },
		{ "netroot=iscsi", "netroot 8" },
		{ "netroot=iscsi:", "netroot 8" },
		{ "root=iscsi", "root 5" },
		{ "iscsiroot=ibft", "iscsiroot 10" },
		{ "ip=ibft", "ip 3" },
		{ "ip=eth0:ibft", "ip 3" },
		{ "ip=:::::eth0:fw " OWN, "ip 3" },
		{ "rd.iscsi.firmware=0", NULL },
		{ "iscsiroot=", NULL },
		{ "rd.iscsi.firmware rd.iscsi.firmware=no", NULL },
		{ "iscsi_auto iscsi_noibft", NULL },
		{ "netroot=dhcp root=UUID=1 ip=eth0:dhcp", NULL },
	};
	char line[128];
	struct parsed v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		make(&v, 0, NULL, cases[i].cmdline);
		snprintf(line, sizeof(line), "warning cmdline %s: the firmware has no usable table",
			 cases[i].place);
		if (cases[i].place)
			assert_diag(&v, line);
		else
			assert_null(v.d.text);
		parsed_free(&v);
		make(&v, 1, (const u8[]){ 3 }, cases[i].cmdline);
		if (v.d.text && strstr(v.d.text, "usable table"))
			fail_msg("%s: reported beside a table", cases[i].cmdline);
		parsed_free(&v);
	}
}

static void test_nic_by_mac(void **state)
{
	static const u8 flags[] = { 3 };
	struct parsed v;

	make(&v, 1, flags, "ip=10.0.0.7:::24::eth0:none ifname=eth0:52:00:00:00:00:02");
	assert_int_equal(v.p.nr_nics, 2);
	assert_nic(&v, 1, IBU_NIC_IP_ADDR, "10.0.0.7");
	assert_nic(&v, 1, IBU_NIC_GATEWAY, "10.0.0.1"); /* merged field by field */
	assert_nic(&v, 1, IBU_NIC_SOURCE, "ibft cmdline");
	assert_nic(&v, 1, IBU_NIC_FROM_CMDLINE, "ifname mac method ip-addr prefix-len");
	assert_nic(&v, 0, IBU_NIC_IP_ADDR, "10.0.0.2");
	assert_diag(&v, "warning nic1 ip-addr -: the command line overrides the firmware");
	parsed_free(&v);
}

static void test_nic_by_name_alone(void **state)
{
	static const u8 flags[] = { 3 };
	struct parsed v;

	make(&v, 1, flags, "ip=10.0.0.7:::24::eth0:none");
	assert_int_equal(v.p.nr_nics, 3);
	assert_nic(&v, 2, IBU_NIC_SOURCE, "cmdline");
	parsed_free(&v);
}

static void test_nic_by_bound_name(void **state)
{
	static const u8 flags[] = { 3 };
	struct parsed v;

	make(&v, 1, flags, "ip=10.0.0.7:::24::lan:none ifname=lan:52:00:00:00:00:01");
	assert_int_equal(v.p.nr_nics, 2);
	assert_nic(&v, 0, IBU_NIC_IP_ADDR, "10.0.0.7");
	parsed_free(&v);
}

static void test_credentials_stay(void **state)
{
	static const u8 flags[] = { 3 };
	struct parsed v;

	make(&v, 1, flags, OWN);
	assert_target(&v, 0, IBU_TARGET_CHAP_SECRET, "firmware");
	assert_target(&v, 1, IBU_TARGET_CHAP_SECRET, "-");
	parsed_free(&v);
}

static void test_initiator(void **state)
{
	struct parsed v;

	make(&v, 0, NULL, "iscsi_initiator=iqn.a:me");
	assert_string_equal(shown(IBU_CLASS_ROOT, &v.p.root, IBU_ROOT_INITIATOR_SOURCE), "cmdline");
	assert_string_equal(shown(IBU_CLASS_ROOT, &v.p.root, IBU_ROOT_SOURCES), "cmdline");
	parsed_free(&v);
}

/* A warning appears only if the value changes. */
static void test_same_initiator(void **state)
{
	static char same[] = "iscsi_initiator=iqn.a:me", other[] = "iscsi_initiator=iqn.a:other";
	char *const lines[] = { same, other };
	struct ibu_params p = { 0 }, cl = { 0 };
	struct ibu_diag d = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		p.root.initiator_name = (struct ibu_text){ "iqn.a:me", 8 };
		ibu_set(&p.root.f, IBU_ROOT_INITIATOR_NAME);
		assert_int_equal(ibu_cmdline_parse(lines[i], strlen(lines[i]), &cl, &d), 0);
		assert_int_equal(ibu_merge(&p, &cl, &d), 0);
		assert_int_equal(d.warnings, i);
		ibu_params_free(&p);
	}
	assert_string_equal(d.text, "warning initiator initiator-name -: the command line overrides "
				    "the firmware\n");
	ibu_diag_free(&d);
}

static void test_sources(void **state)
{
	static const struct {
		const char *line, *sources;
	} cases[] = {
		{ "quiet", "none" }, { "ip=dhcp", "cmdline" }, { OWN, "cmdline" },
		{ "iscsi_initiator=iqn.a", "cmdline" }, { "rd.iscsi.firmware", "none" },
	};
	struct parsed v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		make(&v, 0, NULL, cases[i].line);
		assert_string_equal(shown(IBU_CLASS_ROOT, &v.p.root, IBU_ROOT_SOURCES),
				    cases[i].sources);
		parsed_free(&v);
	}
}

/* NICs without a valid MAC address (a group address, or zero) are not merged. */
static void test_no_mac(void **state)
{
	static const u8 flags[] = { 3 };
	static char line[] = "ip=10.0.0.7:::24::eth0:none ifname=eth0:52:00:00:00:00:02";
	static struct ibu_params p, cl; /* too large for the kernel's stack */
	struct ibu_diag d = { 0 };
	struct parsed v;

	firmware(&p, 1, flags);
	p.nics[1].f.set &= ~BIT_ULL(IBU_NIC_MAC);
	assert_int_equal(ibu_cmdline_parse(line, strlen(line), &cl, &d), 0);
	assert_int_equal(ibu_merge(&p, &cl, &d), 0);
	assert_int_equal(p.nr_nics, 3);
	ibu_params_free(&p);
	ibu_diag_free(&d);

	make(&v, 0, NULL, "iscsi_boot.target=iscsi://10.0.0.9/iqn.a:b?nic=00:00:00:00:00:00 ip=dhcp");
	assert_target(&v, 0, IBU_TARGET_NIC_ASSOC, "1");
	parsed_free(&v);
}

/* The prefix length of the firmware applies only to an address of the same family. */
static void test_prefix_family(void **state)
{
	static const struct {
		const char *line, *prefix, *mask;
	} cases[] = {
		{ "ip=10.0.0.7:::::eth0:none ifname=eth0:52:00:00:00:00:02", "24", "255.255.255.0" },
		{ "ip=eth0:dhcp ifname=eth0:52:00:00:00:00:02", "24", "255.255.255.0" },
	};
	static const u8 flags[] = { 3 };
	struct ibu_params cl = { 0 };
	struct parsed v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		memset(&v, 0, sizeof(v));
		firmware(&v.p, 1, flags);
		v.p.nics[1].prefix_len = 24;
		ibu_set(&v.p.nics[1].f, IBU_NIC_PREFIX_LEN);
		v.cmdline = strdup(cases[i].line);
		assert_int_equal(ibu_cmdline_parse(v.cmdline, strlen(v.cmdline), &cl, &v.d), 0);
		assert_int_equal(ibu_merge(&v.p, &cl, &v.d), 0);
		assert_int_equal(v.p.nr_nics, 2);
		assert_nic(&v, 1, IBU_NIC_PREFIX_LEN, cases[i].prefix);
		assert_nic(&v, 1, IBU_NIC_SUBNET_MASK, cases[i].mask);
		parsed_free(&v);
	}
}

/* The same VLAN, or an address where the firmware has none, is one configuration. */
static void test_same_configuration(void **state)
{
	static const struct {
		const char *line;
		u32 vlan; /* of the firmware */
		bool address;
		const char *ip; /* of the merged NIC */
	} cases[] = {
		{ "vlan=v42:eth0 ip=10.0.0.7:::24::v42:none ifname=eth0:52:00:00:00:00:02", 42, true,
		  "10.0.0.7" },
		{ "ip=10.0.0.7:::24::eth0:none ifname=eth0:52:00:00:00:00:02", 42, true, "10.0.0.7" },
		{ "ip=[fd00::7]:::64::eth0:none ifname=eth0:52:00:00:00:00:02", 0, false,
		  "fd00:0000:0000:0000:0000:0000:0000:0007" },
	};
	static const u8 flags[] = { 3 };
	struct ibu_params cl = { 0 };
	struct parsed v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		memset(&v, 0, sizeof(v));
		firmware(&v.p, 1, flags);
		v.p.nics[1].vlan = cases[i].vlan;
		if (!cases[i].address)
			v.p.nics[1].f.set &= ~BIT_ULL(IBU_NIC_IP_ADDR);
		v.cmdline = strdup(cases[i].line);
		assert_int_equal(ibu_cmdline_parse(v.cmdline, strlen(v.cmdline), &cl, &v.d), 0);
		assert_int_equal(ibu_merge(&v.p, &cl, &v.d), 0);
		assert_nic(&v, 1, IBU_NIC_SOURCE, "ibft cmdline");
		assert_nic(&v, 1, IBU_NIC_IP_ADDR, cases[i].ip);
		assert_nic(&v, 1, IBU_NIC_GATEWAY, "10.0.0.1");
		parsed_free(&v);
	}
}

/* A separate configuration of the same device does not change that of the firmware. */
static void test_separate_configuration(void **state)
{
	static const char *const lines[] = {
		"ip=[fd00::7]:::64::eth0:none ifname=eth0:52:00:00:00:00:02", /* the other family */
		"vlan=eth0.42:eth0 ip=10.1.0.2:::24::eth0.42:none ifname=eth0:52:00:00:00:00:02",
	};
	static const u8 flags[] = { 3 };
	struct parsed v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		make(&v, 1, flags, lines[i]);
		assert_true(v.p.nr_nics >= 3);
		assert_nic(&v, 1, IBU_NIC_IP_ADDR, "10.0.0.2");
		assert_nic(&v, 1, IBU_NIC_VLAN, "-");
		assert_nic(&v, 2, IBU_NIC_SOURCE, "cmdline");
		assert_nic(&v, 2, IBU_NIC_GATEWAY, "-");
		parsed_free(&v);
	}
	/* Each NIC of the firmware is overridden once. */
	make(&v, 1, flags, "ip=10.0.0.7:::24::eth0:none ip=10.0.0.8:::24::eth0:none "
			   "ifname=eth0:52:00:00:00:00:02");
	assert_int_equal(v.p.nr_nics, 3);
	assert_nic(&v, 1, IBU_NIC_IP_ADDR, "10.0.0.7");
	assert_nic(&v, 2, IBU_NIC_IP_ADDR, "10.0.0.8");
	parsed_free(&v);
}

static void test_target_names_nic(void **state)
{
	static const u8 flags[] = { 3 };
	struct parsed v;

	make(&v, 1, flags, "iscsi_boot.target=iscsi://10.0.0.9/iqn.a:b?nic=52:00:00:00:00:02 "
			   "iscsi_boot.target=iscsi://10.0.0.9/iqn.a:b?nic=eth9");
	assert_target(&v, 1, IBU_TARGET_NIC_ASSOC, "1");
	assert_target(&v, 2, IBU_TARGET_NIC_ASSOC, "2");
	assert_nic(&v, 2, IBU_NIC_IFNAME, "eth9");
	parsed_free(&v);
}

/* A portal of the command line that cannot be one is shown, and not used. */
static void test_portals(void **state)
{
	static const struct {
		const char *portal, *diag;
	} cases[] = {
		{ "239.1.1.1", "error cmdline iscsi_boot.target 26: the portal is a multicast address" },
		{ "127.0.0.1", "error cmdline iscsi_boot.target 26: the portal is a loopback address" },
		{ "254.192.0.0", "error cmdline iscsi_boot.target 26: the portal is reserved (class E)" },
		{ "[ff02::1]", "error cmdline iscsi_boot.target 26: the portal is a multicast address" },
		{ "10.1.0.5", "error target0 ip-addr -: the portal 10.1.0.5 is the address of nic0;" },
		{ "10.1.0.255", "error target0 ip-addr -: the portal 10.1.0.255 is the broadcast address of the subnet of nic0;" },
		{ "10.2.0.5", "error target0 ip-addr -: the portal 10.2.0.5 is the address of nic1;" },
		{ "10.1.0.6", NULL },
	};
	char words[160];
	struct parsed v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(words, sizeof(words), "iscsi_boot.target=iscsi://%s/iqn.a:b ip=10.1.0.5:::24::eth0:none ip=10.2.0.5:::24::eth1:none",
			 cases[i].portal);
		make(&v, 0, NULL, words);
		assert_target(&v, 0, IBU_TARGET_SELECTED, cases[i].diag ? "0" : "1");
		assert_target(&v, 0, IBU_TARGET_USABLE, cases[i].diag ? "0" : "1");
		if (cases[i].diag)
			assert_diag(&v, cases[i].diag);
		else
			assert_null(v.d.text);
		parsed_free(&v);
	}
}

#define BY_PATH "root=/dev/disk/by-path/ip-10.0.0.9:3260-iscsi-iqn.a:b-lun-"

/* A by-path root names a disk of a target of the firmware, or another disk of it. */
static void test_root_disk_of_firmware(void **state)
{
	static const struct {
		const char *lun, *cmdline, *selected;
	} cases[] = {
		{ "0x0001000000000000", BY_PATH "1", "1" },
		{ "0x0001000000000000", BY_PATH "1 iscsi_noibft", "01" },
		{ "0x0001000000000000", "netroot=iscsi:10.0.0.9:::1:iqn.a:b iscsi_noibft " BY_PATH "1", "01" },
		{ "0x0001000000000000", BY_PATH "2", "11" },
		{ "0x4001000000000000", BY_PATH "1", "1" },
		{ "0x4001000000000000", BY_PATH "0x4101000000000000", "11" },
		{ "0x0001000200000000", BY_PATH "0x0001000200000000", "1" },
		{ "0x0001000300000000", BY_PATH "0x0001000200000000", "11" },
		{ NULL, BY_PATH "7", "1" },
	};
	static const u8 flags[] = { 3 };
	struct ibu_target *tgt;
	struct parsed v;
	size_t i, n;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		static struct ibu_params cl; /* too large for the kernel's stack */

		memset(&cl, 0, sizeof(cl));
		memset(&v, 0, sizeof(v));
		firmware(&v.p, 1, flags);
		tgt = &v.p.targets[0];
		tgt->name = (struct ibu_text){ "iqn.a:b", 7 };
		ibu_addr_parse("10.0.0.9", 8, &tgt->ip);
		tgt->f.set |= BIT_ULL(IBU_TARGET_NAME) | BIT_ULL(IBU_TARGET_IP_ADDR);
		if (cases[i].lun) {
			struct ibu_text lun = { cases[i].lun, 18 };

			assert_int_equal(ibu_lun_parse(&lun, false, tgt->lun), 0);
			ibu_set(&tgt->f, IBU_TARGET_LUN);
		}
		v.cmdline = strdup(cases[i].cmdline);
		assert_int_equal(ibu_cmdline_parse(v.cmdline, strlen(v.cmdline), &cl, &v.d), 0);
		assert_int_equal(ibu_merge(&v.p, &cl, &v.d), 0);
		if (v.p.nr_targets != strlen(cases[i].selected))
			fail_msg("%s: %u targets", cases[i].cmdline, v.p.nr_targets);
		for (n = 0; n < v.p.nr_targets; n++)
			if (v.p.targets[n].selected != (cases[i].selected[n] == '1'))
				fail_msg("%s: target %zu", cases[i].cmdline, n);
		parsed_free(&v);
	}
}

/* A target that is not used for another reason has no line about its portal. */
/* Of two targets with the root disk, the sound one is used; an unsound one alone has no substitute. */
static void test_root_disk_of_unsound(void **state)
{
#define ROOT_AT "root=/dev/disk/by-path/ip-10.0.0.9:3260-iscsi-iqn.a:b-lun-0"
	struct parsed v;

	make(&v, 0, NULL,
	     "iscsi_boot.target=iscsi://u@10.0.0.9/iqn.a:b/0 "
	     "iscsi_boot.target=iscsi://10.0.0.9/iqn.a:b/0 " ROOT_AT);
	assert_int_equal(v.p.nr_targets, 2);
	assert_target(&v, 0, IBU_TARGET_SELECTED, "0");
	assert_target(&v, 1, IBU_TARGET_SELECTED, "1");
	assert_false(v.p.targets[0].has_root_disk);
	assert_true(v.p.targets[1].has_root_disk);
	parsed_free(&v);
	make(&v, 0, NULL, "iscsi_boot.target=iscsi://u@10.0.0.9/iqn.a:b/0 " ROOT_AT);
	assert_int_equal(v.p.nr_targets, 1);
	assert_target(&v, 0, IBU_TARGET_SELECTED, "0");
	parsed_free(&v);
}

static void test_portal_of_unsound(void **state)
{
	struct parsed v;

	make(&v, 0, NULL, "iscsi_boot.target=iscsi://u@10.1.0.5/iqn.a:b ip=10.1.0.5:::24::eth0:none");
	assert_int_equal(v.d.errors, 1);
	parsed_free(&v);
	make(&v, 0, NULL, "iscsi_boot.target=iscsi://some.host/iqn.a:b ip=10.1.0.5:::24::eth0:none");
	assert_null(v.d.text);
	parsed_free(&v);
}

/* A NIC that only a target names needs no other address for a link-local portal. */
static void test_hinted_method(void **state)
{
	static const char *const cases[][2] = {
		{ "fe80::9", "link6" }, { "febf::9", "link6" }, { "fec0::9", "none" }, { "fd80::9", "none" },
	};
	char words[80];
	struct parsed v;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(words, sizeof(words), "iscsi_boot.target=iscsi://[%s]/iqn.a:b?nic=eth9",
			 cases[i][0]);
		make(&v, 0, NULL, words);
		assert_nic(&v, 0, IBU_NIC_METHOD, cases[i][1]);
		parsed_free(&v);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_selection),
		cmocka_unit_test(test_portals),
		cmocka_unit_test(test_no_table),
		cmocka_unit_test(test_nic_by_mac),
		cmocka_unit_test(test_nic_by_name_alone),
		cmocka_unit_test(test_nic_by_bound_name),
		cmocka_unit_test(test_credentials_stay),
		cmocka_unit_test(test_initiator),
		cmocka_unit_test(test_same_initiator),
		cmocka_unit_test(test_sources),
		cmocka_unit_test(test_no_mac),
		cmocka_unit_test(test_prefix_family),
		cmocka_unit_test(test_separate_configuration),
		cmocka_unit_test(test_same_configuration),
		cmocka_unit_test(test_target_names_nic),
		cmocka_unit_test(test_root_disk_of_firmware),
		cmocka_unit_test(test_hinted_method),
		cmocka_unit_test(test_root_disk_of_unsound),
		cmocka_unit_test(test_portal_of_unsound),
	};

	return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
