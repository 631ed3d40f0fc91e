// SPDX-License-Identifier: GPL-2.0-only
/* Reads the policy: command line, then configuration file, then defaults. */
#include "plan/policy_private.h"

#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "plan/planner.h"
#include "kmod/core/attrs.h"
#include "kmod/core/cmdline.h"

/* True for the parameters of multipath-tools and dracut that disable multipath. */
static bool refuses_multipath(const struct ibu_text *name, const struct ibu_text *value)
{
	if (ibu_is(name, "nompath"))
		return true;
	return (ibu_is(name, "rd.multipath") && (ibu_is(value, "0") || ibu_is(value, "no"))) ||
	       (ibu_is(name, "multipath") && ibu_is(value, "off"));
}

bool planner_has_file(const char *root, const char *path)
{
	AUTO_ARENA arena = NULL;
	char *full = arena_printf(&arena, "%s%s", root, path);

	return full && !access(full, F_OK);
}

static bool wants_multipath(const char *root, const char *cmdline)
{
	const char *s = cmdline, *end = s + strlen(s);
	struct ibu_text name, value;
	bool wanted = false;

	while (ibu_next_word(&s, end, &name, &value)) {
		if (refuses_multipath(&name, &value))
			return false;
		wanted |= ibu_is(&name, "rd.multipath") || ibu_is(&name, "multipath");
	}
	return wanted || planner_has_file(root, "/etc/multipath.conf") ||
	       planner_has_file(root, "/etc/multipath");
}

static void policy_set_defaults(struct policy *policy)
{
	*policy = (struct policy){
		.deadline_s = 180,
		.others_s = 30,
		.on_failure = ON_FAILURE_RETURN,
		.iscsi_ibft = true,
		.failover = true,
		.guard = true,
		.guard_standby_s = 30,
		.shutdown_timeout_s = 20,
		.multipath = policy->multipath,
		.timers = {
			.recovery_tmo = POLICY_UNSET,
			.noop_interval = policy->multipath ? 5 : 0,
			.noop_timeout = policy->multipath ? 10 : 0,
			.command_timeout = POLICY_UNSET,
			.eh_timeout = 10,
			.max_retries = 5,
			.scheduler = "none",
			.multipath_recovery_tmo = POLICY_UNSET,
			.multipath_command_timeout = POLICY_UNSET,
		},
	};
}

/* A configured timer also applies with multipath, unless that has its own value. */
static void settle_pair(int *value, int *multipath, int value_default, int multipath_default)
{
	if (*multipath == POLICY_UNSET)
		*multipath = *value == POLICY_UNSET ? multipath_default : *value;
	if (*value == POLICY_UNSET)
		*value = value_default;
}

/*
 * With one path, the root disk waits a day for its target, because an I/O error makes the file
 * system read-only. NOP-Outs would only disconnect a slow target. With multipath, NOP-Outs find a
 * dead path, and dm-multipath switches to another one.
 */
static void settle_timers(struct timers *t, struct ibu_diag *diag)
{
	settle_pair(&t->recovery_tmo, &t->multipath_recovery_tmo, 86400, 15);
	settle_pair(&t->command_timeout, &t->multipath_command_timeout, 90, 30);
	/*
	 * If only one is 0, the kernel uses 5 s for it (libiscsi.c, iscsi_conn_start): set it here.
	 */
	if (!t->noop_interval == !t->noop_timeout)
		return;
	t->noop_timeout = t->noop_interval ? 10 : 0;
	ibu_diag_add(diag, IBU_WARNING, "policy", "noop-timeout", IBU_NO_OFFSET,
		     "set to %d, because noop-interval is %d", t->noop_timeout, t->noop_interval);
}

int policy_read(const char *root, const char *cmdline, struct policy *policy, struct ibu_diag *diag)
{
	struct policy_source src = { .policy = policy, .diag = diag };
	int err;

	policy->multipath = wants_multipath(root, cmdline);
	policy_set_defaults(policy);
	err = policy_read_file(&src, root);
	policy_read_cmdline(&src, cmdline);
	policy->configured = policy->timers;
	settle_timers(&policy->timers, diag);
	return err;
}

int policy_timers(const char *root, const struct policy_targets *targets,
		  const struct policy *policy, const struct timers_scope *scope,
		  struct timers *timers)
{
	struct policy own = *policy;
	struct ibu_diag reported = { 0 };
	struct policy_source src = { .policy = &own, .diag = &reported, .scope = scope };
	int err = 0;

	own.timers = policy->configured;
	for (src.level = LEVEL_TARGET; src.level < LEVEL_OTHER && !err; src.level++)
		err = policy_read_file(&src, root);
	src.level = LEVEL_LUN;
	policy_read_target(&src, targets);
	settle_timers(&own.timers, &reported);
	ibu_diag_free(&reported);
	*timers = own.timers;
	return err;
}

enum status planner_read_policy(struct planner *p)
{
	struct plan *plan = p->plan;

	if (policy_read(p->root, p->view->cmdline, &plan->policy, &p->diag) ||
	    policy_find_targets(&plan->arena, p->view->cmdline, &plan->policy_targets))
		return planner_no_memory(p);
	return STATUS_OK;
}
