/* SPDX-License-Identifier: GPL-2.0-only */
/* The command "handoff": what the real root's open-iscsi needs before it takes our sessions. */
#ifndef AGENT_HANDOFF_HANDOFF_H
#define AGENT_HANDOFF_HANDOFF_H

#include "base/exit_status.h"
#include "session/boot_record.h"

/*
 * Node records of the sessions that @wanted records, without those that an earlier boot left; the
 * initiator's name, where the real root has none. STATUS_OK, also without an iscsid, or
 * STATUS_ERROR, which was told: something could not be written, the rest was.
 */
enum status handoff_command(const struct boot_record *wanted);

/*
 * Once iscsid runs: has it log in to the paths of the plan that have no session, for as long as
 * other-paths says. STATUS_OK: all are there, or nobody can; else the first one's.
 */
enum status handoff_retry_command(const struct boot_record *wanted);

#endif
