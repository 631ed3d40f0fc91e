// SPDX-License-Identifier: GPL-2.0-only
/* Makes iscsid log in to one path, by iscsiadm, until it succeeds or cannot succeed. */
#include "handoff/iscsid_login.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/backoff.h"
#include "base/cleanup.h"
#include "base/kernel_events.h"
#include "base/log.h"
#include "base/sysfs.h"
#include "iscsi/portal_addr.h"
#include "login/iscsistart.h"
#include "login/path_session.h"
#include "plan/describe.h"
#include "session/scsi_disk.h"
#include "session/timers_set_all.h"

/* Time limit for the scan of one session. */
#define SCAN_S 60
/*
 * Time limit for iscsiadm, which itself waits for iscsid without limit. It is longer than a login
 * by iscsid (30 s, node.conn[0].timeo.login_timeout twice), and longer than iscsid is blocked by a
 * lost root disk.
 */
#define ATTEMPT_S 90
#define ISCSI_ERR_LOGIN_TIMEOUT 11 /* exit status of iscsiadm (open-iscsi, iscsi_err.h) */

const struct boot_record_disk *iscsid_login_disk(const struct boot_record *record,
						 const struct path *path)
{
	unsigned int i;

	for (i = 0; i < record->nr; i++)
		if (ibu_is(&path->to.target->name, record->disks[i].target) &&
		    record->disks[i].port == path->to.port &&
		    !strcmp(record->disks[i].portal, path->to.portal))
			return &record->disks[i];
	return NULL;
}

bool iscsid_login_find(const struct boot_record *record, struct path *path)
{
	const struct boot_record_disk *w = iscsid_login_disk(record, path);
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

/* Runs in a child process, which ends with the exit status of iscsiadm. */
static int run_iscsiadm(const void *data)
{
	static char *const env[] = { (char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	const struct node *n = &((const struct iscsid_login *)data)->node;
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

static int scan_recorded(const void *data)
{
	const struct iscsid_login *login = data;
	unsigned int i;
	int error = 0;

	for (i = 0; i < login->record->nr; i++) {
		const struct boot_record_disk *d = &login->record->disks[i];
		AUTO_ARENA arena = NULL;
		char *what = arena_printf(&arena, d->lun < 0 ? "0 0 -" : "0 0 %ld", d->lun);

		if (what && !strcmp(d->target, login->node.target))
			error |= sysfs_write(what, "/sys/class/scsi_host/host%d/scan",
					     login->path->host);
	}
	return error ? EIO : 0;
}

/* True if @lun exists as a disk but has no block device yet. @lun -1: if that is true of any. */
static bool recorded_lun_is_pending(int host, long lun)
{
	AUTO_ARENA arena = NULL;
	struct scsi_disk disk;
	long *luns = &lun;
	int i, nr = lun < 0 ? scsi_disks_of_host(&arena, host, &luns) : 1;

	for (i = 0; i < nr; i++)
		if (scsi_disk_find(host, luns[i], &disk) == -ENXIO && scsi_type_is_disk(disk.type))
			return true;
	return false;
}

static bool disk_is_pending(const struct iscsid_login *login)
{
	unsigned int i;

	for (i = 0; i < login->record->nr; i++) {
		const struct boot_record_disk *d = &login->record->disks[i];

		if (!strcmp(d->target, login->node.target) &&
		    recorded_lun_is_pending(login->path->host, d->lun))
			return true;
	}
	return false;
}

/* Scans for the recorded LUNs and waits for their block devices. Returns 0 or an errno. */
static int add_disks(const struct iscsid_login *login)
{
	struct deadline deadline = deadline_in(SCAN_S);
	struct pollfd p = { .events = POLLIN };
	AUTO_FD fd = kernel_events_open_uevent();
	struct task task;
	int error;

	error = -task_start(&task, scan_recorded, login);
	if (!error)
		error = task_wait(&task, deadline);
	p.fd = fd;
	while (!error && disk_is_pending(login) && deadline_left_ms(deadline)) {
		if (poll(&p, 1, deadline_left_ms(deadline)) < 0 && errno != EINTR)
			error = errno;
		kernel_events_drain(fd);
	}
	return error;
}

/* The path is logged in, and iscsid manages the session: adds the recorded disks. */
static void complete_login(struct iscsid_login *login)
{
	AUTO_ARENA arena = NULL;
	char *session, *name = describe_path(&arena, login->path->plan, &login->path->to);
	int error;

	login->phase = LOGIN_DONE;
	if (!iscsid_login_find(login->record, login->path)) {
		path_fail(login->progress, login->path, STATUS_ERROR,
			  "its session has disappeared");
		return;
	}
	log_info("handoff", "%s: iscsid has logged in, session%d", name ? name : "?",
		 login->path->sid);
	error = add_disks(login);
	if (error)
		log_warning("handoff", "session%d: cannot scan for disks: %s", login->path->sid,
			    strerror(error));
	session = arena_printf(&arena, "session%d", login->path->sid);
	if (session)
		tune_command(login->record, &session, 1);
	iscsid_login_find(login->record, login->path); /* find its disk too */
}

static void read_iscsiadm_output(struct iscsid_login *login, char *output, size_t size)
{
	ssize_t n = read(login->output, output, size - 1);

	output[n > 0 ? n : 0] = '\0';
	cleanup_fd(&login->output);
	login->output = -1;
}

static void attempt_failed(struct iscsid_login *login, int error)
{
	static const struct backoff backoff = { .first_ms = 1000, .most_ms = 16000 };
	struct path *path = login->path;
	AUTO_ARENA arena = NULL;
	struct verdict verdict;
	char output[4096], *answer;

	read_iscsiadm_output(login, output, sizeof(output));
	verdict = iscsistart_verdict(error << 8, output);
	if (verdict.next == NEXT_LOOK) {
		complete_login(login);
		return;
	}
	answer = error == ISCSI_ERR_LOGIN_TIMEOUT && !*output ?
			 arena_printf(&arena, "iscsid does not respond to iscsiadm") :
			 iscsistart_answer(&arena, error << 8, output);
	if (!path->why)
		log_info("handoff", "cannot log in to %s at %s: %s", login->node.target,
			 path->to.portal, answer ? answer : "?");
	login->phase = LOGIN_WAITING;
	login->until = deadline_in_ms(backoff_ms(&backoff, ++login->tries, random_number()));
	path_set_why(login->progress, path, answer);
	if (verdict.next == NEXT_NONE && verdict.status != STATUS_ERROR) {
		login->phase = LOGIN_DONE;
		path_fail(login->progress, path, verdict.status, answer);
	}
}

static void try_login(struct iscsid_login *login)
{
	int r = task_start_with_output(&login->task, run_iscsiadm, login, &login->output);

	login->phase = LOGIN_TRYING;
	login->until = deadline_in(ATTEMPT_S);
	if (!r)
		return;
	login->phase = LOGIN_DONE;
	path_fail(login->progress, login->path, STATUS_ERROR, strerror(-r));
}

/* Returns true if the attempt has ended. Kills iscsiadm if it takes too long. */
static bool attempt_has_ended(struct iscsid_login *login, int *error)
{
	if (task_has_ended(&login->task, error))
		return true;
	if (deadline_left_ms(login->until))
		return false;
	kill(login->task.pid, SIGKILL);
	task_wait(&login->task, deadline_in(1));
	*error = ISCSI_ERR_LOGIN_TIMEOUT;
	return true;
}

void iscsid_login_step(struct iscsid_login *login, bool network_changed)
{
	int error;

	if (login->phase == LOGIN_WAITING && (network_changed || !deadline_left_ms(login->until)))
		try_login(login);
	if (login->phase != LOGIN_TRYING || !attempt_has_ended(login, &error))
		return;
	if (error) {
		attempt_failed(login, error);
		return;
	}
	cleanup_fd(&login->output);
	login->output = -1;
	complete_login(login);
}
