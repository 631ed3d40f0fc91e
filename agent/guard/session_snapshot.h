/* SPDX-License-Identifier: GPL-2.0-only */
/* What it takes to log a session in again, as iscsid would learn it: from sysfs alone. */
#ifndef AGENT_GUARD_SESSION_SNAPSHOT_H
#define AGENT_GUARD_SESSION_SNAPSHOT_H

#include <stdbool.h>

#include "iscsi/login_phase.h"
#include "session/iscsi_netlink.h"

struct session_snapshot {
	struct iscsi_nl_session session;
	struct login_phase_account login; /* points into the arena; the secrets are in no dump */
	char portal[64]; /* of the first login, also if that was sent elsewhere; no brackets */
	unsigned int port;
	int ifindex; /* the device that the session went by; 0: not known */
	bool bound; /* and it has to go by that one */
	void *arena; /* private */
};

/* How the kernel has the session. */
enum session_snapshot_state {
	SESSION_GONE,
	SESSION_NEW, /* it was not logged in yet: somebody else is at it */
	SESSION_LOGGED_IN,
	SESSION_LOST, /* it was logged in */
};

enum session_snapshot_state session_snapshot_state(int sid);
/* Boot recorded its target (wanted.h), so it is ours. */
bool session_snapshot_is_recorded(int sid);
/*
 * 0 or -errno. Before the connection is lost more is known: the device, the digests. known_forget()
 * also after a failure.
 */
int session_snapshot_read(struct session_snapshot *k, int sid);
/* Wipes and frees. */
void session_snapshot_wipe(struct session_snapshot *k);

#endif
