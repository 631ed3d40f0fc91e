/* SPDX-License-Identifier: GPL-2.0-only */
/* What the owner of the machine wants of the agent: iscsi-boot-agent(8), "Policy". */
#ifndef AGENT_PLAN_POLICY_H
#define AGENT_PLAN_POLICY_H

#include "plan/plan.h"

/*
 * The words iscsi_boot.KEY=VALUE of @cmdline, then ROOT/etc/iscsi-boot-agent.conf, then defaults. A
 * value that cannot be used is told in @diag and the next source counts. 0 or -ENOMEM.
 */
int policy_read(const char *root, const char *cmdline, struct policy *policy,
		struct ibu_diag *diag);

/* Words iscsi_boot.targetN.KEY= of a target that neither the view nor the plan has are told. */
void policy_check_targets(const struct plan *plan, struct ibu_diag *diag);

/* Whom timers are for. */
struct timers_scope {
	const struct ibu_text *target; /* its name */
	unsigned int number; /* N of targetN */
	long lun; /* as people call it; -1: none is named */
};

/*
 * The timers of @scope: what is said of this LUN, of this target, of all; of each the command line
 * before the file. What is bad was told by policy_read(), which comes first. 0 or -ENOMEM.
 */
int policy_timers(const char *root, const char *cmdline, const struct policy *policy,
		  const struct timers_scope *scope, struct timers *timers);

#endif
