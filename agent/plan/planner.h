/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The passes of plan_make(), in the order in which it calls them. Each works on struct planner and
 * returns STATUS_OK, or a status that ends the planning and was logged.
 */
#ifndef AGENT_PLAN_PLANNER_H
#define AGENT_PLAN_PLANNER_H

#include "plan/note.h"
#include "plan/plan.h"

/* Does the root path of a DHCP lease (RFC 4173) name a target? */
enum root_path {
	ROOT_PATH_NO,
	ROOT_PATH_MAYBE, /* maybe: no target is configured, and the lease may name one */
	ROOT_PATH_V4, /* root=dhcp or netroot=dhcp */
	ROOT_PATH_V6, /* root=dhcp6 or netroot=dhcp6 */
};

/* The parameters that the planner reads itself, beside the policy's. */
enum planner_word {
	WORD_BOND,
	WORD_BRIDGE,
	WORD_BYPASS,
	WORD_GK_IFACE,
	WORD_GK_ROUTES,
	WORD_IFNAME,
	WORD_IP,
	WORD_ISCSIROOT,
	WORD_NETROOT,
	WORD_NOIBFT,
	WORD_ROOT,
	WORD_ROUTE,
	WORD_TEAM,
	WORD_VLAN,
	NR_PLANNER_WORDS,
};

struct planner {
	const char *root; /* directory of the file system: "" except in tests */
	const struct view *view;
	struct plan *plan;
	struct ibu_diag diag; /* becomes the plan's notes */
	enum root_path root_path;
	/*
	 * The view's NICs as the plan uses them. Entries for one device are joined in the entry
	 * with the lowest number: same_as[n] is that number, or n if nic@n is not joined.
	 */
	struct ibu_nic *nics;
	unsigned int *same_as;
	unsigned int nr_nics; /* the view's, and one that was added for DHCP */
	unsigned int default_nic; /* entry for targets that no other NIC reaches */
	const char *default_reason; /* why it is used, for people; NULL: no such entry */
	/* the view's, with secrets from files; the paths point to them */
	struct ibu_target *targets;
	/* The values of each parameter in their order: the command line may have 1 MB. */
	struct ibu_text *values[NR_PLANNER_WORDS];
	unsigned int nr_values[NR_PLANNER_WORDS];
};

/* planner_words.c: collects the values of the parameters in enum planner_word. */
enum status planner_collect_words(struct planner *p);
/* policy.c: reads the policy from the command line and the configuration file. */
enum status planner_read_policy(struct planner *p);
/* sources.c: ends the planning if there is nothing to boot from. */
enum status planner_check_sources(struct planner *p);
/* cmdline_net.c: reads ifname= and rd.route=. */
enum status planner_read_cmdline_net(struct planner *p);
/* bonds.c: reads bond=. */
enum status planner_read_bonds(struct planner *p);
/* join_nics.c: joins the NIC entries of the view that are one device. */
enum status planner_join_nics(struct planner *p);
/* targets.c: makes paths for selected targets, and for further ones of the firmware. */
enum status planner_add_targets(struct planner *p);
/* root_disk.c: reads root=: a by-path name makes its path the first; else boot awaits all disks. */
enum status planner_find_root_disk(struct planner *p);
/* default_nic.c: adds DHCP where no configured NIC could reach a target. */
enum status planner_default_nic(struct planner *p);
/* choose_nic.c: chooses the NIC of each path. */
enum status planner_choose_nics(struct planner *p);
/* twins.c: drops repeated paths; gives paths of one session the same credentials and timers. */
enum status planner_settle_twins(struct planner *p);
/* root_path.c: adds paths whose target a DHCP lease will name. */
enum status planner_add_root_paths(struct planner *p);
/* cmdline_net.c: sets the names that vlan= gives to the VLANs of the plan's NICs. */
enum status planner_name_vlans(struct planner *p);
/*
 * refused_devices.c: leaves out paths by a device whose team=, bridge=, vlan=, bond= or ifname= is
 * refused. Ends the planning if no path to the root disk is left.
 */
enum status planner_check_devices(struct planner *p);
/* several_nics.c: marks plans with several NICs, and paths that share a portal. */
enum status planner_mark_several_nics(struct planner *p);
/* engine.c: chooses the login engine. */
enum status planner_choose_engine(struct planner *p);
/* policy_cmdline.c: notes policy keys for targets that do not exist. */
enum status planner_check_policy_targets(struct planner *p);
/* initiator.c: finds the initiator name. */
enum status planner_find_initiator(struct planner *p);
/* notes.c: passes the notes to the plan. */
enum status planner_keep_notes(struct planner *p);

/* Helpers of the passes */

/*
 * initiator_rule.c: replaces ${mac}, ${serial}, ${uuid} and ${hostname} in @rule by properties of
 * the machine, made legal in an iSCSI name. Returns 0; -ENODEV: no NIC exists yet; -ENOENT: a part
 * is missing, which was noted; -EACCES: only root can read one; or -ENOMEM. @name is in the arena.
 */
int planner_expand_initiator(struct planner *p, const struct ibu_text *rule, const char **name);
/*
 * initiator_rule.c: makes a name that stays the same over boots, from the machine's UUID (SMBIOS
 * 7.2.1) or else a MAC. Sets initiator_from. Returns as planner_expand_initiator() does.
 */
int planner_make_initiator(struct planner *p, const char **name);

/* notes.c: logs the notes, which tell why, and then the failure as log_failure() does. */
enum status planner_fail(struct planner *p, enum status result, const char *failed,
			 const char *reason, const char *advice);
/* notes.c: logs that there is no memory; returns STATUS_ERROR. */
enum status planner_no_memory(struct planner *p);
/* notes.c: logs the notes, because one may report a misspelled key; returns STATUS_NOTHING. */
enum status planner_nothing(struct planner *p);
/* use_nic.c: returns the plan's entry for nic@n, which is added if no path needed it before. */
struct plan_nic *planner_use_nic(struct planner *p, unsigned int n);
/* planner_words.c: returns the last value of the parameter; without one its pointer is NULL. */
struct ibu_text planner_last_value(const struct planner *p, enum planner_word word);
/* policy.c: returns true if the file @path exists below @root. */
bool planner_has_file(const char *root, const char *path);
/*
 * root_disk.c: if root= is a by-path name, makes the path to its disk the first. Returns false
 * without such a path.
 */
bool planner_put_root_first(const struct planner *p);
/*
 * bonds.c: if the device of nic@n is a member of a bond, or nic@n names no device and there is only
 * one bond, makes it an entry of the bond. A note says so.
 */
void planner_move_to_bond(struct planner *p, unsigned int n);
/* Reads the MAC that the bond has or will have. Returns 0, or -ENOENT if no member is there yet. */
int planner_bond_mac(struct planner *p, const struct plan_bond *bond, u8 mac[6]);
/* cmdline_net.c: sets the name that ifname= gives to the device of @nic. */
void planner_name_nic(struct planner *p, struct plan_nic *nic);
/* default_nic.c: returns true if no NIC but the default one could reach the target. */
bool planner_needs_default(const struct planner *p, const struct ibu_target *t);
/*
 * secret_file.c: reads the secrets of target@number from a file of the image into @target. Returns
 * 0, -ENOMEM, or another -errno if the target cannot be used; a note has the reason.
 */
int planner_read_secret(struct planner *p, unsigned int number, struct ibu_target *target);

#endif
