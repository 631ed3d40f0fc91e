/* SPDX-License-Identifier: GPL-2.0-only */
/* What it takes to log a session in again, as iscsid would learn it: from sysfs alone. */
#ifndef AGENT_GUARD_SESSION_SNAPSHOT_H
#define AGENT_GUARD_SESSION_SNAPSHOT_H

#include <stdbool.h>

#include "iscsi/login_phase.h"
#include "session/iscsi_netlink.h"

struct known {
	struct transport_session session;
	struct exchange_login login; /* points into the arena; the secrets are in no dump */
	char portal[64]; /* of the first login, also if that was sent elsewhere; no brackets */
	unsigned int port;
	int ifindex; /* the device that the session went by; 0: not known */
	bool bound; /* and it has to go by that one */
	void *arena; /* private */
};

/* How the kernel has the session. */
enum known_state {
	KNOWN_GONE,
	KNOWN_NEW, /* it was not logged in yet: somebody else is at it */
	KNOWN_WELL,
	KNOWN_LOST, /* it was logged in */
};

enum known_state known_state(int sid);
/* Boot recorded its target (wanted.h), so it is ours. */
bool known_is_ours(int sid);
/*
 * 0 or -errno. Before the connection is lost more is known: the device, the digests. known_forget()
 * also after a failure.
 */
int known_read(struct known *k, int sid);
/* Wipes and frees. */
void known_forget(struct known *k);

#endif
