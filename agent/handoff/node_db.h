/* SPDX-License-Identifier: GPL-2.0-only */
/* The database of open-iscsi in the real root. All paths are below sysfs_root. */
#ifndef AGENT_HANDOFF_NODE_DB_H
#define AGENT_HANDOFF_NODE_DB_H

#include <stddef.h>

/* Directory of initiatorname.iscsi and iscsid.conf. */
#define INITIATOR_DIR "/etc/iscsi"

/*
 * Returns the directory of the database: "/etc/iscsi" (upstream, Debian) or "/var/lib/iscsi"
 * (Fedora). It is compiled into iscsid, so the program is searched for this text followed by
 * "/nodes"; if neither is in it, the directory that exists is taken. NULL: iscsid is not installed.
 */
const char *node_db_dir(void);

/*
 * Writes @text to the file @path below @dir atomically, with mode 0600. Creates directories on the
 * way (0700), but not @dir. Returns 1 if the file has changed, 0 if it had this text already, or
 * -errno.
 *
 * If the file system of @dir is read-only, mounts an overlay in /run over @dir first and logs that:
 * then the files exist in memory until the machine goes down.
 */
int node_db_put(const char *dir, const char *path, const char *text);
/*
 * Removes the file @path below @dir, and the directories between them that are empty then. Returns
 * 0 or -errno. Handles a read-only file system as node_db_put() does.
 */
int node_db_remove(const char *dir, const char *path);

#endif
