/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finds out from /proc whether iscsid runs. iscsid opens its netlink socket early and locks its
 * memory last, just before it serves requests (open-iscsi, usr/iscsid.c). Until then it reads files
 * of the root file system, and so does a child that reports existing sessions to it. Both block if
 * the root disk is lost, and then the guard must reconnect.
 *
 * An iscsid that SIGKILL was sent to and that is in state D counts as not running: it never returns
 * to its program.
 */
#ifndef AGENT_GUARD_ISCSID_PROBE_H
#define AGENT_GUARD_ISCSID_PROBE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* An iscsid that has not become ready for so long counts as not running. */
#define ISCSID_START_MS 5000

struct iscsid {
	enum iscsid_state {
		ISCSID_NONE, /* not running, or not ready */
		ISCSID_STARTS, /* not ready, and has not acted yet: see iscsid_starting() */
		ISCSID_COMES, /* serves, but its child still reports sessions; it may act on any */
		ISCSID_STUCK, /* iscsid or that child is blocked on disk I/O */
		ISCSID_WORKS, /* knows all sessions */
	} is;
	pid_t pid; /* 0 with ISCSID_NONE */
	bool child; /* with ISCSID_STUCK: the child is blocked, not iscsid itself */
	bool reported; /* that child is reporting a session: it has a connection to iscsid */
	unsigned long switches; /* context switches of that process: how often it ran */
};

/*
 * Returns the state of iscsid. @port: netlink address of the caller's socket (struct iscsi_nl),
 * which is not iscsid's.
 */
struct iscsid iscsid_probe(uint32_t port);
/*
 * The same for iscsid @pid that was found before, from its own state alone: ISCSID_NONE, _STUCK or
 * _WORKS. Reads one file, so it can be called often.
 */
struct iscsid iscsid_check(pid_t pid);
/*
 * Looks for an iscsid that starts, after iscsid_probe() found none that serves. Returns
 * ISCSID_STARTS with one of its processes, and the context switches of all; or ISCSID_NONE.
 * @young: only processes count that are younger than ISCSID_START_MS, because a helper of an
 * earlier iscsid may still run.
 * Processes of other users than root never count: they could keep the guard from reconnecting.
 */
struct iscsid iscsid_starting(bool young);
/* Returns true if the process @pid is named iscsid. */
bool iscsid_is_named(pid_t pid);

#endif
