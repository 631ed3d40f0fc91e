/* SPDX-License-Identifier: GPL-2.0-only */
/* What the owner of the machine wants of the agent: iscsi-boot-agent(8), "Policy". */
#ifndef AGENT_PLAN_POLICY_H
#define AGENT_PLAN_POLICY_H

#include <stdbool.h>

#include "plan/dhcp_clients.h"
#include "plan/node_param.h"
#include "session/timers.h"

struct plan;

/* -1 stands for "off" (recovery_tmo: for ever; max_retries: without limit) and is a value here. */

enum on_failure { ON_FAILURE_RETURN, ON_FAILURE_SHELL, ON_FAILURE_RETRY, ON_FAILURE_REBOOT };

/* Who logs in. */
enum engine_kind { ENGINE_DEFAULT, ENGINE_NATIVE, ENGINE_OPENISCSI };

/* From the kernel command line (iscsi_boot.KEY=VALUE), /etc/iscsi-boot-agent.conf, or defaults. */
struct policy {
	unsigned int deadline_s; /* 0: none; default 180 */
	unsigned int others_s; /* for the other paths once the root is there, 0: without limit */
	enum on_failure on_failure;
	bool guard; /* remakes lost connections before iscsid does */
	enum engine_kind engine; /* default: native, which the plan may change */
	enum lease_from dhcp_client; /* that alone; LEASE_NONE: whichever the image has */
	unsigned int shutdown_timeout_s;
	bool multipath; /* configured in the image or on the command line */
	struct timers timers; /* of what has none of its own */
	char params[NR_NODE_PARAMS][NODE_PARAM_SIZE]; /* empty: not given */
};

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
