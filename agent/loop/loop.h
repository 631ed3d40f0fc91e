/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The event loop. Each path goes from state to state. A stage moves the paths in its state as far
 * as they go without waiting; then the loop waits for the events of all stages. So no path waits
 * for another, and one login engine serves all logins.
 *
 *     NET (-> NAME -> NET) -> REACH -> MODULES -> LOGIN -> DISK -> TIMERS -> IN
 *
 * Any state can lead to FAILED. A path in STANDBY goes to NET if no root disk comes up. With
 * on-failure=retry, a FAILED path returns to NET.
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

/* Wakes the loop when @fd (-1: none) has one of @events. */
void waits_fd(struct waits *waits, int fd, short events);
/* Wakes the loop at @at, at the latest. */
void waits_until(struct waits *waits, struct deadline at);

#define MAX_STAGES 16

struct stage;
struct rtnl;

struct loop {
	const struct plan *plan;
	struct progress *progress;
	struct deadline deadline; /* replaced once the root disk is there */
	bool over; /* the deadline has passed: nothing new is started */
	bool stop; /* set by a stage to end the loop */
	const struct stage *const *stages; /* NULL at the end */
	void *data[MAX_STAGES];
	struct waits waits;
	/* Called by net whenever a NIC became ready; NULL: nothing to do. */
	void (*nic_ready)(struct rtnl *nl, const struct progress *progress);
};

struct stage {
	const char *name; /* name in the log */
	size_t size; /* bytes of the stage's data, which the loop allocates, zeroed, and frees */
	/* Opens what the stage needs. close() is called even if this fails. Returns 0 or -errno. */
	int (*open)(struct loop *loop, void *data);
	/* Moves paths by path_goto() and path_fail(). Returns 0, or -errno, which ends the loop. */
	int (*step)(void *data);
	/* Calls waits_fd() and waits_until() for the events that the stage needs next. */
	void (*waits)(void *data, struct waits *waits);
	/* Does deferred work; called when no event is pending. NULL: none. */
	void (*rest)(void *data);
	/*
	 * The deadline of a path in the stage's state has passed: logs what is missing and fails
	 * the path. NULL if the stage ends soon by itself.
	 */
	void (*give_up)(void *data, struct path *path);
	enum path_state state; /* of paths to give up */
	/* Stops all work of the stage, without waiting for its end. */
	void (*close)(void *data);
};

/*
 * Allocates the data of all stages and opens them. The loop moves the paths of @progress, which
 * must live as long as the loop. Returns 0, or -errno, which was logged; call loop_close() even
 * then.
 */
int loop_open(struct loop *loop, struct progress *progress, const struct stage *const *stages,
	      struct deadline deadline);
/*
 * Runs the loop until @done, called after each turn, returns true. At the deadline, gives up all
 * paths except those whose stage ends soon by itself. Returns 0, or -errno, which was logged.
 */
int loop_until(struct loop *loop, bool (*done)(const struct loop *loop));
/* Returns true if a path may still reach PATH_IN. */
bool loop_is_pending(const struct loop *loop);
/* Closes the stages and frees their data. */
void loop_close(struct loop *loop);

#endif
