// SPDX-License-Identifier: GPL-2.0-only
/* Prints the plan for people: one line for each step of the boot, with the reason. */
#include <string.h>

#include "base/cleanup.h"
#include "plan/describe.h"
#include "plan/nic_entry.h"
#include "plan/plan.h"
#include "plan/transport.h"

static const char *const on_failure_texts[] = {
	[ON_FAILURE_RETURN] = "return to the caller",
	[ON_FAILURE_SHELL] = "shell on the console",
	[ON_FAILURE_RETRY] = "retry",
	[ON_FAILURE_REBOOT] = "reboot",
};

static void print_policy(const struct policy *policy, FILE *out)
{
	if (policy->deadline_s)
		fprintf(out, "policy: deadline %u s", policy->deadline_s);
	else
		fprintf(out, "policy: no deadline");
	fprintf(out, "; on failure: %s; %s\n", on_failure_texts[policy->on_failure],
		policy->multipath ? "multipath" : "no multipath");
}

static void print_engine(const struct plan *plan, FILE *out)
{
	if (plan->policy.engine != ENGINE_OPENISCSI)
		fprintf(out, "engine: native\n");
	else if (plan->by_transport)
		fprintf(out, "engine: open-iscsi (native cannot speak %s)\n", plan->by_transport);
	else
		fprintf(out, "engine: open-iscsi (iscsi_boot.engine=)\n");
}

/* Prints an attribute of the NIC if it has one: " gateway 10.0.2.2". */
static void print_attr(const struct ibu_nic *nic, enum ibu_nic_field field, const char *label,
		       FILE *out)
{
	AUTO_ARENA arena = NULL;
	const char *text = view_attr(&arena, IBU_CLASS_NIC, field, nic);

	if (text)
		fprintf(out, "%s%s", label, text);
}

static void print_nic(const struct plan_nic *nic, FILE *out)
{
	AUTO_ARENA arena = NULL;
	const char *name = describe_nic(&arena, nic->number, nic->nic);

	fprintf(out, "network: %s", name ? name : "");
	print_attr(nic->nic, IBU_NIC_METHOD, ": ", out);
	print_attr(nic->nic, IBU_NIC_IP_ADDR, " ", out);
	print_attr(nic->nic, IBU_NIC_PREFIX_LEN, "/", out);
	if (nic->nic->method == IBU_METHOD_STATIC && !ibu_has(&nic->nic->f, IBU_NIC_PREFIX_LEN))
		fprintf(out, "/%u by %s", nic_prefix_len(nic->nic),
			ibu_addr_is_v4(&nic->nic->ip) ? "class" : "default");
	print_attr(nic->nic, IBU_NIC_GATEWAY, " gateway ", out);
	print_attr(nic->nic, IBU_NIC_VLAN, " VLAN ", out);
	print_attr(nic->nic, IBU_NIC_MTU, " MTU ", out);
	print_attr(nic->nic, IBU_NIC_SET_MAC, " set MAC to ", out);
	print_attr(nic->nic, IBU_NIC_SOURCE, ", from ", out);
	fputc('\n', out);
}

/* Prints "bond: bond0 of eth0, eth1, mode 802.3ad". */
static void print_bond(const struct plan_bond *bond, FILE *out)
{
	size_t len;
	const char *mode = ibu_bond_mode_name(&bond->config, &len);
	unsigned int i;

	fprintf(out, "bond: %s of", bond->name);
	for (i = 0; i < bond->config.nr_members; i++)
		fprintf(out, "%s %s", i ? "," : "", bond->members[i].name);
	fprintf(out, ", mode %.*s\n", (int)len, mode);
}

static void print_lun(const struct ibu_target *t, FILE *out)
{
	AUTO_ARENA arena = NULL;
	const char *lun = view_attr(&arena, IBU_CLASS_TARGET, IBU_TARGET_LUN, t);
	long number = ibu_lun_number(t->lun);

	if (!lun)
		fprintf(out, ", all disks");
	else if (number >= 0)
		fprintf(out, ", LUN %ld", number);
	else
		fprintf(out, ", LUN 0x%s", lun);
}

/* Prints login, LUN and NIC of a path. Of a target named by DHCP only the NIC is known yet. */
static void plan_print_path(const struct plan_path *path, bool root, FILE *out)
{
	static const char *const chap[] = { "no CHAP", "CHAP", "mutual CHAP" };
	AUTO_ARENA arena = NULL;
	const char *name = describe_path(&arena, path, &path->to);
	const char *transport = plan_transport(path->to.target);

	fprintf(out, "path: %s", name ? name : "");
	if (!path->by_root_path) {
		print_lun(path->to.target, out);
		fprintf(out, ", %s", chap[path->to.target->chap_type % 3]);
	}
	if (transport)
		fprintf(out, ", %s", transport);
	if (path->nic)
		fprintf(out, ", nic%u (%s)%s", path->nic->number, path->nic_reason,
			path->on_link ? ", on its link (link-local address)" : "");
	else
		fprintf(out, ", by the routing table (%s)", path->nic_reason);
	fprintf(out, "%s%s", path->shares_portal ? ", own session" : "", root ? ", root disk" : "");
	if (path->use)
		fprintf(out, "; %s", path->use);
	fputc('\n', out);
}

/* Prints why each other target of the view is not used. */
static void print_unused(const struct view *view, const struct plan *plan, FILE *out)
{
	unsigned int n;

	for (n = 0; n < view->params.nr_targets; n++)
		if (plan->unused[n])
			fprintf(out, "target%u: not used: %s\n", n, plan->unused[n]);
}

static void print_seconds(const char *label, int value, FILE *out)
{
	if (value < 0)
		fprintf(out, "%s off", label);
	else
		fprintf(out, "%s %d s", label, value);
}

static void print_timers(const struct timers *t, FILE *out)
{
	print_seconds("recovery_tmo", t->recovery_tmo, out);
	if (t->noop_interval)
		fprintf(out, ", NOP-Out every %d s, timeout %d s", t->noop_interval,
			t->noop_timeout);
	else
		fprintf(out, ", no NOP-Outs");
	print_seconds(", command timeout", t->command_timeout, out);
	print_seconds(", eh_timeout", t->eh_timeout, out);
	fprintf(out, ", max_retries %d, scheduler %s", t->max_retries, t->scheduler);
	print_seconds("; with multipath: recovery_tmo", t->multipath_recovery_tmo, out);
	print_seconds(", command timeout", t->multipath_command_timeout, out);
	fputc('\n', out);
}

/* Prints for which disks boot waits, if the command line names several. */
static void print_awaited(const struct plan *plan, FILE *out)
{
	unsigned int i;

	for (i = 0; i < plan->nr_paths && plan->awaits_all; i++) {
		if (plan_path_is_roots(plan, &plan->paths[i].to) ||
		    !(plan->paths[i].to.target->source & IBU_FROM_CMDLINE))
			continue;
		fprintf(out,
			"wait: for each disk that the command line names: root= may be on any\n");
		break;
	}
}

/* Prints one line if the timers are the same for all targets. */
static void print_all_timers(const struct plan *plan, FILE *out)
{
	const struct plan_path *path = plan->paths, *end = path + plan->nr_paths;

	while (path < end && !memcmp(&path->timers, &plan->paths[0].timers, sizeof(path->timers)))
		path++;
	if (path == end) {
		fprintf(out, "timers (all targets): ");
		print_timers(&plan->paths[0].timers, out);
		return;
	}
	for (path = plan->paths; path < end; path++) {
		fprintf(out, "timers (target%u): ", path->number);
		print_timers(&path->timers, out);
	}
}

void plan_print(const struct view *view, const struct plan *plan, FILE *out)
{
	unsigned int i;

	fprintf(out, "view: %s\n",
		view->from_file ? "a table in a file, without a command line" :
		view->fallback	? "built by the agent, without the module" :
		view->nr_places ? "built by the agent, with parameters in files" :
				  "/sys/firmware/iscsi_boot_unified");
	fprintf(out, "initiator: %s, from %s\n",
		*plan->initiator_name ? plan->initiator_name : "(no NIC yet)",
		plan->initiator_from);
	print_policy(&plan->policy, out);
	if (plan->bypass)
		fprintf(out, "bypass: no iSCSI if %s exists on another disk\n", plan->root_dev);
	print_engine(plan, out);
	for (i = 0; i < plan->nr_bonds; i++)
		print_bond(&plan->bonds[i], out);
	for (i = 0; i < plan->nr_nics; i++)
		print_nic(&plan->nics[i], out);
	for (i = 0; i < plan->nr_paths; i++)
		plan_print_path(&plan->paths[i], plan_path_is_roots(plan, &plan->paths[i].to), out);
	print_unused(view, plan, out);
	print_awaited(plan, out);
	print_all_timers(plan, out);
}
