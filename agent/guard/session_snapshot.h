/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads from sysfs the values that are needed to log a session in again, as iscsid does. */
#ifndef AGENT_GUARD_SESSION_SNAPSHOT_H
#define AGENT_GUARD_SESSION_SNAPSHOT_H

#include <stdbool.h>

#include "iscsi/login_phase.h"
#include "iscsi/pdu_socket.h"
#include "session/iscsi_netlink.h"

struct session_snapshot {
	struct iscsi_nl_session session;
	struct login_phase_account login; /* points into the arena; core dumps omit the secrets */
	char portal[64]; /* configured address, also after a redirection; no brackets */
	unsigned int port;
	/* A host name that the target redirects to, and its address; NULL: none. */
	const char *redirect_name, *redirect_addr;
	struct pdu_socket_options socket; /* of the sockets of boot; points into the arena */
	int ifindex; /* device of the session; 0: unknown */
	bool bound_to_device; /* the session must use that device */
	void *arena; /* private */
};

enum session_snapshot_state {
	SESSION_GONE,
	SESSION_NEW, /* never logged in: another process is logging in */
	SESSION_LOGGED_IN,
	SESSION_LOST, /* was logged in */
};

/* Returns the state of session @sid. */
enum session_snapshot_state session_snapshot_state(int sid);
/* Returns true if boot recorded the target of the session (boot_record.h). */
bool session_snapshot_is_recorded(int sid);
/*
 * Reads session @sid into @k. The device and the digests are known only while it is logged in.
 * Returns 0 or -errno; session_snapshot_wipe() must follow in both cases.
 */
int session_snapshot_read(struct session_snapshot *k, int sid);
/* Wipes the secrets and frees the memory of @k. */
void session_snapshot_wipe(struct session_snapshot *k);

#endif
