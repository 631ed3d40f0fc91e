// SPDX-License-Identifier: GPL-2.0-only
/* Keeps the state of the plan's paths. */
#include "loop/path.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/deadline.h"
#include "base/log.h"
#include "plan/note.h"

/* All is in the arena, which is wiped: the root path of a lease may hold a CHAP secret. */
int progress_make(struct progress *progress, const struct plan *plan)
{
	unsigned int i;

	*progress = (struct progress){ .plan = plan, .room_nics = plan->nr_nics };
	for (i = 0; i < plan->nr_nics; i++)
		if (nic_is_pool(plan->nics[i].nic))
			progress->room_nics = plan->nr_nics + NR_POOL_NICS;
	progress->paths = arena_alloc(&progress->arena, plan->nr_paths * sizeof(*progress->paths));
	progress->nics =
		arena_alloc(&progress->arena, progress->room_nics * sizeof(*progress->nics));
	if (!progress->paths || !progress->nics)
		return -ENOMEM;
	progress->nr_paths = plan->nr_paths;
	progress->nr_nics = plan->nr_nics;
	for (i = 0; i < plan->nr_nics; i++)
		nic_init(&progress->nics[i], &plan->nics[i]);
	for (i = 0; i < plan->nr_paths; i++) {
		const struct plan_path *p = &plan->paths[i];

		progress->paths[i] = (struct path){
			.plan = p,
			.nic = p->nic ? &progress->nics[p->nic - plan->nics] : NULL,
			.to = p->to,
			.timers = p->timers,
			.state = p->standby ? PATH_STANDBY : PATH_NET,
			.since_ns = now_ns(),
			.sid = -1,
			.host = -1,
		};
	}
	return 0;
}

/* The first NIC of a pool has its number; the others follow those of the view. */
static unsigned int pool_number(const struct progress *progress, const struct nic *pool)
{
	const struct view *view = progress->plan->view;
	unsigned int i, next = view ? view->params.nr_nics : 0;
	bool first = true;

	for (i = 0; i < progress->nr_nics; i++) {
		first &= progress->nics[i].pool != pool;
		if (progress->nics[i].plan->number >= next)
			next = progress->nics[i].plan->number + 1;
	}
	return first ? pool->plan->number : next;
}

/* True if a path goes by @nic; NULL: by the routing table, so that every NIC is needed. */
static bool any_path_by(const struct progress *progress, const struct nic *nic)
{
	unsigned int i;

	for (i = 0; i < progress->nr_paths; i++)
		if (progress->paths[i].nic == nic)
			return true;
	return false;
}

struct nic *progress_add_nic(struct progress *progress, struct nic *pool, const u8 mac[6])
{
	struct ibu_nic *config;
	struct plan_nic *plan;
	struct nic *nic;

	for (nic = progress->nics; nic < progress->nics + progress->nr_nics; nic++)
		if (nic->pool == pool && !memcmp(nic->plan->nic->mac, mac, 6))
			return nic;
	config = arena_alloc(&progress->arena, sizeof(*config));
	plan = arena_alloc(&progress->arena, sizeof(*plan));
	if (!config || !plan || progress->nr_nics >= progress->room_nics)
		return NULL;
	*config = *pool->plan->nic;
	memcpy(config->mac, mac, 6);
	ibu_set(&config->f, IBU_NIC_MAC);
	config->f.set &= ~BIT_ULL(IBU_NIC_SET_MAC); /* one address for several devices */
	*plan = (struct plan_nic){ .nic = config,
				   .number = pool_number(progress, pool),
				   .rename = plan_ifname(progress->plan, mac) };
	nic_init(nic, plan);
	nic->pool = pool;
	nic->used = any_path_by(progress, NULL);
	progress->nr_nics++;
	return nic;
}

void progress_use_nic(struct progress *progress, struct path *path, struct nic *nic)
{
	struct nic *before = path->nic;
	unsigned int i, used = 0;

	path->nic = nic;
	nic->used = true;
	if (before->pool && !any_path_by(progress, before)) {
		before->used = false;
		before->left = true;
	}
	for (i = 0; i < progress->nr_nics; i++)
		used += progress->nics[i].pool ? progress->nics[i].used :
						 !nic_is_pool(progress->nics[i].plan->nic);
	progress->several_nics = used > 1;
	for (i = 0; i < progress->nr_nics; i++)
		progress->nics[i].look_again |= progress->nics[i].used; /* for their routes */
}

bool progress_pool_is_open(const struct progress *progress, const struct nic *pool)
{
	unsigned int i;

	for (i = 0; i < progress->nr_paths; i++)
		if (progress->paths[i].state <= PATH_LOGIN &&
		    (!progress->paths[i].nic || progress->paths[i].nic == pool ||
		     progress->paths[i].nic->pool == pool))
			return true;
	return false;
}

bool path_may_use(const struct path *path, const struct nic *nic)
{
	return !path->nic || path->nic == nic || path->nic == nic->pool;
}

void progress_free(struct progress *progress)
{
	arena_free(&progress->arena);
	*progress = (struct progress){ .plan = progress->plan };
}

void path_goto(struct path *path, enum path_state state)
{
	int64_t now = now_ns();

	path->moved = true;
	path->choose = state == PATH_NET;
	path->spent_ns[path->state] += now - path->since_ns;
	path->state = state;
	path->since_ns = now;
	path->why = NULL;
	path->comes_back = false;
	path->reroute = false;
}

void path_set_why(struct progress *progress, struct path *path, const char *why)
{
	if (!why || !path->why || strcmp(path->why, why))
		path->why = why ? arena_printf(&progress->arena, "%s", why) : NULL;
	path->moved = true;
}

void path_fail(struct progress *progress, struct path *path, enum status result, const char *why)
{
	path_goto(path, PATH_FAILED);
	path->result = result;
	path_set_why(progress, path, why);
}

bool path_next_address(struct path *path)
{
	if (path->nr_addrs < 2)
		return false;
	path->addr = (path->addr + 1) % path->nr_addrs;
	ibu_addr_print(&path->addrs[path->addr], path->to.portal);
	return path->addr;
}

/* True if another path uses the same session for the same LUN, or with other credentials. */
static bool is_taken(const struct progress *progress, const struct path *path,
		     const struct endpoint *to)
{
	const struct path *other, *end = progress->paths + progress->nr_paths;

	for (other = progress->paths; other < end; other++)
		if (other != path && endpoint_same_session(&other->to, to) &&
		    (endpoint_attaches(&other->to, to) || !endpoint_same_chap(&other->to, to)))
			return true;
	return false;
}

/* The LUNs of a session share its timers: uses those of another path of the session, if any. */
static void agree_on_timers(const struct progress *progress, struct path *path,
			    struct ibu_diag *diag)
{
	const struct path *other, *end = progress->paths + progress->nr_paths;

	for (other = progress->paths; other < end; other++) {
		if (other == path || !endpoint_same_session(&other->to, &path->to))
			continue;
		if (endpoint_share_timers(&path->timers, &other->timers))
			plan_note(diag, "target", path->plan->number, "timers",
				  "shares a session with target%u: uses its session timers",
				  other->plan->number);
		return;
	}
}

const char *path_take_root_path(struct progress *progress, struct path *path)
{
	/* copied, because a renewed lease may have another root path */
	char *text = arena_printf(&progress->arena, "%s", path->nic->lease.root_path);
	struct ibu_diag diag = { 0 };
	const char *wrong = strerror(ENOMEM);
	struct timers timers;
	struct endpoint to;

	if (text)
		wrong = plan_root_path(progress->plan, path->plan, text, &progress->arena, &to,
				       &timers, &diag);
	if (!wrong && is_taken(progress, path, &to))
		wrong = "the target in its root path is configured already";
	if (!wrong) {
		path->to = to;
		path->timers = timers;
		agree_on_timers(progress, path, &diag);
	}
	log_diag("dhcp", diag.text, diag.len);
	ibu_diag_free(&diag);
	return wrong;
}

bool path_same_disk(const struct path *a, const struct path *b)
{
	return endpoint_same_disk(&a->to, &b->to);
}

bool path_is_awaited(const struct progress *progress, const struct path *path)
{
	return path_is_roots(progress, path) ||
	       (progress->plan->awaits_all && path->to.target->source & IBU_FROM_CMDLINE);
}

/* Unlike the plan, @progress has the first path's target even if a DHCP lease named it. */
bool path_is_roots(const struct progress *progress, const struct path *path)
{
	const struct endpoint *first = &progress->paths[progress->first].to;

	if (path->plan->standby)
		return path->state != PATH_STANDBY;
	return ibu_text_eq(&first->target->name, &path->to.target->name) &&
	       endpoint_attaches(&path->to, first);
}

struct path *progress_root_in(const struct progress *progress, enum path_state state)
{
	unsigned int i;

	for (i = 0; i < progress->nr_paths; i++)
		if (progress->paths[i].state == state &&
		    path_is_roots(progress, &progress->paths[i]))
			return &progress->paths[i];
	return NULL;
}
