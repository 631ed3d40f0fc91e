/* SPDX-License-Identifier: GPL-2.0-only */
/* What a process needs that starts in the initramfs and keeps running in the real root. */
#ifndef AGENT_BASE_DAEMON_H
#define AGENT_BASE_DAEMON_H

/* Goes into the background: the caller's parent process exits with 0. Returns 0 or -errno. */
int daemon_detach(void);
/*
 * In an initramfs with systemd, copies the unit file @unit to /run, which initramfs and real root
 * share: systemd of the real root would else stop the process. Returns 0 or -errno.
 */
int daemon_copy_unit(const char *unit);
/*
 * Opens @path, which only root can, and locks it as long as the process runs. Returns a file
 * descriptor; -EWOULDBLOCK: another process has locked it; or another -errno.
 */
int daemon_lock(const char *path);

#endif
