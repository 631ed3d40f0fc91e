// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests the request that creates a bond, byte by byte, and the steps of its NIC with a fake kernel.
 * The scenarios bond-* show that the kernel accepts the requests: few hosts of unit tests have the
 * module bonding.
 */
#include "tests/unit/root.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "base/deadline.h"
#include "base/sysfs.h"
#include "net/bond.h"

static const u8 mac[] = { 0x52, 0x54, 0, 0, 0, 9 };
static char buf[BOND_REQUEST_SIZE];

/* Prints the attributes in one line: TYPE=BYTES in hexadecimal, nests as TYPE{ ... }. */
static void print_attrs(FILE *out, const void *data, int len)
{
	const struct nlattr *attr;

	for (attr = data; mnl_attr_ok(attr, (int)((const char *)data + len - (const char *)attr));
	     attr = mnl_attr_next(attr)) {
		const u8 *bytes = mnl_attr_get_payload(attr);
		u16 n = mnl_attr_get_payload_len(attr), i;

		fprintf(out, " %u%s", mnl_attr_get_type(attr),
			attr->nla_type & NLA_F_NESTED ? "{" : "=");
		if (attr->nla_type & NLA_F_NESTED) {
			print_attrs(out, bytes, n);
			fputs(" }", out);
			continue;
		}
		for (i = 0; i < n; i++)
			fprintf(out, "%02x", bytes[i]);
	}
}

static const char *request_for(const char *value, const char *name)
{
	static char text[4096];
	struct ibu_bonds_seen seen = { .nr = 0 };
	struct plan_bond bond = { .name = name };
	const struct nlmsghdr *request;
	FILE *out = fmemopen(text, sizeof(text), "w");

	assert_int_equal(ibu_bond_parse((struct ibu_text){ value, (u32)strlen(value) }, &seen,
					&bond.config, NULL, NULL),
			 0);
	request = bond_request(buf, &bond, mac);
	assert_int_equal(request->nlmsg_type, RTM_NEWLINK);
	assert_int_equal(request->nlmsg_flags, NLM_F_REQUEST | NLM_F_CREATE);
	assert_true(request->nlmsg_len < BOND_REQUEST_SIZE);
	print_attrs(out, (const char *)mnl_nlmsg_get_payload(request) + sizeof(struct ifinfomsg),
		    (int)(mnl_nlmsg_get_payload_len(request) - sizeof(struct ifinfomsg)));
	fclose(out);
	return text;
}

/* 3 IFLA_IFNAME, 18 IFLA_LINKINFO { 1 kind, 2 data }, 1 IFLA_ADDRESS, 4 IFLA_MTU */
static void requests(void **state)
{
	assert_string_equal(request_for("b:e0", "b"),
			    " 3=6200 18{ 1=626f6e6400 2{ 1=00 3=64000000 } } 1=525400000009");
	assert_string_equal(
		request_for("b:e0:mode=4,lacp_rate=fast,xmit_hash_policy=layer3+4,ad_select=2,"
			    "min_links=2,ad_actor_sys_prio=258,lacp_active=0:9000",
			    "b"),
		" 3=6200 18{ 1=626f6e6400 2{ 1=04 3=64000000 14=01 18=02000000 21=01 29=00 22=02 "
		"24=0201 } } 1=525400000009 4=28230000");
	assert_string_equal(
		request_for("b:e0:mode=1,arp_interval=500,arp_ip_target=10.0.0.1;10.0.0.2,"
			    "arp_validate=3,arp_all_targets=1,arp_missed_max=3,fail_over_mac=1,"
			    "num_grat_arp=5,primary_reselect=2",
			    "b"),
		" 3=6200 18{ 1=626f6e6400 2{ 1=01 7=f4010000 9=03000000 10=01000000 30=03 12=02 13=01 "
		"16=05 8{ 0=0a000001 1=0a000002 } } } 1=525400000009");
	assert_string_equal(
		request_for("b:e0:mode=5,updelay=200,downdelay=300,peer_notif_delay=100,"
			    "use_carrier=1,resend_igmp=7,all_slaves_active=1,lp_interval=5,"
			    "tlb_dynamic_lb=0",
			    "b"),
		" 3=6200 18{ 1=626f6e6400 2{ 1=05 3=64000000 4=c8000000 5=2c010000 28=64000000 6=01 "
		"15=07000000 17=01 19=05000000 27=00 } } 1=525400000009");
	assert_string_equal(
		request_for("b:e0:packets_per_slave=16", "b"),
		" 3=6200 18{ 1=626f6e6400 2{ 1=00 3=64000000 20=10000000 } } 1=525400000009");
	assert_string_equal(
		request_for("b:e0:mode=4,ad_user_port_key=5", "b"),
		" 3=6200 18{ 1=626f6e6400 2{ 1=04 3=64000000 25=0500 } } 1=525400000009");
}

/* The largest request fits. */
static void largest(void **state)
{
	char value[1024] =
		"b:e0:mode=1,miimon=0,arp_interval=1,arp_validate=1,arp_all_targets=1,use_carrier=1,"
		"arp_missed_max=1,primary_reselect=1,fail_over_mac=1,xmit_hash_policy=1,resend_igmp=1,"
		"num_grat_arp=1,all_slaves_active=1,min_links=1,lp_interval=1,ad_select=1,arp_ip_target=";
	unsigned int i;

	for (i = 0; i < IBU_MAX_ARP_TARGETS; i++)
		snprintf(value + strlen(value), 16, "%s10.0.0.%u", i ? ";" : "", i + 1);
	strcat(value, ":9000");
	assert_non_null(strstr(request_for(value, "fifteen-letters"), " 15=0a000010 }"));
}

/* The machine: eth0 and eth1 are devices 2 and 3, and b is 9 if it exists. */
static struct link list[3];
static struct links links;
static struct plan_member members[2];
static struct plan_bond bond;
static struct plan_nic planned[2];
static struct ibu_nic config;
static struct nic nics[2];
static struct plan plan;
static struct progress progress;
static struct nic_setup setups[2];
static struct rtnl nl;

static char sent[1024]; /* the requests */
static int answer; /* of the fake kernel, to requests of type... */
static unsigned int answer_to; /* ... IFLA_MASTER, IFLA_ADDRESS (create) or 0 (all others) */
static u8 created_mac[6];

/* Prints a request: "create b", "primary 2", "down 2", "addresses", "master 2 to 9". */
int __wrap_rtnl_talk(struct rtnl *nl_, struct nlmsghdr *request, mnl_cb_t cb, void *data);
int __wrap_rtnl_talk(struct rtnl *nl_, struct nlmsghdr *request, mnl_cb_t cb, void *data)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(request);
	const char *verb = "other", *name = "";
	unsigned int type = 0;
	struct nlattr *attr;
	u32 number = 0;

	if (request->nlmsg_type == RTM_GETADDR)
		verb = "addresses";
	else if (request->nlmsg_flags & NLM_F_CREATE)
		verb = "create";
	else if (info->ifi_change)
		verb = "down";
	for (attr = mnl_nlmsg_get_payload_offset(request, sizeof(*info));
	     mnl_attr_ok(attr, (int)((char *)mnl_nlmsg_get_payload_tail(request) - (char *)attr));
	     attr = mnl_attr_next(attr)) {
		if (request->nlmsg_type != RTM_NEWLINK)
			break;
		if (mnl_attr_get_type(attr) == IFLA_IFNAME)
			name = mnl_attr_get_str(attr);
		if (mnl_attr_get_type(attr) == IFLA_ADDRESS) {
			memcpy(created_mac, mnl_attr_get_payload(attr), 6);
			type = IFLA_ADDRESS;
		}
		if (mnl_attr_get_type(attr) == IFLA_MASTER) {
			number = mnl_attr_get_u32(attr);
			type = IFLA_MASTER;
			verb = "master";
		}
	}
	if (*name && !type)
		verb = "primary";
	snprintf(sent + strlen(sent), sizeof(sent) - strlen(sent), "%s%s%s", *sent ? ", " : "",
		 verb, *name ? " b" : "");
	if (request->nlmsg_type == RTM_NEWLINK && info->ifi_index)
		snprintf(sent + strlen(sent), sizeof(sent) - strlen(sent), " %d", info->ifi_index);
	if (number)
		snprintf(sent + strlen(sent), sizeof(sent) - strlen(sent), " to %u", number);
	return answer && type == answer_to ? answer : 0;
}

static int machine(void **state)
{
	unsigned int i;

	if (root_make(state))
		return -1;
	sysfs_root = root;
	memset(list, 0, sizeof(list));
	memset(nics, 0, sizeof(nics));
	memset(setups, 0, sizeof(setups));
	members[0] = (struct plan_member){ .name = "eth0" };
	members[1] = (struct plan_member){ .name = "eth1" };
	bond = (struct plan_bond){ .name = "b", .members = members, .config.nr_members = 2 };
	for (i = 0; i < 3; i++) {
		snprintf(list[i].name, sizeof(list[i].name), "%s",
			 i == 2 ? "b" :
			 i	? "eth1" :
				  "eth0");
		list[i].ifindex = i == 2 ? 9 : (int)i + 2;
		list[i].dev.ifname = list[i].name;
		list[i].dev.has_parent = i < 2;
		memcpy(list[i].dev.mac, (u8[]){ 0x52, 0x54, 0, 0, 0, (u8)(i + 1) }, 6);
	}
	list[2].is_bond = list[2].dev.stacked = true;
	for (i = 0; i < 2; i++) {
		planned[i] = (struct plan_nic){ .nic = &config, .number = i, .bond = &bond };
		nics[i] = (struct nic){ .plan = &planned[i], .config = &config };
		setups[i] = (struct nic_setup){ .nic = &nics[i] };
	}
	links = (struct links){ list, 2 };
	plan = (struct plan){ .bonds = &bond, .nr_bonds = 1 };
	progress = (struct progress){ .plan = &plan, .nics = nics, .nr_nics = 2 };
	answer = 0;
	return 0;
}

/* Does one step of NIC @i, and checks its result and its requests. */
static void assert_step(unsigned int i, enum nic_state wanted, const char *requests_wanted)
{
	struct nic_context n = {
		.nl = &nl, .progress = &progress, .links = &links, .setup = &setups[i]
	};

	*sent = '\0';
	assert_int_equal(bond_step(&n), wanted);
	assert_string_equal(sent, requests_wanted);
}

static void created_with_all_members(void **state)
{
	assert_step(0, NIC_NO_DEVICE, "create b");
	assert_int_equal(created_mac[5], 1);
	assert_step(0, NIC_NO_DEVICE, ""); /* the kernel has not reported it yet */
	links.nr = 3;
	list[1].flags = IFF_UP;
	bond.primary = &members[1];
	assert_step(1, NIC_NO_DEVICE, "");
	assert_step(0, NIC_NO_CARRIER,
		    "addresses, master 2 to 9, down 3, addresses, master 3 to 9, primary b");
	list[0].master = list[1].master = 9;
	assert_step(0, NIC_READY, "");
	assert_step(1, NIC_READY, "");
	assert_string_equal(setups[1].name, "b");
	/* Without a bond there is nothing to do. */
	planned[1].bond = NULL;
	assert_step(1, NIC_READY, "");
}

/* The MAC of the firmware's NIC, and members by their MAC. */
static void created_with_the_firmwares_mac(void **state)
{
	bond.has_mac = true;
	memcpy(bond.mac, list[1].dev.mac, 6);
	members[0] = (struct plan_member){ .name = "a", .has_mac = true };
	memcpy(members[0].mac, list[0].dev.mac, 6);
	assert_step(0, NIC_NO_DEVICE, "create b");
	assert_int_equal(created_mac[5], 2);
}

/* A bond0 that the module bonding made when it was loaded: down and without members. */
static void empty_bond(void **state)
{
	links.nr = 3;
	assert_step(0, NIC_NO_DEVICE, "create b");
	assert_step(0, NIC_NO_CARRIER, "addresses, master 2 to 9, addresses, master 3 to 9");
}

static void without_a_member(void **state)
{
	links.nr = 0;
	assert_step(0, NIC_NO_DEVICE, "");
	assert_int_equal(nics[0].bond_until.at_ns,
			 0); /* no member: this is no matter of the bond */
	links.nr = 1;
	assert_step(0, NIC_NO_DEVICE, "");
	assert_true(deadline_left_ms(nics[0].bond_until) > 9000);
	assert_false(bond_is_due(&setups[0]));
	assert_step(0, NIC_NO_DEVICE, "");
	nics[0].bond_until.at_ns = 1;
	assert_true(bond_is_due(&setups[0]));
	setups[0].state = NIC_READY;
	assert_false(bond_is_due(&setups[0]));
	assert_step(0, NIC_NO_DEVICE, "create b");
	assert_int_equal(nics[0].bond_until.at_ns, 0);
	/* A member that comes late is added. */
	list[1] = list[2];
	list[1].dev.ifname = list[1].name;
	links.nr = 2;
	assert_step(0, NIC_NO_CARRIER, "addresses, master 2 to 9");
	list[0].master = 9;
	assert_step(0, NIC_READY, "");
	list[2] = (struct link){ .ifindex = 3, .name = "eth1" };
	list[2].dev.ifname = list[2].name;
	links.nr = 3;
	assert_step(0, NIC_NO_CARRIER, "addresses, master 3 to 9");
}

static void missing_member_appears(void **state)
{
	links.nr = 1;
	assert_step(0, NIC_NO_DEVICE, "");
	links.nr = 2;
	assert_step(0, NIC_NO_DEVICE, "create b");
	assert_int_equal(nics[0].bond_until.at_ns, 0);
}

static void exists_already(void **state)
{
	links.nr = 3;
	list[1].master = 9;
	assert_step(0, NIC_READY, "");
	assert_step(1, NIC_READY, "");
	assert_step(0, NIC_READY, "");
	list[1].master = 0;
	list[2].flags = IFF_UP;
	assert_step(0, NIC_READY, "");
	list[2].is_bond = false;
	assert_step(0, NIC_ERROR, "");
	assert_string_equal(setups[0].doing, "cannot create its bond: another device has the name");
	assert_int_equal(setups[0].error, -EEXIST);
}

static void managed(void **state)
{
	root_put("/run/NetworkManager/devices/3", "[device]\nmanaged=true\n");
	root_put("/proc/77/comm", "NetworkManager\n");
	assert_step(0, NIC_NO_DEVICE, "");
	root_put("/run/NetworkManager/devices/9", "[device]\nmanaged=true\n");
	links.nr = 3;
	assert_step(0, NIC_READY, "");
}

static void refused(void **state)
{
	answer = -EOPNOTSUPP;
	answer_to = IFLA_ADDRESS;
	assert_step(0, NIC_ERROR, "create b");
	assert_int_equal(setups[0].error, -EOPNOTSUPP);
	answer = 0;
	assert_step(0, NIC_NO_DEVICE, "create b");
	links.nr = 3;
	answer = -EPERM;
	answer_to = IFLA_MASTER;
	list[1].master = 77; /* in another bond */
	assert_step(0, NIC_ERROR, "addresses, master 2 to 9");
	assert_string_equal(setups[0].doing, "cannot add a member to its bond");
	/* Each is tried once: each attempt would be an event that leads to the next. */
	assert_step(0, NIC_ERROR, "");
}

static bool settled(unsigned int i)
{
	struct nic_context n = {
		.nl = &nl, .progress = &progress, .links = &links, .setup = &setups[i]
	};

	return bond_has_settled(&n, &list[2]);
}

static void partner(void **state)
{
	assert_true(settled(0));
	bond.config.values[IBU_BOND_MODE] = IBU_BOND_8023AD;
	assert_false(settled(0));
	assert_true(nics[0].bond_until.at_ns);
	list[2].has_partner = true;
	assert_true(settled(0));
	assert_int_equal(nics[0].bond_until.at_ns, 0);
	list[2].has_partner = false;
	assert_false(settled(0));
	nics[0].bond_until.at_ns = 1;
	assert_true(settled(0));
	assert_true(settled(0));
	planned[1].bond = NULL;
	assert_true(settled(1));
}

/* A NIC that is not named must not take a device that becomes a member. */
static void claims(void **state)
{
	struct nic_context n = {
		.nl = &nl, .progress = &progress, .links = &links, .setup = &setups[0]
	};

	links.nr = 3;
	assert_true(bond_claims(&n, &list[0]));
	assert_true(bond_claims(&n, &list[1]));
	assert_false(bond_claims(&n, &list[2]));
	planned[0].bond = planned[1].bond = NULL;
	assert_false(bond_claims(&n, &list[0]));
}

#define in_machine(f) cmocka_unit_test_setup_teardown(f, machine, root_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests),
		cmocka_unit_test(largest),
		in_machine(created_with_all_members),
		in_machine(created_with_the_firmwares_mac),
		in_machine(empty_bond),
		in_machine(without_a_member),
		in_machine(missing_member_appears),
		in_machine(exists_already),
		in_machine(managed),
		in_machine(refused),
		in_machine(partner),
		in_machine(claims),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
