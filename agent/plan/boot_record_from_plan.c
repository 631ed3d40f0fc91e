// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "base/arena.h"
#include "loop/loop.h"
#include "plan/boot_record_from_plan.h"

/* What was found counts: a LUN of this number may have another addressing method. */
static long lun_of(const struct plan_path *path)
{
	if (path->disk[0])
		return path->linux_lun;
	return ibu_has(&path->target->f, IBU_TARGET_LUN) ? (long)ibu_lun_linux(path->target->lun) :
							   -1;
}

int boot_record_from_plan(const struct plan *plan, struct boot_record *w)
{
	unsigned int i;

	const char *algs = plan->policy.params[LOGIN_PARAM_CHAP_ALGS];

	*w = (struct boot_record){ .shutdown_timeout_s = plan->policy.shutdown_timeout_s };
	w->chap_algs = *algs ? arena_printf(&w->arena, "%s", algs) : NULL;
	w->disks = arena_alloc(&w->arena, (plan->nr_paths + 1) * sizeof(*w->disks));
	for (i = 0; w->disks && i < plan->nr_paths; i++) {
		const struct plan_path *path = &plan->paths[i];
		const struct ibu_text *name = &path->target->name;

		w->disks[i] = (struct boot_record_disk){
			.target = arena_text(&w->arena, name->s, name->len),
			.portal = arena_printf(&w->arena, "%s", path->portal),
			.port = path->port,
			.lun = lun_of(path),
			.root = path_is_roots(plan, path),
			.timers = path->timers,
		};
		if (!w->disks[i].target || !w->disks[i].portal)
			break;
		w->nr++;
	}
	if (w->disks && w->nr == plan->nr_paths && !w->chap_algs == !*algs)
		return 0;
	boot_record_free(w);
	return -ENOMEM;
}

int boot_record_keep(const struct plan *plan)
{
	struct boot_record w;
	int r = boot_record_from_plan(plan, &w);

	if (!r)
		r = boot_record_write(&w);
	boot_record_free(&w);
	return r;
}
