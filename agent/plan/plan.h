/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The plan: what boot does on this machine and why. It has the policy, the NICs, and one path for
 * each login; making it changes nothing on the machine.
 */
#ifndef AGENT_PLAN_PLAN_H
#define AGENT_PLAN_PLAN_H

#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/exit_status.h"
#include "plan/endpoint.h"
#include "plan/nic_entry.h"
#include "plan/policy.h"
#include "session/scsi_disk.h"
#include "session/timers.h"
#include "view/view.h"
#include "kmod/core/bond.h"

/* A member of a bond: the device with @mac, or else with @name. */
struct plan_member {
	const char *name; /* of the device, also by ifname=; else the MAC as written, for people */
	bool has_mac;
	u8 mac[6];
};

/* Parameter bond=. */
struct plan_bond {
	const char *name; /* valid for a device */
	struct plan_member *members; /* config.nr_members */
	const struct plan_member *primary; /* NULL: none */
	bool has_mac; /* @mac is that of the member in the firmware's table; else the first one's */
	u8 mac[6];
	struct ibu_bond config;
};

/* A NIC that some path needs. */
struct plan_nic {
	const struct ibu_nic *nic; /* as configured; entries for the same device are joined in it */
	unsigned int number; /* N of nicN; above the view's numbers: added for DHCP */
	bool has_firmware_lease; /* the lease in the firmware's table is used unchanged */
	const struct plan_bond *bond; /* the NIC is this bond, or a VLAN on it; NULL: it is not */
	const char *rename; /* the device's name by ifname=; NULL: unchanged */
	const char *vlan_name; /* the VLAN's name by vlan=; NULL: the default name */
};

/* Parameter ifname=: the name of the device with that MAC. */
struct plan_ifname {
	u8 mac[6];
	const char *name; /* valid for a device */
};

/* Parameter rd.route=: the gateway to a net. */
struct plan_route {
	struct ibu_addr dst;
	unsigned int len; /* bits of @dst */
	struct ibu_addr gateway; /* zero: the net is on the link */
	const char *ifname; /* the device; NULL: the device that has the gateway in its subnet */
};

/* One login and the disk that it attaches. */
struct plan_path {
	struct endpoint to;
	unsigned int number; /* N of targetN; above the view's numbers: @by_root_path */
	/*
	 * The root path of @nic's DHCP lease will name the target; until then the target of @to is
	 * empty.
	 */
	bool by_root_path;
	/* Why the firmware's target is used although it is not selected; NULL: it is selected. */
	const char *use;
	bool standby; /* tried only if no other path to a root disk comes up */
	const struct plan_nic *nic; /* NULL: the kernel's routing table decides */
	const char *nic_reason; /* why this NIC, for people */
	/*
	 * The portal is on @nic's link, whatever its subnet: the firmware reached it from a
	 * link-local address, from which no router forwards (RFC 4291 2.5.6).
	 */
	bool on_link;
	/*
	 * Another path leads to the same portal by another NIC, so each path has a separate
	 * session.
	 */
	bool shares_portal;
	struct timers timers;
};

/* Constant after plan_make(); loop/path.h and loop/nic.h keep the progress. */
struct plan {
	const struct view *view;
	void *arena; /* private */
	struct plan_nic *nics;
	unsigned int nr_nics;
	/* more than one device: packets leave by the NIC that has their source address */
	bool several_nics;
	/*
	 * The command line or the initiator name needs a device that does not exist yet: plan again
	 * after loading the drivers.
	 */
	bool unsettled;
	/*
	 * root= is found by a UUID, a label or a device name: the root may be on any disk of the
	 * command line, or on several (RAID, LVM). Boot waits for all of them.
	 */
	bool awaits_all;
	/*
	 * No target is configured, but a DHCP lease may name one. If it does not, there is nothing
	 * to boot from.
	 */
	bool only_maybe;
	bool bypass; /* rd.iscsi.bypass: no iSCSI if @root_dev exists on another disk */
	struct plan_path *paths; /* the first is the root disk's */
	unsigned int nr_paths;
	struct plan_bond *bonds; /* all of the command line, also those that no path needs */
	unsigned int nr_bonds;
	/*
	 * Checked: a-z 0-9 . - : and, with a note, A-Z _. Empty if it is made from a MAC and no NIC
	 * exists yet; the plan is then unsettled.
	 */
	const char *initiator_name;
	const char *initiator_from; /* for people */
	struct plan_ifname *ifnames;
	unsigned int nr_ifnames;
	struct plan_route *routes;
	unsigned int nr_routes;
	const char *root_dev; /* root= if it names a block device, "UUID=..."; NULL: none */
	/* Linux LUN of the first path's disk if a by-path name in root= has it; -1: not known */
	long root_lun;
	const char **unused; /* why target N of the view has no path; NULL: it has one */
	const char *by_transport; /* transport that requires open-iscsi; NULL: none */
	const char *notes; /* the planner's notes (plan/note.h), one per line, for people */
	struct policy_targets policy_targets; /* private */
	const char *root_dir; /* as given to plan_make() */
	struct policy policy;
};

/*
 * Makes the plan. @root: "" except in tests. @view must live as long as @plan. Returns STATUS_OK,
 * STATUS_NOTHING, or STATUS_CONFIG or STATUS_ERROR, which were logged by log_failure(). Unless
 * STATUS_OK, @plan has only the policy and need not be freed.
 */
enum status plan_make(const char *root, const struct view *view, struct plan *plan);
/*
 * Reads @text, the root path (RFC 4173) of the lease that the NIC of @path got. Allocates the
 * target in @arena; its texts point into @text. Returns NULL, or the reason why the target cannot
 * be used; adds the details to @diag.
 */
const char *plan_root_path(const struct plan *plan, const struct plan_path *path, char *text,
			   void **arena, struct endpoint *to, struct timers *timers,
			   struct ibu_diag *diag);
/* Returns the device name that ifname= gives to that MAC; NULL: none. */
const char *plan_ifname(const struct plan *plan, const u8 mac[6]);
/* Returns the bond with that name; NULL: bond= names no such device. */
const struct plan_bond *plan_bond_named(const struct plan *plan, const struct ibu_text *name);
/* Returns true if @to leads to the first path's target, and attaches its LUN. */
bool plan_path_is_roots(const struct plan *plan, const struct endpoint *to);

/* Wipes and frees all but the policy, which the actions after a failure need. */
void plan_free(struct plan *plan);
/* Prints for people a line for each step of the boot, with the reason. Prints no secrets. */
void plan_print(const struct view *view, const struct plan *plan, FILE *out);

#endif
