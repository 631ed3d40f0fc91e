// SPDX-License-Identifier: GPL-2.0-only
/* Pings the sessions at shutdown, sets short timers, destroys lost sessions. */
#include "shutdown/shutdown.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/syscall.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/process_detach.h"
#include "base/process_harden.h"
#include "base/sysfs.h"
#include "base/task.h"
#include "session/iscsi_netlink.h"
#include "session/recorded_disks.h"
#include "session/session_sysfs.h"
#include "kmod/core/portable.h"

#define LINUX_REBOOT_CMD_KEXEC 0x45584543 /* linux/reboot.h; not in sys/reboot.h */
#define PING_EVERY_S 1
#define CHECK_EVERY_MS 250
#define EH_STEP_S 1 /* limit of each step of error handling */
/* Limit for the final sync(): other disks may have dirty pages. */
#define SYNC_S 2

static const struct action {
	const char *name;
	int command;
} actions[] = {
	{ "reboot", RB_AUTOBOOT },
	{ "poweroff", RB_POWER_OFF },
	{ "halt", (int)RB_HALT_SYSTEM },
	{ "kexec", LINUX_REBOOT_CMD_KEXEC },
};

struct watched {
	int sid;
	bool root; /* of the root disk */
	bool timers_set; /* the short timers */
	bool pinged; /* a ping is outstanding */
	int64_t pinged_ns; /* first ping without a response, also if the kernel refused; 0: none */
	bool ended; /* destroyed here since it was lost, or logged out */
	bool lost;
	struct deadline ping_at; /* next ping */
	int64_t answered_ns; /* last response, or the start */
};

struct watch {
	const struct boot_record *record;
	struct iscsi_nl nl;
	struct watched *list;
	unsigned int nr;
};

static int64_t ns(unsigned int s)
{
	return s * 1000000000LL;
}

static void set_disk_timeout(const struct recorded_disk *d, unsigned int seconds)
{
	AUTO_ARENA arena = NULL;
	char *value = arena_printf(&arena, "%u", seconds);

	if (value && d->disk.name[0])
		sysfs_write(value, "/sys/class/scsi_device/%d:0:0:%ld/device/timeout", d->host,
			    d->lun);
}

static void set_shutdown_timers(struct watch *w, struct watched *s)
{
	static const enum iscsi_nl_param steps[] = { ISCSI_PARAM_ABORT_TMO,
						     ISCSI_PARAM_LU_RESET_TMO,
						     ISCSI_PARAM_TGT_RESET_TMO };
	const unsigned int total = w->record->shutdown_timeout_s;
	AUTO_ARENA arena = NULL;
	char *value = arena_printf(&arena, "%u", total);
	struct recorded_disks recorded_disks;
	unsigned int i;
	int r = value ? iscsi_nl_select_transport(&w->nl, s->sid) : -ENOMEM;

	if (!r)
		r = sysfs_write(value, SESSION_DIR "recovery_tmo", s->sid);
	for (i = 0; i < ARRAY_SIZE(steps) && !r; i++)
		r = iscsi_nl_set_param(&w->nl, s->sid, steps[i], EH_STEP_S);
	if (!r)
		r = recorded_disks_find(w->record, &recorded_disks);
	if (r) {
		log_warning("shutdown", "session%d: cannot set timers: %s", s->sid, strerror(-r));
		return;
	}
	for (i = 0; i < recorded_disks.nr; i++)
		if (recorded_disks.list[i].sid == s->sid)
			set_disk_timeout(&recorded_disks.list[i], total / 4);
	recorded_disks_free(&recorded_disks);
	s->timers_set = true;
	log_info("shutdown", "session%d: recovery_tmo %u, timeout %u of its disks", s->sid, total,
		 total / 4);
}

/* Runs in a task, because it may block. */
static int terminate_work(const void *data)
{
	const struct watched *s = data;
	struct iscsi_nl t;
	int r = iscsi_nl_open(&t, s->sid);

	if (!r)
		r = iscsi_nl_destroy_session(&t, s->sid);
	return -r;
}

static void terminate(struct watch *w, struct watched *s)
{
	struct task task;
	int r = task_start(&task, terminate_work, s);

	r = r ? -r : task_wait(&task, deadline_in_ms(w->record->shutdown_timeout_s * 250));
	s->ended = true;
	s->lost = true;
	log_warning("shutdown", "session%d: connection lost, %s: %s", s->sid,
		    r ? "session not terminated" : "session terminated",
		    r ? strerror(r) : "its I/O fails now");
}

static void receive_responses(struct watch *w)
{
	unsigned int i;
	int sid;

	while ((sid = iscsi_nl_recv_nop_in(&w->nl)) >= 0) {
		for (i = 0; i < w->nr; i++) {
			struct watched *s = &w->list[i];

			if (s->sid != sid || s->ended)
				continue;
			s->pinged = false;
			s->pinged_ns = 0;
			s->answered_ns = now_ns();
			s->ping_at = deadline_in(PING_EVERY_S);
			if (!s->timers_set)
				set_shutdown_timers(w, s);
		}
	}
}

/*
 * The limit counts from the first ping without a response. A session that cannot be pinged counts
 * from its last response. A session that was not pinged while another one was terminated is not
 * lost.
 */
static bool session_is_lost(const struct watch *w, const struct watched *s, bool logged_in)
{
	int64_t limit = ns(w->record->shutdown_timeout_s / 2);

	if (!logged_in && !iscsi_nl_listeners(w->nl.port, NULL, 0))
		return true;
	if (logged_in)
		return s->pinged_ns && now_ns() - s->pinged_ns >= limit;
	return now_ns() - s->answered_ns >= limit;
}

static void check_session(struct watch *w, struct watched *s)
{
	AUTO_ARENA arena = NULL;
	bool logged_in;
	char *state;

	receive_responses(w);
	if (s->ended)
		return;
	state = session_attr(&arena, SESSION_DIR "state", s->sid);
	if (!state) {
		s->ended = true; /* another process logged out: no error */
		return;
	}
	logged_in = !strcmp(state, "LOGGED_IN");
	if (!logged_in) {
		s->pinged = false; /* that ping was for the previous connection */
		s->pinged_ns = 0;
	} else if (!s->pinged && !deadline_left_ms(s->ping_at)) {
		s->pinged = !iscsi_nl_select_transport(&w->nl, s->sid) &&
			    !iscsi_nl_send_nop_out(&w->nl, s->sid);
		if (!s->pinged_ns)
			s->pinged_ns = now_ns();
	}
	if (session_is_lost(w, s, logged_in))
		terminate(w, s);
}

/* Returns true if each session either has short timers or has ended. */
static bool is_settled(const struct watch *w)
{
	unsigned int i;

	for (i = 0; i < w->nr; i++)
		if (!w->list[i].timers_set && !w->list[i].ended)
			return false;
	return true;
}

/* Checks all sessions. Their states have no event, so they are read at an interval. */
static void check_all(struct watch *w)
{
	struct pollfd p = { .fd = w->nl.fd, .events = POLLIN };
	unsigned int i;

	for (i = 0; i < w->nr; i++)
		check_session(w, &w->list[i]);
	(void)poll(&p, 1, CHECK_EVERY_MS);
	receive_responses(w);
}

/* Returns true if all sessions of the root disk have ended, and one of them was lost. */
static bool root_is_lost(const struct watch *w)
{
	bool lost = false;
	unsigned int i;

	for (i = 0; i < w->nr; i++) {
		if (w->list[i].root && !w->list[i].ended)
			return false;
		lost |= w->list[i].root && w->list[i].lost;
	}
	return lost;
}

static int sync_work(const void *data)
{
	sync();
	return 0;
}

static void do_action(const struct action *action)
{
	struct task task;
	int r;

	log_warning("shutdown", "root disk lost: forcing %s", action->name);
	r = task_start(&task, sync_work, NULL);
	if (r)
		log_warning("shutdown", "cannot sync other disks: %s", strerror(-r));
	else
		task_wait(&task, deadline_in(SYNC_S));
	if (reboot(action->command) < 0) /* kexec without a loaded kernel */
		log_warning("shutdown", "cannot %s, rebooting: %s", action->name, strerror(errno));
	if (reboot(RB_AUTOBOOT) < 0)
		log_warning("shutdown", "cannot reboot: %s", strerror(errno));
}

/* Runs until the machine is shut down, or the root disk is lost. */
static void stay(struct watch *w, const struct action *action)
{
	while (!root_is_lost(w))
		check_all(w);
	do_action(action);
	_exit(STATUS_ERROR);
}

static void run_in_background(struct watch *w, const struct action *action)
{
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	process_detach();
	log_to_kmsg();
	if (chdir("/") < 0)
		log_warning("shutdown", "cannot change to /: %s", strerror(errno));
	process_harden("shutdown");
	stay(w, action);
}

/* Returns false if no process can watch the root disk; that was logged. */
static bool watch_in_background(struct watch *w, const struct action *action)
{
	AUTO_ARENA arena = NULL;
	char *failed;
	pid_t pid = fork();

	if (!pid)
		run_in_background(w, action);
	if (pid > 0)
		return true;
	failed = arena_printf(&arena, "cannot force the %s if the root disk is lost", action->name);
	log_failure("shutdown", STATUS_ERROR, failed ? failed : "cannot watch the root disk",
		    strerror(errno), "check memory and process limits");
	return false;
}

static int watch_sessions(struct watch *w, const struct boot_record *record)
{
	struct recorded_disks recorded_disks;
	unsigned int i, n;
	int r;

	*w = (struct watch){ .record = record, .nl.fd = -1 };
	r = recorded_disks_find(record, &recorded_disks);
	if (r)
		return r;
	w->list = calloc(recorded_disks.nr + 1, sizeof(*w->list));
	for (i = 0; w->list && i < recorded_disks.nr; i++) {
		const struct recorded_disk *d = &recorded_disks.list[i];

		for (n = 0; n < w->nr && w->list[n].sid != d->sid; n++)
			;
		if (n == w->nr)
			w->list[w->nr++] =
				(struct watched){ .sid = d->sid, .answered_ns = now_ns() };
		w->list[n].root |= d->wanted->root;
	}
	recorded_disks_free(&recorded_disks);
	if (!w->list)
		return -ENOMEM;
	r = w->nr ? iscsi_nl_open(&w->nl, w->list[0].sid) : 0;
	return r == -ENOENT ? 0 : r; /* other sessions may have another transport */
}

static const struct action *find_action(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(actions); i++)
		if (!strcmp(actions[i].name, name))
			return &actions[i];
	return NULL;
}

enum status shutdown_sessions(const struct boot_record *record, const char *name)
{
	const struct action *action = name ? find_action(name) : NULL;
	struct deadline until;
	bool lost = false, stays = true;
	struct watch w;
	unsigned int i;
	int r;

	if (name && !action) {
		fprintf(stderr, "iscsi-boot: unknown action: %s\n", name);
		return STATUS_USAGE;
	}
	/* When systemd shuts down, it kills all processes whose name does not begin with @. */
	program_invocation_name[0] = '@';
	process_harden("shutdown");
	r = watch_sessions(&w, record);
	if (r) {
		free(w.list);
		return log_failure("shutdown", STATUS_ERROR, "cannot watch the sessions",
				   strerror(-r), "run this as root");
	}
	until = deadline_in_ms(record->shutdown_timeout_s * 1000);
	while (!is_settled(&w) && deadline_left_ms(until))
		check_all(&w);
	if (action && w.nr)
		stays = watch_in_background(&w, action);
	for (i = 0; i < w.nr; i++)
		lost |= w.list[i].lost || !(w.list[i].timers_set || w.list[i].ended);
	iscsi_nl_close(&w.nl);
	free(w.list);
	if (!stays)
		return STATUS_ERROR;
	return lost ? STATUS_NO_ANSWER : STATUS_OK;
}
