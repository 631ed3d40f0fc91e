/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads dracut's bond=NAME[:MEMBERS[:OPTIONS[:MTU]]] (dracut.cmdline(7)). The module only checks
 * it; the agent creates the bond.
 */
#ifndef IBU_BOND_H
#define IBU_BOND_H

#include "text.h"

/* The most bonds of one command line, members of one bond, and ARP targets: more are reported. */
#define IBU_MAX_BONDS 8
#define IBU_MAX_MEMBERS 16
#define IBU_MAX_ARP_TARGETS 16 /* BOND_MAX_ARP_TARGETS of the kernel */

/* Options with a number; names and values are those of drivers/net/bonding/bond_options.c. */
enum ibu_bond_option {
	IBU_BOND_MODE,
	IBU_BOND_MIIMON, /* ms */
	IBU_BOND_UPDELAY, /* ms */
	IBU_BOND_DOWNDELAY, /* ms */
	IBU_BOND_PEER_NOTIF_DELAY, /* ms */
	IBU_BOND_USE_CARRIER,
	IBU_BOND_ARP_INTERVAL, /* ms */
	IBU_BOND_ARP_VALIDATE,
	IBU_BOND_ARP_ALL_TARGETS,
	IBU_BOND_ARP_MISSED_MAX,
	IBU_BOND_PRIMARY_RESELECT,
	IBU_BOND_FAIL_OVER_MAC,
	IBU_BOND_XMIT_HASH_POLICY,
	IBU_BOND_RESEND_IGMP,
	IBU_BOND_NUM_PEER_NOTIF,
	IBU_BOND_ALL_SLAVES_ACTIVE,
	IBU_BOND_MIN_LINKS,
	IBU_BOND_LP_INTERVAL, /* s */
	IBU_BOND_PACKETS_PER_SLAVE,
	IBU_BOND_LACP_RATE,
	IBU_BOND_LACP_ACTIVE,
	IBU_BOND_AD_SELECT,
	IBU_BOND_AD_ACTOR_SYS_PRIO,
	IBU_BOND_AD_USER_PORT_KEY,
	IBU_BOND_TLB_DYNAMIC_LB,
	IBU_NR_BOND_OPTIONS
};

enum ibu_bond_mode {
	IBU_BOND_BALANCE_RR,
	IBU_BOND_ACTIVE_BACKUP,
	IBU_BOND_BALANCE_XOR,
	IBU_BOND_BROADCAST,
	IBU_BOND_8023AD,
	IBU_BOND_BALANCE_TLB,
	IBU_BOND_BALANCE_ALB,
};

/* A bond; the texts point into the parameter, or to constants. */
struct ibu_bond {
	struct ibu_text name;
	struct ibu_text primary; /* one of @members; empty: none */
	u64 set; /* bits of enum ibu_bond_option: given; mode, miimon: or default */
	u32 nr_members;
	u32 nr_arp_targets;
	u32 mtu; /* 0: not given */
	struct ibu_text members[IBU_MAX_MEMBERS]; /* names of devices, or MAC addresses */
	u32 values[IBU_NR_BOND_OPTIONS];
	struct ibu_addr arp_targets[IBU_MAX_ARP_TARGETS]; /* IPv4 */
};

/* The bonds read before, to find members and names that come twice; zeroed at first. */
struct ibu_bonds_seen {
	struct ibu_text values[IBU_MAX_BONDS]; /* NAME[:MEMBERS] of each, of bounded length */
	u32 nr;
	u32 words; /* all bond= so far, also those that were ignored */
};

/* Gets @part of the parameter and what is wrong with it. */
typedef void (*ibu_bond_complain)(void *data, const struct ibu_text *part, const char *reason);

/*
 * Reads the value of one bond=, and adds it to @seen if it is used. @complain (NULL: nothing is
 * reported) gets @data for each part that is ignored. Without a mode it is balance-rr; without
 * miimon and arp_interval, miimon is 100. Returns 0, or -EINVAL if the whole parameter is ignored,
 * also for an unknown mode.
 */
int ibu_bond_parse(struct ibu_text value, struct ibu_bonds_seen *seen, struct ibu_bond *bond,
		   ibu_bond_complain complain, void *data);
/* Returns the kernel's name of the mode, such as "802.3ad". */
const char *ibu_bond_mode_name(const struct ibu_bond *bond, size_t *len);

#endif
