/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When the machine goes down: nothing that waits for a target may hold it up for longer than
 * shutdown-timeout (20 s). This runs when the root may be lost already: it is also a program of its
 * own, linked statically, that is kept in memory from the start (iscsi-boot-shutdown), and it never
 * touches a file of a disk.
 */
#ifndef AGENT_SHUTDOWN_SHUTDOWN_H
#define AGENT_SHUTDOWN_SHUTDOWN_H

#include "base/exit_status.h"
#include "session/boot_record.h"

/*
 * Each session of ours is asked for a sign of life. One that is well gets short timers, so that the
 * kernel ends by itself what it begins from now on: recovery_tmo shutdown-timeout, commands a
 * quarter of it (a flush takes twice that), each step of error handling a second. One that is lost
 * is ended, so that all that waits for it fails: at once if nobody is there to log in again, else
 * after half of shutdown-timeout. Nothing is put back.
 *
 * With @action (reboot, poweroff, halt, kexec; NULL: none) a process stays behind that keeps on
 * asking, and if the root is lost does this itself: who should do it may be on the root. It is
 * called "@..." for systemd, which then lets it live.
 *
 * STATUS_OK, STATUS_NO_ANSWER (a session was lost), STATUS_USAGE (no such action) or STATUS_ERROR.
 */
enum status shutdown_sessions(const struct boot_record *wanted, const char *action);

#endif
