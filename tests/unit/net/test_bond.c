// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests the request that creates a bond, byte by byte, as the kernel reads it. The scenarios bond-*
 * show that the kernel accepts it: few hosts of unit tests have the module bonding.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

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

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(requests), cmocka_unit_test(largest) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
