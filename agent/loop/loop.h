/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The event loop. Each path goes from state to state. A stage moves the paths in its state as far
 * as they go without waiting; then the loop waits for the events of all stages. So no path waits
 * for another, and one login engine serves all logins.
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
#include "loop/path.h"

/* The events that the loop waits for. */
struct waits {
	struct pollfd *fds;
	unsigned int nr, room;
	struct deadline until;
	bool no_memory;
	bool rests; /* a stage has work for rest() */
};

/* Wakes when @fd (-1: none) has one of @events. */
void waits_fd(struct waits *waits, int fd, short events);
/* Wakes at @at. */
void waits_until(struct waits *waits, struct deadline at);

#define MAX_STAGES 12

struct stage;
struct rtnl;

struct loop {
	const struct plan *plan;
	struct progress *progress;
	struct deadline deadline; /* replaced once the root disk is there */
	bool over; /* it has passed: nothing new is started */
	bool stop; /* set by a stage: the loop is to end */
	const struct stage *const *stages; /* NULL at the end */
	void *data[MAX_STAGES];
	struct waits waits;
	/* Called by net whenever a NIC became ready; NULL: nothing to do. */
	void (*nic_ready)(struct rtnl *nl, const struct progress *progress);
};

struct stage {
	const char *name; /* as in the log */
	size_t size; /* of the stage's data, which the loop allocates, zeroed, and frees */
	/* Opens what the stage needs. close() is called even if this fails. 0 or -errno. */
	int (*open)(struct loop *loop, void *data);
	/* Moves paths by path_goto() and path_fail(). 0, or -errno, which ends the loop. */
	int (*step)(void *data);
	void (*waits)(void *data, struct waits *waits);
	/* Work that was put off until nothing else is to be done; NULL: none. */
	void (*rest)(void *data);
	/*
	 * The deadline of a path in the stage's state has passed: logs what is missing and fails
	 * the path. NULL if the stage ends soon by itself.
	 */
	void (*give_up)(void *data, struct path *path);
	enum path_state state; /* of paths to give up */
	/* Ends what is under way, without waiting. */
	void (*close)(void *data);
};

/*
 * Allocates the data of all stages and opens them. The loop moves the paths of @progress, which
 * must live as long as the loop. 0, or -errno, which was logged; call loop_close() even then.
 */
int loop_open(struct loop *loop, struct progress *progress, const struct stage *const *stages,
	      struct deadline deadline);
/*
 * Runs the loop until @done, which is asked after each turn. At the deadline all paths are given
 * up but those whose stage ends soon by itself. 0, or -errno, which was logged.
 */
int loop_until(struct loop *loop, bool (*done)(const struct loop *loop));
/* Whether a path, or with @root_only one to the root disk, may still come in. */
bool loop_is_pending(const struct loop *loop, bool root_only);
void loop_close(struct loop *loop);

#endif
