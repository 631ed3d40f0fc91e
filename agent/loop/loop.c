// SPDX-License-Identifier: GPL-2.0-only
/* Runs the stages until the paths are done. */
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

static int loop_log_error(const char *stage, int error)
{
	if (error)
		log_failure(stage, STATUS_ERROR, "cannot query the kernel", strerror(-error),
			    "run as root, in the initial network namespace");
	return error;
}

static int open_stage(struct loop *loop, unsigned int i)
{
	loop->data[i] = calloc(1, loop->stages[i]->size);
	return loop->data[i] ? loop->stages[i]->open(loop, loop->data[i]) : -ENOMEM;
}

int loop_open(struct loop *loop, struct progress *progress, const struct stage *const *stages,
	      struct deadline deadline)
{
	unsigned int i;
	int r = 0;

	*loop = (struct loop){
		.plan = progress->plan, .progress = progress, .deadline = deadline, .stages = stages
	};
	for (i = 0; stages[i] && !r; i++)
		r = loop_log_error(stages[i]->name, open_stage(loop, i));
	return r;
}

static int loop_step(struct loop *loop)
{
	unsigned int i;
	int r = 0;

	for (i = 0; loop->stages[i] && !r; i++)
		r = loop_log_error(loop->stages[i]->name, loop->stages[i]->step(loop->data[i]));
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
		return loop_log_error("boot", -ENOMEM);
	if (w->rests && !poll(w->fds, w->nr, 0))
		rest(loop);
	if (poll(w->fds, w->nr, deadline_left_ms(w->until)) < 0 && errno != EINTR)
		return loop_log_error("boot", -errno);
	return 0;
}

static void give_up(struct loop *loop, struct path *path)
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
	for (i = 0; i < loop->progress->nr_paths; i++)
		give_up(loop, &loop->progress->paths[i]);
}

int loop_until(struct loop *loop, bool (*done)(const struct loop *loop))
{
	int r = loop_step(loop);

	while (!r && !loop->stop && !done(loop)) {
		if (!deadline_left_ms(loop->deadline))
			give_up_all(loop);
		else
			r = wait_for_any(loop);
		if (!r)
			r = loop_step(loop);
	}
	return r;
}

bool loop_is_pending(const struct loop *loop)
{
	const struct path *path = loop->progress->paths, *end = path + loop->progress->nr_paths;

	for (; path < end; path++)
		if (path->state < PATH_IN || path->comes_back)
			return true;
	return false;
}

void loop_close(struct loop *loop)
{
	unsigned int i;

	for (i = 0; loop->stages[i] && loop->data[i]; i++) {
		loop->stages[i]->close(loop->data[i]);
		free(loop->data[i]);
	}
	free(loop->waits.fds);
}
