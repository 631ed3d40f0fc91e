/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds the sessions and disks that boot recorded, as sysfs has them now. */
#ifndef AGENT_SESSION_RECORDED_DISKS_H
#define AGENT_SESSION_RECORDED_DISKS_H

#include "session/boot_record.h"
#include "session/scsi_disk.h"

/*
 * A session to a recorded target, and one recorded LUN of it. A session to the same target through
 * another portal counts too: it is a path that was added later.
 */
struct recorded_disk {
	const struct boot_record_disk *wanted;
	bool as_planned; /* its portal is the recorded one */
	int sid;
	int host;
	const char *state; /* of the session: "LOGGED_IN", "FAILED", "FREE" */
	bool logged_in;
	long lun; /* as Linux numbers it; -1: no disk */
	struct scsi_disk disk; /* without a name: no disk */
	const char *multipath; /* multipath device that holds it, "dm-0"; NULL: none */
};

struct recorded_disks {
	struct recorded_disk *list;
	unsigned int nr;
	void *arena; /* private */
};

/*
 * Fills @recorded_disks, which points into @wanted. Returns 0 or -ENOMEM. Free it with
 * recorded_disks_free() after 0.
 */
int recorded_disks_find(const struct boot_record *wanted, struct recorded_disks *recorded_disks);
/* Returns true if dm-multipath holds all disks of the session, which may then fail I/O early. */
bool recorded_session_is_held(const struct recorded_disks *recorded_disks, int sid);
/* Frees the list and its texts, but not the record that they point into. */
void recorded_disks_free(struct recorded_disks *recorded_disks);

#endif
