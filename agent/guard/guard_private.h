/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside of guard: one session, and how its connection is remade. */
#ifndef AGENT_GUARD_GUARD_PRIVATE_H
#define AGENT_GUARD_GUARD_PRIVATE_H

#include <sys/types.h>

#include "guard/guard.h"
#include "guard/reconnect_fsm.h"
#include "guard/session_snapshot.h"

struct guard {
	struct iscsi_nl transport;
	struct guard_session *list;
	bool look; /* sysfs is to be asked how things are */
	bool done; /* iscsid works */
	pid_t iscsid; /* and is this process */
	int64_t stuck_ns; /* iscsid waits for a disk since then; 0: it doesn't */
	bool told; /* that only sessions of TCP are guarded */
	int refused_sid, refused; /* the last that could not be read, and why; told once */
	int file; /* see guard_run() */
	struct guard_past *past;
	bool news; /* for the file */
};

struct guard_session {
	struct guard_session *next;
	struct session_snapshot snapshot;
	struct reconnect_fsm machine;
	int fd; /* our end while the connection is made; -1 */
	bool bound; /* the kernel has it */
	bool held; /* iscsid may have acted on it since */
	bool gone;
	/* Heard of, and not acted upon: */
	bool lost;
	bool answered;
	struct pdu answer;
	/* Of this attempt: */
	struct login_phase login_phase;
	struct login_redirect redirect; /* no host: none */
	unsigned int hops;
	/* For people: */
	int64_t lost_ns; /* 0: well */
	unsigned int attempts;
	char said[160]; /* last, of what is in the way */
};

/* What has come from the kernel: marks sessions, and acts on none. */
void guard_hear(struct guard *g);
/* Goes on with a session as far as that goes without waiting. */
void guard_session_step(struct guard *g, struct guard_session *s);
void guard_session_free(struct guard_session *s);
/* Whether iscsid leaves it to us to act just now; sets g->done where it never will again. */
bool guard_may_act(struct guard *g);

#endif
