/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads iSCSI sessions from sysfs (scsi_transport_iscsi.c). */
#ifndef AGENT_SESSION_SESSION_SYSFS_H
#define AGENT_SESSION_SESSION_SYSFS_H

#include <stdbool.h>

#include "kmod/core/params.h"

/* Name of open-iscsi's iface record for a session bound to a NIC; %u is N of nicN. */
#define SESSION_IFACE "iscsi-boot-nic%u"

/* Directories of attributes; %d is the number of the session, or of the SCSI host. */
#define SESSION_DIR "/sys/class/iscsi_session/session%d/"
#define CONNECTION_DIR "/sys/class/iscsi_connection/connection%d:0/"
#define ISCSI_HOST_DIR "/sys/class/iscsi_host/host%d/"

struct session {
	int sid; /* /sys/class/iscsi_session/session<sid> */
	int host; /* SCSI host number */
	bool logged_in;
};

/* The properties that identify a session. */
struct session_key {
	const struct ibu_text *target;
	const char *portal; /* address, without brackets */
	unsigned int port;
	int nic; /* N of the nicN that the session must be bound to; -1: any */
};

/*
 * Finds the session of @key; if there are several, prefers a logged-in one. Returns 0, -ENOENT or
 * another -errno.
 */
int session_find(const struct session_key *key, struct session *session);

/*
 * Reads the attribute @fmt of session or host @number, for example SESSION_DIR "state". Returns its
 * text in @arena; NULL if it is missing, empty, or not set ("(null)" or "<NULL>").
 */
char *session_attr(void **arena, const char *fmt, int number);
/*
 * Reads the user name or secret @name, which may contain any byte: only the kernel's newline is cut
 * off. @text is NULL if it is not set. Returns 0 or -errno; a missing attribute counts as not set.
 */
int session_credential(void **arena, int sid, const char *name, char **text);

/* Returns true if the session is to the target @name. */
bool session_is_target(int sid, const struct ibu_text *name);
/*
 * Returns true if the first login of the session was to this portal; a redirection does not change
 * it.
 */
bool session_is_portal(int sid, const char *portal, unsigned int port);
/*
 * Returns true if the session has SCSI targets. Only a session that was logged in once has any,
 * whatever its state is now.
 */
bool session_has_disks(int sid);
/* Returns the number of the SCSI host, or -ENOENT. */
int session_host(int sid);
/* Returns the name as in /sys/class/iscsi_transport ("tcp", "iser") in @arena; NULL: unknown. */
const char *session_transport(void **arena, int sid);

#endif
