// SPDX-License-Identifier: GPL-2.0-only
/* Targets that a root path of DHCP names (RFC 4173): a place in the plan before, the rest after. */
#include <errno.h>

#include "base/cleanup.h"
#include "plan/planner.h"
#include "kmod/core/cmdline.h"

static enum root_path asked_for(const struct ibu_text *value)
{
	if (ibu_is(value, "dhcp"))
		return ROOT_PATH_WANTED;
	return ibu_is(value, "dhcp6") ? ROOT_PATH_WANTED_V6 : ROOT_PATH_UNWANTED;
}

static bool has_dhcp(const struct view *view)
{
	unsigned int n;

	for (n = 0; n < view->params.nr_nics; n++)
		if (nic_wants_dhcp(&view->params.nics[n]))
			return true;
	return false;
}

/* A root= of another kind says what to boot from: a machine with its own disk may want DHCP. */
enum root_path planner_wants_root_path(const struct view *view)
{
	const char *s = view->cmdline, *end = s + strlen(s);
	enum root_path asked = ROOT_PATH_UNWANTED;
	struct ibu_text name, value;
	bool other_root = false;

	while (ibu_next_word(&s, end, &name, &value)) {
		if (!ibu_is(&name, "root") && !ibu_is(&name, "netroot"))
			continue;
		if (asked_for(&value) != ROOT_PATH_UNWANTED)
			asked = asked_for(&value);
		else
			other_root = true;
	}
	if (asked != ROOT_PATH_UNWANTED || other_root || view->params.nr_targets)
		return asked;
	return has_dhcp(view) ? ROOT_PATH_MAYBE : ROOT_PATH_UNWANTED;
}

/* DHCP is wanted, and no word says where: on whichever NIC has a carrier. */
static void make_up_nic(struct planner *p, enum root_path wanted)
{
	struct ibu_nic *nic = &p->nics[p->nr_nics];

	*nic = (struct ibu_nic){
		.source = IBU_FROM_CMDLINE,
		.method = wanted == ROOT_PATH_WANTED_V6 ? IBU_METHOD_DHCP6 : IBU_METHOD_DHCP,
	};
	nic->f.set = BIT_ULL(IBU_NIC_SOURCE) | BIT_ULL(IBU_NIC_METHOD);
	p->same_as[p->nr_nics] = p->nr_nics;
	p->nr_nics++;
}

static void add_root_path(struct planner *p, unsigned int n)
{
	struct plan *plan = p->plan;
	struct plan_path *path = &plan->paths[plan->nr_paths];
	unsigned int number = p->view->params.nr_targets;

	if (plan->nr_paths && plan->paths[plan->nr_paths - 1].by_root_path)
		number = plan->paths[plan->nr_paths - 1].number + 1;
	*path = (struct plan_path){
		.to.target = &p->targets[number],
		.by_root_path = true,
		.number = number,
		.nic = planner_use_nic(p, n),
		.nic_reason = "its DHCP names it",
		.timers = plan->policy.timers,
	};
	plan->nr_paths++;
}

int planner_add_root_paths(struct planner *p, enum root_path wanted)
{
	unsigned int n, nr = p->plan->nr_paths;

	if (!p->nr_nics)
		make_up_nic(p, wanted);
	for (n = 0; n < p->nr_nics; n++)
		if (p->same_as[n] == n && nic_wants_dhcp(&p->nics[n]))
			add_root_path(p, n);
	p->plan->only_maybe = wanted == ROOT_PATH_MAYBE;
	if (nr == p->plan->nr_paths)
		ibu_diag_add(&p->diag, IBU_WARNING, "cmdline", "netroot", IBU_NO_OFFSET,
			     "no NIC gets its address by DHCP here, so there is no root path");
	return 0;
}

const char *plan_root_path(const struct plan *plan, const struct plan_path *path, char *text,
			   void **arena, struct endpoint *to, struct timers *timers,
			   struct ibu_diag *diag)
{
	struct plan scratch = { .policy = plan->policy };
	struct planner p = { .root = plan->root_dir, .view = plan->view, .plan = &scratch };
	struct ibu_target *target = arena_alloc(arena, sizeof(*target));
	struct ibu_params params = { 0 };
	const char *wrong = NULL;

	p.diag = *diag;
	if (!target || ibu_root_path_parse(text, strlen(text), &params, &p.diag))
		wrong = strerror(ENOMEM);
	else if (!params.nr_targets)
		wrong = *text ? "its root path is not one for iSCSI" : "it has no root path";
	else
		*target = params.targets[0];
	if (!wrong && !planner_check_target(&p, path->number, target))
		wrong = "what its root path names cannot be used";
	if (!wrong && planner_set_timers(&p, path->number, target, timers))
		wrong = strerror(ENOMEM);
	if (!wrong)
		endpoint_set(to, target);
	*diag = p.diag;
	ibu_params_free(&params);
	return wrong;
}
