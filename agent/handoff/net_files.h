/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the real root needs so that nothing there takes the NICs of the root from under it: files
 * below /run, which outlives the switch of root. iscsi-boot-agent(8) lists them.
 */
#ifndef AGENT_HANDOFF_NET_FILES_H
#define AGENT_HANDOFF_NET_FILES_H

#include "net/link.h"
#include "loop/path.h"

extern const char *handoff_run; /* "/run" but in tests */

/*
 * Writes them for each NIC of the plan that is up. Called again as others come: what is written
 * already is left alone. A file that can't be written is told, and is no reason not to boot.
 */
void handoff_network(struct rtnl *nl, const struct progress *progress);

#endif
