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
struct recorded_disk {
	const struct boot_record_disk *wanted;
	bool as_planned; /* by the portal that is recorded */
	int sid;
	int host;
	const char *state; /* of the session: "LOGGED_IN", "FAILED", "FREE" */
	bool logged_in;
	long lun; /* as Linux numbers it; -1: there is none */
	struct scsi_disk disk; /* no name: there is none */
	const char *multipath; /* "dm-0", which holds it; NULL: none does */
};

struct recorded_disks {
	struct recorded_disk *list;
	unsigned int nr;
	void *arena; /* private */
};

/* @wanted must live as long as @ours. 0 or -ENOMEM. */
int recorded_disks_find(const struct boot_record *wanted, struct recorded_disks *recorded_disks);
/* dm-multipath holds each disk of the session: then the session may fail soon. */
bool recorded_session_is_held(const struct recorded_disks *recorded_disks, int sid);
void recorded_disks_free(struct recorded_disks *recorded_disks);

#endif
