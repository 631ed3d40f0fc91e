// SPDX-License-Identifier: GPL-2.0-only
/* Makes the boot record from the plan's paths. */
#include "plan/boot_record_from_plan.h"

#include <errno.h>
#include <stdio.h>

#include "base/arena.h"

/* Copies @value to @text, unless it is empty. Returns false without memory. */
static bool copy_param(struct boot_record *r, const char **text, const char *value)
{
	if (*value)
		*text = arena_printf(&r->arena, "%s", value);
	return !*value || *text;
}

int boot_record_start(const struct plan *plan, struct boot_record *r)
{
	const struct policy *p = &plan->policy;
	char pacing[12] = "", standby[12];

	*r = (struct boot_record){ .shutdown_timeout_s = p->shutdown_timeout_s };
	if (p->pacing_mbit)
		snprintf(pacing, sizeof(pacing), "%u", p->pacing_mbit);
	snprintf(standby, sizeof(standby), "%u", p->guard_standby_s);
	/* A path without a LUN may have another line for the root disk. */
	r->disks = arena_alloc(&r->arena, (2 * plan->nr_paths + 1) * sizeof(*r->disks));
	return r->disks && copy_param(r, &r->chap_algs, p->params[LOGIN_PARAM_CHAP_ALGS]) &&
			       copy_param(r, &r->window, p->params[LOGIN_PARAM_WINDOW_SIZE]) &&
			       copy_param(r, &r->tos, p->params[LOGIN_PARAM_TYPE_OF_SERVICE]) &&
			       copy_param(r, &r->congestion, p->params[LOGIN_PARAM_CONGESTION]) &&
			       copy_param(r, &r->pacing, pacing) &&
			       copy_param(r, &r->guard_standby, standby) ?
		       0 :
		       -ENOMEM;
}

struct boot_record_disk *boot_record_add(struct boot_record *r, const struct endpoint *to,
					 const struct timers *timers, bool root)
{
	const struct ibu_target *t = to->target;
	struct boot_record_disk *d = &r->disks[r->nr];

	*d = (struct boot_record_disk){
		.target = arena_text(&r->arena, t->name.s, t->name.len),
		.portal = arena_printf(&r->arena, "%s", to->portal),
		.port = to->port,
		.lun = ibu_has(&t->f, IBU_TARGET_LUN) ? (long)ibu_lun_linux(t->lun) : -1,
		.root = root,
		.timers = *timers,
	};
	if (!d->target || !d->portal)
		return NULL;
	r->nr++;
	return d;
}

int boot_record_from_plan(const struct plan *plan, struct boot_record *r)
{
	int err = boot_record_start(plan, r);
	unsigned int i;

	for (i = 0; i < plan->nr_paths && !err; i++)
		if (!plan->paths[i].standby &&
		    !boot_record_add(r, &plan->paths[i].to, &plan->paths[i].timers,
				     plan_path_is_roots(plan, &plan->paths[i].to)))
			err = -ENOMEM;
	if (err)
		boot_record_free(r);
	return err;
}
