/* SPDX-License-Identifier: GPL-2.0-only */
/* The sessions and disks of this machine that boot recorded, whatever they are called by now. */
#ifndef AGENT_SESSION_RECORDED_DISKS_H
#define AGENT_SESSION_RECORDED_DISKS_H

#include "session/boot_record.h"
#include "session/scsi_disk.h"

/*
 * A session to a target that is recorded, and one LUN of it that is. A session of the same target
 * by another portal is ours as well: somebody added a path.
 */
struct our_disk {
	const struct wanted_disk *wanted;
	bool as_planned; /* by the portal that is recorded */
	int sid;
	int host;
	const char *state; /* of the session: "LOGGED_IN", "FAILED", "FREE" */
	bool logged_in;
	long lun; /* as Linux numbers it; -1: there is none */
	struct scsi_disk disk; /* no name: there is none */
	const char *multipath; /* "dm-0", which holds it; NULL: none does */
};

struct ours {
	struct our_disk *list;
	unsigned int nr;
	void *arena; /* private */
};

/* @wanted must live as long as @ours. 0 or -ENOMEM. */
int ours_find(const struct wanted *wanted, struct ours *ours);
/* dm-multipath holds each disk of the session: then the session may fail soon. */
bool ours_session_is_held(const struct ours *ours, int sid);
void ours_free(struct ours *ours);

#endif
