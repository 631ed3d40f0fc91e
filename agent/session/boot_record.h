/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What boot wants of sessions and disks. It is kept in /run/iscsi-boot/wanted, so that it is known
 * in the real root, where neither the view nor the policy of the image need be: words as
 * iscsi-boot-agent(8) lists them, a line for each disk by each portal. What is recorded there is
 * ours; nothing else is ever touched.
 */
#ifndef AGENT_SESSION_BOOT_RECORD_H
#define AGENT_SESSION_BOOT_RECORD_H

#include "base/run_dir.h"
#include "session/timers.h"

#define WANTED_FILE BOOT_RUN_DIR "/wanted"

/* A disk by one portal. */
struct boot_record_disk {
	const char *target; /* its name, as the plan judged it: no blanks, no quotes */
	const char *portal; /* address, without brackets */
	unsigned int port;
	long lun; /* as Linux numbers it; -1: the first disk of the session */
	bool root; /* the root is on it */
	struct timers timers;
};

struct boot_record {
	struct boot_record_disk *disks;
	unsigned int nr;
	unsigned int shutdown_timeout_s;
	const char *chap_algs; /* node.session.auth.chap_algs, as in chap.h; NULL: all */
	void *arena; /* private */
};

/* Of the file. 0, -ENOENT: boot left none, -EINVAL: not what boot writes, or another -errno. */
int boot_record_read(struct boot_record *wanted);
/* Makes the file anew, all or nothing of it. 0 or -errno. */
int boot_record_write(struct boot_record *wanted);
void boot_record_free(struct boot_record *wanted);

#endif
