/* SPDX-License-Identifier: GPL-2.0-only */
/* The policy: what the administrator configures, see iscsi-boot-agent.conf(5). */
#ifndef AGENT_PLAN_POLICY_H
#define AGENT_PLAN_POLICY_H

#include <stdbool.h>

#include "plan/dhcp_clients.h"
#include "plan/node_param.h"
#include "session/timers.h"
#include "kmod/core/params.h"

/* -1 is "off": recovery_tmo never expires, max_retries has no limit. */

enum on_failure { ON_FAILURE_RETURN, ON_FAILURE_SHELL, ON_FAILURE_RETRY, ON_FAILURE_REBOOT };

/* The engine that logs in. */
enum engine_kind { ENGINE_DEFAULT, ENGINE_NATIVE, ENGINE_OPENISCSI };

/* Values of the command line (iscsi_boot.KEY=VALUE), /etc/iscsi-boot-agent.conf, or defaults. */
struct policy {
	unsigned int deadline_s; /* 0: none; default 180 */
	/* time for the other paths after the root disk is there; 0: no limit */
	unsigned int others_s;
	enum on_failure on_failure;
	bool iscsi_ibft; /* load iscsi_ibft too, for other programs */
	bool failover; /* use valid targets of the firmware that are not boot-selected */
	bool guard; /* start the guard, which reconnects while iscsid does not */
	unsigned int guard_standby_s; /* how long iscsid may fail to reconnect; 0: guard exits */
	enum engine_kind engine; /* the plan may change the default, native */
	enum lease_from dhcp_client; /* LEASE_NONE: the first that the image has */
	unsigned int shutdown_timeout_s;
	unsigned int pacing_mbit; /* highest rate of a session, in Mbit/s; 0: no limit */
	bool multipath; /* configured in the image or on the command line */
	struct timers timers; /* for targets and LUNs without their own */
	struct timers configured; /* the same without what depends on other values; private */
	char params[NR_NODE_PARAMS][NODE_PARAM_SIZE]; /* empty: not given */
};

/*
 * Reads the parameters iscsi_boot.KEY=VALUE of @cmdline, then ROOT/etc/iscsi-boot-agent.conf, then
 * sets defaults. An invalid value is reported in @diag, and the next source is used. Returns 0 or
 * -ENOMEM.
 */
int policy_read(const char *root, const char *cmdline, struct policy *policy,
		struct ibu_diag *diag);

/* The target and LUN that timers apply to. */
struct timers_scope {
	const struct ibu_text *target; /* its name */
	unsigned int number; /* N of targetN */
	long lun; /* LUN number as in the configuration; -1: the target has no LUN */
};

/* A parameter iscsi_boot.targetN.KEY= of a command line. */
struct policy_target {
	long number; /* N */
	const char *param; /* in the command line */
	struct ibu_text key, value;
};

/* All of them, by number, and in their order. */
struct policy_targets {
	struct policy_target *list;
	unsigned int nr;
};

/* Finds these parameters, for policy_timers(). Allocates in @arena. Returns 0 or -ENOMEM. */
int policy_find_targets(void **arena, const char *cmdline, struct policy_targets *targets);

/*
 * Reads the timers of @scope. Values for its LUN override those for its target, which override
 * those for all targets; at each level the command line overrides the file. @policy, @targets: of
 * the same command line. Invalid values are ignored: policy_read() has reported them. Returns 0 or
 * -ENOMEM.
 */
int policy_timers(const char *root, const struct policy_targets *targets,
		  const struct policy *policy, const struct timers_scope *scope,
		  struct timers *timers);

#endif
