/* SPDX-License-Identifier: GPL-2.0-only */
/* What the owner of the machine wants of the agent: iscsi-boot-agent(8), "Policy". */
#ifndef AGENT_POLICY_H
#define AGENT_POLICY_H

#include "plan.h"

/*
 * The words iscsi_boot.KEY=VALUE of @cmdline, then ROOT/etc/iscsi-boot-agent.conf, then defaults. A
 * value that cannot be used is told in @diag and the next source counts. 0 or -ENOMEM.
 */
int policy_read(const char *root, const char *cmdline, struct policy *policy,
		struct ibu_diag *diag);

#endif
