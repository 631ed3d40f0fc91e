// SPDX-License-Identifier: GPL-2.0-only
/*
 * Paths that boot could not have are logged in by the real root's iscsid, which alone can look
 * after them: it takes no session that comes while it runs. So each gets its record, and iscsiadm
 * asks for it again and again, until it is there or the time is over.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/backoff.h"
#include "base/cleanup.h"
#include "base/ip_addr.h"
#include "base/kernel_events.h"
#include "base/log.h"
#include "base/run_dir.h"
#include "base/sysfs.h"
#include "base/task.h"
#include "handoff/handoff.h"
#include "handoff/node_db.h"
#include "handoff/node_record.h"
#include "iscsi/portal_addr.h"
#include "login/iscsistart.h"
#include "login/path_session.h"
#include "loop/loop.h"
#include "loop/paths_file.h"
#include "plan/describe.h"
#include "plan/transport.h"
#include "session/scsi_disk.h"
#include "session/timers_set_all.h"

/* For the LUNs of one session to be scanned for. */
#define SCAN_S 60
/*
 * For iscsiadm, which waits for iscsid for as long as that takes; longer than a login of iscsid's
 * may (30 s, node.conn[0].timeo.login_timeout twice), and than iscsid is stuck in a lost root.
 */
#define ATTEMPT_S 90
#define ISCSI_ERR_LOGIN_TIMEOUT 11 /* as iscsiadm would say it (open-iscsi, iscsi_err.h) */

struct again {
	struct path *path;
	struct node node;
	const struct boot_record *wanted;
	enum { DONE, WAITING, TRYING } phase;
	struct deadline until; /* WAITING: the next attempt; TRYING: the end of this one */
	unsigned int tries;
	struct task task;
	int said; /* by iscsiadm */
};

struct all {
	const char *db;
	const struct boot_record *wanted;
	struct plan plan;
	struct progress progress;
	struct again *list;
	unsigned int nr;
	int net; /* its changes */
	void *arena;
};

/* Which paths */

/* NULL: it can be no part of a record, which node_write() will tell of an empty text. */
static const char *text_of(void **arena, bool has, const struct ibu_text *t)
{
	if (!has)
		return NULL;
	return memchr(t->s, '\0', t->len) ? "" : arena_text(arena, t->s, t->len);
}

/* Where no child of ours has it, which may be stuck, or leave its memory as it is. */
static const char *secret_of(void **arena, bool has, const struct ibu_text *t)
{
	if (!has)
		return NULL;
	return memchr(t->s, '\0', t->len) ? "" : arena_secret(arena, t->s, t->len);
}

static const struct boot_record_disk *wanted_of(const struct boot_record *w,
						const struct path *path)
{
	unsigned int i;

	for (i = 0; i < w->nr; i++)
		if (ibu_is(&path->to.target->name, w->disks[i].target) &&
		    w->disks[i].port == path->to.port &&
		    !strcmp(w->disks[i].portal, path->to.portal))
			return &w->disks[i];
	return NULL;
}

/* To its NIC by MAC, as boot would; a VLAN shares its own with the device below. */
static void bind_node(struct all *a, const struct path *path, struct node *n)
{
	const struct nic *nic = path->nic;
	const char *name = plan_transport(path->to.target);

	n->transport = name ? name : "tcp";
	n->iface = name ? name : NODE_UNBOUND;
	if (!(a->plan.several_nics || plan_wants_card(path->to.target)) || !nic ||
	    !ibu_has(&nic->config->f, IBU_NIC_MAC) ||
	    (ibu_has(&nic->config->f, IBU_NIC_VLAN) && nic->config->vlan))
		return;
	n->iface = arena_printf(&a->arena, SESSION_IFACE, nic->plan->number);
	n->mac = arena_printf(&a->arena, "%s", mac_text(nic->config->mac).s);
}

static bool node_of_path(struct all *a, const struct path *path, struct node *n)
{
	const struct boot_record_disk *w = wanted_of(a->wanted, path);
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
		.chap_algs = a->wanted->chap_algs,
		.user = text_of(&a->arena, chap, &t->chap_name),
		.secret = secret_of(&a->arena, chap, &t->chap_secret),
		.rev_user = text_of(&a->arena, chap > 1, &t->rev_chap_name),
		.rev_secret = secret_of(&a->arena, chap > 1, &t->rev_chap_secret),
	};
	bind_node(a, path, n);
	return n->iface && node_record_is_valid(n);
}

/* To the same portal for another LUN, or twice. */
static bool is_listed(const struct all *a, const struct node *n)
{
	unsigned int i;

	for (i = 0; i < a->nr; i++)
		if (!strcmp(a->list[i].node.target, n->target) &&
		    !strcmp(a->list[i].node.address, n->address) &&
		    a->list[i].node.port == n->port && !strcmp(a->list[i].node.iface, n->iface))
			return true;
	return false;
}

static bool take_session(const struct boot_record *wanted, struct path *path)
{
	const struct boot_record_disk *w = wanted_of(wanted, path);
	struct scsi_disk disk;
	struct session session;

	if (path_session_find(path, &session))
		return false;
	path->sid = session.sid;
	path->host = session.host;
	path->disk[0] = '\0';
	if (w && !scsi_disk_find(session.host, w->lun < 0 ? scsi_first_disk(session.host) : w->lun,
				 &disk))
		memcpy(path->disk, disk.name, sizeof(path->disk));
	path_goto(path, PATH_IN);
	return true;
}

static void consider(struct all *a, struct path *path)
{
	struct again *again = &a->list[a->nr];
	int err;

	*again = (struct again){ .path = path, .wanted = a->wanted, .said = -1 };
	again->task = TASK_NONE;
	if (take_session(a->wanted, path))
		return;
	path_goto(path, PATH_FAILED);
	path->result = STATUS_CONFIG;
	path->why = "not what boot recorded";
	if (!node_of_path(a, path, &again->node) || is_listed(a, &again->node))
		return;
	err = node_record_write(a->db, &again->node);
	if (err < 0) {
		path_fail(&a->progress, path, STATUS_ERROR, strerror(-err));
		log_warning("handoff", "no record of %s at %s: %s", again->node.target,
			    path->to.portal, strerror(-err));
		return;
	}
	path_goto(path, PATH_LOGIN);
	again->phase = WAITING;
	a->nr++;
}

/* One attempt */

/* In the child, whose status is iscsiadm's then. */
static int run_iscsiadm(const void *data)
{
	static char *const env[] = { (char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	const struct node *n = &((const struct again *)data)->node;
	AUTO_ARENA arena = NULL;
	char *address = portal_text(&arena, n->address, (unsigned int)n->port);
	char *portal = address ? arena_printf(&arena, "%s,%ld", address, n->tpgt) : NULL;
	const char *const args[] = { "iscsiadm", "-m", "node",	 "-T",	    n->target, "-p",
				     portal,	 "-I", n->iface, "--login", NULL };

	dup2(STDOUT_FILENO, STDERR_FILENO);
	if (portal) {
		execve("/usr/sbin/iscsiadm", (char *const *)args, env);
		execve("/sbin/iscsiadm", (char *const *)args, env);
	}
	return 127;
}

static int scan_for_all(const void *data)
{
	const struct again *again = data;
	unsigned int i;
	int error = 0;

	for (i = 0; i < again->wanted->nr; i++) {
		const struct boot_record_disk *d = &again->wanted->disks[i];
		AUTO_ARENA arena = NULL;
		char *what = arena_printf(&arena, d->lun < 0 ? "0 0 -" : "0 0 %ld", d->lun);

		if (what && !strcmp(d->target, again->node.target))
			error |= sysfs_write(what, "/sys/class/scsi_host/host%d/scan",
					     again->path->host);
	}
	return error ? EIO : 0;
}

/* A LUN that is there has no block device yet. */
static bool awaits_disk(const struct again *again)
{
	struct scsi_disk disk;
	unsigned int i;

	for (i = 0; i < again->wanted->nr; i++) {
		const struct boot_record_disk *d = &again->wanted->disks[i];

		if (d->lun >= 0 && !strcmp(d->target, again->node.target) &&
		    scsi_disk_find(again->path->host, d->lun, &disk) == -ENXIO &&
		    scsi_type_is_disk(disk.type))
			return true;
	}
	return false;
}

/* 0 or an errno. */
static int bring_disks(const struct again *again)
{
	struct deadline deadline = deadline_in(SCAN_S);
	struct pollfd p = { .events = POLLIN };
	AUTO_FD fd = kernel_events_open_uevent();
	struct task task;
	int error;

	error = -task_start(&task, scan_for_all, again);
	if (!error)
		error = task_wait(&task, deadline);
	p.fd = fd;
	while (!error && awaits_disk(again) && deadline_left_ms(deadline)) {
		if (poll(&p, 1, deadline_left_ms(deadline)) < 0 && errno != EINTR)
			error = errno;
		kernel_events_drain(fd);
	}
	return error;
}

/* iscsid has it from now on; of its disks those that are wanted. */
static void come_in(struct all *a, struct again *again)
{
	AUTO_ARENA arena = NULL;
	char *session, *name = describe_path(&arena, again->path->plan, &again->path->to);
	int error;

	again->phase = DONE;
	if (!take_session(a->wanted, again->path)) {
		path_fail(&a->progress, again->path, STATUS_ERROR, "its session is gone again");
		return;
	}
	log_info("handoff", "%s: session%d, which is iscsid's", name ? name : "?",
		 again->path->sid);
	error = bring_disks(again);
	if (error)
		log_warning("handoff", "session%d: the scan: %s", again->path->sid,
			    strerror(error));
	session = arena_printf(&arena, "session%d", again->path->sid);
	if (session)
		tune_command(a->wanted, &session, 1);
	take_session(a->wanted, again->path); /* with its disk */
}

static void read_said(struct again *again, char *said, size_t size)
{
	ssize_t n = read(again->said, said, size - 1);

	said[n > 0 ? n : 0] = '\0';
	cleanup_fd(&again->said);
	again->said = -1;
}

static void failed(struct all *a, struct again *again, int error)
{
	static const struct backoff backoff = { .first_ms = 1000, .most_ms = 16000 };
	struct path *path = again->path;
	AUTO_ARENA arena = NULL;
	struct verdict verdict;
	char said[4096], *answer;

	read_said(again, said, sizeof(said));
	verdict = iscsistart_verdict(error << 8, said);
	if (verdict.next == NEXT_LOOK) {
		come_in(a, again);
		return;
	}
	answer = error == ISCSI_ERR_LOGIN_TIMEOUT && !*said ?
			 arena_printf(&arena, "iscsid does not answer iscsiadm") :
			 iscsistart_answer(&arena, error << 8, said);
	if (!path->why)
		log_info("handoff", "%s at %s: %s", again->node.target, path->to.portal,
			 answer ? answer : "?");
	again->phase = WAITING;
	again->until = deadline_in_ms(backoff_ms(&backoff, ++again->tries, random_number()));
	path_set_why(&a->progress, path, answer);
	if (verdict.next == NEXT_NONE && verdict.status != STATUS_ERROR) {
		again->phase = DONE;
		path_fail(&a->progress, path, verdict.status, answer);
	}
}

static void try_login(struct all *a, struct again *again)
{
	int r = task_start_with_output(&again->task, run_iscsiadm, again, &again->said);

	again->phase = TRYING;
	again->until = deadline_in(ATTEMPT_S);
	if (!r)
		return;
	again->phase = DONE;
	path_fail(&a->progress, again->path, STATUS_ERROR, strerror(-r));
}

/* Whether the attempt is over; one that takes too long is ended. */
static bool is_over(struct again *again, int *error)
{
	if (task_has_ended(&again->task, error))
		return true;
	if (deadline_left_ms(again->until))
		return false;
	kill(again->task.pid, SIGKILL);
	task_wait(&again->task, deadline_in(1));
	*error = ISCSI_ERR_LOGIN_TIMEOUT;
	return true;
}

static void step(struct all *a, struct again *again, bool news)
{
	int error;

	if (again->phase == WAITING && (news || !deadline_left_ms(again->until)))
		try_login(a, again);
	if (again->phase != TRYING || !is_over(again, &error))
		return;
	if (error) {
		failed(a, again, error);
		return;
	}
	cleanup_fd(&again->said);
	again->said = -1;
	come_in(a, again);
}

/* All of them */

static void tell_paths(struct all *a)
{
	int r = paths_write(&a->progress);

	if (r < 0)
		log_warning("handoff", BOOT_RUN_DIR "/paths: %s", strerror(-r));
}

static bool wait_for(struct all *a, struct deadline deadline)
{
	struct waits waits = { .until = deadline };
	bool pending = false;
	unsigned int i;

	waits_fd(&waits, a->net, POLLIN);
	for (i = 0; i < a->nr; i++) {
		pending |= a->list[i].phase != DONE;
		if (a->list[i].phase != DONE)
			waits_until(&waits, a->list[i].until);
		if (a->list[i].phase == TRYING)
			waits_fd(&waits, a->list[i].task.pidfd, POLLIN);
	}
	pending &= !waits.no_memory && deadline_left_ms(deadline);
	if (pending && poll(waits.fds, waits.nr, deadline_left_ms(waits.until)) < 0)
		pending = errno == EINTR;
	free(waits.fds);
	return pending;
}

static void try_all(struct all *a)
{
	struct deadline deadline = deadline_in(a->plan.policy.others_s);
	unsigned int i;
	bool news;

	if (!a->nr)
		return;
	a->net = kernel_events_open_net();
	do {
		news = kernel_events_drain(a->net);
		for (i = 0; i < a->nr; i++)
			step(a, &a->list[i], news);
		tell_paths(a);
	} while (wait_for(a, deadline));
	for (i = 0; i < a->nr; i++) {
		const char *why = a->list[i].path->why;

		if (a->list[i].phase == DONE)
			continue;
		path_fail(&a->progress, a->list[i].path, STATUS_NO_ANSWER, why);
		task_abandon(&a->list[i].task);
		cleanup_fd(&a->list[i].said);
	}
	cleanup_fd(&a->net);
}

/* Also of other LUNs that came in with one. */
static enum status result_of(struct all *a)
{
	enum status status = STATUS_OK;
	unsigned int i;

	for (i = 0; i < a->progress.nr_paths; i++) {
		struct path *path = &a->progress.paths[i];

		if (path->state != PATH_IN && !take_session(a->wanted, path) && !status)
			status = path->result;
	}
	tell_paths(a);
	return status;
}

static enum status plan_all(struct all *a, const struct view *view)
{
	enum status status = plan_make("", view, &a->plan);
	unsigned int i;

	if (status != STATUS_OK)
		return status;
	a->list = arena_alloc(&a->arena, (a->plan.nr_paths + 1) * sizeof(*a->list));
	status = STATUS_ERROR;
	if (a->list && !progress_make(&a->progress, &a->plan)) {
		for (i = 0; i < a->progress.nr_paths; i++)
			consider(a, &a->progress.paths[i]);
		try_all(a);
		status = result_of(a);
	}
	progress_free(&a->progress);
	plan_free(&a->plan);
	return status;
}

enum status handoff_retry_command(const struct boot_record *wanted)
{
	struct all a = { .wanted = wanted, .db = node_db_dir(), .net = -1 };
	enum status status = STATUS_ERROR;
	struct view view;
	int err;

	if (!a.db)
		return STATUS_OK;
	err = view_read("", &view);
	if (err)
		return log_failure("tree", STATUS_ERROR, "cannot read the boot parameters",
				   strerror(-err), "mount /proc and /sys");
	status = plan_all(&a, &view);
	view_free(&view);
	arena_free(&a.arena);
	return status;
}
