/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keeps lost targets from blocking the shutdown of the machine for longer than shutdown-timeout
 * (default 20 s). It may run when the root disk is lost, so iscsi-boot-shutdown is linked
 * statically, kept in memory from boot on, and opens only files of the kernel and of /run.
 */
#ifndef AGENT_SHUTDOWN_SHUTDOWN_H
#define AGENT_SHUTDOWN_SHUTDOWN_H

#include "base/exit_status.h"
#include "session/boot_record.h"

/*
 * Pings the target of each recorded session (NOP-Out). A session with a response gets short timers,
 * so that the kernel gives up I/O that starts from now on: recovery_tmo is shutdown-timeout, the
 * command timeout is a quarter of it (a flush takes twice that), and each step of error handling is
 * 1 s. A session without a response is destroyed, so that its outstanding I/O fails: at once if no
 * process listens that could log in again, else after half of shutdown-timeout. The timers are not
 * restored.
 *
 * @action: reboot, poweroff, halt, kexec, or NULL. With an action, a process stays and keeps
 * pinging. If the root disk is lost, it carries out the action, because the program that should do
 * so may be on the root disk. Its name begins with "@", so that systemd does not kill it.
 *
 * Returns STATUS_OK, STATUS_NO_ANSWER (a session was lost), STATUS_USAGE (unknown action) or
 * STATUS_ERROR.
 */
enum status shutdown_sessions(const struct boot_record *record, const char *action);

#endif
