/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The program iscsistart (open-iscsi): its arguments, its process, and what its words mean. What
 * is said of it here was seen with 2.1.8.
 */
#ifndef AGENT_LOGIN_ISCSISTART_H
#define AGENT_LOGIN_ISCSISTART_H

#include "base/task.h"
#include "login/login.h"

extern const char *iscsistart_program; /* NULL: looked for where distributions put it */

/*
 * The arguments of one login attempt that ends by itself within about @timeout_s seconds, in the
 * arena, with a NULL at the end. NULL without memory, or if a secret can't be an argument.
 */
char **iscsistart_args(void **arena, const struct progress *progress, const struct path *path,
		       unsigned int timeout_s);

struct process {
	struct task task; /* iscsistart, which leads its process group */
	int out; /* what it says, non-blocking */
	int life; /* its processes die when this is closed; POLLERR when all are gone */
};

#define NO_PROCESS ((struct process){ .task = TASK_NONE, .out = -1, .life = -1 })

/* 0, -ENOENT if there is no iscsistart, or another -errno. */
int iscsistart_run(char *const *args, struct process *process);
/* It has ended: collects it. The status as of waitpid(). */
int iscsistart_reap(struct process *process);
/* Ends it and its children, and waits for that for a moment. */
void iscsistart_kill(struct process *process);

/* From the status of waitpid() and all that it said. */
struct verdict iscsistart_verdict(int wait_status, const char *said);
/* The lines of it that say what went wrong, in one line, escaped. NULL without memory. */
char *iscsistart_answer(void **arena, int wait_status, const char *said);

#endif
