/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether the real iscsid works, as far as the kernel tells of any process. It listens to the
 * kernel's iSCSI events early; it locks its memory last, before it serves anybody (open-iscsi,
 * usr/iscsid.c). Before that it still reads files of the root, and a child that it forks goes on
 * doing so, to tell it of each session that there is already. Both are stuck where the root is
 * lost, and somebody else must bring it back.
 */
#ifndef AGENT_GUARD_ISCSID_PROBE_H
#define AGENT_GUARD_ISCSID_PROBE_H

#include <stdint.h>
#include <sys/types.h>

struct iscsid {
	enum {
		ISCSID_NONE, /* or it isn't ready yet */
		ISCSID_COMES, /* it serves, and learns of the sessions: it may act on any */
		ISCSID_STUCK, /* it, or that child, waits for a disk just now */
		ISCSID_WORKS, /* it has heard of all sessions */
	} is;
	pid_t pid; /* of what serves; 0: NONE */
};

/* @port: our own address on the kernel's iSCSI events. Reads /proc alone, each time anew. */
struct iscsid iscsid_probe(uint32_t port);

#endif
