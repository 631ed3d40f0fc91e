// SPDX-License-Identifier: GPL-2.0-only
/*
 * handoff --again: retries the paths that failed during boot. iscsid logs in to them, because it
 * adopts existing sessions only when it starts. Each path gets a node record; then iscsiadm is run
 * until the login succeeds or other-paths seconds have passed.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/ip_addr.h"
#include "base/kernel_events.h"
#include "base/log.h"
#include "base/run_dir.h"
#include "handoff/handoff.h"
#include "handoff/iscsid_login.h"
#include "handoff/node_db.h"
#include "loop/loop.h"
#include "loop/paths_file.h"
#include "plan/transport.h"
#include "session/session_sysfs.h"

/* All paths of the plan, and those to retry. */
struct retries {
	const char *db; /* node_db_dir() */
	const struct boot_record *record;
	struct plan plan;
	struct progress progress;
	struct iscsid_login *list; /* paths to retry, each portal and NIC once */
	unsigned int nr;
	int net; /* reports changes of the network; -1: closed */
	void *arena;
};

/* Choice of paths */

/*
 * Returns @t as a string, or NULL if it is not set. A text with a NUL byte becomes "", which
 * node_record_write() logs.
 */
static const char *config_text(void **arena, bool has, const struct ibu_text *t)
{
	if (!has)
		return NULL;
	return memchr(t->s, '\0', t->len) ? "" : arena_text(arena, t->s, t->len);
}

/*
 * The same for a secret, in memory that child processes do not inherit: a stuck child would keep
 * it.
 */
static const char *config_secret(void **arena, bool has, const struct ibu_text *t)
{
	if (!has)
		return NULL;
	return memchr(t->s, '\0', t->len) ? "" : arena_secret(arena, t->s, t->len);
}

/* Binds to the NIC by MAC, as boot does. A VLAN is not bound: it shares the MAC of its parent. */
static void bind_node(struct retries *r, const struct path *path, struct node *n)
{
	const struct nic *nic = path->nic;
	const char *name = plan_transport(path->to.target);

	n->transport = name ? name : "tcp";
	n->iface = name ? name : NODE_UNBOUND;
	if (!(r->plan.several_nics || plan_wants_card(path->to.target) ||
	      endpoint_is_link_local(&path->to)) ||
	    !nic || !ibu_has(&nic->config->f, IBU_NIC_MAC) ||
	    (ibu_has(&nic->config->f, IBU_NIC_VLAN) && nic->config->vlan))
		return;
	n->iface = arena_printf(&r->arena, SESSION_IFACE, nic->plan->number);
	n->mac = arena_printf(&r->arena, "%s", mac_text(nic->config->mac).s);
}

static bool node_from_path(struct retries *r, const struct path *path, struct node *n)
{
	const struct boot_record_disk *w = iscsid_login_disk(r->record, path);
	const struct ibu_target *t = path->to.target;
	u32 chap = ibu_has(&t->f, IBU_TARGET_CHAP_TYPE) ? t->chap_type : 0;

	if (!w)
		return false;
	*n = (struct node){
		.sid = -1,
		.target = w->target,
		.address = path->to.portal,
		.port = path->to.port,
		.tpgt = ibu_has(&t->f, IBU_TARGET_TPGT) ? t->tpgt : 1,
		.timers = &w->timers,
		.chap_algs = r->record->chap_algs,
		.wants_all = boot_record_wants_all(r->record, w),
		.congestion = r->record->congestion,
		.user = config_text(&r->arena, chap, &t->chap_name),
		.secret = config_secret(&r->arena, chap, &t->chap_secret),
		.rev_user = config_text(&r->arena, chap > 1, &t->rev_chap_name),
		.rev_secret = config_secret(&r->arena, chap > 1, &t->rev_chap_secret),
	};
	bind_node(r, path, n);
	return n->iface && node_record_is_valid(n);
}

/* True if a login to this portal by this NIC is listed, for another LUN for example. */
static bool login_is_listed(const struct retries *r, const struct node *n)
{
	unsigned int i;

	for (i = 0; i < r->nr; i++)
		if (!strcmp(r->list[i].node.target, n->target) &&
		    !strcmp(r->list[i].node.address, n->address) &&
		    r->list[i].node.port == n->port && !strcmp(r->list[i].node.iface, n->iface))
			return true;
	return false;
}

static void retry_add(struct retries *r, struct path *path)
{
	struct iscsid_login *login = &r->list[r->nr];
	int err;

	*login = (struct iscsid_login){ .progress = &r->progress,
					.path = path,
					.record = r->record,
					.task = TASK_NONE,
					.output = -1 };
	if (iscsid_login_find(r->record, path) || path->state == PATH_STANDBY)
		return;
	path_goto(path, PATH_FAILED);
	path->result = STATUS_CONFIG;
	path->why = "not recorded by boot";
	if (!node_from_path(r, path, &login->node) || login_is_listed(r, &login->node))
		return;
	err = node_record_write(r->db, &login->node);
	if (err < 0) {
		path_fail(&r->progress, path, STATUS_ERROR, strerror(-err));
		log_warning("handoff", "cannot write the record of %s at %s: %s",
			    login->node.target, path->to.portal, strerror(-err));
		return;
	}
	path_goto(path, PATH_LOGIN);
	login->phase = LOGIN_WAITING;
	r->nr++;
}

/* The loop */

static void write_paths(struct retries *r)
{
	int err = paths_write(&r->progress);

	if (err)
		log_warning("handoff", "cannot write " BOOT_RUN_DIR "/paths: %s", strerror(-err));
}

static bool wait_for_change(struct retries *r, struct deadline deadline)
{
	struct waits waits = { .until = deadline };
	bool pending = false;
	unsigned int i;

	waits_fd(&waits, r->net, POLLIN);
	for (i = 0; i < r->nr; i++) {
		pending |= r->list[i].phase != LOGIN_DONE;
		if (r->list[i].phase != LOGIN_DONE)
			waits_until(&waits, r->list[i].until);
		if (r->list[i].phase == LOGIN_TRYING)
			waits_fd(&waits, r->list[i].task.pidfd, POLLIN);
	}
	pending &= !waits.no_memory && deadline_left_ms(deadline);
	if (pending && poll(waits.fds, waits.nr, deadline_left_ms(waits.until)) < 0)
		pending = errno == EINTR;
	free(waits.fds);
	return pending;
}

static void retry_all(struct retries *r)
{
	struct deadline deadline = deadline_in(r->plan.policy.others_s);
	unsigned int i;
	bool changed;

	if (!r->nr)
		return;
	r->net = kernel_events_open_net();
	do {
		changed = kernel_events_drain(r->net);
		for (i = 0; i < r->nr; i++)
			iscsid_login_step(&r->list[i], changed);
		write_paths(r);
	} while (wait_for_change(r, deadline));
	for (i = 0; i < r->nr; i++) {
		const char *why = r->list[i].path->why;

		if (r->list[i].phase == LOGIN_DONE)
			continue;
		path_fail(&r->progress, r->list[i].path, STATUS_NO_ANSWER, why);
		task_abandon(&r->list[i].task);
		cleanup_fd(&r->list[i].output);
	}
	cleanup_fd(&r->net);
}

/*
 * Returns the result of the first path without a session, or STATUS_OK. Also finds the sessions of
 * paths that are not listed, to other LUNs.
 */
static enum status retry_result(struct retries *r)
{
	enum status status = STATUS_OK;
	unsigned int i;

	for (i = 0; i < r->progress.nr_paths; i++) {
		struct path *path = &r->progress.paths[i];

		if (path->state != PATH_IN && path->state != PATH_STANDBY &&
		    !iscsid_login_find(r->record, path) && !status)
			status = path->result;
	}
	write_paths(r);
	return status;
}

static enum status plan_and_retry(struct retries *r, const struct view *view)
{
	enum status status = plan_make("", view, &r->plan);
	unsigned int i;

	if (status != STATUS_OK)
		return status;
	r->list = arena_alloc(&r->arena, (r->plan.nr_paths + 1) * sizeof(*r->list));
	status = STATUS_ERROR;
	if (r->list && !progress_make(&r->progress, &r->plan)) {
		for (i = 0; i < r->progress.nr_paths; i++)
			retry_add(r, &r->progress.paths[i]);
		retry_all(r);
		status = retry_result(r);
	}
	progress_free(&r->progress);
	plan_free(&r->plan);
	return status;
}

enum status handoff_retry_command(const struct boot_record *wanted)
{
	struct retries r = { .record = wanted, .db = node_db_dir(), .net = -1 };
	enum status status = STATUS_ERROR;
	struct view view;
	int err;

	if (!r.db)
		return STATUS_OK;
	err = view_read("", &view);
	if (err)
		return log_failure("view", STATUS_ERROR, "cannot read the boot parameters",
				   strerror(-err), "mount /proc and /sys");
	status = plan_and_retry(&r, &view);
	view_free(&view);
	arena_free(&r.arena);
	return status;
}
