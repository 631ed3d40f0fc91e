// SPDX-License-Identifier: GPL-2.0-only
/* The plan in words: a line for each thing that boot would do, and why so. */
#include "base/cleanup.h"
#include "plan/describe.h"
#include "plan/plan.h"
#include "plan/transport.h"

static const char *const on_failure_words[] = {
	[ON_FAILURE_RETURN] = "return to the caller",
	[ON_FAILURE_SHELL] = "a shell on the console",
	[ON_FAILURE_RETRY] = "try again",
	[ON_FAILURE_REBOOT] = "reboot",
};

static void print_policy(const struct policy *policy, FILE *out)
{
	fprintf(out, "policy: ");
	if (policy->deadline_s)
		fprintf(out, "done within %u s", policy->deadline_s);
	else
		fprintf(out, "no deadline");
	fprintf(out, ", on failure %s, %s\n", on_failure_words[policy->on_failure],
		policy->multipath ? "multipath configured" : "no multipath");
}

static void print_engine(const struct plan *plan, FILE *out)
{
	const char *transport = plan->by_transport;

	fprintf(out, "engine: %s%s\n",
		plan->policy.engine != ENGINE_OPENISCSI ? "native, all targets are reached by TCP" :
		transport ? "open-iscsi (iscsistart), native has no " :
			    "open-iscsi (iscsistart), as iscsi_boot.engine= says",
		transport ? transport : "");
}

/* " gateway 10.0.2.2", if the NIC has it. */
static void print_attr(const struct ibu_nic *nic, enum ibu_nic_field field, const char *label,
		       FILE *out)
{
	AUTO_ARENA arena = NULL;
	const char *text = view_attr(&arena, IBU_CLASS_NIC, field, nic);

	if (text)
		fprintf(out, "%s%s", label, text);
}

static void print_nic(const struct plan_nic *pn, FILE *out)
{
	AUTO_ARENA arena = NULL;
	const char *name = describe_nic(&arena, pn->number, pn->nic);

	fprintf(out, "network: %s", name ? name : "");
	print_attr(pn->nic, IBU_NIC_METHOD, ": ", out);
	print_attr(pn->nic, IBU_NIC_IP_ADDR, " ", out);
	print_attr(pn->nic, IBU_NIC_PREFIX_LEN, "/", out);
	print_attr(pn->nic, IBU_NIC_GATEWAY, " gateway ", out);
	print_attr(pn->nic, IBU_NIC_VLAN, " VLAN ", out);
	print_attr(pn->nic, IBU_NIC_MTU, " MTU ", out);
	print_attr(pn->nic, IBU_NIC_SOURCE, ", from ", out);
	fputc('\n', out);
}

static void print_login(const struct plan_path *path, FILE *out)
{
	static const char *const chap[] = { "no CHAP", "CHAP", "mutual CHAP" };
	AUTO_ARENA arena = NULL;
	const char *name = describe_path(&arena, path, &path->to),
		   *transport = plan_transport(path->to.target);

	fprintf(out, "login: %s, %s, ", name ? name : "", chap[path->to.target->chap_type % 3]);
	if (transport)
		fprintf(out, "by %s, ", transport);
	if (path->nic)
		fprintf(out, "by nic%u (%s)%s\n", path->nic->number, path->nic_reason,
			path->shares_portal ? ", in a session of its own" : "");
	else
		fprintf(out, "%s\n", path->nic_reason);
}

static void print_disk(const struct plan_path *path, bool first, FILE *out)
{
	AUTO_ARENA arena = NULL;
	const char *lun = view_attr(&arena, IBU_CLASS_TARGET, IBU_TARGET_LUN, path->to.target);
	long number = ibu_lun_number(path->to.target->lun);

	if (!lun)
		fprintf(out, "disks: the first disk");
	else if (number >= 0)
		fprintf(out, "disks: LUN %ld", number);
	else
		fprintf(out, "disks: LUN 0x%s", lun);
	fprintf(out, " of target%u%s\n", path->number, first ? " is the root's" : "");
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
		fprintf(out, ", NOP-Out every %d s answered within %d s", t->noop_interval,
			t->noop_timeout);
	else
		fprintf(out, ", no NOP-Outs");
	print_seconds(", command timeout", t->command_timeout, out);
	print_seconds(", eh_timeout", t->eh_timeout, out);
	fprintf(out, ", max_retries %d, scheduler %s", t->max_retries, t->scheduler);
	print_seconds("; once multipath holds the disk: recovery_tmo", t->multipath_recovery_tmo,
		      out);
	print_seconds(", command timeout", t->multipath_command_timeout, out);
	fputc('\n', out);
}

void plan_print(const struct view *view, const struct plan *plan, FILE *out)
{
	unsigned int i;

	fprintf(out, "view: %s\n",
		view->fallback ? "made by the agent, without the module" :
				 "/sys/firmware/iscsi_boot_unified");
	fprintf(out, "initiator: %s, from %s\n", plan->initiator_name, plan->initiator_from);
	print_policy(&plan->policy, out);
	print_engine(plan, out);
	for (i = 0; i < plan->nr_nics; i++)
		print_nic(&plan->nics[i], out);
	for (i = 0; i < plan->nr_paths; i++)
		print_login(&plan->paths[i], out);
	for (i = 0; i < plan->nr_paths; i++)
		print_disk(&plan->paths[i], !i, out);
	for (i = 0; i < plan->nr_paths; i++) {
		fprintf(out, "timers of target%u: ", plan->paths[i].number);
		print_timers(&plan->paths[i].timers, out);
	}
}
