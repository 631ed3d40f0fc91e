/* SPDX-License-Identifier: GPL-2.0-only */
/* iSCSI sessions as the kernel has them in sysfs. */
#ifndef AGENT_SESSION_SESSION_SYSFS_H
#define AGENT_SESSION_SESSION_SYSFS_H

#include <stdbool.h>

#include "kmod/core/params.h"

/* What open-iscsi calls the NIC that a session is bound to, with N of nicN. */
#define SESSION_IFACE "iscsi-boot-nic%u"

struct session {
	int sid; /* /sys/class/iscsi_session/session<sid> */
	int host; /* SCSI host number */
	bool logged_in;
};

/* What identifies a session. */
struct session_key {
	const struct ibu_text *target;
	const char *portal; /* address, without brackets */
	unsigned int port;
	int nic; /* N of the nicN that the session must be bound to; -1: any */
};

/*
 * Finds the session of @key, rather one that is logged in. Returns 0, -ENOENT or another -errno.
 */
int session_find(const struct session_key *key, struct session *session);

bool session_is_target(int sid, const struct ibu_text *name);
/* Of its first login: a redirection changes nothing. */
bool session_is_portal(int sid, const char *portal, unsigned int port);
/* Only one that is logged in is looked for disks; so it was, whatever it is now. */
bool session_has_disks(int sid);
/* The number of its SCSI host or -ENOENT. */
int session_host(int sid);
/* As in /sys/class/iscsi_transport: "tcp", "iser"; NULL: not known. */
const char *session_transport(void **arena, int sid);

#endif
