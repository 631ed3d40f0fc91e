// SPDX-License-Identifier: GPL-2.0-only
/* Makes the paths of one session agree: same credentials, same timers, each LUN once. */
#include "base/arena.h"
#include "plan/planner.h"
#include "plan/target.h"
#include "plan/transport.h"

/*
 * Gives both the credentials of the one with the higher CHAP type, or of @a if the types are equal.
 */
static void agree_on_chap(struct planner *p, const struct plan_path *a, const struct plan_path *b)
{
	struct ibu_target *from = &p->targets[a->number], *to = &p->targets[b->number];
	bool equal = from->chap_type == to->chap_type;

	if (endpoint_same_chap(&a->to, &b->to))
		return;
	if (to->chap_type > from->chap_type) {
		struct ibu_target *stricter = to;

		to = from;
		from = stricter;
	}
	plan_note(&p->diag, "target", (unsigned int)(to - p->targets), "chap-type",
		  "shares a session with target%u: uses its CHAP credentials, which %s",
		  (unsigned int)(from - p->targets), equal ? "come first" : "are stricter");
	endpoint_copy_chap(to, from);
}

/* Leaves a path out; @why: the reason, with the number of the other target. */
__attribute__((format(printf, 4, 0))) static void drop_twin(struct planner *p,
							    const struct plan_path *path,
							    const char *field, const char *why,
							    unsigned int other)
{
	char reason[64];

	snprintf(reason, sizeof(reason), why, other);
	if (path->number < p->view->params.nr_targets)
		p->plan->unused[path->number] = arena_printf(&p->plan->arena, "%s", reason);
	/* A selected target is expected to be used. */
	if (!path->use)
		plan_note(&p->diag, "target", path->number, field, "target ignored: %s", reason);
}

/* Leaves @path out if @other, a path of the same session, makes it needless. */
static bool twin_is_needless(struct planner *p, const struct plan_path *other,
			     const struct plan_path *path)
{
	const bool attached = other->nic == path->nic && endpoint_attaches(&other->to, &path->to);
	const char *field = "target-name", *why = NULL;

	if (attached && endpoint_attaches(&path->to, &other->to)) {
		why = "the same as target%u";
	} else if (plan_transport(other->to.target) != plan_transport(path->to.target)) {
		field = "transport";
		why = "target%u reaches it by another transport";
	} else if (attached) {
		why = "target%u attaches all disks of this target";
	}
	if (why)
		drop_twin(p, path, field, why, other->number);
	return why;
}

static bool twin_is_repeated(struct planner *p, const struct plan_path *path)
{
	const struct plan_path *other = p->plan->paths, *end = other + p->plan->nr_paths;

	for (; other < end; other++)
		if (endpoint_same_session(&other->to, &path->to) &&
		    twin_is_needless(p, other, path))
			return true;
	return false;
}

/*
 * Sets the timers of the path; those of the session are the same as in the session's first path.
 * Returns 0 or -ENOMEM.
 */
static int set_path_timers(struct planner *p, struct plan_path *path)
{
	const struct plan_path *first = p->plan->paths, *end = first + p->plan->nr_paths;
	int err = target_timers(p->plan, path->number, path->to.target, &path->timers);

	while (first < end && !endpoint_same_session(&first->to, &path->to))
		first++;
	if (!err && first < end && endpoint_share_timers(&path->timers, &first->timers))
		plan_note(&p->diag, "target", path->number, "timers",
			  "shares a session with target%u: uses its session timers", first->number);
	return err;
}

/* A dropped path still takes part in the choice of credentials, because its target needs them. */
enum status planner_settle_twins(struct planner *p)
{
	struct plan *plan = p->plan;
	unsigned int i, j, nr = plan->nr_paths;

	plan->nr_paths = 0;
	for (i = 0; i < nr; i++) {
		struct plan_path path = plan->paths[i];

		for (j = 0; j < plan->nr_paths; j++)
			if (endpoint_same_session(&plan->paths[j].to, &path.to))
				agree_on_chap(p, &plan->paths[j], &path);
		if (twin_is_repeated(p, &path))
			continue;
		if (set_path_timers(p, &path))
			return planner_no_memory(p);
		plan->paths[plan->nr_paths++] = path;
	}
	return STATUS_OK;
}
