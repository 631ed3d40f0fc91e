/* SPDX-License-Identifier: GPL-2.0-only */
/* What became of the plan: the state of each path and of each NIC. */
#ifndef AGENT_LOOP_PATH_H
#define AGENT_LOOP_PATH_H

#include "loop/nic.h"

/* How far a path has come on its way to be a disk, see loop.h. */
enum path_state {
	PATH_NET,
	PATH_NAME, /* its portal is looked up; then back to PATH_NET, which adds the route */
	PATH_REACH, /* the next hop to its portal has to answer */
	PATH_LOGIN,
	PATH_DISK,
	PATH_TIMERS,
	PATH_IN, /* its disk is there, its timers are set or reported */
	PATH_FAILED, /* @result and @why are the reason */
	NR_PATH_STATES,
};

struct path {
	const struct plan_path *plan;
	struct nic *nic; /* NULL: the kernel's routing table decides */
	/* As planned, then completed by DNS, by the root path of a lease, or by discovery. */
	struct endpoint to;
	struct timers timers;
	const struct ibu_addr *addrs; /* of the portal's host name; the portal is addrs[addr] */
	unsigned int nr_addrs;
	unsigned int addr;
	enum path_state state;
	int64_t since_ns; /* when it came to its state, CLOCK_MONOTONIC */
	int64_t spent_ns[NR_PATH_STATES]; /* in each earlier state, all visits together */
	enum status result; /* of a path in PATH_IN or PATH_FAILED */
	bool moved; /* since /run/iscsi-boot/paths was written */
	bool comes_back; /* failed, but will be retried: on-failure=retry */
	const char *why; /* the last problem; NULL: none */
	int sid; /* /sys/class/iscsi_session/session<sid>; -1 before login */
	int host; /* SCSI host number; -1 before login */
	char disk[32]; /* "sda"; empty before its disk was found */
	long linux_lun; /* of that disk, as the kernel numbers it */
};

/* What became of all of a plan. */
struct progress {
	const struct plan *plan;
	struct path *paths; /* one for each path of the plan, in its order */
	unsigned int nr_paths;
	struct nic *nics; /* one for each NIC of the plan, in its order */
	unsigned int nr_nics;
	const struct path *root; /* its disk is the root disk; NULL before */
	void *arena; /* texts and addresses of the paths */
};

/* Nothing has been done yet. 0 or -ENOMEM. @plan must live as long as @progress. */
int progress_make(struct progress *progress, const struct plan *plan);
/* Also after progress_make() failed. */
void progress_free(struct progress *progress);

void path_goto(struct path *path, enum path_state state);
/* Sets the current problem, for /run/iscsi-boot/paths; NULL: none. @why is copied. */
void path_set_why(struct progress *progress, struct path *path, const char *why);
/* The caller has logged it by log_failure(). */
void path_fail(struct progress *progress, struct path *path, enum status result, const char *why);
/* Tries the next address of its portal's name. False: there is no other, or all were tried. */
bool path_next_address(struct path *path);

/* Whether its target is still to be named by the root path of a lease. */
static inline bool path_awaits_root_path(const struct path *path)
{
	return path->plan->by_root_path && !path->to.target->name.len;
}

/*
 * The NIC of @path has a lease: completes the path's target by its root path, and logs what is
 * wrong in it. Returns NULL, or the reason why the path has no target.
 */
const char *path_take_root_path(struct progress *progress, struct path *path);

/* Whether it leads to the same LUN of the same target as the first path. */
bool path_is_roots(const struct progress *progress, const struct path *path);
/* The first path to the root disk that is in @state; NULL: none. */
struct path *progress_root_in(const struct progress *progress, enum path_state state);

#endif
