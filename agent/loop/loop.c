// SPDX-License-Identifier: GPL-2.0-only
#include "loop/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"

void waits_fd(struct waits *waits, int fd, short events)
{
	unsigned int room = waits->room ? 2 * waits->room : 32;
	struct pollfd *fds;

	if (fd < 0)
		return;
	if (waits->nr == waits->room) {
		fds = reallocarray(waits->fds, room, sizeof(*fds));
		waits->no_memory |= !fds;
		if (!fds)
			return;
		waits->fds = fds;
		waits->room = room;
	}
	waits->fds[waits->nr++] = (struct pollfd){ .fd = fd, .events = events };
}

void waits_until(struct waits *waits, struct deadline at)
{
	if (at.at_ns < waits->until.at_ns)
		waits->until = at;
}

void path_goto(struct plan_path *path, enum path_state state)
{
	int64_t now = now_ns();

	path->moved = true;
	path->spent_ns[path->state] += now - path->since_ns;
	path->state = state;
	path->since_ns = now;
	path->why = NULL;
	path->comes_back = false;
}

void path_set_why(struct plan *plan, struct plan_path *path, const char *why)
{
	if (!why || !path->why || strcmp(path->why, why))
		path->why = why ? arena_printf(&plan->arena, "%s", why) : NULL;
	path->moved = true;
}

void path_fail(struct plan *plan, struct plan_path *path, enum status result, const char *why)
{
	path_goto(path, PATH_FAILED);
	path->result = result;
	path_set_why(plan, path, why);
}

bool path_same_lun(const struct plan_path *a, const struct plan_path *b)
{
	bool given = ibu_has(&a->target->f, IBU_TARGET_LUN);

	if (given != ibu_has(&b->target->f, IBU_TARGET_LUN))
		return false;
	return !given || !memcmp(a->target->lun, b->target->lun, sizeof(a->target->lun));
}

bool path_is_roots(const struct plan *plan, const struct plan_path *path)
{
	return ibu_text_eq(&plan->paths[0].target->name, &path->target->name) &&
	       path_same_lun(&plan->paths[0], path);
}

struct plan_path *plan_root_in(const struct plan *plan, enum path_state state)
{
	unsigned int i;

	for (i = 0; i < plan->nr_paths; i++)
		if (plan->paths[i].state == state && path_is_roots(plan, &plan->paths[i]))
			return &plan->paths[i];
	return NULL;
}

static int tell(const char *step, int error)
{
	if (error)
		log_failure(step, STATUS_ERROR, "to ask the kernel", strerror(-error),
			    "that the agent runs as root, in the first network namespace");
	return error;
}

int loop_open(struct loop *loop, struct plan *plan, const struct stage *const *stages,
	      struct deadline deadline)
{
	unsigned int i;
	int r = 0;

	*loop = (struct loop){ .plan = plan, .deadline = deadline, .stages = stages };
	for (i = 0; i < plan->nr_paths; i++) {
		plan->paths[i].sid = -1;
		plan->paths[i].host = -1;
		plan->paths[i].disk[0] = '\0';
		plan->paths[i].state = PATH_NET;
		plan->paths[i].since_ns = now_ns();
	}
	plan->root = NULL;
	for (i = 0; stages[i] && !r; i++)
		r = tell(stages[i]->name, stages[i]->open(loop, &loop->data[i]));
	return r;
}

static int step(struct loop *loop)
{
	unsigned int i;
	int r = 0;

	for (i = 0; loop->stages[i] && !r; i++)
		r = tell(loop->stages[i]->name, loop->stages[i]->step(loop->data[i]));
	return r;
}

static void rest(struct loop *loop)
{
	unsigned int i;

	for (i = 0; loop->stages[i]; i++)
		if (loop->stages[i]->rest)
			loop->stages[i]->rest(loop->data[i]);
}

static int wait_for_any(struct loop *loop)
{
	struct waits *w = &loop->waits;
	unsigned int i;

	w->nr = 0;
	w->until = loop->deadline;
	w->rests = false;
	for (i = 0; loop->stages[i]; i++)
		loop->stages[i]->waits(loop->data[i], w);
	if (w->no_memory)
		return tell("boot", -ENOMEM);
	if (w->rests && !poll(w->fds, w->nr, 0))
		rest(loop);
	if (poll(w->fds, w->nr, deadline_left_ms(w->until)) < 0 && errno != EINTR)
		return tell("boot", -errno);
	return 0;
}

static void give_up(struct loop *loop, struct plan_path *path)
{
	unsigned int i;

	for (i = 0; loop->stages[i]; i++)
		if (loop->stages[i]->state == path->state && loop->stages[i]->give_up) {
			loop->stages[i]->give_up(loop->data[i], path);
			return;
		}
}

static void give_up_all(struct loop *loop)
{
	unsigned int i;

	loop->over = true;
	loop->deadline = deadline_in(0);
	for (i = 0; i < loop->plan->nr_paths; i++)
		give_up(loop, &loop->plan->paths[i]);
}

int loop_until(struct loop *loop, bool (*done)(const struct loop *loop))
{
	int r = step(loop);

	while (!r && !loop->stop && !done(loop)) {
		if (!deadline_left_ms(loop->deadline))
			give_up_all(loop);
		else
			r = wait_for_any(loop);
		if (!r)
			r = step(loop);
	}
	return r;
}

bool loop_is_pending(const struct loop *loop, bool root_only)
{
	const struct plan *plan = loop->plan;
	unsigned int i;

	for (i = 0; i < plan->nr_paths; i++)
		if ((plan->paths[i].state < PATH_IN || plan->paths[i].comes_back) &&
		    (!root_only || path_is_roots(plan, &plan->paths[i])))
			return true;
	return false;
}

void loop_close(struct loop *loop)
{
	unsigned int i;

	for (i = 0; loop->stages[i]; i++)
		loop->stages[i]->close(loop->data[i]);
	free(loop->waits.fds);
}
