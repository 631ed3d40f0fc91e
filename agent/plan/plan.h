/* SPDX-License-Identifier: GPL-2.0-only */
/* What boot would do here and why, without doing it: policy, NICs, one path for each login. */
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

/* A NIC that some path needs. */
struct plan_nic {
	const struct ibu_nic *nic; /* as configured; entries for the same device are joined in it */
	unsigned int number; /* N of nicN; behind those of the view: made up for DHCP */
	bool has_firmware_lease; /* the lease in the firmware's table is used as it stands */
	const char *rename; /* the device's name by ifname=; NULL: unchanged */
	const char *vlan_name; /* the VLAN's name by vlan=; NULL: the usual one */
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
	struct ibu_addr gateway; /* zero: it is on the link */
	const char *ifname; /* of the device; NULL: the one in whose subnet the gateway is */
};

/* One login and the disk it brings. */
struct plan_path {
	struct endpoint to;
	unsigned int number; /* N of targetN; behind those of the view: @by_root_path */
	/* The root path of @nic's DHCP lease will name the target; @to has an empty one. */
	bool by_root_path;
	const struct plan_nic *nic; /* NULL: the kernel's routing table decides */
	const char *nic_reason; /* why this NIC, for people */
	/* Another path goes to the same portal by another NIC: each has its session. */
	bool shares_portal;
	struct timers timers;
};

/* Nothing in it changes after plan_make(); what becomes of it is in loop/path.h and loop/nic.h. */
struct plan {
	struct policy policy;
	const char *initiator_name; /* checked: a-z 0-9 . - : and, with a note, A-Z _ */
	const char *initiator_from; /* for people */
	struct plan_nic *nics;
	unsigned int nr_nics;
	bool several_nics; /* more than one device: each sends its own traffic */
	struct plan_ifname *ifnames;
	unsigned int nr_ifnames;
	struct plan_route *routes;
	unsigned int nr_routes;
	struct plan_path *paths; /* the first is the root disk's */
	unsigned int nr_paths;
	/* The command line names a device that isn't there yet: plan again once the drivers are. */
	bool unsettled;
	/*
	 * No target is configured, and DHCP is asked for one. If it names none, there is nothing to
	 * boot from.
	 */
	bool only_maybe;
	const char *by_transport; /* why the engine is open-iscsi; NULL */
	const char *notes; /* what was decided against or made up, a line each, for people */
	void *arena; /* private */
	const char *root_dir; /* as given to plan_make() */
	const struct view *view;
};

/*
 * Decides. @root: "" but in tests. @view must live as long as @plan. Returns STATUS_OK,
 * STATUS_NOTHING, or STATUS_CONFIG or STATUS_ERROR, which were logged by log_failure(). Unless
 * STATUS_OK, @plan holds nothing but the policy and need not be freed.
 */
enum status plan_make(const char *root, const struct view *view, struct plan *plan);
/*
 * Reads @text, the root path of a lease (RFC 4173), for @path, whose NIC got it. The target is
 * allocated in @arena, and its texts point into @text. Returns NULL, or the reason why the target
 * cannot be used; the details are added to @diag.
 */
const char *plan_root_path(const struct plan *plan, const struct plan_path *path, char *text,
			   void **arena, struct endpoint *to, struct timers *timers,
			   struct ibu_diag *diag);
/* The device name that ifname= gives to that MAC; NULL: none. */
const char *plan_ifname(const struct plan *plan, const u8 mac[6]);
/* Whether @to is the same LUN of the same target as the first path. */
bool plan_path_is_roots(const struct plan *plan, const struct endpoint *to);

/* Frees and wipes all but the policy, which the actions after a failure need. */
void plan_free(struct plan *plan);
/* For people: a line for each step that boot would do, with the reason. No secret. */
void plan_print(const struct view *view, const struct plan *plan, FILE *out);

#endif
