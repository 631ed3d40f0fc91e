/* SPDX-License-Identifier: GPL-2.0-only */
/* The progress of boot: the state of each path and of each NIC of the plan. */
#ifndef AGENT_LOOP_PATH_H
#define AGENT_LOOP_PATH_H

#include "loop/nic.h"

/* States of a path, in the order of the boot, see loop.h. */
enum path_state {
	PATH_NET,
	PATH_NAME, /* its portal's name is resolved; then back to PATH_NET, which adds the route */
	PATH_REACH, /* waits until the next hop to its portal answers */
	PATH_MODULES, /* waits until the modules are loaded that logins and disks need */
	PATH_LOGIN,
	PATH_DISK,
	PATH_TIMERS,
	PATH_IN, /* its disk is there, its timers are set or reported */
	PATH_FAILED, /* @result and @why are the reason */
	PATH_STANDBY, /* not started: only for the case that no root disk comes up */
	NR_PATH_STATES,
};

/* A further disk of a target without a LUN. */
struct path_disk {
	char name[DISK_NAME_SIZE]; /* "sda" */
	long linux_lun; /* as the kernel numbers it */
};

struct path {
	const struct plan_path *plan;
	struct nic *nic; /* NULL: the kernel's routing table decides */
	/* As planned, and then completed by DNS, by the root path of a lease, or by discovery. */
	struct endpoint to;
	enum path_state state;
	enum status result; /* of a path in PATH_IN or PATH_FAILED */
	bool moved; /* since /run/iscsi-boot/paths was written */
	bool choose; /* it came to PATH_NET again: net chooses its NIC, if it may go by several */
	bool comes_back; /* failed, but will be retried: on-failure=retry */
	bool reroute; /* in PATH_LOGIN: set by net, because a better NIC is there now */
	const char *why; /* the last problem; NULL: none */
	int sid; /* /sys/class/iscsi_session/session<sid>; -1 before login */
	int host; /* SCSI host number; -1 before login */
	char disk[DISK_NAME_SIZE]; /* "sda"; empty until its disk is found */
	const struct ibu_addr *addrs; /* of the portal's host name; the portal is addrs[addr] */
	unsigned int nr_addrs;
	unsigned int addr;
	int64_t since_ns; /* when it entered its state, CLOCK_MONOTONIC */
	unsigned int chap_algorithm; /* that the target chose, number as in CHAP_A; 0: unknown */
	/* A host name that the target redirected to, and its address; NULL: none. */
	const char *redirect_name, *redirect_addr;
	long linux_lun; /* of that disk, as the kernel numbers it */
	/* Without a LUN: @disk is the root disk if @root_known, else that with the lowest LUN. */
	struct path_disk *more; /* the target's other disks; their order has no meaning */
	unsigned int nr_more;
	bool root_known;
	struct timers timers;
	int64_t spent_ns[NR_PATH_STATES]; /* time in each earlier state, over all visits */
};

/* The most devices that all pools together try. */
#define NR_POOL_NICS 32

/* The progress of a plan. */
struct progress {
	const struct plan *plan;
	struct path *paths; /* one for each path of the plan, in its order */
	unsigned int nr_paths;
	struct nic *nics; /* one for each NIC of the plan, in its order; then those of pools */
	unsigned int nr_nics, room_nics;
	bool several_nics; /* as in the plan, or paths go by several NICs of a pool */
	unsigned int first; /* index of a path to the root disk: 0, unless that failed */
	const struct path *root; /* the path whose disk is the root disk; NULL: not known yet */
	bool root_elsewhere; /* rd.iscsi.bypass: the root needs no iSCSI */
	void *arena; /* holds all of the above, and the texts and addresses of the paths */
};

/*
 * Starts with all paths in PATH_NET, or in PATH_STANDBY. @plan must live as long as @progress.
 * Returns 0, or -ENOMEM: then @progress has no paths and no NICs. Call progress_free() even then.
 */
int progress_make(struct progress *progress, const struct plan *plan);
/* Frees the contents of @progress. */
void progress_free(struct progress *progress);

/*
 * Returns the NIC of @pool (nic_is_pool()) for the device with @mac, which is added if it is
 * missing. It is used at once if a path has no NIC, and so goes by the routing table. NULL: no
 * memory, or more than NR_POOL_NICS.
 */
struct nic *progress_add_nic(struct progress *progress, struct nic *pool, const u8 mac[6]);
/*
 * Has the path, which has a NIC or a pool, go by @nic, a NIC of a pool. net configures @nic then,
 * and removes the configuration of the NIC before it that is @left.
 */
void progress_use_nic(struct progress *progress, struct path *path, struct nic *nic);
/* Returns true while a path may still choose a NIC of @pool. */
bool progress_pool_is_open(const struct progress *progress, const struct nic *pool);
/* Returns true if the path goes by @nic, or may still do so. */
bool path_may_use(const struct path *path, const struct nic *nic);
/* Returns true if paths go by several devices. */
static inline bool progress_has_several_nics(const struct progress *progress)
{
	return progress->several_nics || progress->plan->several_nics;
}

/* Moves the path to @state and clears its problem. */
void path_goto(struct path *path, enum path_state state);
/* Sets the current problem of the path, for /run/iscsi-boot/paths; NULL: none. @why is copied. */
void path_set_why(struct progress *progress, struct path *path, const char *why);
/* Moves the path to PATH_FAILED. The caller has logged the failure by log_failure(). */
void path_fail(struct progress *progress, struct path *path, enum status result, const char *why);
/*
 * Selects the next address of the portal's name. Returns false if there is no other, or after the
 * last one.
 */
bool path_next_address(struct path *path);

/* Returns true if the root path of a lease must still name the path's target. */
static inline bool path_awaits_root_path(const struct path *path)
{
	return path->plan->by_root_path && !path->to.target->name.len;
}

/*
 * Completes the path's target by the root path of its NIC's lease, and logs errors in the root
 * path. Returns NULL, or the reason why the path has no target.
 */
const char *path_take_root_path(struct progress *progress, struct path *path);

/* Returns true if both lead to the same LUN of the same target. */
bool path_same_disk(const struct path *a, const struct path *b);
/*
 * Returns true if boot waits for the disk of the path: the root disk, and if root= may be on any of
 * them (plan.awaits_all) those that the command line names.
 */
bool path_is_awaited(const struct progress *progress, const struct path *path);
/*
 * Returns true if the path leads to the first path's target, and attaches its LUN, or if it was
 * started in its place.
 */
bool path_is_roots(const struct progress *progress, const struct path *path);
/* Returns the first path to the root disk that is in @state; NULL: none. */
struct path *progress_root_in(const struct progress *progress, enum path_state state);

#endif
