/* SPDX-License-Identifier: GPL-2.0-only */
/* How a login attempt ended, and whether another attempt may succeed. */
#ifndef AGENT_ISCSI_VERDICT_H
#define AGENT_ISCSI_VERDICT_H

#include "base/exit_status.h"

/* Cause of a failed attempt: chooses the message and the pause before the next attempt. */
enum failure {
	FAILURE_OTHER,
	FAILURE_NETWORK, /* the portal cannot be reached, or does not respond */
	FAILURE_PORTAL, /* the portal refuses TCP connections */
	FAILURE_BUSY, /* the target asks to retry later */
	FAILURE_REDIRECT, /* the portal of a redirection does not accept the login */
	FAILURE_TARGET, /* no such target */
	FAILURE_AUTH,
	FAILURE_ALGORITHM, /* the target takes none of the offered CHAP algorithms */
	FAILURE_DENIED, /* the target does not accept this initiator */
	NR_FAILURES,
} __attribute__((packed));

/* Result of one attempt. */
struct verdict {
	enum status status;
	enum next {
		NEXT_NONE, /* a retry cannot succeed */
		NEXT_TRY, /* a retry may succeed */
		NEXT_LOOK, /* the kernel has such a session already */
	} __attribute__((packed)) next;
	enum failure failure;
};

#endif
