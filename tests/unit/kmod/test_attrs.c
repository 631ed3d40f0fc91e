// SPDX-License-Identifier: GPL-2.0-only
/* Tests that attribute values are written and read back unchanged, and that invalid text is rejected. */
#include "tests/unit/parsed.h"
#include "kmod/core/nic_match.h"

static void object_round_trip(enum ibu_class_id id, const void *obj, void *copy)
{
	const struct ibu_class *class = &ibu_classes[id];
	static char text[IBU_ATTR_SIZE], again[IBU_ATTR_SIZE], kept[64][IBU_ATTR_SIZE];
	unsigned int i;

	assert_true(class->nr_attrs < 64);
	for (i = 0; i < class->nr_attrs; i++) {
		ssize_t len;

		if (!ibu_has(obj, i))
			continue;
		len = ibu_attr_emit(class, i, obj, text, sizeof(text));
		assert_true(len > 0);
		memcpy(kept[i], text, (size_t)len);
		assert_int_equal(ibu_attr_scan(class, i, copy, kept[i], (size_t)len), 0);
		assert_int_equal(ibu_attr_emit(class, i, copy, again, sizeof(again)), len);
		assert_memory_equal(text, again, (size_t)len);
	}
	assert_true(((const struct ibu_fields *)obj)->set == ((struct ibu_fields *)copy)->set);
	assert_true(((const struct ibu_fields *)obj)->from_cmdline ==
		    ((struct ibu_fields *)copy)->from_cmdline);
}

static const char everything[] =
	"rd.iscsi.initiator=iqn.a:\x01\xff\\me "
	"ip=10.0.0.7::10.0.0.1:255.255.255.192:host:eth0:none:9000:52:00:00:00:00:02 "
	"ip=[fd00::2]::[fd00::1]:64::eth1:none "
	"iscsi_boot.target=iscsi://u%0A:s%0A%5c%FF@[fd00::9]:1/iqn.a:b/300?rev-user=r,rev-secret=x,nic=eth1,tpgt=7 "
	"iscsi_boot.target=iscsi://u@some.host/iqn.a:b?secret-file=/etc/x";

static void test_round_trip(void **state)
{
	struct ibu_target tgt;
	struct ibu_root root = { 0 };
	struct ibu_nic nic;
	struct parsed v;
	u32 i;

	parsed_make(&v, NULL, 0, everything);
	object_round_trip(IBU_CLASS_ROOT, &v.p.root, &root);
	for (i = 0; i < v.p.nr_nics; i++) {
		memset(&nic, 0, sizeof(nic));
		object_round_trip(IBU_CLASS_NIC, &v.p.nics[i], &nic);
	}
	for (i = 0; i < v.p.nr_targets; i++) {
		memset(&tgt, 0, sizeof(tgt));
		object_round_trip(IBU_CLASS_TARGET, &v.p.targets[i], &tgt);
	}
	assert_target(&v, 0, IBU_TARGET_CHAP_NAME, "u\\x0A");
	assert_target(&v, 0, IBU_TARGET_CHAP_SECRET, "s\n\\\xff");
	parsed_free(&v);
}

static void refuse(enum ibu_class_id id, unsigned int field, const char *text)
{
	union {
		struct ibu_root root;
		struct ibu_nic nic;
		struct ibu_target target;
	} obj = { 0 };
	char *copy = strdup(text);

	if (ibu_attr_scan(&ibu_classes[id], field, &obj, copy, strlen(text)) != -EINVAL)
		fail_msg("taken: %s as %s", text, ibu_classes[id].attrs[field].name);
	assert_int_equal(obj.nic.f.set, 0);
	free(copy);
}

static void test_refused(void **state)
{
	refuse(IBU_CLASS_NIC, IBU_NIC_FLAGS, "");
	refuse(IBU_CLASS_NIC, IBU_NIC_FLAGS, "\n");
	refuse(IBU_CLASS_NIC, IBU_NIC_FLAGS, "1");
	refuse(IBU_CLASS_NIC, IBU_NIC_FLAGS, "-1\n");
	refuse(IBU_CLASS_NIC, IBU_NIC_FLAGS, "1 \n");
	refuse(IBU_CLASS_NIC, IBU_NIC_FLAGS, "4294967296\n");
	refuse(IBU_CLASS_NIC, IBU_NIC_FLAGS, "99999999999\n");
	refuse(IBU_CLASS_NIC, IBU_NIC_MAC, "52:54:00:00:00\n");
	refuse(IBU_CLASS_NIC, IBU_NIC_MAC, "52:54:00:00:00:0g\n");
	refuse(IBU_CLASS_NIC, IBU_NIC_PCI_BDF, "00:20.0\n");
	refuse(IBU_CLASS_NIC, IBU_NIC_PCI_BDF, "00:03.8\n");
	refuse(IBU_CLASS_NIC, IBU_NIC_PCI_BDF, "0000:00:03.0\n");
	refuse(IBU_CLASS_NIC, IBU_NIC_METHOD, "magic\n");
	refuse(IBU_CLASS_NIC, IBU_NIC_SOURCE, "IBFT\n");
	refuse(IBU_CLASS_NIC, IBU_NIC_FROM_CMDLINE, "mac bogus\n");
	refuse(IBU_CLASS_NIC, IBU_NIC_HOSTNAME, "a\\x4\n");
	refuse(IBU_CLASS_NIC, IBU_NIC_HOSTNAME, "a\\\n");
	refuse(IBU_CLASS_NIC, IBU_NIC_HOSTNAME, "a\\n\n");
	refuse(IBU_CLASS_NIC, IBU_NIC_HOSTNAME, "a\\xZZ\n");
	refuse(IBU_CLASS_TARGET, IBU_TARGET_LUN, "000100000000000\n");
	refuse(IBU_CLASS_TARGET, IBU_TARGET_LUN, "000100000000000g\n");
	refuse(IBU_CLASS_ROOT, IBU_ROOT_ISID, "00023d0000\n");
}

static void test_no_room(void **state)
{
	const struct ibu_class *class = &ibu_classes[IBU_CLASS_ROOT];
	struct ibu_root root = { .initiator_name = { "iqn.a:b", 7 } };
	char buf[8];

	assert_int_equal(ibu_attr_emit(class, IBU_ROOT_INITIATOR_NAME, &root, buf, 7), -ENOSPC);
	assert_int_equal(ibu_attr_emit(class, IBU_ROOT_INITIATOR_NAME, &root, buf, 8), 8);
}

static void test_secret_modes(void **state)
{
	static const unsigned int fields[] = { IBU_TARGET_CHAP_NAME, IBU_TARGET_CHAP_SECRET,
					       IBU_TARGET_REV_CHAP_NAME,
					       IBU_TARGET_REV_CHAP_SECRET, IBU_TARGET_SECRET_FILE };
	static const unsigned int servers[] = { IBU_NIC_PRIMARY_DNS, IBU_NIC_SECONDARY_DNS,
						IBU_NIC_DHCP };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(servers); i++)
		assert_int_equal(ibu_classes[IBU_CLASS_NIC].attrs[servers[i]].mode, 0400);
	for (i = 0; i < ibu_classes[IBU_CLASS_IBFT].nr_attrs; i++)
		assert_int_equal(ibu_classes[IBU_CLASS_IBFT].attrs[i].mode, 0400);
	for (i = IBU_ROOT_ISNS; i <= IBU_ROOT_SEC_RADIUS; i++)
		assert_int_equal(ibu_classes[IBU_CLASS_ROOT].attrs[i].mode, 0400);
	for (i = 0; i < ARRAY_SIZE(fields); i++)
		assert_int_equal(ibu_classes[IBU_CLASS_TARGET].attrs[fields[i]].mode, 0400);
	assert_int_equal(ibu_classes[IBU_CLASS_ROOT].attrs[IBU_ROOT_INITIATOR_NAME].mode, 0400);
}

static void test_addresses(void **state)
{
	static const struct {
		const char *text, *printed;
	} good[] = {
		{ "0.0.0.0", "0.0.0.0" },	{ "255.255.255.255", "255.255.255.255" },
		{ "::", "::" },			{ "::1", "::1" },
		{ "fd00::", "fd00::" },		{ "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8" },
		{ "1:0:0:4:0:0:0:8", "1:0:0:4::8" }, { "1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8" },
		{ "::ffff:10.0.0.1", "10.0.0.1" }, { "64:ff9b::10.0.0.1", "64:ff9b::a00:1" },
		{ "FE80::ABCD", "fe80::abcd" },	{ "0:0:1::", "0:0:1::" },
	};
	static const char *const bad[] = {
		"",	      "1.2.3",	   "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", ":",
		":::",	      "1::2::3",   "1:2:3:4:5:6:7:8:9", "12345::", "g::", "1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7::8", "::1.2.3", "1:2:3:4:5:6:7:1.2.3.4", "fe80::1%eth0", "[::1]",
	};
	char buf[IBU_ADDR_STRLEN];
	struct ibu_addr a;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		if (ibu_addr_parse(good[i].text, strlen(good[i].text), &a))
			fail_msg("refused: %s", good[i].text);
		ibu_addr_print(&a, buf);
		assert_string_equal(buf, good[i].printed);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		if (!ibu_addr_parse(bad[i], strlen(bad[i]), &a))
			fail_msg("taken: %s", bad[i]);
}

static void test_luns(void **state)
{
	static const struct {
		u8 lun[8];
		long number;
		u64 linux_number;
	} cases[] = {
		{ { 0 }, 0, 0 },
		{ { 0, 255 }, 255, 255 },
		{ { 0x41, 0 }, 256, 0x4100 },
		{ { 0x7f, 0xff }, 16383, 0x7fff },
		{ { 0xd2, 1, 2, 3 }, 0x10203, 0x203d201 },
		{ { 1, 0 }, -1, 0x100 }, /* bus 1 */
		{ { 0, 1, 0, 1 }, -1, 0x10001 },
		{ { 0, 1, 0, 0, 0, 1 }, -1, 0x100000001 },
		{ { 0x80, 0 }, -1, 0x8000 },
	};
	u8 lun[8];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(ibu_lun_number(cases[i].lun), cases[i].number);
		assert_true(ibu_lun_linux(cases[i].lun) == cases[i].linux_number);
	}
	assert_int_equal(ibu_lun_from_number(16383, lun), 0);
	assert_int_equal(ibu_lun_number(lun), 16383);
	assert_int_equal(ibu_lun_from_number(16384, lun), -EINVAL);
}

static void test_match(void **state)
{
	struct ibu_nic nic = { .mac = { 2, 0, 0, 0, 0, 1 }, .pci_bdf = 0x18,
			       .ifname = { "eth0", 4 } };
	struct ibu_netdev dev = { .ifname = "eth0", .mac = { 2, 0, 0, 0, 0, 1 },
				  .perm_addr = { 2, 0, 0, 0, 0, 1 }, .pci_bdf = 0x18,
				  .has_parent = true };

	assert_int_equal(ibu_match(&nic, &dev), IBU_MATCH_NONE);
	ibu_set(&nic.f, IBU_NIC_PCI_BDF);
	assert_int_equal(ibu_match(&nic, &dev), IBU_MATCH_PCI);
	ibu_set(&nic.f, IBU_NIC_IFNAME);
	assert_int_equal(ibu_match(&nic, &dev), IBU_MATCH_NAME);
	ibu_set(&nic.f, IBU_NIC_MAC);
	assert_int_equal(ibu_match(&nic, &dev), IBU_MATCH_PERM_ADDR_PCI);
	dev.pci_bdf = 0x19; /* another port with the same MAC */
	assert_int_equal(ibu_match(&nic, &dev), IBU_MATCH_PERM_ADDR);
	dev.perm_addr[5] = 9; /* another device whose MAC was changed to this one */
	assert_int_equal(ibu_match(&nic, &dev), IBU_MATCH_MAC);
	dev.pci_bdf = 0x18;
	assert_int_equal(ibu_match(&nic, &dev), IBU_MATCH_MAC_PCI);
	dev.mac[5] = 9; /* Broadcom HBA mode: no device has the MAC, only the PCI address matches */
	assert_int_equal(ibu_match(&nic, &dev), IBU_MATCH_PCI);
	dev.stacked = true; /* a VLAN on it */
	dev.mac[5] = 1;
	assert_int_equal(ibu_match(&nic, &dev), IBU_MATCH_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),  cmocka_unit_test(test_refused),
		cmocka_unit_test(test_no_room),	    cmocka_unit_test(test_secret_modes),
		cmocka_unit_test(test_addresses),   cmocka_unit_test(test_luns),
		cmocka_unit_test(test_match),
	};

	return cmocka_run_group_tests_name("attrs", tests, NULL, NULL);
}
