/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The files of open-iscsi in the real root: which they are, and how they are read, written and
 * removed. All paths are below sysfs_root.
 */
#ifndef AGENT_HANDOFF_NODE_DB_H
#define AGENT_HANDOFF_NODE_DB_H

#include <stddef.h>

#define INITIATOR_DIR "/etc/iscsi"

/*
 * The directory of its database, which is compiled into iscsid: "/etc/iscsi" (Debian, and as
 * open-iscsi comes), "/var/lib/iscsi" (Fedora). So the program itself is asked: the one that it
 * holds, followed by "/nodes", counts; else the one that is there. NULL: there is no iscsid.
 */
const char *node_db_dir(void);

/*
 * Makes @path, below @dir, hold exactly @text, mode 0600, all or nothing of it; directories on the
 * way (0700) too, but not @dir. 1 if it was not so before, 0, or -errno.
 *
 * Where @dir is on a file system that is read-only, an overlay in /run is mounted over it first,
 * which is told: then this machine's programs see what is written, until it is down.
 */
int node_db_put(const char *dir, const char *path, const char *text);
/* Removes it, and directories above that it leaves empty, but @dir's own. 0 or -errno. */
int node_db_remove(const char *dir, const char *path);

#endif
