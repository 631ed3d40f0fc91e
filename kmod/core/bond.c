// SPDX-License-Identifier: GPL-2.0-only
/* Reads dracut's bond=, and checks its options against the mode as the kernel does. */
#include "bond.h"

#define IBU_ONLY(mode) (1U << (mode))
#define IBU_ALL 0x7fU
#define IBU_WITH_PRIMARY (IBU_ONLY(IBU_BOND_ACTIVE_BACKUP) | IBU_WITH_TLB)
#define IBU_WITH_TLB (IBU_ONLY(IBU_BOND_BALANCE_TLB) | IBU_ONLY(IBU_BOND_BALANCE_ALB))
#define IBU_WITH_ARP (IBU_ALL & ~(IBU_ONLY(IBU_BOND_8023AD) | IBU_WITH_TLB))
#define IBU_INT_MAX_MS 0x7fffffffU
#define IBU_DEFAULT_MIIMON 100 /* BOND_DEFAULT_MIIMON; also what NetworkManager sets */
#define IBU_DEFAULT_MEMBERS "eth0,eth1"
/* Limits on what is compared with each other, for a hostile command line of any length. */
#define IBU_MAX_MEMBERS_LEN (IBU_MAX_MEMBERS * 18)
#define IBU_MAX_WORDS 64

/*
 * As bond_opts[] of drivers/net/bonding/bond_options.c. A value is a number, or a word of @words,
 * whose place in the list is its number.
 */
static const struct ibu_bond_option_row {
	const char *name;
	const char *words;
	u32 max;
	u16 min;
	u8 modes; /* bit enum ibu_bond_mode: the modes that have the option */
	u8 option;
} bond_options[] = {
	{ "mode", "balance-rr active-backup balance-xor broadcast 802.3ad balance-tlb balance-alb",
	  6, 0, IBU_ALL, IBU_BOND_MODE },
	{ "miimon", "off", IBU_INT_MAX_MS, 0, IBU_ALL, IBU_BOND_MIIMON },
	{ "updelay", "off", IBU_INT_MAX_MS, 0, IBU_ALL, IBU_BOND_UPDELAY },
	{ "downdelay", "off", IBU_INT_MAX_MS, 0, IBU_ALL, IBU_BOND_DOWNDELAY },
	{ "peer_notif_delay", "off", IBU_INT_MAX_MS, 0, IBU_ALL, IBU_BOND_PEER_NOTIF_DELAY },
	{ "use_carrier", "off on", 1, 0, IBU_ALL, IBU_BOND_USE_CARRIER },
	{ "arp_interval", "off", IBU_INT_MAX_MS, 0, IBU_WITH_ARP, IBU_BOND_ARP_INTERVAL },
	{ "arp_validate", "none active backup all filter filter_active filter_backup", 6, 0,
	  IBU_WITH_ARP, IBU_BOND_ARP_VALIDATE },
	{ "arp_all_targets", "any all", 1, 0, IBU_ALL, IBU_BOND_ARP_ALL_TARGETS },
	{ "arp_missed_max", "", 255, 1, IBU_WITH_ARP, IBU_BOND_ARP_MISSED_MAX },
	{ "primary_reselect", "always better failure", 2, 0, IBU_ALL, IBU_BOND_PRIMARY_RESELECT },
	{ "fail_over_mac", "none active follow", 2, 0, IBU_ALL, IBU_BOND_FAIL_OVER_MAC },
	{ "xmit_hash_policy", "layer2 layer3+4 layer2+3 encap2+3 encap3+4 vlan+srcmac", 5, 0,
	  IBU_ALL, IBU_BOND_XMIT_HASH_POLICY },
	{ "resend_igmp", "off", 255, 0, IBU_ALL, IBU_BOND_RESEND_IGMP },
	{ "num_grat_arp", "off", 255, 0, IBU_ALL, IBU_BOND_NUM_PEER_NOTIF },
	{ "num_unsol_na", "off", 255, 0, IBU_ALL, IBU_BOND_NUM_PEER_NOTIF },
	{ "all_slaves_active", "off on", 1, 0, IBU_ALL, IBU_BOND_ALL_SLAVES_ACTIVE },
	{ "min_links", "off", IBU_INT_MAX_MS, 0, IBU_ALL, IBU_BOND_MIN_LINKS },
	{ "lp_interval", "", IBU_INT_MAX_MS, 1, IBU_ALL, IBU_BOND_LP_INTERVAL },
	{ "packets_per_slave", "", 65535, 0, IBU_ONLY(IBU_BOND_BALANCE_RR),
	  IBU_BOND_PACKETS_PER_SLAVE },
	{ "lacp_rate", "slow fast", 1, 0, IBU_ONLY(IBU_BOND_8023AD), IBU_BOND_LACP_RATE },
	{ "lacp_active", "off on", 1, 0, IBU_ONLY(IBU_BOND_8023AD), IBU_BOND_LACP_ACTIVE },
	{ "ad_select", "stable bandwidth count", 2, 0, IBU_ALL, IBU_BOND_AD_SELECT },
	{ "ad_actor_sys_prio", "", 65535, 1, IBU_ONLY(IBU_BOND_8023AD),
	  IBU_BOND_AD_ACTOR_SYS_PRIO },
	{ "ad_user_port_key", "", 1023, 0, IBU_ONLY(IBU_BOND_8023AD), IBU_BOND_AD_USER_PORT_KEY },
	{ "tlb_dynamic_lb", "off on", 1, 0, IBU_WITH_TLB, IBU_BOND_TLB_DYNAMIC_LB },
};

struct ibu_bond_reader {
	struct ibu_bond *bond;
	struct ibu_bonds_seen *seen;
	struct ibu_text value; /* of the whole parameter */
	ibu_bond_complain complain;
	void *data;
};

static void ibu_bond_report(const struct ibu_bond_reader *r, const struct ibu_text *part,
			    const char *reason)
{
	if (r->complain)
		r->complain(r->data, part, reason);
}

/* Returns the text of the @n-th word of @words, with its length; NULL: there are fewer. */
static const char *ibu_bond_word(const char *words, u32 n, size_t *len)
{
	for (; *words; words += *len + (words[*len] == ' ')) {
		for (*len = 0; words[*len] && words[*len] != ' '; ++*len)
			;
		if (!n--)
			return words;
	}
	return NULL;
}

const char *ibu_bond_mode_name(const struct ibu_bond *bond, size_t *len)
{
	return ibu_bond_word(bond_options[0].words, bond->values[IBU_BOND_MODE], len);
}

static int ibu_bond_read_value(const struct ibu_bond_option_row *o, const struct ibu_text *t,
			       u32 *value)
{
	const char *word;
	size_t len;
	u32 n;

	if (!ibu_number(t, o->max, value))
		return *value < o->min ? -EINVAL : 0;
	for (n = 0; (word = ibu_bond_word(o->words, n, &len)); n++) {
		if (len == t->len && !memcmp(word, t->s, len)) {
			*value = n;
			return 0;
		}
	}
	return -EINVAL;
}

/* Reads a list of IPv4 addresses with ';' between them. */
static int ibu_bond_read_arp_targets(struct ibu_bond *bond, struct ibu_text list)
{
	struct ibu_text one;

	bond->nr_arp_targets = 0;
	while (list.s) {
		struct ibu_addr *a = &bond->arp_targets[bond->nr_arp_targets];

		one = ibu_cut(&list, ';');
		if (bond->nr_arp_targets == IBU_MAX_ARP_TARGETS || ibu_address(one, a) ||
		    !ibu_addr_is_v4(a) || ibu_addr_is_null(a)) {
			bond->nr_arp_targets = 0;
			return -EINVAL;
		}
		bond->nr_arp_targets++;
	}
	return 0;
}

static bool ibu_bond_is_member(const struct ibu_bond *bond, const struct ibu_text *name)
{
	u32 i;

	for (i = 0; i < bond->nr_members; i++)
		if (ibu_text_eq(&bond->members[i], name))
			return true;
	return false;
}

/* Returns false if the bond cannot be created: in another mode it could lose packets. */
static bool ibu_bond_read_option(const struct ibu_bond_reader *r, struct ibu_text text)
{
	struct ibu_text value = text, name = ibu_cut(&value, '=');
	struct ibu_bond *bond = r->bond;
	u32 i, number;

	if (ibu_is(&name, "primary")) {
		if (ibu_bond_is_member(bond, &value))
			bond->primary = value;
		else
			ibu_bond_report(r, &text, "primary= is no member of the bond; ignored");
		return true;
	}
	if (ibu_is(&name, "arp_ip_target") && value.s) {
		if (ibu_bond_read_arp_targets(bond, value))
			ibu_bond_report(r, &text,
					"must be IPv4 addresses with ';' between; ignored");
		return true;
	}
	for (i = 0; i < ARRAY_SIZE(bond_options); i++)
		if (ibu_is(&name, bond_options[i].name))
			break;
	if (i == ARRAY_SIZE(bond_options)) {
		ibu_bond_report(r, &text, "unknown bond option; ignored");
		return true;
	}
	if (ibu_bond_read_value(&bond_options[i], &value, &number)) {
		ibu_bond_report(r, &text,
				i ? "invalid value of the bond option; ignored" :
				    "unknown mode; the bond is ignored");
		return i;
	}
	bond->set |= BIT_ULL(bond_options[i].option);
	bond->values[bond_options[i].option] = number;
	return true;
}

static void ibu_bond_drop(const struct ibu_bond_reader *r, const struct ibu_text *options,
			  u32 option, const char *reason)
{
	if (!(r->bond->set & BIT_ULL(option)))
		return;
	r->bond->set &= ~BIT_ULL(option);
	r->bond->values[option] = 0;
	ibu_bond_report(r, options, reason);
}

/* Drops what the mode does not have: the kernel would refuse to create the bond. */
static void ibu_bond_drop_by_mode(const struct ibu_bond_reader *r, const struct ibu_text *options)
{
	static const char reason[] = "the mode of the bond has no such option; ignored";
	struct ibu_bond *bond = r->bond;
	const u32 mode = IBU_ONLY(bond->values[IBU_BOND_MODE]);
	u32 i;

	for (i = 0; i < ARRAY_SIZE(bond_options); i++)
		if (!(bond_options[i].modes & mode))
			ibu_bond_drop(r, options, bond_options[i].option, reason);
	if (bond->primary.len && !(IBU_WITH_PRIMARY & mode)) {
		ibu_bond_report(r, &bond->primary, reason);
		bond->primary.len = 0;
	}
}

/* The kernel accepts only one of the two ways to monitor the links, and delays only with miimon. */
static void ibu_bond_settle_monitoring(const struct ibu_bond_reader *r,
				       const struct ibu_text *options)
{
	static const char by_miimon[] = "needs miimon, which is off; ignored";
	static const char by_arp[] = "excluded by miimon; ignored";
	struct ibu_bond *bond = r->bond;

	if (bond->values[IBU_BOND_MIIMON])
		ibu_bond_drop(r, options, IBU_BOND_ARP_INTERVAL, by_arp);
	if (!(bond->set & BIT_ULL(IBU_BOND_MIIMON)) && !bond->values[IBU_BOND_ARP_INTERVAL]) {
		bond->set |= BIT_ULL(IBU_BOND_MIIMON);
		bond->values[IBU_BOND_MIIMON] = IBU_DEFAULT_MIIMON;
	}
	if (bond->values[IBU_BOND_MIIMON]) {
		ibu_bond_drop(r, options, IBU_BOND_ARP_VALIDATE, by_arp);
		return;
	}
	ibu_bond_drop(r, options, IBU_BOND_UPDELAY, by_miimon);
	ibu_bond_drop(r, options, IBU_BOND_DOWNDELAY, by_miimon);
	ibu_bond_drop(r, options, IBU_BOND_PEER_NOTIF_DELAY, by_miimon);
}

/* Returns false if the bond cannot be created. */
static bool ibu_bond_read_options(const struct ibu_bond_reader *r, struct ibu_text options)
{
	const struct ibu_text whole = options;
	struct ibu_text one;

	while (options.s) {
		one = ibu_cut(&options, ',');
		if (one.len && !ibu_bond_read_option(r, one))
			return false;
	}
	r->bond->set |= BIT_ULL(IBU_BOND_MODE);
	ibu_bond_drop_by_mode(r, &whole);
	ibu_bond_settle_monitoring(r, &whole);
	return true;
}

/* True if an earlier bond= has @name, as its name or as a member. */
static bool ibu_bond_was_seen(const struct ibu_bonds_seen *seen, const struct ibu_text *name)
{
	struct ibu_text rest, one;
	u32 i;

	for (i = 0; i < seen->nr; i++) {
		rest = seen->values[i];
		one = ibu_cut(&rest, ':');
		if (ibu_text_eq(&one, name))
			return true;
		if (!rest.s)
			rest = (struct ibu_text){ IBU_DEFAULT_MEMBERS,
						  sizeof(IBU_DEFAULT_MEMBERS) - 1 };
		while (rest.s) {
			one = ibu_cut(&rest, ',');
			if (ibu_text_eq(&one, name))
				return true;
		}
	}
	return false;
}

static const char *ibu_bond_member_fault(const struct ibu_bond_reader *r,
					 const struct ibu_text *member)
{
	u8 mac[6];

	if (!ibu_valid_ifname(member) && ibu_mac_parse(member->s, member->len, mac))
		return "a member is neither a device name nor a MAC address (xx-xx-...); ignored";
	if (ibu_text_eq(member, &r->bond->name))
		return "the bond cannot be its own member; ignored";
	if (ibu_bond_is_member(r->bond, member))
		return "names a member twice";
	if (ibu_bond_was_seen(r->seen, member))
		return "the device is a member of an earlier bond; ignored";
	if (r->bond->nr_members == IBU_MAX_MEMBERS)
		return "more than 16 members; ignored";
	return NULL;
}

static void ibu_bond_read_members(const struct ibu_bond_reader *r, struct ibu_text members)
{
	const bool given = members.s;
	struct ibu_text one;
	const char *fault;

	if (!given)
		members = (struct ibu_text){ IBU_DEFAULT_MEMBERS, sizeof(IBU_DEFAULT_MEMBERS) - 1 };
	while (members.s) {
		one = ibu_cut(&members, ',');
		fault = one.len ? ibu_bond_member_fault(r, &one) : NULL;
		if (fault)
			ibu_bond_report(r, given ? &one : &r->value, fault);
		else if (one.len)
			r->bond->members[r->bond->nr_members++] = one;
	}
}

/* Returns why the whole parameter is ignored, before its members are read; NULL: it is not. */
static const char *ibu_bond_fault(const struct ibu_bond_reader *r, const struct ibu_text *members)
{
	if (r->seen->nr == IBU_MAX_BONDS || ++r->seen->words > IBU_MAX_WORDS)
		return "too many bonds, ignored; 8 are possible";
	if (!ibu_valid_ifname(&r->bond->name))
		return "not a network device name";
	if (ibu_bond_was_seen(r->seen, &r->bond->name))
		return "the bond was named before; ignored";
	return members->len > IBU_MAX_MEMBERS_LEN ? "more than 16 members; ignored" : NULL;
}

int ibu_bond_parse(struct ibu_text value, struct ibu_bonds_seen *seen, struct ibu_bond *bond,
		   ibu_bond_complain complain, void *data)
{
	const struct ibu_bond_reader r = { bond, seen, value, complain, data };
	struct ibu_text rest = value, members, options;
	const char *fault;

	memset(bond, 0, sizeof(*bond));
	bond->name = ibu_cut(&rest, ':');
	if (!bond->name.len && !rest.s)
		bond->name = (struct ibu_text){ "bond0", 5 };
	members = ibu_cut(&rest, ':');
	options = ibu_cut(&rest, ':');
	fault = ibu_bond_fault(&r, &members);
	if (!fault) {
		ibu_bond_read_members(&r, members);
		fault = bond->nr_members ? NULL : "the bond has no members; ignored";
	}
	if (fault) {
		ibu_bond_report(&r, &value, fault);
		return -EINVAL;
	}
	if (!ibu_bond_read_options(&r, options))
		return -EINVAL;
	if (rest.len && (ibu_number(&rest, 65535, &bond->mtu) || bond->mtu < 68)) {
		bond->mtu = 0;
		ibu_bond_report(&r, &rest, "not an MTU from 68 to 65535; ignored");
	}
	seen->values[seen->nr] = value;
	if (options.s)
		seen->values[seen->nr].len = (u32)(options.s - value.s) - 1;
	seen->nr++;
	return 0;
}
