/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one loop. Each path of the plan goes from state to state, and a stage moves those that are in
 * its state as far as they go without waiting; then the loop waits for what all stages wait for. So
 * no path ever waits for another, and one login engine serves all logins.
 *
 *     NET (-> NAME -> NET) -> REACH -> LOGIN -> DISK -> TIMERS -> IN
 *
 * FAILED from each; from there on-failure=retry: NET
 */
#ifndef AGENT_LOOP_LOOP_H
#define AGENT_LOOP_LOOP_H

#include <poll.h>
#include <stdbool.h>

#include "base/deadline.h"
#include "plan/plan.h"

/* What the loop waits for. */
struct waits {
	struct pollfd *fds;
	unsigned int nr, room;
	struct deadline until;
	bool no_memory;
	bool rests; /* a stage has something to do once nothing else is: see rest() */
};

/* Until @fd (-1: none) has one of @events... */
void waits_fd(struct waits *waits, int fd, short events);
/* ...or it is this moment. */
void waits_until(struct waits *waits, struct deadline at);

#define MAX_STAGES 12

struct stage;

struct loop {
	struct plan *plan;
	struct deadline deadline; /* another one once the root is in */
	bool over; /* it has passed: nothing is begun any more */
	bool stop; /* set by a stage: the loop is to end */
	const struct stage *const *stages; /* NULL at the end */
	void *data[MAX_STAGES];
	struct waits waits;
};

struct stage {
	const char *name; /* as in the log */
	/* Makes what is the stage's own, which close frees also where open failed. 0 or -errno. */
	int (*open)(struct loop *loop, void **data);
	/* Moves paths by path_goto() and path_fail(). 0 or -errno: nothing works any more. */
	int (*step)(void *data);
	void (*waits)(void *data, struct waits *waits);
	/* Nothing has happened yet, and a wait begins: what can be put off until then. Or NULL. */
	void (*rest)(void *data);
	/*
	 * Of a path in the stage's state the time is over: says what it lacks, and fails it. NULL
	 * where the stage ends soon by itself.
	 */
	void (*give_up)(void *data, struct plan_path *path);
	enum path_state state; /* of paths to give up */
	/* Ends what is under way, without a wait. @data may be NULL. */
	void (*close)(void *data);
};

extern const struct stage stage_drivers; /* drivers.c: modules for NICs, where no udev runs */
extern const struct stage stage_net; /* net.c: link, VLAN, MTU, addresses, routes; by rtnetlink */
extern const struct stage stage_reach; /* reach.c: that the next hop answers */
extern const struct stage stage_dhcp; /* dhcp.c: leases, and the targets that they name */
extern const struct stage stage_names; /* names.c: DNS */
extern const struct stage stage_login; /* login.c, by an engine */
extern const struct stage stage_disks; /* disks.c: scan, uevents, /dev/iscsi-boot/ */
extern const struct stage stage_timers; /* tune.c: set and read back */
extern const struct stage stage_retry; /* retry.c: on-failure=retry */
extern const struct stage stage_paths; /* paths.c: keeps /run/iscsi-boot/paths */
extern const struct stage stage_switch; /* worker.c: stops when the machine switches root */

/* Opens all stages. 0, or -errno, which was told; run_close() even so. */
int loop_open(struct loop *loop, struct plan *plan, const struct stage *const *stages,
	      struct deadline deadline);
/*
 * Turns the loop until @done, which is asked after each turn. At the deadline all paths are given
 * up but those whose stage ends soon by itself. 0, or -errno, which was told.
 */
int loop_until(struct loop *loop, bool (*done)(const struct loop *loop));
/* A path, or one of the root, may still come in. */
bool loop_is_pending(const struct loop *loop, bool root_only);
void loop_close(struct loop *loop);

void path_goto(struct plan_path *path, enum path_state state);
/* What is in the way just now, for /run/iscsi-boot/paths; NULL: nothing. */
void path_set_why(struct plan *plan, struct plan_path *path, const char *why);
/* It was told by log_failure(). */
void path_fail(struct plan *plan, struct plan_path *path, enum status result, const char *why);

/* Also: both lead to the first disk, whichever LUN that is. */
bool path_same_lun(const struct plan_path *a, const struct plan_path *b);
/* It leads to the same LUN of the same target as the first path. */
bool path_is_roots(const struct plan *plan, const struct plan_path *path);
/* The first path of the root in @state; NULL: none is. */
struct plan_path *plan_root_in(const struct plan *plan, enum path_state state);

#endif
