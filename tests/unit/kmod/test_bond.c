// SPDX-License-Identifier: GPL-2.0-only
/* Tests what bond= means: names, members, options and defaults, and what is ignored. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kmod/core/bond.h"

static struct ibu_bonds_seen seen;
static struct ibu_bond bond;
static struct ibu_text parsed;
static unsigned int complaints;

static void complain(void *data, const struct ibu_text *part, const char *reason)
{
	assert_ptr_equal(data, &bond);
	assert_true(part->s >= parsed.s && part->s + part->len <= parsed.s + parsed.len);
	assert_true(*reason);
	complaints++;
}

static int also(const char *text)
{
	parsed = (struct ibu_text){ text, (u32)strlen(text) };
	complaints = 0;
	return ibu_bond_parse(parsed, &seen, &bond, complain, &bond);
}

static int parse(const char *text)
{
	seen = (struct ibu_bonds_seen){ .nr = 0 };
	return also(text);
}

/* Prints a bond in one line: name, members, each option as number=value, primary, MTU. */
static const char *shown(void)
{
	static char text[1024];
	char *at = text, *end = text + sizeof(text);
	u32 i;

	at += snprintf(at, (size_t)(end - at), "%.*s", (int)bond.name.len, bond.name.s);
	for (i = 0; i < bond.nr_members; i++)
		at += snprintf(at, (size_t)(end - at), " %.*s", (int)bond.members[i].len,
			       bond.members[i].s);
	for (i = 0; i < IBU_NR_BOND_OPTIONS; i++)
		if (bond.set & BIT_ULL(i))
			at += snprintf(at, (size_t)(end - at), " %u=%u", i, bond.values[i]);
	if (bond.primary.len)
		at += snprintf(at, (size_t)(end - at), " primary %.*s", (int)bond.primary.len,
			       bond.primary.s);
	for (i = 0; i < bond.nr_arp_targets; i++) {
		char addr[IBU_ADDR_STRLEN];

		ibu_addr_print(&bond.arp_targets[i], addr);
		at += snprintf(at, (size_t)(end - at), " %s", addr);
	}
	if (bond.mtu)
		snprintf(at, (size_t)(end - at), " MTU %u", bond.mtu);
	return text;
}

static void meanings(void **state)
{
	static const struct {
		const char *value, *shown;
		unsigned int complaints;
	} cases[] = {
		/* dracut.cmdline(7): without parameters bond0:eth0,eth1:mode=balance-rr */
		{ "", "bond0 eth0 eth1 0=0 1=100", 0 },
		{ "san", "san eth0 eth1 0=0 1=100", 0 },
		{ "bond0:em1", "bond0 em1 0=0 1=100", 0 },
		{ "bond0:em1,em2,:mode=active-backup", "bond0 em1 em2 0=1 1=100", 0 },
		{ "b:e0,e1:mode=802.3ad,miimon=50,lacp_rate=fast,xmit_hash_policy=layer3+4:9000",
		  "b e0 e1 0=4 1=50 12=1 19=1 MTU 9000", 0 },
		{ "b:e0,e1:mode=4,lacp_rate=1,lacp_active=off,ad_select=bandwidth,min_links=1",
		  "b e0 e1 0=4 1=100 16=1 19=1 20=0 21=1", 0 },
		{ "b:e0,e1:mode=1,primary=e1,primary_reselect=better,fail_over_mac=follow",
		  "b e0 e1 0=1 1=100 10=1 11=2 primary e1", 0 },
		{ "b:e0:mode=1,arp_interval=200,arp_ip_target=10.0.0.1;10.0.0.2,arp_validate=all",
		  "b e0 0=1 6=200 7=3 10.0.0.1 10.0.0.2", 0 },
		{ "b:e0:mode=1,updelay=200,downdelay=300,num_grat_arp=3,num_unsol_na=4",
		  "b e0 0=1 1=100 2=200 3=300 14=4", 0 },
		{ "b:e0:miimon=off", "b e0 0=0 1=0", 0 },
		{ "b:e0:mode=balance-tlb,tlb_dynamic_lb=0,lp_interval=2",
		  "b e0 0=5 1=100 17=2 24=0", 0 },
		{ "b:e0:packets_per_slave=10,resend_igmp=2,all_slaves_active=on,use_carrier=1",
		  "b e0 0=0 1=100 5=1 13=2 15=1 18=10", 0 },
		{ "b:52-54-00-aa-00-01,52-54-00-AA-00-02",
		  "b 52-54-00-aa-00-01 52-54-00-AA-00-02 0=0 1=100", 0 },
		{ "b:e0::1400", "b e0 0=0 1=100 MTU 1400", 0 },
		/* What is invalid has no effect; the rest is used. */
		{ "b:e0:mion=7,lacp_rate=quick,mode=4", "b e0 0=4 1=100", 2 },
		{ "b:e0,e0,e/2,b,e1:lacp_rate=fast,x=1,miimon=-1", "b e0 e1 0=0 1=100", 6 },
		{ "b:e0:mode=4,primary=e0,arp_interval=5,tlb_dynamic_lb=1", "b e0 0=4 1=100", 3 },
		{ "b:e0:miimon=0,updelay=1,downdelay=1,peer_notif_delay=1", "b e0 0=0 1=0", 3 },
		{ "b:e0:arp_ip_target=0.0.0.0", "b e0 0=0 1=100", 1 },
		{ "b:e0:arp_ip_target=[fd00::1]", "b e0 0=0 1=100", 1 },
		{ "b:e0:lp_interval=0,arp_missed_max=0,ad_actor_sys_prio=0", "b e0 0=0 1=100", 3 },
		{ "b:e0::65536", "b e0 0=0 1=100", 1 },
		{ "b:e0::", "b e0 0=0 1=100", 0 },
		{ "b:e0:primary,arp_ip_target,primary=", "b e0 0=0 1=100", 3 },
		{ "eth0", "eth0 eth1 0=0 1=100", 1 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(parse(cases[i].value), 0);
		assert_string_equal(shown(), cases[i].shown);
		if (complaints != cases[i].complaints)
			fail_msg("%s: %u complaints", cases[i].value, complaints);
	}
}

/* The mode decides which options remain; a mode after them counts too. */
static void mode_comes_last(void **state)
{
	assert_int_equal(parse("b:e0:lacp_rate=fast,mode=802.3ad"), 0);
	assert_string_equal(shown(), "b e0 0=4 1=100 19=1");
	assert_int_equal(complaints, 0);
}

/* In another mode than the switch has, a bond loses packets: it is not created. */
static void unknown_modes(void **state)
{
	static const char *const values[] = {
		"b:e0:mode=turbo",
		"b:e0:mode=802.3AD",
		"b:e0:mode=7",
		"b:e0:mode=",
		"b:e0:mode",
		"b:e0:mode=4,mode=lacp",
		"b:e0:miimon=7,mode=active_backup",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(values); i++) {
		assert_int_equal(parse(values[i]), -EINVAL);
		assert_int_equal(complaints, 1);
		/* Its name and its members are free for another one. */
		assert_int_equal(also("b:e0"), 0);
	}
}

static void mode_names(void **state)
{
	size_t len;

	assert_int_equal(parse("b:e0:mode=4"), 0);
	assert_memory_equal(ibu_bond_mode_name(&bond, &len), "802.3ad balance-tlb", 19);
	assert_int_equal(len, 7);
	bond.values[IBU_BOND_MODE] = IBU_BOND_BALANCE_ALB;
	assert_string_equal(ibu_bond_mode_name(&bond, &len), "balance-alb");
}

static void several(void **state)
{
	assert_int_equal(parse("a:e0,e1:mode=1"), 0);
	assert_int_equal(also("a:e2"), -EINVAL);
	assert_int_equal(also("b:e1"), -EINVAL);
	assert_int_equal(complaints, 2); /* the member, and then the bond */
	assert_int_equal(also("c:e1,e2,mode=1"), 0);
	assert_string_equal(shown(), "c e2 mode=1 0=0 1=100"); /* '=' may be in a name */
	assert_int_equal(also("d"), 0);
	assert_int_equal(also("e:eth1"), -EINVAL);
	assert_int_equal(also(":e7"), -EINVAL);
	assert_int_equal(also("e:a,e5"), 0);
	assert_string_equal(shown(), "e e5 0=0 1=100");
	assert_int_equal(also("e0:e6"), -EINVAL);
}

/* The work for a hostile command line has bounds. */
static void bounds(void **state)
{
	static char text[1024], names[9][8]; /* too large for the kernel's stack */
	unsigned int i;

	strcpy(text, "b:");
	for (i = 0; i < 17; i++)
		snprintf(text + strlen(text), 8, "e%u,", i);
	assert_int_equal(parse(text), 0);
	assert_int_equal(bond.nr_members, 16);
	assert_int_equal(complaints, 1);
	memset(text + 2, 'x', 300);
	text[4] = ',';
	text[302] = '\0';
	assert_int_equal(parse(text), -EINVAL);
	seen = (struct ibu_bonds_seen){ .nr = 0 };
	for (i = 0; i < 9; i++) {
		snprintf(names[i], sizeof(names[i]), "b%u:e%u", i, i);
		assert_int_equal(also(names[i]), i < 8 ? 0 : -EINVAL);
	}
	seen = (struct ibu_bonds_seen){ .nr = 0 };
	for (i = 0; i < 64; i++)
		assert_int_equal(also("a/b"), -EINVAL);
	assert_int_equal(also("b:e0"), -EINVAL);
	snprintf(text, sizeof(text), "b:e0:arp_ip_target=");
	for (i = 0; i < 17; i++)
		snprintf(text + strlen(text), 16, "%s10.0.0.%u", i ? ";" : "", i + 1);
	assert_int_equal(parse(text), 0);
	assert_int_equal(bond.nr_arp_targets, 0);
	*strrchr(text, ';') = '\0';
	assert_int_equal(parse(text), 0);
	assert_int_equal(bond.nr_arp_targets, 16);
	assert_int_equal(ibu_bond_parse((struct ibu_text){ text, 4 }, &seen, &bond, NULL, NULL),
			 -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(meanings),   cmocka_unit_test(mode_comes_last),
		cmocka_unit_test(unknown_modes),
		cmocka_unit_test(mode_names), cmocka_unit_test(several),
		cmocka_unit_test(bounds),
	};

	return cmocka_run_group_tests_name("bond", tests, NULL, NULL);
}
