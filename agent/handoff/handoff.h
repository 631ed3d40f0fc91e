/* SPDX-License-Identifier: GPL-2.0-only */
/* The command handoff: prepares the takeover of the sessions by the real root's iscsid. */
#ifndef AGENT_HANDOFF_HANDOFF_H
#define AGENT_HANDOFF_HANDOFF_H

#include "base/exit_status.h"
#include "session/boot_record.h"

/*
 * Writes node records for the sessions recorded in @wanted, and the initiator name if the real root
 * has none; removes records of an earlier boot. Returns STATUS_OK, also if iscsid is not installed;
 * STATUS_ERROR if something could not be written, which is logged. The rest is written then.
 */
enum status handoff_command(const struct boot_record *wanted);

/*
 * --again, while iscsid runs: makes it log in to the planned paths without a session, for up to
 * other-paths seconds. Returns STATUS_OK if all paths are attached or iscsid is not installed, else
 * the result of the first path that is not.
 */
enum status handoff_retry_command(const struct boot_record *wanted);

#endif
