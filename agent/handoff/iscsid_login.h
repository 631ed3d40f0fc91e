/* SPDX-License-Identifier: GPL-2.0-only */
/* One path that failed during boot, and iscsid's attempts to log in to it. */
#ifndef AGENT_HANDOFF_ISCSID_LOGIN_H
#define AGENT_HANDOFF_ISCSID_LOGIN_H

#include "base/task.h"
#include "handoff/node_record.h"
#include "loop/path.h"
#include "session/boot_record.h"

enum iscsid_login_phase {
	LOGIN_DONE, /* the path is in PATH_IN or PATH_FAILED */
	LOGIN_WAITING, /* for the next attempt */
	LOGIN_TRYING, /* iscsiadm runs */
};

struct iscsid_login {
	struct progress *progress; /* of which @path is a part */
	struct path *path;
	const struct boot_record *record;
	struct node node; /* the node record, which is in open-iscsi's database */
	enum iscsid_login_phase phase;
	struct deadline until; /* LOGIN_WAITING: next attempt; LOGIN_TRYING: end of this attempt */
	unsigned int tries; /* failed attempts */
	struct task task; /* iscsiadm */
	int output; /* of iscsiadm; -1: closed */
};

/* Returns the disk of @record that @path leads to, or NULL. */
const struct boot_record_disk *iscsid_login_disk(const struct boot_record *record,
						 const struct path *path);
/*
 * If the kernel has a session for @path: completes @path with the session and its disk, sets it to
 * PATH_IN, and returns true.
 */
bool iscsid_login_find(const struct boot_record *record, struct path *path);
/*
 * Starts an attempt if one is due, or at once if @network_changed; ends one that takes too long;
 * takes the result of one that has ended. After a successful login, scans for the recorded disks
 * and sets their timers, which may take a minute. Failures are logged.
 */
void iscsid_login_step(struct iscsid_login *login, bool network_changed);

#endif
