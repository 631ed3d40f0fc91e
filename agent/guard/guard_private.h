/* SPDX-License-Identifier: GPL-2.0-only */
/* State shared by guard.c, reconnect.c and events.c. */
#ifndef AGENT_GUARD_GUARD_PRIVATE_H
#define AGENT_GUARD_GUARD_PRIVATE_H

#include <sys/types.h>

#include "guard/reconnect_fsm.h"
#include "guard/session_snapshot.h"

struct guard_past;

struct guard {
	struct iscsi_nl nl;
	struct guard_session *list;
	bool rescan; /* read the states of all sessions from sysfs */
	bool done; /* iscsid runs */
	pid_t iscsid; /* its process, once @done */
	int64_t stuck_ns; /* since then iscsid is blocked on disk I/O; 0: it is not */
	bool transport_logged; /* that sessions of other transports are not guarded */
	int failed_sid, failed_error; /* last session that could not be read; logged once */
	int file; /* see guard_run() */
	struct guard_past *past;
	bool changed; /* @file must be written */
};

struct guard_session {
	struct guard_session *next;
	struct session_snapshot snapshot;
	struct reconnect_fsm fsm;
	int fd; /* socket of the attempt; -1: none */
	bool bound; /* the kernel has that socket */
	bool held; /* iscsid may have changed the session since the last attempt */
	bool gone; /* no longer in sysfs */
	/* Events that were received and not handled yet: */
	bool lost;
	bool has_response;
	struct pdu response;
	/* The current attempt: */
	struct login_phase login_phase;
	struct login_redirect redirect; /* no host: none */
	unsigned int hops; /* redirections */
	/* For the log: */
	int64_t lost_ns; /* 0: connected */
	unsigned int attempts;
	char last_warning[160];
};

/* events.c: receives all events of the kernel. Only marks sessions. */
void guard_receive_events(struct guard *g);
/*
 * events.c: returns true if iscsid does not run, or is blocked, so that the guard may act now. Sets
 * g->done once iscsid runs.
 */
bool guard_may_act(struct guard *g);
/* reconnect.c: handles marks and timeouts of a session, without waiting. */
void guard_session_step(struct guard *g, struct guard_session *s);
/* reconnect.c: closes the attempt's socket, wipes the secrets and frees @s. */
void guard_session_free(struct guard_session *s);

#endif
