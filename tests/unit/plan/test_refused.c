// SPDX-License-Identifier: GPL-2.0-only
/* Tests that parameters which cannot work end the plan at once, with words that say what to do. */
#include "tests/unit/plan/planned.h"

#define AT(ip, name) "iscsi_boot.target=iscsi://" ip "/iqn.2024-01.example:" name "/1 "
#define STATIC(ip, device) "ip=" ip ":::24::" device ":none "

/* Devices that no parameter will define. */
static void devices(void **state)
{
	static const struct {
		const char *words, *device, *why, *advice;
	} cases[] = {
		{ "team=team0:eth0,eth1 ip=team0:dhcp", "team0", "team= is not supported",
		  "bond=NAME" },
		{ "team=san:eth0:activebackup " STATIC("10.0.0.5", "san"), "san",
		  "team= is not supported", "bond=NAME" },
		{ "team=t:eth0,eth1 vlan=t.5:t ip=t.5:dhcp", "t", "team= is not supported",
		  "bond=NAME" },
		{ "bridge=br0:eth0 ip=br0:dhcp", "br0", "bridge= is not supported",
		  "ip= for the NIC" },
		{ "bridge ip=br0:dhcp", "br0", "bridge= is not supported", "ip= for the NIC" },
		{ "bond=b:eth0,eth1 bridge=br1:b ip=br1:dhcp", "br1", "bridge= is not supported",
		  "ip= for the NIC" },
		{ "vlan=vlan0:eth0 ip=vlan0:dhcp", "vlan0", "its vlan= is refused", "1 to 4094" },
		{ "vlan=eth0.4095:eth0 ip=eth0.4095:dhcp", "eth0.4095", "its vlan= is refused",
		  "1 to 4094" },
		{ "vlan=lan:eth0 ip=lan:dhcp", "lan", "its vlan= is refused", "1 to 4094" },
		{ "vlan=eth0.5 ip=eth0.5:dhcp", "eth0.5", "its vlan= is refused", "vlan=NAME:NIC" },
		{ "vlan=eth0.5:eth0 vlan=eth0.5.7:eth0.5 ip=eth0.5.7:dhcp", "eth0.5",
		  "its vlan= is refused", "NIC is no VLAN" },
		{ "bond=b:eth0,eth1:mode=lacp ip=b:dhcp", "b", "its bond= is refused",
		  "mode=802.3ad" },
		{ "bond=b: ip=b:dhcp", "b", "its bond= is refused", "NICS" },
		{ "bond=bond0:eth0,eth1:mode=fast vlan=bond0.5:bond0 ip=bond0.5:dhcp", "bond0",
		  "its bond= is refused", "mode=802.3ad" },
		{ "bond=:: ip=bond0:dhcp", "bond0", "its bond= is refused", "NICS" },
		{ "ifname=san:52:54:00 ip=san:dhcp", "san", "its ifname= is refused",
		  "ifname=NAME:MAC" },
		{ "team=t:eth0 netroot=dhcp root=/dev/root ip=t:dhcp", "t",
		  "team= is not supported", "bond=NAME" },
	};
	char line[512];
	unsigned int i;

	root_put_netdev("eth0", "52:54:00:aa:00:01\n");
	root_put_netdev("eth1", "52:54:00:aa:00:02\n");
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(line, sizeof(line), INIT TARGET "%s", cases[i].words);
		if (strstr(cases[i].words, "netroot=dhcp"))
			snprintf(line, sizeof(line), INIT "%s", cases[i].words);
		if (make(line) != STATUS_CONFIG)
			fail_msg("not refused: %s", line);
		snprintf(line, sizeof(line), "cannot use network device %s: ", cases[i].device);
		assert_said(line);
		assert_said(cases[i].why);
		assert_said(cases[i].advice);
	}
}

/* A device that exists, or that a network manager of the image makes, is used. */
static void devices_of_others(void **state)
{
	static const char words[] = INIT TARGET "team=team0:eth0 ip=team0:dhcp";

	root_put("/sys/class/net/team0/address", "52:54:00:aa:00:01\n");
	assert_int_equal(make(words), STATUS_OK);
	root_remove(state);
	root_make(state);
	assert_int_equal(make(words), STATUS_CONFIG);
	root_put("/usr/libexec/nm-initrd-generator", "");
	assert_int_equal(make(words), STATUS_OK);
}

/* What the root does not need is only noted. */
static void devices_beside_the_root(void **state)
{
	assert_int_equal(make(INIT TARGET "team=t:eth1 ip=t:dhcp " STATIC("10.0.0.5", "eth0")),
			 STATUS_OK);
	assert_int_equal(plan.nr_paths, 1);
	/* A second target, which the root does not need. */
	assert_int_equal(make(INIT AT("10.0.0.1", "a") AT("10.1.0.1", "b") STATIC(
				 "10.0.0.5", "eth0") "team=t:eth1 " STATIC("10.1.0.5", "t")),
			 STATUS_OK);
	assert_int_equal(plan.nr_paths, 1);
	assert_noted("warning target1 nic-assoc -: target ignored: needs t: team= is not");
	assert_string_equal(plan.unused[1], "team= is not supported");
	/* The first one is the root's: the second does not help. */
	assert_int_equal(make(INIT AT("10.1.0.1", "b") AT("10.0.0.1", "a") STATIC(
				 "10.0.0.5", "eth0") "team=t:eth1 " STATIC("10.1.0.5", "t")),
			 STATUS_CONFIG);
	/* The root may be on any of them. */
	assert_int_equal(make(INIT AT("10.1.0.1", "b") AT("10.0.0.1", "a") STATIC(
				 "10.0.0.5", "eth0") "team=t:eth1 root=LABEL=x " STATIC("10.1.0.5",
											"t")),
			 STATUS_OK);
	/* Another path leads to the root disk: it is the first now. */
	assert_int_equal(make(INIT AT("10.1.0.1", "a") AT("10.0.0.1", "b") AT("10.0.0.1", "a")
				      STATIC("10.0.0.5", "eth0") "team=t:eth1 " STATIC("10.1.0.5",
										       "t")),
			 STATUS_OK);
	assert_int_equal(plan.nr_paths, 2);
	assert_int_equal(plan.paths[0].number, 2);
	assert_int_equal(plan.paths[1].number, 1);
}

/* The portal is in no subnet, so each NIC may lead to it, if boot will have it. */
static void devices_of_any_path(void **state)
{
	assert_int_equal(make(INIT TARGET "team=t:eth0 bridge=br0:eth1 " STATIC(
				 "10.8.0.5", "t") STATIC("10.9.0.5", "br0")),
			 STATUS_CONFIG);
	assert_int_equal(make(INIT TARGET "team=t:eth0 " STATIC("10.8.0.5", "t")
				      STATIC("10.9.0.5", "eth1")),
			 STATUS_OK);
}

/* root= and netroot= that ask for the firmware's target need one; other words only allow one. */
static void no_table(void **state)
{
	static const char *const needed[] = {
		"netroot=iscsi:ibft",
		"netroot=iscsi",
		"netroot=iscsi: ip=eth0:off",
		"root=iscsi",
		"iscsiroot=iscsi",
		"root=UUID=1 netroot=iscsi:firmware rd.iscsi.firmware",
		"root=UUID=1 netroot=iscsi: ip=ibft",
	};
	static const char *const allowed[] = {
		"rd.iscsi.firmware=1 root=UUID=1",
		"rd.iscsi.ibft ip=ibft root=/dev/sda1",
		"iscsi_auto root=LABEL=x",
		"iscsi_firmware ip=eth0:ibft",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(needed); i++) {
		assert_int_equal(make(needed[i]), STATUS_CONFIG);
		assert_said("asks for the firmware's target, and it has none");
	}
	for (i = 0; i < ARRAY_SIZE(allowed); i++) {
		assert_int_equal(make(allowed[i]), STATUS_NOTHING);
		assert_non_null(strstr(view.diag.text, "the firmware has no usable table (iBFT)"));
	}
	assert_int_equal(make(INIT TARGET "ip=eth0:ibft"), STATUS_OK);
	assert_non_null(strstr(view.diag.text, "warning cmdline ip "));
	assert_string_equal(plan.paths[0].nic_reason, "no usable ip=: DHCP on every NIC");
	/* DHCP may name the target. */
	assert_int_equal(make(INIT "netroot=iscsi ip=dhcp"), STATUS_OK);
	root_put_intree();
	assert_int_equal(make("netroot=iscsi:ibft"), STATUS_OK);
}

/* A rule that cannot be used leaves the name of the firmware, of the image, or one that is made. */
static void rule_of_initiator(void **state)
{
	static const char words[] = TARGET "iscsi_boot.initiator=iqn.2024-01.example:${serial}";

	root_put("/sys/class/dmi/id/product_uuid", "4c4c4544-0032-3010-8056-c7c04f4e3132\n");
	assert_int_equal(make(words), STATUS_OK);
	assert_noted("instead of the rule: iqn.1999-06.invalid.iscsi-boot:4c4c4544-0032-3010-8056-"
		     "c7c04f4e3132, from the DMI UUID");
	root_put("/etc/iscsi/initiatorname.iscsi", "InitiatorName=iqn.image\n");
	assert_int_equal(make(words), STATUS_OK);
	assert_noted("instead of the rule: iqn.image, from /etc/iscsi/initiatorname.iscsi");
	root_put_intree();
	assert_int_equal(make(words), STATUS_OK);
	assert_string_equal(plan.initiator_name, "iqn.2024-01.example:client");
	assert_noted("instead of the rule: " "iqn.2024-01.example:client" ", from firmware");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_root(devices),	  in_root(devices_of_others), in_root(devices_beside_the_root),
		in_root(devices_of_any_path), in_root(no_table),      in_root(rule_of_initiator),
	};

	return cmocka_run_group_tests_name("refused", tests, NULL, NULL);
}
