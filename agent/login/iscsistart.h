/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Runs the program iscsistart of open-iscsi: its arguments, its process and its messages. All facts
 * about iscsistart were observed with version 2.1.8.
 */
#ifndef AGENT_LOGIN_ISCSISTART_H
#define AGENT_LOGIN_ISCSISTART_H

#include "base/task.h"
#include "login/login.h"

extern const char *iscsistart_program; /* its path; NULL: search where distributions put it */

/*
 * Returns the arguments, ending with NULL, of one login attempt that times out after about
 * @timeout_s seconds. They are allocated in @arena. Returns NULL if out of memory, or if a name or
 * secret holds a NUL byte and so cannot be an argument.
 */
char **iscsistart_args(void **arena, const struct progress *progress, const struct path *path,
		       unsigned int timeout_s);

struct iscsistart_process {
	struct task task; /* iscsistart, the leader of its process group */
	int output; /* its stdout and stderr, non-blocking */
	int lifetime; /* closing it kills the process group; POLLERR once all have exited */
};

#define ISCSISTART_NONE \
	((struct iscsistart_process){ .task = TASK_NONE, .output = -1, .lifetime = -1 })

/* Starts iscsistart. Returns 0, -ENOENT if it is not installed, or another -errno. */
int iscsistart_run(char *const *args, struct iscsistart_process *process);
/* Reaps the process, which has exited, and closes @process. Returns the status of waitpid(). */
int iscsistart_reap(struct iscsistart_process *process);
/* Kills the process group, waits for its exit at most a second, and closes @process. */
void iscsistart_kill(struct iscsistart_process *process);

/* Returns the result of an attempt, from the status of waitpid() and all of the output. */
struct verdict iscsistart_verdict(int wait_status, const char *output);
/*
 * Returns the lines of @output that explain the failure as one escaped line in @arena. NULL if out
 * of memory.
 */
char *iscsistart_answer(void **arena, int wait_status, const char *output);

#endif
