// SPDX-License-Identifier: GPL-2.0-only
/* Tests the plan for each kind of view, and the messages if there can be no plan. */
#include "tests/unit/plan/planned.h"

#include "plan/outlook.h"
#include "plan/transport.h"

#define VIEW "/sys/firmware/iscsi_boot_unified/"

static void nothing(void **state)
{
	assert_int_equal(make("quiet root=/dev/sda1 ip=dhcp"), STATUS_NOTHING);
	assert_string_equal(said, "");
}

/* Before a local boot, a misspelled key or an unreadable table is reported. */
static void nothing_but_odd(void **state)
{
	assert_int_equal(make("iscsi_boot.targt=iscsi://10.0.0.1/iqn.a:b"), STATUS_NOTHING);
	assert_said("targt");
	plan_free(&plan);
	root_put("/sys/firmware/acpi/tables/iBFT/is-a-directory", "");
	assert_int_equal(make("quiet"), STATUS_ERROR);
	assert_said("cannot be read");
}

static void one_target(void **state)
{
	assert_int_equal(make(INIT TARGET "ip=10.0.0.5::10.0.0.254:24::eth0:off"), STATUS_OK);
	assert_string_equal(plan.notes, "");
	assert_string_equal(said, "");
	assert_string_equal(plan.initiator_name, "iqn.2024-01.example:client");
	assert_int_equal(plan.nr_paths, 1);
	assert_int_equal(plan.nr_nics, 1);
	assert_ptr_equal(plan.paths[0].nic, &plan.nics[0]);
	assert_string_equal(plan.paths[0].nic_reason, "the only configured NIC");
	assert_string_equal(plan.paths[0].to.portal, "10.0.0.1");
	assert_int_equal(plan.paths[0].to.port, 3260);
	assert_int_equal(progress.paths[0].sid, -1);
	assert_int_equal(plan.paths[0].timers.recovery_tmo, 86400);
	assert_string_equal(progress.paths[0].disk, "");
	assert_false(plan.unsettled);
}

static void firmware_target(void **state)
{
	root_put_intree();
	assert_int_equal(make("quiet"), STATUS_OK);
	assert_int_equal(plan.nr_paths, 1);
	assert_string_equal(plan.initiator_from, "firmware");
	assert_string_equal(plan.paths[0].nic_reason, "named by the target");
	assert_int_equal(plan.paths[0].to.target->chap_type, 1);
}

static void policy_outlives_a_failed_plan(void **state)
{
	assert_int_equal(make("iscsi_initiator=!x " TARGET "iscsi_boot.on-failure=reboot"),
			 STATUS_CONFIG);
	assert_int_equal(plan.nr_paths, 0);
	assert_int_equal(plan.policy.on_failure, ON_FAILURE_REBOOT);
	assert_said("cannot use the initiator name");
}

#define OWN "iqn.1999-06.invalid.iscsi-boot:"

static void initiator_from_the_image(void **state)
{
	root_put("/etc/iscsi/initiatorname.iscsi",
		 "## DO NOT EDIT\n#InitiatorName=iqn.wrong\n  InitiatorName= iqn.right \n");
	assert_int_equal(make(TARGET), STATUS_OK);
	assert_string_equal(plan.initiator_name, "iqn.right");
	assert_int_equal(make(TARGET INIT), STATUS_OK);
	assert_string_equal(plan.initiator_name, "iqn.2024-01.example:client");
	root_put("/etc/iscsi/initiatorname.iscsi", "GenerateName=yes\n");
	root_put("/sys/class/dmi/id/product_uuid", "4C4C4544-0032-3010-8056-c7c04f4e3132\n");
	assert_int_equal(make(TARGET), STATUS_OK);
	assert_string_equal(plan.initiator_name, OWN "4c4c4544-0032-3010-8056-c7c04f4e3132");
}

static void put_nic(const char *name, const char *mac)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/class/net/%s/address", name);
	root_put(path, mac);
	snprintf(path, sizeof(path), "/sys/class/net/%s/device/x", name);
	root_put(path, "");
}

/* Without any name, one is made of the DMI UUID, or of the lowest MAC. */
static void initiator_is_made(void **state)
{
	static const char *const common[] = { "00000000-0000-0000-0000-000000000000\n",
					      "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF\n",
					      "03000200-0400-0500-0006-000700080009\n", "x\n",
					      "\n" };
	unsigned int i;

	assert_int_equal(make(TARGET), STATUS_OK);
	assert_string_equal(plan.initiator_name, ""); /* no NIC yet */
	assert_true(plan.unsettled);
	put_nic("eth1", "52:54:00:aa:00:02\n");
	put_nic("eth0", "52:54:00:AA:00:01\n");
	root_put("/sys/class/net/lo/address", "00:00:00:00:00:00\n");
	for (i = 0; i < ARRAY_SIZE(common); i++) {
		root_put("/sys/class/dmi/id/product_uuid", common[i]);
		assert_int_equal(make(TARGET), STATUS_OK);
		assert_string_equal(plan.initiator_name, OWN "52:54:00:aa:00:01");
	}
	assert_string_equal(plan.initiator_from, "a MAC address, as none is configured");
	root_put("/sys/class/dmi/id/product_uuid", "4c4c4544-0032-3010-8056-c7c04f4e3132\n");
	assert_int_equal(make(TARGET), STATUS_OK);
	assert_string_equal(plan.initiator_name, OWN "4c4c4544-0032-3010-8056-c7c04f4e3132");
	assert_string_equal(plan.initiator_from, "the DMI UUID, as none is configured");
	assert_string_equal(plan.notes, "");
	/* A machine that may boot from elsewhere asks no DHCP server under a name that was made. */
	assert_int_equal(make("ip=dhcp"), STATUS_NOTHING);
}

/* The rule's variables are replaced by properties of the machine, made legal. */
static void initiator_by_rule(void **state)
{
#define RULE(rule) "iscsi_boot.initiator=iqn.2024-01.example:" rule " " TARGET
	static const struct {
		const char *line, *name;
	} cases[] = {
		{ RULE("${mac}"), "52:54:00:aa:00:01" },
		{ RULE("${mac}") "ip=10.0.0.5:::24::eth1:off", "52:54:00:aa:00:02" },
		{ RULE("${mac}") "BOOTIF=01-52-54-00-aa-00-09 ip=dhcp", "52:54:00:aa:00:09" },
		{ RULE("${mac}") "ip=eth1:dhcp::02:00:00:00:00:07", "02:00:00:00:00:07" },
		{ RULE("${mac}") "bond=b0:eth1,eth0 ip=b0:dhcp", "52:54:00:aa:00:02" },
		{ RULE("${mac}") "bond=b0:eth1,eth0 vlan=b0.7:b0 ip=b0.7:dhcp",
		  "52:54:00:aa:00:02" },
		{ RULE("${serial}"), "vmware-56-4d.a" },
		{ RULE("${uuid}-x"), "4c4c4544-0032-3010-8056-c7c04f4e3132-x" },
		{ RULE("${hostname}.${serial}"), "node-7.vmware-56-4d.a" },
		{ RULE("${hostname}") "ip=10.0.0.5:::24:Srv1:eth1:off", "srv1" },
		{ RULE("a"), "a" },
	};
	static const struct {
		const char *line, *note;
	} bad[] = {
		{ RULE("${serial}"),
		  "error initiator initiator-name -: the rule is not used: ${serial}: "
		  "the firmware has no serial number" },
		{ RULE("${hostname}"), "${hostname}: no host name is known" },
		{ RULE("${uuid}"), "${uuid}: the firmware has no UUID" },
		{ RULE("${nic}"), "the rule is not used: $: known are ${mac} ${serial}" },
		{ RULE("$mac"), "the rule is not used: $: known are ${mac} ${serial}" },
	};
	unsigned int i;

	put_nic("eth0", "52:54:00:aa:00:01\n");
	put_nic("eth1", "52:54:00:aa:00:02\n");
	root_put("/sys/class/dmi/id/product_serial", "VMware-56 4d.A! \n");
	root_put("/sys/class/dmi/id/product_uuid", "4c4c4544-0032-3010-8056-c7c04f4e3132\n");
	root_put("/proc/sys/kernel/hostname", "Node_7\n");
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(make(cases[i].line), STATUS_OK);
		assert_int_equal(strncmp(plan.initiator_name, "iqn.2024-01.example:", 20), 0);
		assert_string_equal(plan.initiator_name + 20, cases[i].name);
		if (strstr(plan.notes, "initiator"))
			fail_msg("%s: %s", cases[i].line, plan.notes);
	}
	assert_int_equal(make(RULE("${mac}")), STATUS_OK);
	assert_string_equal(plan.initiator_from, "the rule of the command line");
	/* A bond gives its members its own MAC; the name stays the same if boot is retried. */
	root_put("/sys/class/net/eth0/address", "52:54:00:aa:00:02\n");
	root_put("/sys/class/net/eth0/bonding_slave/perm_hwaddr", "52:54:00:aa:00:01\n");
	assert_int_equal(make(RULE("${mac}") "bond=b0:eth0,eth1 ip=b0:dhcp"), STATUS_OK);
	assert_string_equal(plan.initiator_name + 20, "52:54:00:aa:00:01");
	/* A rule that cannot be used is inert: the image's name is used. */
	root_put("/etc/iscsi/initiatorname.iscsi", "InitiatorName=iqn.image\n");
	root_put("/sys/class/dmi/id/product_serial", "To Be Filled By O.E.M.\n");
	root_put("/sys/class/dmi/id/product_uuid", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF\n");
	root_put("/proc/sys/kernel/hostname", "(none)\n");
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(make(bad[i].line), STATUS_OK);
		assert_noted(bad[i].note);
		assert_string_equal(plan.initiator_name, "iqn.image");
		assert_string_equal(plan.initiator_from, "/etc/iscsi/initiatorname.iscsi");
	}
	/* GRUB replaces ${mac} by nothing. */
	assert_int_equal(make(RULE("")), STATUS_OK);
	assert_noted("its end is missing: did the boot loader");
}

static void names(void **state)
{
	static const struct {
		const char *name;
		const char *note; /* NULL: good */
		enum status status;
	} cases[] = {
		{ "iqn.2024-01.example:a-b.c", NULL, STATUS_OK },
		{ "iqn.2000-01.com.example:Disk_1",
		  "warning target0 target-name -: used unchanged, but not a name", STATUS_OK },
		{ "iqn.a%24(reboot)", NULL, STATUS_CONFIG },
		{ "iqn.a%20b", NULL, STATUS_CONFIG },
		{ "iqn.%C3%BC", NULL, STATUS_CONFIG },
	};
	char words[200];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(words, sizeof(words), INIT "iscsi_boot.target=iscsi://10.0.0.1/%s/0",
			 cases[i].name);
		assert_int_equal(make(words), cases[i].status);
		if (cases[i].status == STATUS_OK && cases[i].note)
			assert_noted(cases[i].note);
		else if (cases[i].status == STATUS_OK)
			assert_string_equal(plan.notes, "");
		else
			assert_said("target0: target-name: target ignored: not a name of 1 to 223");
	}
	/* Capitals are kept: some targets compare bytes. */
	assert_int_equal(make("rd.iscsi.initiator=iqn.C " TARGET), STATUS_OK);
	assert_string_equal(plan.initiator_name, "iqn.C");
	assert_noted("warning initiator initiator-name -: used unchanged, but not");
	assert_int_equal(make("rd.iscsi.initiator=iqn.c;reboot " TARGET), STATUS_CONFIG);
}

/* The firmware's lease is used, and recorded as a lease, so that it is renewed. */
static void lease_of_the_firmware(void **state)
{
	root_put_intree();
	root_put(INTREE "ethernet0/origin", "3\n");
	root_put(INTREE "ethernet0/dhcp", "10.0.2.3\n");
	root_put(INTREE "ethernet0/primary-dns", "10.0.2.4\n");
	assert_int_equal(make("quiet"), STATUS_OK);
	assert_int_equal(progress.nics[0].lease.from, LEASE_FIRMWARE);
	assert_int_equal(progress.nics[0].lease.prefix_len, 24);
	assert_int_equal(progress.nics[0].lease.nr_dns, 1);
	assert_int_equal(progress.nics[0].lease.server.b[15], 3);
	assert_int_equal(progress.nics[0].lease.ip.b[15], 15);
	assert_int_equal(progress.nics[0].lease.router.b[15], 2);
	/* An address of the command line is no lease. */
	root_put(INTREE "ethernet0/origin", "1\n");
	assert_int_equal(make("quiet"), STATUS_OK);
	assert_int_equal(progress.nics[0].lease.from, LEASE_NONE);
}

/* Host names are looked up later, once the network is up. */
static void host_names_wait(void **state)
{
	assert_int_equal(make(INIT "iscsi_boot.target=iscsi://store.example/iqn.b "
				   "iscsi_boot.target=iscsi://other.example/iqn.b " TARGET),
			 STATUS_OK);
	assert_int_equal(plan.nr_paths, 3);
	assert_string_equal(plan.paths[0].to.portal, "");
	assert_string_equal(plan.paths[1].to.portal, "");
	assert_string_equal(plan.paths[2].to.portal, "10.0.0.1");
	assert_int_equal(make(INIT "iscsi_boot.target=iscsi://a.example/iqn.b "
				   "iscsi_boot.target=iscsi://a.example/iqn.b"),
			 STATUS_OK);
	assert_int_equal(plan.nr_paths, 1);
	assert_noted("target1 target-name -: target ignored: the same as target0");
}

static enum status make_with_dhcp(const char *words)
{
	char cmdline[512];

	snprintf(cmdline, sizeof(cmdline), INIT "%s", words);
	return make(cmdline);
}

/* Tests when a root path is expected, and on which NIC. */
static void root_path_asked_for(void **state)
{
	assert_int_equal(make_with_dhcp("netroot=dhcp ip=eth0:dhcp"), STATUS_OK);
	assert_int_equal(plan.nr_paths, 1);
	assert_true(path_awaits_root_path(&progress.paths[0]));
	assert_ptr_equal(plan.paths[0].nic, &plan.nics[0]);
	assert_false(plan.only_maybe);
	/* Without a configured NIC, any NIC may get the root path. */
	assert_int_equal(make_with_dhcp("root=dhcp"), STATUS_OK);
	assert_int_equal(plan.nr_nics, 1);
	assert_int_equal(plan.nics[0].nic->method, IBU_METHOD_DHCP);
	assert_int_equal(make_with_dhcp("root=dhcp6"), STATUS_OK);
	assert_int_equal(plan.nics[0].nic->method, IBU_METHOD_DHCP6);
	/* Each NIC may get a root path. */
	assert_int_equal(make_with_dhcp("netroot=dhcp ip=eth0:dhcp ip=eth1:dhcp"), STATUS_OK);
	assert_int_equal(plan.nr_paths, 2);
	assert_int_equal(plan.paths[1].number, 1);
	assert_ptr_not_equal(plan.paths[0].to.target, plan.paths[1].to.target);
	/* The target of the root path follows a configured target. */
	assert_int_equal(make_with_dhcp(TARGET "netroot=dhcp ip=dhcp"), STATUS_OK);
	assert_int_equal(plan.nr_paths, 2);
	assert_false(path_awaits_root_path(&progress.paths[0]));
	assert_int_equal(plan.paths[1].number, 1);
	/* Without DHCP there is no root path. */
	assert_int_equal(make_with_dhcp("netroot=dhcp ip=10.0.0.5:::24::eth0:none"), STATUS_CONFIG);
	assert_said("no NIC gets its address by DHCP");
}

/* DHCP may name a target, unless another root= or a target is configured. */
static void root_path_perhaps(void **state)
{
	assert_int_equal(make_with_dhcp("ip=dhcp"), STATUS_OK);
	assert_true(plan.only_maybe);
	assert_int_equal(make("ip=dhcp"), STATUS_NOTHING); /* without an initiator name */
	/* "iscsi" alone asks for a target: of DHCP, as the firmware names none. */
	assert_int_equal(make(INIT "root=UUID=x netroot=iscsi ip=eth0:dhcp"), STATUS_OK);
	assert_int_equal(plan.nr_paths, 1);
	assert_true(plan.paths[0].by_root_path);
	assert_false(plan.only_maybe);
	assert_int_equal(make(INIT "root=iscsi: " TARGET "ip=eth0:dhcp"), STATUS_OK);
	assert_false(plan.paths[0].by_root_path);
	assert_int_equal(make(INIT "root=iscsi ip=10.0.0.5:::24::eth0:off"), STATUS_CONFIG);
	assert_int_equal(make_with_dhcp("ip=dhcp root=LABEL=x"), STATUS_NOTHING);
	assert_int_equal(make_with_dhcp("ip=10.0.0.5:::24::eth0:none"), STATUS_NOTHING);
	assert_int_equal(make_with_dhcp(TARGET "ip=dhcp"), STATUS_OK);
	assert_int_equal(plan.nr_paths, 1);
	assert_false(plan.only_maybe);
}

static const char *root_path_says(const char *text)
{
	struct path *path = &progress.paths[progress.nr_paths - 1];
	const char *answer;

	snprintf(path->nic->lease.root_path, sizeof(path->nic->lease.root_path), "%s", text);
	answer = path_take_root_path(&progress, path);
	if (!answer)
		return path->to.portal;
	assert_true(path_awaits_root_path(path));
	return answer;
}

static void root_path_given(void **state)
{
	assert_int_equal(make_with_dhcp("netroot=dhcp ip=dhcp "
					"iscsi_boot.recovery-tmo=77"),
			 STATUS_OK);
	assert_string_equal(root_path_says("iscsi:10.0.0.1::860:1f:iqn.2024-01.example:x"),
			    "10.0.0.1");
	assert_false(path_awaits_root_path(&progress.paths[0]));
	assert_int_equal(progress.paths[0].to.port, 860);
	assert_int_equal(progress.paths[0].timers.recovery_tmo, 77);
	assert_int_equal(progress.paths[0].to.target->lun[1], 0x1f);
	assert_int_equal(progress.paths[0].to.target->chap_type, 0);
	/* The root path is a copy, because the lease may be renewed. */
	memset(progress.nics[0].lease.root_path, 'x', sizeof(progress.nics[0].lease.root_path));
	assert_memory_equal(progress.paths[0].to.target->name.s, "iqn.2024-01.example:x", 21);
	assert_int_equal(make_with_dhcp("netroot=dhcp ip=dhcp"), STATUS_OK);
	assert_string_equal(root_path_says("iscsi:store.example::::iqn.2024-01.example:x"), "");
	assert_false(path_awaits_root_path(&progress.paths[0]));
}

/* Credentials of other targets are not used for it; an invalid root path is ignored. */
static void root_path_refused(void **state)
{
	static const char secret[] = "user:secretsecret@";
	char text[200];

	assert_int_equal(make_with_dhcp("iscsi_boot.target=iscsi://u:0123456789ab@10.0.0.1/"
					"iqn.2024-01.example:a netroot=dhcp ip=dhcp"),
			 STATUS_OK);
	assert_string_equal(root_path_says(""), "it has no root path");
	assert_string_equal(root_path_says("/srv/nfs"), "its root path is not for iSCSI");
	assert_string_equal(root_path_says("iscsi:10.0.0.1::::iqn A"),
			    "the target in its root path cannot be used");
	assert_string_equal(root_path_says("iscsi:10.0.0.1::::iqn.2024-01.example:a"),
			    "the target in its root path is configured already");
	snprintf(text, sizeof(text), "iscsi:%s10.0.0.2::::iqn.2024-01.example:a", secret);
	assert_string_equal(root_path_says(text), "10.0.0.2");
	assert_int_equal(progress.paths[1].to.target->chap_type, 1);
}

static void unselected_only(void **state)
{
	root_put_intree();
	root_put(INTREE "target0/chap-type", "2\n"); /* and no reverse credentials */
	assert_int_equal(make("quiet"), STATUS_CONFIG);
	assert_said("1 configured, none selected");
}

/* Only firmware targets, and all refused: nothing to boot from, as without a table. */
static void firmware_refused(void **state)
{
	root_put_intree();
	assert_int_equal(make("quiet iscsi_noibft"), STATUS_NOTHING);
	assert_string_equal(said, "");
	root_put(INTREE "target0/chap-type", "2\n");
	assert_int_equal(make("iscsi_noibft quiet"), STATUS_NOTHING);
	/* The command line has a target, but an invalid one. */
	assert_int_equal(make(INIT "iscsi_noibft iscsi_boot.target=iscsi://u:%zz@10.0.0.1/iqn.b"),
			 STATUS_CONFIG);
	assert_int_equal(make(INIT "iscsi_noibft " TARGET), STATUS_OK);
	assert_int_equal(plan.nr_paths, 1);
}

static void repeated_target(void **state)
{
	assert_int_equal(make(INIT TARGET TARGET), STATUS_OK);
	assert_int_equal(plan.nr_paths, 1);
	assert_string_equal(plan.notes,
			    "warning target1 target-name -: target ignored: the same as target0\n");
}

static void assert_chap(unsigned int path, u32 type, const char *user, const char *secret)
{
	const struct ibu_target *t = plan.paths[path].to.target;

	assert_int_equal(t->chap_type, type);
	assert_int_equal(t->chap_name.len, strlen(user));
	assert_memory_equal(t->chap_name.s, user, strlen(user));
	assert_int_equal(t->chap_secret.len, strlen(secret));
	assert_memory_equal(t->chap_secret.s, secret, strlen(secret));
}

#define WITH(user, lun) "iscsi_boot.target=iscsi://" user "@10.0.0.1/iqn.2024-01.example:a/" lun " "
#define OPEN(lun) "netroot=iscsi:10.0.0.1::3260:" lun ":iqn.2024-01.example:a "

/* A target has one session by one portal: the stricter credentials are used for all its LUNs. */
static void same_target_other_credentials(void **state)
{
	static const char *const same_lun[] = { OPEN("1") WITH("u:hidden-words", "1"),
						WITH("u:hidden-words", "1") OPEN("1") };
	static const char *const two_luns[] = { OPEN("1") WITH("u:hidden-words", "2"),
						WITH("u:hidden-words", "1") OPEN("2") };
	char words[400];
	unsigned int i;

	for (i = 0; i < 2; i++) {
		snprintf(words, sizeof(words), INIT "%s", same_lun[i]);
		assert_int_equal(make(words), STATUS_OK);
		assert_int_equal(plan.nr_paths, 1);
		assert_chap(0, 1, "u", "hidden-words");
		assert_noted(i ? "target1 chap-type -: shares a session with target0: uses its "
				 "CHAP credentials, which are stricter\n" :
				 "target0 chap-type -: shares a session with target1: uses its "
				 "CHAP credentials, which are stricter\n");
		snprintf(words, sizeof(words), INIT "%s", two_luns[i]);
		assert_int_equal(make(words), STATUS_OK);
		assert_int_equal(plan.nr_paths, 2);
		assert_chap(0, 1, "u", "hidden-words");
		assert_chap(1, 1, "u", "hidden-words");
		assert_null(strstr(plan.notes, "hidden"));
	}
	assert_int_equal(make(INIT WITH("u:hidden-words", "1") WITH("v:other", "2")), STATUS_OK);
	assert_chap(1, 1, "u", "hidden-words");
	assert_noted("target1 chap-type -: shares a session with target0: uses its CHAP "
		     "credentials, which come first\n");
	assert_int_equal(make(INIT WITH("u:one", "1") WITH("u:one", "2")
				      WITH("u:two", "3?rev-user=r,rev-secret=q")),
			 STATUS_OK);
	assert_chap(0, 2, "u", "two");
	assert_noted("target2 chap-type -: a CHAP secret is shorter than 12 bytes");
	assert_chap(1, 2, "u", "two");
	assert_chap(2, 2, "u", "two");
	assert_int_equal(plan.paths[1].to.target->rev_chap_secret.len, 1);
	/* Another portal is another session. */
	assert_int_equal(
		make(INIT WITH("u:hidden-words",
			       "1") "netroot=iscsi:10.0.0.2::3260:1:iqn.2024-01.example:a"),
		STATUS_OK);
	assert_int_equal(plan.paths[1].to.target->chap_type, 0);
	assert_string_equal(plan.notes, "");
}

/* Without a LUN all disks of the target are attached, so the same target with a LUN adds nothing. */
static void all_disks(void **state)
{
	assert_int_equal(make(INIT "netroot=iscsi:10.0.0.1::::iqn.a:b "
				   "iscsi_boot.target=iscsi://10.0.0.1/iqn.a:b"),
			 STATUS_OK);
	assert_int_equal(plan.nr_paths, 1);
	assert_noted("target1 target-name -: target ignored: the same as target0");
	assert_int_equal(make(INIT "netroot=iscsi:10.0.0.1::::iqn.a:b "
				   "netroot=iscsi:10.0.0.1:::0:iqn.a:b"),
			 STATUS_OK);
	assert_int_equal(plan.nr_paths, 1);
	assert_noted("target1 target-name -: target ignored: target0 attaches all disks");
	/* The root disk has a LUN; all other disks are wanted too. */
	assert_int_equal(make(INIT "netroot=iscsi:10.0.0.1:::3:iqn.a:b "
				   "netroot=iscsi:10.0.0.1::::iqn.a:b "
				   "netroot=iscsi:10.0.0.2::::iqn.a:b "
				   "netroot=iscsi:10.0.0.1::::iqn.a:c"),
			 STATUS_OK);
	assert_int_equal(plan.nr_paths, 4);
	assert_true(path_is_roots(&progress, &progress.paths[0]));
	assert_true(path_is_roots(&progress, &progress.paths[2]));
	assert_false(path_is_roots(&progress, &progress.paths[3]));
	/* Two portals of a target whose root disk is not known. */
	assert_int_equal(make(INIT "netroot=iscsi:10.0.0.1::::iqn.a:b "
				   "netroot=iscsi:10.0.0.2:::1:iqn.a:b"),
			 STATUS_OK);
	assert_int_equal(plan.nr_paths, 2);
	assert_false(path_is_roots(&progress, &progress.paths[1]));
}

/* A by-path name in root= selects the root's path, which is the first. */
static void root_by_path(void **state)
{
#define DISK "root=/dev/disk/by-path/ip-10.0.0.2:3260-iscsi-iqn.a:b-lun-"
	assert_int_equal(make(INIT DISK "1-part2"), STATUS_OK);
	assert_int_equal(plan.nr_paths, 1);
	assert_int_equal(plan.root_lun, 1);
	assert_string_equal(plan.root_dev, DISK "1-part2" + 5);
	assert_int_equal(make(INIT "netroot=iscsi:10.0.0.1:::1:iqn.a:b "
				   "netroot=iscsi:10.0.0.2::::iqn.a:b " DISK "1"),
			 STATUS_OK);
	assert_int_equal(plan.nr_paths, 2);
	assert_int_equal(plan.paths[0].number, 1);
	assert_int_equal(plan.paths[1].number, 0);
	assert_int_equal(plan.root_lun, 1);
	assert_int_equal(make(INIT "netroot=iscsi:10.0.0.1:::1:iqn.a:c " DISK "300"), STATUS_OK);
	assert_int_equal(plan.nr_paths, 2);
	assert_int_equal(plan.paths[0].number, 1);
	assert_int_equal(plan.root_lun, 0x412c);
	assert_int_equal(make(INIT "netroot=iscsi:store.example:::1:iqn.a:b ip=dhcp " DISK "1"),
			 STATUS_OK);
	assert_int_equal(plan.nr_paths, 1);
	assert_int_equal(make(INIT "netroot=iscsi:10.0.0.1:::1:iqn.a:c root=LABEL=x"), STATUS_OK);
	assert_int_equal(plan.root_lun, -1);
	assert_string_equal(plan.root_dev, "LABEL=x");
	assert_int_equal(make(INIT "root=iscsi:10.0.0.1:::1:iqn.a:c"), STATUS_OK);
	assert_null(plan.root_dev);
}

/* A damaged by-path name is a wrong setting, not a local boot. */
static void root_by_damaged_path(void **state)
{
	static const char *const ends[] = { ":3260-iscsi-iqn.a:b", ":3260-iscsi-iqn.a:b-lun-1-part",
					    "\\:3260-iscsi-iqn.a:b-lun-1" };
	char words[200];
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		snprintf(words, sizeof(words), INIT "root=/dev/disk/by-path/ip-10.0.0.2%s",
			 ends[i]);
		assert_int_equal(make(words), STATUS_CONFIG);
		assert_said("cannot find a usable boot target");
	}
	assert_int_equal(make(INIT "root=/dev/disk/by-path/pci-0000:00:1f.2-ata-1"),
			 STATUS_NOTHING);
}

/* rd.iscsi.bypass needs a root= that names a device; the last switch counts, as in dracut. */
static void bypass(void **state)
{
	assert_int_equal(make(INIT TARGET "rd.iscsi.bypass root=UUID=1-2"), STATUS_OK);
	assert_true(plan.bypass);
	assert_int_equal(make(INIT TARGET "rd.iscsi.bypass rd.iscsi.bypass=0 root=UUID=1-2"),
			 STATUS_OK);
	assert_false(plan.bypass);
	assert_int_equal(make(INIT TARGET "root=UUID=1-2"), STATUS_OK);
	assert_false(plan.bypass);
	assert_string_equal(plan.notes, "");
	assert_int_equal(make(INIT TARGET "rd.iscsi.bypass=1"), STATUS_OK);
	assert_false(plan.bypass);
	assert_noted("warning cmdline rd.iscsi.bypass -: ignored: root= names no block device");
}

/* A target of another transport is never logged in to over TCP. */
static void transports(void **state)
{
#define FLAT INIT "rd.iscsi.target.name=iqn.a rd.iscsi.target.ip=10.0.0.1 rd.iscsi.transport="
	assert_int_equal(make(FLAT "tcp"), STATUS_OK);
	assert_string_equal(plan.notes, "");
	assert_int_equal(plan.policy.engine, ENGINE_DEFAULT);
	assert_int_equal(make(FLAT "iser iscsi_boot.engine=open-iscsi"), STATUS_OK);
	assert_string_equal(plan.notes, "");
	assert_int_equal(make(FLAT "iser iscsi_boot.engine=native"), STATUS_OK);
	assert_int_equal(plan.policy.engine, ENGINE_OPENISCSI);
	assert_noted(
		"policy engine -: engine open-iscsi is used: the native engine cannot speak iser");
	/* All logins have one engine, and a session has one transport. */
	assert_int_equal(make(FLAT "iser iscsi_boot.target=iscsi://10.0.0.1/iqn.a/2 "
				   "iscsi_boot.target=iscsi://10.0.0.2/iqn.a/1"),
			 STATUS_OK);
	assert_int_equal(plan.nr_paths, 2);
	assert_string_equal(plan.by_transport, "iser");
	assert_null(plan_transport(plan.paths[1].to.target));
	assert_noted(
		"target1 transport -: target ignored: target0 reaches it by another transport");
	assert_int_equal(make(FLAT "iscsi_tcp"), STATUS_CONFIG);
	assert_said("target0: transport: target ignored: unknown transport");
	root_put(VIEW "abi-version", "1\n");
	root_put(VIEW "initiator-name", "iqn.c\n");
	root_put(VIEW "target0/selected", "1\n");
	root_put(VIEW "target0/target-name", "iqn.a\n");
	root_put(VIEW "target0/ip-addr", "10.0.0.1\n");
	assert_int_equal(make(""), STATUS_OK);
	assert_false(plan_wants_card(plan.paths[0].to.target));
	root_put(VIEW "target0/transport", "qedi\n");
	assert_int_equal(make(""), STATUS_OK);
	assert_true(plan_wants_card(plan.paths[0].to.target));
	assert_int_equal(plan.policy.engine, ENGINE_OPENISCSI);
	assert_string_equal(plan.notes, "");
	root_put(VIEW "target0/transport", "iser\n");
	assert_int_equal(make(""), STATUS_OK);
	assert_false(plan_wants_card(plan.paths[0].to.target));
}

/* A target is ignored if the agent cannot read one of its attributes. */
static void credentials_lost_on_the_way(void **state)
{
	root_put(VIEW "abi-version", "1\n");
	root_put(VIEW "initiator-name", "iqn.c\n");
	root_put(VIEW "target0/selected", "1\n");
	root_put(VIEW "target0/target-name", "iqn.a\n");
	root_put(VIEW "target0/ip-addr", "10.0.0.1\n");
	root_put(VIEW "target0/chap-type", "1\n");
	root_put(VIEW "target0/chap-name", "user\n");
	assert_int_equal(make(""), STATUS_CONFIG);
	assert_said("target0: chap-type: target ignored: CHAP name or secret missing");
	root_put(VIEW "target0/chap-secret", "secret\n");
	assert_int_equal(make(""), STATUS_OK);
	root_put(VIEW "target0/chap-type", "2\n");
	assert_int_equal(make(""), STATUS_CONFIG);
	root_put(VIEW "target0/chap-type", "0\n");
	assert_int_equal(make(""), STATUS_CONFIG);
	root_put(VIEW "target0/chap-type", "?\n");
	assert_int_equal(make(""), STATUS_CONFIG);
	assert_said(
		"target0: chap-type: target ignored: an attribute of the target cannot be read");
}

#define FILE_TARGET INIT "iscsi_boot.target=iscsi://user@10.0.0.1/iqn.a?secret-file=/etc/chap"

static void secret_file(void **state)
{
	root_put_bytes("/etc/chap", "s3cret \n", 8, 0400);
	assert_int_equal(make(FILE_TARGET), STATUS_OK);
	assert_int_equal(plan.paths[0].to.target->chap_secret.len, 7);
	assert_memory_equal(plan.paths[0].to.target->chap_secret.s, "s3cret ", 7);
	root_put_bytes("/etc/chap", "one\ntwo", 7, 0400);
	assert_int_equal(make(FILE_TARGET ",rev-user=r"), STATUS_OK);
	assert_memory_equal(plan.paths[0].to.target->chap_secret.s, "one", 3);
	assert_int_equal(plan.paths[0].to.target->rev_chap_secret.len, 3);
	assert_memory_equal(plan.paths[0].to.target->rev_chap_secret.s, "two", 3);
}

static void assert_secret_refused(const char *cmdline, const char *why)
{
	assert_int_equal(make(cmdline), STATUS_CONFIG);
	assert_said("target0: secret-file: ");
	assert_said(why);
}

static void secret_files_refused(void **state)
{
	assert_secret_refused(FILE_TARGET, "cannot be opened: No such file or directory");
	root_put_bytes("/etc/chap", "secret\n", 7, 0440);
	assert_secret_refused(FILE_TARGET, "is accessible to others than root");
	root_put_bytes("/etc/chap", "\nsecret\n", 8, 0400);
	assert_secret_refused(FILE_TARGET, "has no secret of 1 to 255 bytes in its first line");
	root_put_bytes("/etc/chap", "a\0b\n", 4, 0400);
	assert_secret_refused(FILE_TARGET, "has no secret of 1 to 255 bytes in its first line");
	root_put_bytes("/etc/chap", "one\n", 4, 0400);
	assert_secret_refused(FILE_TARGET ",rev-user=r", "in its second line");
	unlink(root_path("/etc/chap"));
	assert_int_equal(symlink("/etc/shadow", root_path("/etc/chap")), 0);
	assert_secret_refused(FILE_TARGET, "cannot be opened");
	unlink(root_path("/etc/chap"));
	assert_int_equal(mkdir(root_path("/etc/chap"), 0700), 0);
	assert_secret_refused(FILE_TARGET, "is not a regular file");
}

/* Tests which of two NICs is chosen for a portal; -1: all of them. */
static void nic_by_subnet(void **state)
{
	static const struct {
		const char *portal;
		int nic;
	} cases[] = {
		{ "10.0.0.126", 0 },	  { "10.0.0.129", 1 },	     { "10.0.1.1", -1 },
		{ "[fd00:0:0:1::9]", 2 }, { "[fd00:0:0:2::9]", -1 }, { "[64:ff9b::a00:1]", -1 },
	};
	char words[300];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(words, sizeof(words),
			 INIT "iscsi_boot.target=iscsi://%s/iqn.a ip=10.0.0.1:::25::eth0:off "
			      "ip=10.0.0.200:::255.255.255.128::eth1:off "
			      "ip=[fd00:0:0:1::1]:::64::eth2:off",
			 cases[i].portal);
		assert_int_equal(make(words), STATUS_OK);
		if (cases[i].nic < 0) {
			assert_null(plan.paths[0].nic);
			assert_int_equal(plan.nr_nics, 3);
			continue;
		}
		assert_non_null(plan.paths[0].nic);
		assert_int_equal(plan.nr_nics, 1);
		assert_int_equal(plan.paths[0].nic->number, cases[i].nic);
		assert_string_equal(plan.paths[0].nic_reason, "the portal is in its subnet");
	}
}

static void assert_joined(const char *cmdline)
{
	assert_int_equal(make(cmdline), STATUS_OK);
	assert_int_equal(view.params.nr_nics, 2);
	assert_int_equal(plan.nr_nics, 1);
	assert_int_equal(plan.nics[0].number, 0);
	assert_string_equal(shown(IBU_CLASS_NIC, plan.nics[0].nic, IBU_NIC_IP_ADDR), "10.0.2.99");
	assert_string_equal(shown(IBU_CLASS_NIC, plan.nics[0].nic, IBU_NIC_MAC),
			    "52:54:00:12:34:56");
	assert_string_equal(shown(IBU_CLASS_NIC, plan.nics[0].nic, IBU_NIC_GATEWAY), "10.0.2.2");
	assert_noted("warning nic1 ifname -: same device as nic0; values of the command line "
		     "are used\n");
	assert_false(plan.unsettled);
}

/* A name or "any" can be resolved only once there are devices. */
static void command_line_names_firmware_nic(void **state)
{
	root_put_intree();
	assert_int_equal(make("ip=10.0.2.99:::24::eth0:off"), STATUS_OK);
	assert_true(plan.unsettled);
	assert_string_equal(shown(IBU_CLASS_NIC, plan.nics[0].nic, IBU_NIC_IP_ADDR), "10.0.2.15");
	root_put_netdev("eth0", "52:54:00:12:34:56\n");
	assert_joined("ip=10.0.2.99:::24::eth0:off");
	assert_joined("ip=10.0.2.99:::24:::off"); /* the only device there is */
	root_put_netdev("eth1", "52:54:00:12:34:57\n");
	assert_joined("ip=10.0.2.99:::24::eth0:off");
	assert_int_equal(make("ip=10.0.2.99:::24:::off"), STATUS_OK);
	assert_true(plan.unsettled);
	assert_int_equal(make("ip=10.0.2.99:::24::eth1:off"), STATUS_OK);
	assert_string_equal(plan.notes, "");
	assert_string_equal(shown(IBU_CLASS_NIC, plan.nics[0].nic, IBU_NIC_IP_ADDR), "10.0.2.15");
}

static void assert_plan_nic(unsigned int i, unsigned int number, const char *ip)
{
	assert_int_equal(plan.nics[i].number, number);
	assert_string_equal(shown(IBU_CLASS_NIC, plan.nics[i].nic, IBU_NIC_IP_ADDR), ip);
}

/* A second address of a device does not replace the first. */
static void two_addresses_of_one_device(void **state)
{
#define BOTH "ip=10.0.2.15::10.0.2.2:24::eth0:none ip=[fec0::15]:::64::eth0:none "
	root_put_netdev("eth0", "52:54:00:12:34:56\n");
	assert_int_equal(make(INIT BOTH TARGET), STATUS_OK);
	assert_int_equal(plan.nr_nics, 2);
	assert_plan_nic(0, 0, "10.0.2.15");
	assert_plan_nic(1, 1, "fec0:0000:0000:0000:0000:0000:0000:0015");
	assert_string_equal(plan.notes, "");
	/* One entry is joined with the firmware entry, the other is not, in either order. */
	root_put_intree();
	assert_int_equal(make("ip=[fec0::15]:::64::eth0:none ip=10.0.2.99:::24::eth0:none"),
			 STATUS_OK);
	assert_int_equal(plan.nr_nics, 2);
	assert_plan_nic(0, 0, "10.0.2.99");
	assert_plan_nic(1, 1, "fec0:0000:0000:0000:0000:0000:0000:0015");
	assert_noted("warning nic2 ifname -: same device as nic0");
	assert_null(strstr(plan.notes, "nic1"));
	assert_int_equal(make(INIT BOTH TARGET), STATUS_OK);
	assert_int_equal(plan.nr_nics, 2);
	assert_plan_nic(0, 0, "10.0.2.15");
	assert_plan_nic(1, 2, "fec0:0000:0000:0000:0000:0000:0000:0015");
	assert_noted("warning nic1 ifname -: same device as nic0");
	assert_null(strstr(plan.notes, "nic2"));
}

#define TWO "ip=10.1.0.2::10.1.0.1:24::eth0:none ip=10.2.0.2:::24::eth1:none "

static void assert_by_nic(const char *words, unsigned int number, const char *reason)
{
	char line[1024];

	snprintf(line, sizeof(line), INIT "%s", words);
	assert_int_equal(make(line), STATUS_OK);
	assert_non_null(plan.paths[0].nic);
	assert_int_equal(plan.paths[0].nic->number, number);
	assert_string_equal(plan.paths[0].nic_reason, reason);
}

static void no_nic(void **state)
{
	assert_int_equal(make(INIT TARGET), STATUS_OK);
	assert_int_equal(plan.nr_nics, 1);
	assert_true(nic_is_pool(plan.nics[0].nic));
	assert_int_equal(plan.nics[0].nic->method, IBU_METHOD_ANY);
	assert_string_equal(plan.paths[0].nic_reason, "no NIC is configured: DHCP on every NIC");
}

/* Without ip=, DHCP is done on the NIC of BOOTIF=. */
static void no_ip_but_bootif(void **state)
{
	assert_by_nic("BOOTIF=01-52-54-00-12-34-56 " TARGET, 0,
		      "no NIC is configured: DHCP on that of BOOTIF=");
	assert_int_equal(plan.nr_nics, 1);
	assert_string_equal(shown(IBU_CLASS_NIC, plan.nics[0].nic, IBU_NIC_MAC),
			    "52:54:00:12:34:56");
	assert_true(nic_wants_dhcp(plan.nics[0].nic));
	assert_int_equal(make(INIT "netroot=dhcp BOOTIF=01-52-54-00-12-34-56"), STATUS_OK);
	assert_int_equal(plan.nr_paths, 1);
	assert_true(plan.paths[0].by_root_path);
	assert_int_equal(plan.paths[0].nic->nic->method, IBU_METHOD_DHCP);
}

/* A NIC with an address of the other family is left to the targets that it reaches. */
static void default_for_the_other_family(void **state)
{
	assert_by_nic("ip=10.1.0.2:::24::eth0:none " TARGET
		      "iscsi_boot.target=iscsi://[fd07::1]/iqn.x:b/0",
		      0, "the only configured NIC");
	assert_int_equal(plan.nr_nics, 2);
	assert_true(plan.paths[1].nic == &plan.nics[1]);
	assert_true(nic_is_pool(plan.nics[1].nic));
}

/* A method for the other family leads to no portal; the reason for the default says so. */
static void default_for_the_other_method(void **state)
{
	assert_by_nic("ip=eth0:dhcp6 " TARGET, 1,
		      "no configured NIC has an IPv4 address: DHCP on every NIC");
	assert_by_nic("ip=eth0:link6 " TARGET, 1,
		      "no configured NIC has an IPv4 address: DHCP on every NIC");
	assert_by_nic("ip=[fd00::2]::[fd00::1]:64::eth0:none " TARGET, 1,
		      "no configured NIC has an IPv4 address: DHCP on every NIC");
	assert_by_nic("ip=10.1.0.2:::24::eth0:none iscsi_boot.target=iscsi://[fd07::1]/iqn.x:b/0",
		      1, "no configured NIC has an IPv6 address: DHCP on every NIC");
	assert_by_nic("ip=eth0:dhcp6 iscsi_boot.target=iscsi://[fd07::1]/iqn.x:b/0", 0,
		      "the only configured NIC");
	assert_by_nic("ip=eth0:foo " TARGET, 0, "no usable ip=: DHCP on every NIC");
	assert_by_nic("bond=bond0:eth0,eth1 " TARGET, 0, "no NIC is configured: DHCP on bond0");
}

/* Of several ip=, the one that can give an address of the portal's family is used. */
static void nic_by_family(void **state)
{
#define V6 "iscsi_boot.target=iscsi://[fd07::1]/iqn.x:b/0"
	const char *asked = "all are asked, one that leads to the portal is used";
	const char *only = "the only NIC that may lead to the portal";

	assert_by_nic("ip=dhcp ip6=dhcp " TARGET, 0, asked);
	assert_by_nic("ip=dhcp ip6=dhcp " V6, 1, asked);
	assert_by_nic("ip=dhcp6 ip=dhcp " TARGET, 1, asked);
	assert_by_nic("ip=eth0:dhcp ip6=dhcp " V6, 1, asked);
	assert_by_nic("ip=eth0:dhcp ip6=dhcp " TARGET, 0, only);
	assert_by_nic("ip=eth0:dhcp ip=eth1:auto6 " V6, 1, only);
	assert_int_equal(plan.nr_nics, 1);
	/* The portal may be in the subnet of a lease, which no gateway of another NIC replaces. */
	assert_int_equal(make("ip=10.9.0.2::10.9.0.1:24::eth0:none ip=eth1:dhcp " TARGET),
			 STATUS_OK);
	assert_null(plan.paths[0].nic);
	assert_int_equal(plan.nr_nics, 2);
	/* A router of any NIC may lead there. */
	assert_int_equal(make("ip=eth0:dhcp ip=[fd00::2]:::64::eth1:none " V6), STATUS_OK);
	assert_null(plan.paths[0].nic);
	assert_int_equal(make("ip=eth0:dhcp ip6=dhcp iscsi_boot.target=iscsi://san/iqn.x:b"),
			 STATUS_OK);
	assert_null(plan.paths[0].nic);
	assert_int_equal(plan.nr_nics, 2);
}

/* A further ip= of the same device or for every NIC neither removes nor doubles the first. */
static void repeated_ip(void **state)
{
	assert_by_nic("ip=dhcp ip=dhcp " TARGET, 0,
		      "all are asked, one that leads to the portal is used");
	assert_int_equal(plan.nr_nics, 1);
	assert_noted("warning nic1 ifname -: repeats nic0");
	root_put_netdev("eth0", "52:54:00:12:34:56\n");
	root_put_netdev("eth1", "52:54:00:12:34:57\n");
	assert_by_nic("ip=eth0:dhcp ip=eth0:off " TARGET, 0, "the only configured NIC");
	assert_int_equal(plan.nics[0].nic->method, IBU_METHOD_DHCP);
	assert_by_nic("ip=eth0:off ip=eth0:dhcp " TARGET, 0, "the only configured NIC");
	assert_int_equal(plan.nics[0].nic->method, IBU_METHOD_DHCP);
	assert_by_nic("ip=eth0:dhcp ip=eth0:dhcp " TARGET, 0, "the only configured NIC");
	assert_int_equal(plan.nr_nics, 1);
}

/* Without a netmask the class of the address tells the subnet. */
static void subnet_by_class(void **state)
{
	assert_by_nic("ip=172.16.3.4:::::eth0:off ip=10.9.0.1:::::eth1:off " TARGET, 1,
		      "the portal is in its subnet");
}

/* A NIC that the target names, without ip=, gets an address too: a link-local portal needs none. */
static void bare_nic_of_a_target(void **state)
{
	assert_by_nic("iscsi_boot.target=iscsi://10.0.2.2/iqn.x:a/0?nic=eth0", 0,
		      "named by the target");
	assert_int_equal(plan.nics[0].nic->method, IBU_METHOD_ANY);
	assert_by_nic("iscsi_boot.target=iscsi://[fe80::1]/iqn.x:a/0?nic=eth0", 0,
		      "named by the target");
	assert_int_equal(plan.nics[0].nic->method, IBU_METHOD_LINK6);
}

static void nic_by_route(void **state)
{
	assert_by_nic(TWO TARGET, 0, "the only NIC that may lead to the portal");
	assert_by_nic(TWO TARGET "rd.route=10.0.0.0/16:10.2.0.1 rd.route=10.0.0.0/8:10.1.0.1", 1,
		      "rd.route=");
	assert_by_nic(TWO TARGET "rd.route=10.0.0.0/24::eth1", 1, "rd.route=");
	assert_by_nic(TWO TARGET "rd.route=10.0.0.0/24:10.2.0.1:eth2", 0,
		      "the only NIC that may lead to the portal");
	assert_int_equal(plan.nr_nics, 1);
	assert_false(plan.several_nics);
	assert_int_equal(make(INIT TARGET "ip=10.1.0.2::10.1.0.1:24::eth0:none "
					  "ip=10.2.0.2::10.2.0.1:24::eth1:none"),
			 STATUS_OK);
	assert_null(plan.paths[0].nic);
	assert_int_equal(plan.nr_nics, 2);
	assert_true(plan.several_nics);
}

static void assert_awaits_all(const char *words, bool awaits_all)
{
	char line[1024];

	snprintf(line, sizeof(line),
		 INIT "ip=10.1.0.2:::24::eth0:none iscsi_boot.target=iscsi://10.1.0.1/iqn.x:a/1 "
		      "iscsi_boot.target=iscsi://10.1.0.9/iqn.x:a-lun-2/2 "
		      "iscsi_boot.target=iscsi://10.1.0.3/iqn.x:a-lun-2/2 %s",
		 words);
	assert_int_equal(make(line), STATUS_OK);
	assert_in_range(plan.nr_paths, 3, 4); /* a by-path name may add a target */
	assert_int_equal(plan.awaits_all, awaits_all);
}

#define BY_PATH "/dev/disk/by-path/"

/* Whether the root may be on any disk, or on several. */
static void awaited_disks(void **state)
{
	assert_awaits_all("", false);
	assert_awaits_all("root=", false);
	assert_awaits_all("root=/dev/root", false);
	assert_awaits_all("root=block:/dev/root", false);
	assert_awaits_all("root=/dev/iscsi-boot/root-part1", false);
	assert_awaits_all("root=UUID=x", true);
	assert_awaits_all("root=/dev/mapper/vg-root", true);
	assert_awaits_all("root=/dev/sda1", true);
	assert_awaits_all("root=UUID=x root=/dev/root", false);
	assert_awaits_all("root=" BY_PATH "ip-10.1.0.9:3260-iscsi-iqn.x:a-lun-2-lun-2-part3",
			  false);
	assert_awaits_all("root=block:" BY_PATH
			  "pci-0000:00:03.0-ip-10.1.0.9:3260-iscsi-iqn.x:a-lun-1",
			  false);
	assert_awaits_all("root=" BY_PATH "ip-10.1.0.9:3260-iscsi-iqn.x:a-lun-3", false);
	assert_awaits_all("root=" BY_PATH "ip-10.1.0.9:3260-iscsi-iqn.x:b-lun-1", false);
	assert_awaits_all("root=" BY_PATH "pci-0000:00:03.0-scsi-0:0:0:0", true);
	assert_awaits_all("root=" BY_PATH "-lun-1", true);
	assert_awaits_all("root=" BY_PATH "-iscsi--lun-", true);
}

/* dracut's link to the disk of netroot= names no other root than DHCP may name. */
static void root_link_and_dhcp(void **state)
{
	assert_int_equal(make(INIT "root=/dev/root ip=dhcp"), STATUS_OK);
	assert_true(plan.only_maybe);
	assert_int_equal(make(INIT "root=block:/dev/root netroot=dhcp ip=dhcp"), STATUS_OK);
	assert_true(plan.paths[0].by_root_path);
	assert_int_equal(make(INIT "root=UUID=x ip=dhcp"), STATUS_NOTHING);
}

static enum status outlook_of(const char *words)
{
	char line[1024];

	snprintf(line, sizeof(line), INIT "%s", words);
	assert_int_equal(make(line), STATUS_OK);
	return plan_outlook(&plan);
}

/* plan ends with the status that boot would end with if no device appears. */
static void outlook(void **state)
{
	static const char *const mac = "ip=BOOTIF:dhcp BOOTIF=01-52-54-00-12-34-56 " TARGET;

	assert_int_equal(outlook_of("ip=eth9:dhcp " TARGET), STATUS_OK); /* no device at all yet */
	root_put_netdev("eth0", "52:54:00:12:34:56\n");
	assert_int_equal(outlook_of("ip=eth9:dhcp " TARGET), STATUS_NO_LINK);
	assert_int_equal(outlook_of("ip=eth0:dhcp " TARGET), STATUS_OK);
	assert_int_equal(outlook_of("ip=dhcp " TARGET), STATUS_OK);
	assert_int_equal(outlook_of(TARGET), STATUS_OK);
	assert_int_equal(outlook_of(mac), STATUS_OK);
	assert_int_equal(outlook_of("ip=bond0:dhcp bond=bond0:eth0 " TARGET), STATUS_OK);
	root_put_netdev("eth0", "52:54:00:00:00:09\n");
	assert_int_equal(outlook_of(mac), STATUS_NO_LINK);
	root_put("/sys/class/net/eth0/bonding_slave/perm_hwaddr", "52:54:00:12:34:56\n");
	assert_int_equal(outlook_of(mac), STATUS_OK);
	/* no NIC is there */
	assert_int_equal(outlook_of("ip=eth7:dhcp ip=eth8:dhcp " TARGET), STATUS_NO_LINK);
	assert_int_equal(outlook_of("ip=eth7:dhcp ip=eth0:dhcp " TARGET), STATUS_OK);
	/* another path leads to the root disk */
	assert_int_equal(outlook_of("ip=10.1.0.2:::24::eth9:none ip=10.2.0.2:::24::eth0:none "
				    "iscsi_boot.target=iscsi://10.1.0.1/iqn.x:a/1 "
				    "iscsi_boot.target=iscsi://10.2.0.1/iqn.x:a/1"),
			 STATUS_OK);
}

/* The NIC with the portal in its subnet is missing: another one may lead to it. */
static void missing_nic(void **state)
{
	static const char *const macs = INIT
		"ip=10.1.0.2:::24::52-54-00-00-00-07:none ip=52-54-00-00-00-09:dhcp "
		"iscsi_boot.target=iscsi://10.1.0.1/iqn.x:a/1";

	assert_int_equal(make(macs), STATUS_OK);
	assert_true(plan.unsettled); /* no device yet */
	assert_int_equal(plan.paths[0].nic->number, 0);
	root_put_netdev("eth0", "52:54:00:00:00:09\n");
	assert_int_equal(make(macs), STATUS_OK);
	assert_false(plan.unsettled);
	assert_null(plan.paths[0].nic);
	root_put_netdev("eth1", "52:54:00:00:00:07\n");
	assert_int_equal(make(macs), STATUS_OK);
	assert_int_equal(plan.paths[0].nic->number, 0);
	/* the present one leads elsewhere */
	root_put_netdev("eth1", "52:54:00:00:00:08\n");
	assert_int_equal(make(INIT "ip=10.1.0.2:::24::eth9:none ip=10.2.0.2:::24::eth0:none "
				   "iscsi_boot.target=iscsi://10.1.0.1/iqn.x:a/1"),
			 STATUS_OK);
	assert_int_equal(plan.paths[0].nic->number, 0);
}

/* Either may be without a cable. */
static void several_in_subnet(void **state)
{
	static const char *const nics = INIT
		"ip=10.1.0.2:::24::eth0:none ip=10.1.0.3:::24::eth1:none "
		"iscsi_boot.target=iscsi://10.1.0.1/iqn.x:a/1";
	char line[512];

	root_put_netdev("eth0", "52:54:00:00:00:07\n");
	root_put_netdev("eth1", "52:54:00:00:00:08\n");
	assert_int_equal(make(nics), STATUS_OK);
	assert_int_equal(plan.nr_nics, 2);
	assert_null(plan.paths[0].nic);
	snprintf(line, sizeof(line), "%s?nic=eth1", nics);
	assert_int_equal(make(line), STATUS_OK);
	assert_int_equal(plan.nr_nics, 1);
	assert_int_equal(plan.paths[0].nic->number, 1);
}

static void route_parameters(void **state)
{
	assert_int_equal(make(INIT TARGET
			      "rd.route=10.0.0.1/8:10.1.0.1 rd.route=[fd08::1/16]:[fe80::1]:eth0 "
			      "rd.route=10.3.0.9:10.1.0.1 rd.route=0.0.0.0/0:10.1.0.1 "
			      "rd.route=10.4.0.0/255.255.128.0:10.1.0.1"),
			 STATUS_OK);
	assert_int_equal(plan.nr_routes, 5);
	assert_int_equal(plan.routes[4].len, 17);
	assert_int_equal(plan.routes[0].len, 8);
	assert_int_equal(plan.routes[0].dst.b[15], 0); /* host bits are cleared */
	assert_int_equal(plan.routes[1].dst.b[1], 0x08);
	assert_int_equal(plan.routes[1].dst.b[15], 0);
	assert_string_equal(plan.routes[1].ifname, "eth0");
	assert_int_equal(plan.routes[2].len, 32);
	assert_int_equal(plan.routes[3].len, 0);
	assert_string_equal(plan.notes, "");
	assert_int_equal(
		make(INIT TARGET
		     "rd.route= rd.route=10.0.0.0/33:10.1.0.1 rd.route=10.0.0.0/8 "
		     "rd.route=10.0.0.0/8: rd.route=10.0.0.0/8:fd00 rd.route=x:10.1.0.1 "
		     "rd.route=10.0.0.0/255.0.255.0:10.1.0.1 rd.route=[fd00::]/255.0.0.0::eth0 "
		     "rd.route=10.0.0.0/8:[fd00::1] rd.route=10.0.0.0/8:10.1.0.1:a/b"),
		STATUS_OK);
	assert_int_equal(plan.nr_routes, 0);
	assert_noted("error cmdline rd.route 114: must be NET/LENGTH:GATEWAY[:DEVICE]");
	assert_noted("error cmdline rd.route 343: must be NET/LENGTH:GATEWAY[:DEVICE]");
}

/* The zone of a gateway is the device; a net may be in brackets with or without its length. */
static void route_zones(void **state)
{
	assert_int_equal(make(INIT TARGET "rd.route=[fd08::]/16:[fe80::1%eth0] "
					  "rd.route=[fd09::/16]:[fe80::1%eth1]:eth1 "
					  "rd.route=[fd0a::]/16:[fe80::1%eth1]:eth0 "
					  "rd.route=[fd0b::]/16:[fd00::1%eth1]"),
			 STATUS_OK);
	assert_int_equal(plan.nr_routes, 2);
	assert_string_equal(plan.routes[0].ifname, "eth0");
	assert_int_equal(plan.routes[0].gateway.b[0], 0xfe);
	assert_string_equal(plan.routes[1].ifname, "eth1");
	assert_noted("GATEWAY[:DEVICE]; an IPv6 address in []");
}

/* genkernel's routes are nets on the link of its NIC. */
static void route_genkernel(void **state)
{
	assert_int_equal(make(INIT TARGET
			      "ip=10.0.0.2/24 gk.net.iface=eth1 "
			      "gk.net.routes=\"10.8.0.0/16 10.9.0.1\" gk.net.routes=fd08::/33,x"),
			 STATUS_OK);
	assert_int_equal(plan.nr_routes, 3);
	assert_string_equal(plan.routes[0].ifname, "eth1");
	assert_int_equal(plan.routes[0].len, 16);
	assert_int_equal(plan.routes[1].len, 32);
	assert_int_equal(plan.routes[2].len, 33);
	assert_noted("error cmdline gk.net.routes");
	/* The last gk.net.iface= counts for all routes, also those before it. */
	assert_int_equal(make(INIT TARGET
			      "gk.net.routes=10.8.0.0/16 gk.net.iface=a gk.net.iface=b"),
			 STATUS_OK);
	assert_string_equal(plan.routes[0].ifname, "b");
	assert_int_equal(make(INIT TARGET "gk.net.routes=10.8.0.0/16"), STATUS_OK);
	assert_string_equal(plan.routes[0].ifname, "eth0");
}

/* A key is also set for a target that DHCP will name. */
static void policy_of_a_target(void **state)
{
	assert_int_equal(make(INIT TARGET
			      "iscsi_boot.target0.eh-timeout=9 "
			      "iscsi_boot.target1.eh-timeout=8 iscsi_boot.target99999999999.x=1"),
			 STATUS_OK);
	assert_int_equal(plan.paths[0].timers.eh_timeout, 9);
	assert_noted("warning cmdline key 137: there is no target1\n");
	assert_noted("key 169: there is no target99999999999\n");
	assert_null(strstr(plan.notes, "no target0"));
	assert_int_equal(make_with_dhcp("root=dhcp iscsi_boot.target0.eh-timeout=9"), STATUS_OK);
	assert_null(strstr(plan.notes, "there is no"));
}

/* ifname= and vlan= give names to devices. */
static void names_of_devices(void **state)
{
	assert_int_equal(make(INIT TARGET
			      "ifname=lan:52:54:00:00:00:01 vlan=san.1042:lan vlan=san.42:lan "
			      "ip=10.0.0.2:::24::san.42:none"),
			 STATUS_OK);
	assert_string_equal(plan.nics[0].rename, "lan");
	assert_string_equal(plan.nics[0].vlan_name, "san.42");
	/* A MAC in ip= is not a name. */
	assert_int_equal(make(INIT TARGET "ip=10.0.0.2:::24::lan:none::52:54:00:00:00:01"),
			 STATUS_OK);
	assert_null(plan.nics[0].rename);
	assert_null(plan.nics[0].vlan_name);
}

/* Returns what "plan" prints. */
static const char *printed(void)
{
	static char text[4096];
	FILE *out = fmemopen(text, sizeof(text), "w");

	plan_print(&view, &plan, out);
	fclose(out);
	return text;
}

#define BOND "bond=bond0:eth0,eth1:mode=802.3ad,miimon=50:9000 "

static void bond_named(void **state)
{
	assert_int_equal(make(INIT TARGET BOND "bond=b/d:eth2 vlan=bond0.5:bond0 "
					       "ip=10.0.0.2:::24::bond0.5:none"),
			 STATUS_OK);
	assert_int_equal(plan.nr_bonds, 1);
	assert_int_equal(plan.nr_nics, 1);
	assert_ptr_equal(plan.nics[0].bond, &plan.bonds[0]);
	assert_string_equal(plan.nics[0].vlan_name, "bond0.5");
	assert_string_equal(plan.bonds[0].name, "bond0");
	assert_int_equal(plan.bonds[0].config.nr_members, 2);
	assert_string_equal(plan.bonds[0].members[1].name, "eth1");
	assert_false(plan.bonds[0].members[1].has_mac);
	assert_false(plan.bonds[0].has_mac);
	assert_int_equal(plan.bonds[0].config.mtu, 9000);
	assert_non_null(strstr(printed(), "\nbond: bond0 of eth0, eth1, mode 802.3ad\n"));
	/* A NIC that is no bond. */
	assert_int_equal(make(INIT TARGET BOND "ip=10.0.0.2:::24::eth2:none"), STATUS_OK);
	assert_null(plan.nics[0].bond);
}

/* Members by name, by ifname= and by MAC. */
/* More bonds than the plan has room for. */
static void bonds_too_many(void **state)
{
	char line[1024] = INIT TARGET "ip=b7:dhcp";
	size_t len = strlen(line);
	unsigned int i;

	for (i = 0; i < 20; i++)
		len += (size_t)snprintf(line + len, sizeof(line) - len, " bond=b%u:e%u", i, i);
	assert_int_equal(make(line), STATUS_OK);
	assert_int_equal(plan.nr_bonds, 8);
	assert_string_equal(plan.nics[0].bond->name, "b7");
}

static void bond_members(void **state)
{
	const struct plan_member *m;

	assert_int_equal(
		make(INIT TARGET
		     "bond=b:lan0,52-54-00-00-00-02,52-54-00-00-00-03:mode=1,primary=lan0 "
		     "ifname=lan0:52:54:00:00:00:01 ifname=lan1:52:54:00:00:00:02 ip=b:dhcp"),
		STATUS_OK);
	m = plan.bonds[0].members;
	assert_true(m[0].has_mac && m[1].has_mac && m[2].has_mac);
	assert_string_equal(m[0].name, "lan0");
	assert_string_equal(m[1].name, "lan1");
	assert_string_equal(m[2].name, "52-54-00-00-00-03");
	assert_int_equal(m[0].mac[5], 1);
	assert_int_equal(m[2].mac[5], 3);
	assert_ptr_equal(plan.bonds[0].primary, &m[0]);
}

/* The NIC of the firmware's table is a member: the bond gets its address and its MAC. */
static void bond_of_firmware_nic(void **state)
{
	static const u8 mac[] = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 };

	root_put_intree();
	root_put_netdev("eth0", "52:54:00:12:34:57\n");
	root_put_netdev("eth1", "52:54:00:12:34:56\n");
	assert_int_equal(make("bond=bond0:eth0,eth1:mode=1"), STATUS_OK);
	assert_int_equal(plan.nr_nics, 1);
	assert_plan_nic(0, 0, "10.0.2.15");
	assert_ptr_equal(plan.nics[0].bond, &plan.bonds[0]);
	assert_false(ibu_has(&plan.nics[0].nic->f, IBU_NIC_MAC));
	assert_true(plan.bonds[0].has_mac);
	assert_memory_equal(plan.bonds[0].mac, mac, 6);
	assert_noted(
		"warning nic0 ifname -: the device is a member of bond0: the bond gets its address");
	/* In the bond already, the device has the MAC of the bond. */
	root_put_netdev("eth1", "52:54:00:12:34:57\n");
	root_put("/sys/class/net/eth1/bonding_slave/perm_hwaddr", "52:54:00:12:34:56\n");
	assert_int_equal(make("bond=bond0:eth0,eth1:mode=1"), STATUS_OK);
	assert_ptr_equal(plan.nics[0].bond, &plan.bonds[0]);
	/* ip= of the bond overrides the table, as that of the NIC would. */
	assert_int_equal(make("bond=bond0:eth0,eth1:mode=1 ip=10.0.2.99:::24::bond0:none"),
			 STATUS_OK);
	assert_int_equal(plan.nr_nics, 1);
	assert_plan_nic(0, 0, "10.0.2.99");
	assert_ptr_equal(plan.nics[0].bond, &plan.bonds[0]);
	/* Another NIC is no member, and a device that is not there yet may be one. */
	assert_int_equal(make("bond=bond0:eth0,eth7:mode=1"), STATUS_OK);
	assert_null(plan.nics[0].bond);
	assert_true(plan.unsettled);
	assert_int_equal(make("bond=bond0:52-54-00-12-34-56:mode=1"), STATUS_OK);
	assert_ptr_equal(plan.nics[0].bond, &plan.bonds[0]);
	assert_false(plan.unsettled);
}

/* ip= of a member is the bond's, unless the bond has its own; an ip= without a device is too. */
static void bond_by_other_names(void **state)
{
	assert_int_equal(make(INIT TARGET BOND "ip=10.0.0.2:::24::eth1:none"), STATUS_OK);
	assert_int_equal(plan.nr_nics, 1);
	assert_ptr_equal(plan.nics[0].bond, &plan.bonds[0]);
	assert_false(plan.bonds[0].has_mac);
	assert_int_equal(make(INIT TARGET BOND "ip=eth0:dhcp ip=10.0.0.2:::24::bond0:none"),
			 STATUS_OK);
	assert_int_equal(plan.nr_nics, 1);
	assert_plan_nic(0, 0, "10.0.0.2");
	assert_noted("nic0 ifname -: ignored: member of bond bond0, which has its own ip=");
	assert_int_equal(make(INIT TARGET BOND "ip=dhcp"), STATUS_OK);
	assert_ptr_equal(plan.nics[0].bond, &plan.bonds[0]);
	assert_noted("nic0 ifname -: names no device: used for bond bond0");
	assert_int_equal(make(INIT TARGET BOND "bond=bond1:eth2 ip=dhcp"), STATUS_OK);
	assert_null(plan.nics[0].bond);
	assert_int_equal(make(INIT TARGET BOND "ip=dhcp ip=bond0:dhcp"), STATUS_OK);
	assert_null(plan.nics[0].bond);
	assert_int_equal(make_with_dhcp("root=dhcp " BOND), STATUS_OK);
	assert_ptr_equal(plan.nics[0].bond, &plan.bonds[0]);
}

/* The entry of a NIC that fits the portal is chosen; all entries are brought up. */
static void fitting_address(void **state)
{
	assert_by_nic("ip=10.0.0.2:::24::eth0:none ip=[fd00::2]:::64::eth0:none "
		      "ip=10.5.0.2:::24::eth0:none ip=10.6.0.2:::24::eth1:none "
		      "iscsi_boot.target=iscsi://[fd77::1]/iqn.2024-01.example:a/1?nic=eth0",
		      1, "named by the target");
	assert_int_equal(plan.nr_nics, 3);
	assert_false(plan.several_nics);
}

static void two_nics_to_one_portal(void **state)
{
	assert_int_equal(
		make(INIT TWO
		     "iscsi_boot.target=iscsi://10.0.0.1/iqn.2024-01.example:a/1?nic=eth0 "
		     "iscsi_boot.target=iscsi://10.0.0.1/iqn.2024-01.example:a/1?nic=eth1 "
		     "iscsi_boot.target=iscsi://10.0.0.9/iqn.2024-01.example:a/1?nic=eth1"),
		STATUS_OK);
	assert_int_equal(plan.nr_paths, 3);
	assert_true(plan.paths[0].shares_portal);
	assert_true(plan.paths[1].shares_portal);
	assert_false(plan.paths[2].shares_portal);
	assert_true(plan.several_nics);
}

/* A VLAN is another network, though the device is the same. */
static void joined_in_the_same_vlan_alone(void **state)
{
	root_put_intree();
	root_put_netdev("eth0", "52:54:00:12:34:56\n");
	assert_int_equal(make(INIT TARGET "vlan=eth0.5:eth0 ip=10.0.0.9:::24::eth0.5:none"),
			 STATUS_OK);
	assert_int_equal(plan.nr_nics, 1);
	assert_plan_nic(0, 1, "10.0.0.9");
	assert_string_equal(plan.notes, "");
	root_put(INTREE "ethernet0/vlan", "5\n");
	assert_int_equal(make(INIT TARGET "vlan=eth0.5:eth0 ip=10.0.0.9:::24::eth0.5:none"),
			 STATUS_OK);
	assert_plan_nic(0, 0, "10.0.0.9");
	assert_int_equal(make("ip=10.0.2.99:::24::eth0:none"), STATUS_OK);
	assert_plan_nic(0, 0, "10.0.2.99");
	assert_string_equal(shown(IBU_CLASS_NIC, plan.nics[0].nic, IBU_NIC_VLAN), "5");
}

/* BOOTIF= names a device without an address. */
static void entry_without_an_address(void **state)
{
	root_put_intree();
	root_put_netdev("eth0", "52:54:00:12:34:56\n");
	assert_int_equal(make("BOOTIF=01-52-54-00-12-34-56 ip=10.0.2.99:::24::eth0:none"),
			 STATUS_OK);
	assert_int_equal(plan.nr_nics, 1);
	assert_plan_nic(0, 0, "10.0.2.99");
	assert_int_equal(make("ip=10.0.2.98:::24::eth0:none BOOTIF=01-52-54-00-12-34-56"),
			 STATUS_OK);
	assert_int_equal(plan.nr_nics, 1);
	assert_plan_nic(0, 0, "10.0.2.98");
}

static void gateway_of_the_other_family(void **state)
{
	assert_int_equal(make(INIT TARGET "ip=10.0.0.5::[fd00::1]:24::eth0:off"), STATUS_OK);
	assert_noted("nic0 gateway -: ignored: address and gateway are of different families\n");
	assert_string_equal(shown(IBU_CLASS_NIC, plan.nics[0].nic, IBU_NIC_GATEWAY), "-");
}

static void multipath_and_overrides(void **state)
{
	assert_int_equal(make(INIT TARGET "rd.multipath=default iscsi_boot.eh-timeout=7"),
			 STATUS_OK);
	assert_int_equal(plan.paths[0].timers.noop_interval, 5);
	assert_int_equal(plan.paths[0].timers.noop_timeout, 10);
	assert_int_equal(plan.paths[0].timers.eh_timeout, 7);
}

static void print(char *text, size_t size)
{
	FILE *out = fmemopen(text, size, "w");

	assert_non_null(out);
	plan_print(&view, &plan, out);
	fclose(out);
}

static void printed_without_secrets(void **state)
{
	char text[4096];

	assert_int_equal(make(INIT "iscsi_boot.target=iscsi://joe:hunter2@[fd00::1]/iqn.a/1"
				   "?rev-user=ann,rev-secret=hunter3 ip=[fd00::5]:::64::eth0:off"),
			 STATUS_OK);
	print(text, sizeof(text));
	assert_null(strstr(text, "hunter"));
	assert_null(strstr(text, "joe"));
	assert_string_equal(
		text,
		"view: built by the agent, without the module\n"
		"initiator: iqn.2024-01.example:client, from command line\n"
		"policy: deadline 180 s; on failure: return to the caller; no multipath\n"
		"engine: native\n"
		"network: nic0 (eth0): static fd00:0000:0000:0000:0000:0000:0000:0005/64, "
		"from cmdline\n"
		"path: target0 iqn.a at [fd00::1]:3260, LUN 1, mutual CHAP, nic0 "
		"(the only configured NIC), root disk\n"
		"timers (all targets): recovery_tmo 86400 s, no NOP-Outs, command timeout 90 s, "
		"eh_timeout 10 s, max_retries 5, scheduler none; with multipath: "
		"recovery_tmo 15 s, command timeout 30 s\n");
}

/*
 * Two LUNs of one session have separate timers of the disk, but those of the session are the
 * first's.
 */
static void timers_of_each(void **state)
{
	char text[4096];

	root_put("/etc/iscsi-boot-agent.conf", "[target iqn.a]\nmax-retries=1\n"
					       "[target iqn.b]\nrecovery-tmo=7\n");
	assert_int_equal(make(INIT "ip=10.0.0.5:::24::eth0:off iscsi_boot.eh-timeout=3 "
				   "iscsi_boot.target=iscsi://10.0.0.1/iqn.a/1 "
				   "iscsi_boot.target=iscsi://10.0.0.1/iqn.a/2 "
				   "iscsi_boot.target=iscsi://10.0.0.1/iqn.b/2 "
				   "iscsi_boot.target1.command-timeout=50 "
				   "iscsi_boot.target1.recovery-tmo=60"),
			 STATUS_OK);
	assert_int_equal(plan.paths[0].timers.command_timeout, 90);
	assert_int_equal(plan.paths[1].timers.command_timeout, 50);
	assert_int_equal(plan.paths[1].timers.max_retries, 1);
	assert_int_equal(plan.paths[1].timers.eh_timeout, 3);
	assert_int_equal(plan.paths[1].timers.recovery_tmo, 86400);
	assert_non_null(strstr(plan.notes,
			       "warning target1 timers -: shares a session with target0: "
			       "uses its session timers"));
	assert_int_equal(plan.paths[2].timers.recovery_tmo, 7);
	assert_int_equal(plan.paths[2].timers.max_retries, 5);
	print(text, sizeof(text));
	assert_null(strstr(text, "timers (all targets)"));
	assert_non_null(strstr(text, "\ntimers (target1): recovery_tmo 86400 s, no NOP-Outs, "
				     "command timeout 50 s,"));
}

/* Policy and network are read from the files of an initramfs too; notes name the file. */
static void parameters_in_files(void **state)
{
	root_put("/etc/cmdline.d/a.conf", "iscsi_boot.deadline=77 iscsi_boot.guard=maybe\n"
					  "rd.route=nonsense ip=eth0:dhcp " TARGET);
	assert_int_equal(make(INIT "quiet"), STATUS_OK);
	assert_int_equal(plan.policy.deadline_s, 77);
	assert_int_equal(plan.nr_paths, 1);
	assert_noted("warning /etc/cmdline.d/a.conf guard 23: must be yes or no\n");
	assert_noted("error /etc/cmdline.d/a.conf rd.route 55: ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_root(nothing),
		in_root(parameters_in_files),
		in_root(nothing_but_odd),
		in_root(one_target),
		in_root(firmware_target),
		in_root(policy_outlives_a_failed_plan),
		in_root(initiator_from_the_image),
		in_root(initiator_is_made),
		in_root(initiator_by_rule),
		in_root(names),
		in_root(lease_of_the_firmware),
		in_root(host_names_wait),
		in_root(root_path_asked_for),
		in_root(root_path_perhaps),
		in_root(root_path_given),
		in_root(root_path_refused),
		in_root(unselected_only),
		in_root(firmware_refused),
		in_root(repeated_target),
		in_root(same_target_other_credentials),
		in_root(all_disks),
		in_root(root_by_path),
		in_root(root_by_damaged_path),
		in_root(bypass),
		in_root(transports),
		in_root(credentials_lost_on_the_way),
		in_root(secret_file),
		in_root(secret_files_refused),
		in_root(nic_by_subnet),
		in_root(no_nic),
		in_root(no_ip_but_bootif),
		in_root(awaited_disks),
		in_root(root_link_and_dhcp),
		in_root(outlook),
		in_root(missing_nic),
		in_root(several_in_subnet),
		in_root(default_for_the_other_family),
		in_root(default_for_the_other_method),
		in_root(nic_by_family),
		in_root(repeated_ip),
		in_root(subnet_by_class),
		in_root(bare_nic_of_a_target),
		in_root(command_line_names_firmware_nic),
		in_root(two_addresses_of_one_device),
		in_root(nic_by_route),
		in_root(route_parameters),
		in_root(route_zones),
		in_root(route_genkernel),
		in_root(policy_of_a_target),
		in_root(names_of_devices),
		in_root(fitting_address),
		in_root(two_nics_to_one_portal),
		in_root(joined_in_the_same_vlan_alone),
		in_root(entry_without_an_address),
		in_root(bond_named),
		in_root(bonds_too_many),
		in_root(bond_members),
		in_root(bond_of_firmware_nic),
		in_root(bond_by_other_names),
		in_root(gateway_of_the_other_family),
		in_root(multipath_and_overrides),
		in_root(printed_without_secrets),
		in_root(timers_of_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
