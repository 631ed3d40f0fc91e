/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files below /run, which make the network managers of the real root keep the NICs of the root disk
 * as they are. iscsi-boot-agent(8) lists them.
 */
#ifndef AGENT_HANDOFF_NET_FILES_H
#define AGENT_HANDOFF_NET_FILES_H

#include "net/link.h"
#include "loop/path.h"

extern const char *handoff_run; /* "/run"; tests change it */

/*
 * Writes the files of each planned NIC that is up. The loop calls it whenever a NIC is ready; files
 * that are up to date are not written again. A file that cannot be written is logged, and boot goes
 * on.
 */
void handoff_network(struct rtnl *nl, const struct progress *progress);

#endif
