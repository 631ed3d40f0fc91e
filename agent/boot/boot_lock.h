/* SPDX-License-Identifier: GPL-2.0-only */
/* The lock file that lets one boot at a time work. */
#ifndef AGENT_BOOT_BOOT_LOCK_H
#define AGENT_BOOT_BOOT_LOCK_H

#include "base/exit_status.h"

/*
 * Takes the lock file @path, so that one boot at a time works. If an earlier boot's worker holds
 * the lock and has written its process ID, kills that worker first. @fd: the lock, held until the
 * caller closes it; -1 if the file cannot be opened, which does not prevent booting. Returns
 * STATUS_OK, or STATUS_ERROR (logged) if another boot holds the lock.
 */
enum status boot_lock_take(const char *path, int *fd);
/* Writes our process ID: from now on another boot may kill this process. */
void boot_lock_write_pid(int fd);

#endif
