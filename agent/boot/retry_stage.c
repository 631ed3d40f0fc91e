// SPDX-License-Identifier: GPL-2.0-only
/*
 * on-failure=retry: retries a failed path, if its reason can be temporary, after a pause. A change
 * of the network ends the pause.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/backoff.h"
#include "base/cleanup.h"
#include "base/kernel_events.h"
#include "base/log.h"
#include "loop/loop.h"

/* Pause of one path. */
struct retry_pause {
	unsigned int failures; /* so far */
	struct deadline until;
};

/* State of the stage. */
struct retry {
	struct loop *loop;
	int fd; /* reports changes of the network; -1: closed */
	bool moved; /* a path was retried in this step */
	struct retry_pause *pauses; /* one for each path */
};

/* Reasons that can go away without a change of the configuration. */
static bool is_transient(enum status status)
{
	return (status >= STATUS_NO_LINK && status <= STATUS_NO_LUN && status != STATUS_AUTH) ||
	       status == STATUS_UNREADABLE;
}

static void pause_path(struct path *path, struct retry_pause *p)
{
	static const struct backoff backoff = { .first_ms = 1000, .most_ms = 16000 };

	p->until = deadline_in_ms(backoff_ms(&backoff, ++p->failures, random_number()));
	path->comes_back = true;
	log_info("boot", "target%u: retrying in %d ms, or after a change of the network",
		 path->plan->number, deadline_left_ms(p->until));
}

static void retry_path(struct retry *retry, struct path *path, struct retry_pause *p, bool news)
{
	if (path->state != PATH_FAILED)
		return;
	if (retry->loop->over) {
		path->comes_back = false;
	} else if (!path->comes_back && is_transient(path->result)) {
		pause_path(path, p);
	} else if (path->comes_back && (news || !deadline_left_ms(p->until))) {
		path_goto(path, PATH_NET);
		retry->moved = true;
	}
}

static int retry_step(void *data)
{
	struct retry *retry = data;
	const struct progress *progress = retry->loop->progress;
	bool news = kernel_events_drain(retry->fd);
	unsigned int i;

	retry->moved = false;
	if (progress->plan->policy.on_failure != ON_FAILURE_RETRY)
		return 0;
	for (i = 0; i < progress->nr_paths; i++)
		retry_path(retry, &progress->paths[i], &retry->pauses[i], news);
	return 0;
}

static void retry_waits(void *data, struct waits *waits)
{
	struct retry *retry = data;
	unsigned int i;

	waits_fd(waits, retry->fd, POLLIN);
	if (retry->moved)
		waits_until(waits, (struct deadline){ 0 });
	for (i = 0; i < retry->loop->progress->nr_paths; i++)
		if (retry->loop->progress->paths[i].comes_back)
			waits_until(waits, retry->pauses[i].until);
}

static int retry_open(struct loop *loop, void *data)
{
	struct retry *retry = data;

	*retry = (struct retry){ .loop = loop, .fd = -1 };
	if (loop->plan->policy.on_failure == ON_FAILURE_RETRY)
		retry->fd = kernel_events_open_net();
	retry->pauses = calloc(loop->progress->nr_paths + 1, sizeof(*retry->pauses));
	return retry->pauses ? 0 : -ENOMEM;
}

static void retry_close(void *data)
{
	struct retry *retry = data;

	cleanup_fd(&retry->fd);
	free(retry->pauses);
}

const struct stage stage_retry = {
	.name = "boot",
	.size = sizeof(struct retry),
	.open = retry_open,
	.step = retry_step,
	.waits = retry_waits,
	.state = PATH_FAILED,
	.close = retry_close,
};
