/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The boot record: the sessions and disks that boot set up, and their timers. The file
 * /run/iscsi-boot/wanted keeps it for the real root, where the view and the policy of the image may
 * be missing. The file has one line of KEY=VALUE pairs per disk and portal; iscsi-boot-agent(8)
 * lists the keys. Later commands change recorded sessions and disks only.
 */
#ifndef AGENT_SESSION_BOOT_RECORD_H
#define AGENT_SESSION_BOOT_RECORD_H

#include "base/run_dir.h"
#include "session/timers.h"

#define WANTED_FILE BOOT_RUN_DIR "/wanted"

/* A disk, and the portal through which it is reached; or all disks of a session. */
struct boot_record_disk {
	const char *target; /* name, checked by the plan: no blanks, no quotes */
	const char *portal; /* address, without brackets */
	unsigned int port;
	/* as Linux numbers it; -1: all disks of the session but those that other lines record */
	long lun;
	bool root; /* it is the root disk, or one of these disks may be */
	int chap_algorithm; /* that the target chose, number as in CHAP_A; 0: unknown */
	/* A host name that the target redirected to, and its address; NULL: none. */
	const char *redirect_name, *redirect_addr;
	struct timers timers;
};

struct boot_record {
	struct boot_record_disk *disks;
	unsigned int nr;
	unsigned int shutdown_timeout_s;
	/* Values of the policy that later logins need too; NULL: not set. */
	const char *chap_algs; /* node.session.auth.chap_algs, as in chap.h */
	const char *window, *tos; /* node.conn[0].tcp.window_size, .type_of_service */
	const char *congestion; /* node.conn[0].tcp.congestion_control */
	const char *pacing; /* tcp.pacing, in Mbit/s */
	const char *guard_standby; /* guard-standby, in seconds; 0: off */
	void *arena; /* private */
};

/*
 * Reads the file. Returns 0, -ENOENT: boot did not run, -EINVAL: invalid, or another -errno. Free
 * @record with boot_record_free() after 0.
 */
int boot_record_read(struct boot_record *record);
/* Returns the entry of @target at @portal and @port, or NULL. */
const struct boot_record_disk *boot_record_find(const struct boot_record *record,
						const char *target, const char *portal,
						unsigned int port);
/* Replaces the file atomically. Returns 0 or -errno. */
int boot_record_write(struct boot_record *record);
/* Returns true if all disks of the session of @disk were wanted, not certain LUNs. */
bool boot_record_wants_all(const struct boot_record *record, const struct boot_record_disk *disk);
/* Frees @record, which is then empty. */
void boot_record_free(struct boot_record *record);

#endif
