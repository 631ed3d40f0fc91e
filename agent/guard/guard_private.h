/* SPDX-License-Identifier: GPL-2.0-only */
/* State shared by guard.c, reconnect.c, session_watch.c, standby.c and events.c. */
#ifndef AGENT_GUARD_GUARD_PRIVATE_H
#define AGENT_GUARD_GUARD_PRIVATE_H

#include <sys/types.h>

#include "guard/portal_watch.h"
#include "guard/reconnect_fsm.h"
#include "guard/session_snapshot.h"
#include "guard/standby_fsm.h"
#include "iscsi/async_message.h"

struct guard_past;

struct guard {
	struct iscsi_nl nl;
	struct guard_session *list;
	bool rescan; /* read the states of all sessions from sysfs */
	struct standby_fsm standby;
	bool acts; /* the sessions are prepared for that: see standby_switch() */
	int pidfd; /* of iscsid; -1: none */
	int execs; /* exec_watch_open(), while a session is being reconnected; -1: closed */
	bool execs_fail; /* logged once */
	bool exec_seen; /* iscsid was executed since @execs was opened */
	int64_t starts_until_ns; /* an iscsid may be starting until then */
	bool touched; /* iscsid, which starts, has logged a session in */
	unsigned int limit_s; /* how long iscsid may leave a session lost; 0: no standing by */
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
	bool down; /* no connection, when sysfs was read last */
	struct portal_watch watch; /* while iscsid has the session; @fd is its probe then */
	bool stale; /* iscsid may have logged in with other values than those of @snapshot */
	/* Events that were received and not handled yet: */
	bool lost;
	bool has_response;
	struct pdu response;
	struct async_message message; /* event 0: none */
	int64_t quiet_ns; /* until then iscsid may wait, because the target asked for it */
	bool logged_out; /* a Logout Response */
	/* The current attempt: */
	struct login_phase login_phase;
	struct login_redirect redirect; /* no host: none */
	unsigned int hops; /* redirections */
	/* Portal of the last login, if a redirection led there; no host: none. */
	struct login_redirect moved;
	bool probes_moved; /* the last probe was made there */
	/* For the log: */
	int64_t lost_ns; /* 0: connected */
	unsigned int attempts;
	char last_warning[160];
};

/* events.c: receives all events of the kernel. Only marks sessions. */
void guard_receive_events(struct guard *g);
/*
 * standby.c: returns true if no iscsid can act on sessions, so that the guard may. Otherwise the
 * attempts end; standby_switch() follows in the main loop.
 */
bool guard_may_act(struct guard *g);
/*
 * session_watch.c: prepares the sessions after guard_may_act() changed who acts. Ends the attempts
 * while an iscsid starts.
 */
void standby_switch(struct guard *g);
/* session_watch.c: watches a session that iscsid has, without waiting. */
void standby_session_step(struct guard *g, struct guard_session *s);
/* standby.c: time in ms until sysfs has to be read again. */
unsigned int standby_rescan_ms(const struct guard *g);
/* async_event.c: logs out, or waits, as the target's last Async Message says. */
void guard_async_step(struct guard *g, struct guard_session *s);
/* moved_portal.c: reads where the session is connected to into @s->moved. */
void moved_portal_read(struct guard_session *s);
/* moved_portal.c: the login succeeded: keeps @s->redirect in @s->moved. */
void moved_portal_keep(struct guard_session *s);
/*
 * moved_portal.c: returns where to connect to: after a redirection there, else in turn to @s->moved
 * and the configured portal. @s->moved comes first only if the target has moved for good. NULL: the
 * configured portal.
 */
const struct login_redirect *moved_portal_next(const struct guard_session *s);
/* reconnect.c: handles marks and timeouts of a session, without waiting. */
void guard_session_step(struct guard *g, struct guard_session *s);
/*
 * reconnect.c: starts to connect to @host, an address, as the session did. Returns a socket that is
 * not blocking, or -errno.
 */
int guard_connect(const struct session_snapshot *k, const char *host, unsigned int port);
/*
 * reconnect.c: iscsid starts, and has not acted yet: ends the attempt in the kernel too. The next
 * one follows if iscsid does not come.
 */
void guard_session_hold(struct guard *g, struct guard_session *s);
/* reconnect.c: closes the socket, and forgets the attempt; the kernel may keep the connection. */
void guard_session_yield(struct guard_session *s);
/* reconnect.c: closes the attempt's socket, wipes the secrets and frees @s. */
void guard_session_free(struct guard_session *s);

#endif
