// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes a path for each target of the view that is selected and valid, and for further targets of
 * the firmware: to the same disk, and those that are tried if no selected target comes up.
 */
#include <errno.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "plan/planner.h"
#include "plan/target.h"
#include "kmod/core/attrs.h"
#include "kmod/core/cmdline.h"

static const char further_path[] = "not boot-selected, but the same disk";
static const char replaces_selected[] = "no boot-selected target can be used";
static const char invalid[] = "invalid, see the warnings";
static const char stands_by[] = "only if no boot-selected target comes up";

/*
 * Adds a path for target@n, if it is valid; reads its secret file. @use: see struct plan_path.
 * Returns 0 or -ENOMEM.
 */
static int add_target(struct planner *p, unsigned int n, const char *use)
{
	struct ibu_target *t = &p->targets[n];
	struct plan_path *path;
	int err;

	err = planner_read_secret(p, n, t);
	if (err || !target_is_usable(&p->diag, n, t))
		return err == -ENOMEM ? err : 0;
	path = &p->plan->paths[p->plan->nr_paths++];
	*path = (struct plan_path){ .number = n, .use = use, .standby = use == stands_by };
	endpoint_set(&path->to, t);
	p->plan->unused[n] = NULL;
	return 0;
}

/*
 * Does the command line want the firmware's targets? Without targets of its own it does. The copy,
 * in which secrets are decoded, is wiped at once: later a child process would have it too.
 */
static int read_firmware_wanted(struct planner *p, bool *wanted, bool *refused)
{
	size_t len = strlen(p->view->cmdline);
	AUTO_ARENA arena = NULL;
	char *copy = arena_text(&arena, p->view->cmdline, len);
	struct ibu_params cl = { 0 };
	struct ibu_diag diag = { 0 };
	int err = copy ? ibu_cmdline_parse(copy, len, &cl, &diag) : -ENOMEM;

	*refused = cl.firmware_refused;
	*wanted = cl.firmware_wanted || !cl.nr_targets;
	ibu_params_free(&cl);
	ibu_diag_free(&diag);
	return err;
}

/* Returns the strength of a target's CHAP; that of a damaged one is unknown. */
static unsigned int chap_strength(const struct ibu_target *t)
{
	return ibu_has(&t->f, IBU_TARGET_CHAP_TYPE) ? t->chap_type : 3;
}

/*
 * A further target must not weaken the authentication of another entry for the same target, nor
 * change the credentials of a session. Returns NULL if it does not, else the reason to leave it.
 */
static const char *credentials_fault(struct planner *p, unsigned int n)
{
	const struct ibu_target *t = &p->targets[n], *other;
	const struct plan_path *path = p->plan->paths, *end = path + p->plan->nr_paths;
	struct endpoint to;
	unsigned int i;

	for (i = 0; i < p->view->params.nr_targets; i++) {
		other = &p->targets[i];
		if (other->source == IBU_FROM_IBFT && ibu_text_eq(&other->name, &t->name) &&
		    chap_strength(other) > chap_strength(t))
			return arena_printf(&p->plan->arena,
					    "its CHAP is weaker than that of target%u", i);
	}
	endpoint_set(&to, t);
	for (; path < end; path++)
		if (endpoint_same_session(&path->to, &to) && !endpoint_same_chap(&path->to, &to))
			return arena_printf(&p->plan->arena,
					    "target%u logs in there with other credentials",
					    path->number);
	return NULL;
}

/* Returns why target@n, which is not selected, cannot be used as a further one; NULL: it can. */
static const char *spare_fault(struct planner *p, unsigned int n, bool wanted, bool refused)
{
	const struct ibu_target *t = &p->targets[n];

	if (t->unsound || !ibu_has(&t->f, IBU_TARGET_USABLE) || !t->usable)
		return "damaged or incomplete, see the diagnostics of show";
	if (refused)
		return "the command line excludes the firmware's targets (iscsi_noibft)";
	if (!wanted)
		return "the command line names the target";
	if (!p->plan->policy.failover)
		return "not boot-selected, and failover=no";
	return NULL;
}

static bool same_disk_as_first(const struct planner *p, unsigned int n)
{
	struct endpoint to;

	endpoint_set(&to, &p->targets[n]);
	return endpoint_same_disk(&p->plan->paths[0].to, &to);
}

/*
 * Adds spare targets: with @same those for the disk of the first path, else all others. Without any
 * path, the first of them takes the place of the selected ones. Returns 0 or -ENOMEM.
 */
static int add_spares(struct planner *p, bool *spare, bool same)
{
	unsigned int n;
	const char *use;
	int err = 0;

	for (n = 0; n < p->view->params.nr_targets && !err; n++) {
		if (!spare[n] || (same && p->plan->nr_paths && !same_disk_as_first(p, n)))
			continue;
		spare[n] = false;
		p->plan->unused[n] = credentials_fault(p, n);
		if (p->plan->unused[n])
			continue;
		p->plan->unused[n] = invalid;
		use = !p->plan->nr_paths ? replaces_selected : same ? further_path : stands_by;
		err = add_target(p, n, use);
	}
	return err;
}

static int add_all(struct planner *p)
{
	unsigned int n, nr = p->view->params.nr_targets;
	bool wanted, refused, *spare = arena_alloc(&p->plan->arena, nr * sizeof(*spare));
	int err = spare ? read_firmware_wanted(p, &wanted, &refused) : -ENOMEM;

	for (n = 0; n < nr && !err; n++)
		p->targets[n] = p->view->params.targets[n];
	for (n = 0; n < nr && !err; n++) {
		p->plan->unused[n] = invalid;
		if (p->targets[n].selected) {
			err = add_target(p, n, NULL);
			continue;
		}
		p->plan->unused[n] = spare_fault(p, n, wanted, refused);
		spare[n] = !p->plan->unused[n];
	}
	planner_put_root_first(p); /* the spare targets for its disk come first */
	if (!err)
		err = add_spares(p, spare, true);
	return err ? err : add_spares(p, spare, false);
}

/* Without a path, the failure must tell why of each target; invalid ones have a note. */
static void note_unused(struct planner *p)
{
	unsigned int n;

	for (n = 0; n < p->view->params.nr_targets; n++)
		if (!p->plan->nr_paths && p->root_path == ROOT_PATH_NO &&
		    p->plan->unused[n] != invalid)
			plan_note(&p->diag, "target", n, "selected", "not used: %s",
				  p->plan->unused[n]);
}

/* The arrays also have room for a target that the root path of each NIC may name. */
enum status planner_add_targets(struct planner *p)
{
	unsigned int nr = p->view->params.nr_targets, room = nr + p->nr_nics + 1;

	p->plan->paths = arena_alloc(&p->plan->arena, room * sizeof(*p->plan->paths));
	p->plan->unused = arena_alloc(&p->plan->arena, (nr + 1) * sizeof(*p->plan->unused));
	p->targets = arena_alloc(&p->plan->arena, room * sizeof(*p->targets));
	if (!p->plan->paths || !p->targets || !p->plan->unused || add_all(p))
		return planner_no_memory(p);
	note_unused(p);
	return STATUS_OK;
}
