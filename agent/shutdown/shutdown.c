// SPDX-License-Identifier: GPL-2.0-only
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
#include "kmod/core/portable.h"

#define LINUX_REBOOT_CMD_KEXEC 0x45584543 /* linux/reboot.h; not in sys/reboot.h */
#define ASK_EVERY_S 1
#define LOOK_EVERY_MS 250
#define EH_STEP_S 1
/* What is dirty elsewhere is written, if that is possible at all. */
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
	bool root;
	bool calmed; /* short timers are set */
	bool asked; /* and not answered yet */
	int64_t asked_ns; /* when first since then, also if the kernel refused; 0: not */
	bool ended; /* by us since it was lost, or gone by itself */
	bool lost;
	struct deadline ask_at; /* again */
	int64_t well_ns; /* when it last was */
};

struct watch {
	const struct boot_record *wanted;
	struct iscsi_nl transport;
	struct watched *list;
	unsigned int nr;
};

static int64_t ns(unsigned int s)
{
	return s * 1000000000LL;
}

static void calm_disk(const struct recorded_disk *d, unsigned int seconds)
{
	AUTO_ARENA arena = NULL;
	char *value = arena_printf(&arena, "%u", seconds);

	if (value && d->disk.name[0])
		sysfs_write(value, "/sys/class/scsi_device/%d:0:0:%ld/device/timeout", d->host,
			    d->lun);
}

static void calm(struct watch *w, struct watched *s)
{
	static const enum iscsi_nl_param steps[] = { ISCSI_PARAM_ABORT_TMO,
						     ISCSI_PARAM_LU_RESET_TMO,
						     ISCSI_PARAM_TGT_RESET_TMO };
	const unsigned int total = w->wanted->shutdown_timeout_s;
	AUTO_ARENA arena = NULL;
	char *value = arena_printf(&arena, "%u", total);
	struct recorded_disks recorded_disks;
	unsigned int i;
	int r = value ? iscsi_nl_select_transport(&w->transport, s->sid) : -ENOMEM;

	if (!r)
		r = sysfs_write(value, "/sys/class/iscsi_session/session%d/recovery_tmo", s->sid);
	for (i = 0; i < ARRAY_SIZE(steps) && !r; i++)
		r = iscsi_nl_set_param(&w->transport, s->sid, steps[i], EH_STEP_S);
	if (!r)
		r = recorded_disks_find(w->wanted, &recorded_disks);
	if (r) {
		log_warning("shutdown", "session%d: timers cannot be set: %s", s->sid,
			    strerror(-r));
		return;
	}
	for (i = 0; i < recorded_disks.nr; i++)
		if (recorded_disks.list[i].sid == s->sid)
			calm_disk(&recorded_disks.list[i], total / 4);
	recorded_disks_free(&recorded_disks);
	s->calmed = true;
	log_info("shutdown", "session%d: recovery_tmo %u, timeout %u of its disks", s->sid, total,
		 total / 4);
}

/* In a child. */
static int end_work(const void *data)
{
	const struct watched *s = data;
	struct iscsi_nl t;
	int r = iscsi_nl_open(&t, s->sid);

	if (!r)
		r = iscsi_nl_destroy_session(&t, s->sid);
	return -r;
}

static void end(struct watch *w, struct watched *s)
{
	struct task task;
	int r = task_start(&task, end_work, s);

	r = r ? -r : task_wait(&task, deadline_in_ms(w->wanted->shutdown_timeout_s * 250));
	s->ended = true;
	s->lost = true;
	log_warning("shutdown", "session%d is lost, ended by us: %s", s->sid,
		    r ? strerror(r) : "what waits for it fails now");
}

static void take_answers(struct watch *w)
{
	unsigned int i;
	int sid;

	while ((sid = iscsi_nl_recv_nop_in(&w->transport)) >= 0) {
		for (i = 0; i < w->nr; i++) {
			struct watched *s = &w->list[i];

			if (s->sid != sid || s->ended)
				continue;
			s->asked = false;
			s->asked_ns = 0;
			s->well_ns = now_ns();
			s->ask_at = deadline_in(ASK_EVERY_S);
			if (!s->calmed)
				calm(w, s);
		}
	}
}

/*
 * For how long: from when it was asked, or where it can't be, from when it was last well. To end
 * another one may have taken a while, in which nobody asked.
 */
static bool is_lost(const struct watch *w, const struct watched *s, bool logged_in)
{
	int64_t patience = ns(w->wanted->shutdown_timeout_s / 2);

	if (!logged_in && !iscsi_nl_listeners(w->transport.port, NULL, 0))
		return true;
	if (logged_in)
		return s->asked_ns && now_ns() - s->asked_ns >= patience;
	return now_ns() - s->well_ns >= patience;
}

static void step(struct watch *w, struct watched *s)
{
	AUTO_ARENA arena = NULL;
	bool logged_in;
	char *state;

	take_answers(w);
	if (s->ended)
		return;
	if (sysfs_read(&arena, &state, "/sys/class/iscsi_session/session%d/state", s->sid) < 0) {
		s->ended = true; /* logged out by somebody, which is fine */
		return;
	}
	logged_in = !strcmp(state, "LOGGED_IN");
	if (!logged_in) {
		s->asked = false; /* of the connection that was */
		s->asked_ns = 0;
	} else if (!s->asked && !deadline_left_ms(s->ask_at)) {
		s->asked = !iscsi_nl_select_transport(&w->transport, s->sid) &&
			   !iscsi_nl_send_nop_out(&w->transport, s->sid);
		if (!s->asked_ns)
			s->asked_ns = now_ns();
	}
	if (is_lost(w, s, logged_in))
		end(w, s);
}

/* Each session was well or is ended. */
static bool is_settled(const struct watch *w)
{
	unsigned int i;

	for (i = 0; i < w->nr; i++)
		if (!w->list[i].calmed && !w->list[i].ended)
			return false;
	return true;
}

/* One turn: what changes the state of a session has no event, so it is looked at. */
static void turn(struct watch *w)
{
	struct pollfd p = { .fd = w->transport.fd, .events = POLLIN };
	unsigned int i;

	for (i = 0; i < w->nr; i++)
		step(w, &w->list[i]);
	(void)poll(&p, 1, LOOK_EVERY_MS);
	take_answers(w);
}

/* All ways to it are gone, and not only by logging out. */
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

	log_warning("shutdown", "the root is lost: %s, without those who are on it", action->name);
	if (!task_start(&task, sync_work, NULL))
		task_wait(&task, deadline_in(SYNC_S));
	reboot(action->command);
	reboot(RB_AUTOBOOT); /* no other kernel is loaded */
}

/* Until somebody ends the machine, or has to be spared it. */
static void stay(struct watch *w, const struct action *action)
{
	while (!root_is_lost(w))
		turn(w);
	do_action(action);
	_exit(STATUS_ERROR);
}

static void leave_behind(struct watch *w, const struct action *action)
{
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	process_detach();
	log_to_kmsg();
	if (chdir("/") < 0)
		log_warning("shutdown", "/: %s", strerror(errno));
	process_harden("shutdown");
	stay(w, action);
}

static int watch_open(struct watch *w, const struct boot_record *wanted)
{
	struct recorded_disks recorded_disks;
	unsigned int i, n;
	int r;

	*w = (struct watch){ .wanted = wanted, .transport.fd = -1 };
	r = recorded_disks_find(wanted, &recorded_disks);
	if (r)
		return r;
	w->list = calloc(recorded_disks.nr + 1, sizeof(*w->list));
	for (i = 0; w->list && i < recorded_disks.nr; i++) {
		const struct recorded_disk *d = &recorded_disks.list[i];

		for (n = 0; n < w->nr && w->list[n].sid != d->sid; n++)
			;
		if (n == w->nr)
			w->list[w->nr++] = (struct watched){ .sid = d->sid, .well_ns = now_ns() };
		w->list[n].root |= d->wanted->root;
	}
	recorded_disks_free(&recorded_disks);
	if (!w->list)
		return -ENOMEM;
	r = w->nr ? iscsi_nl_open(&w->transport, w->list[0].sid) : 0;
	return r == -ENOENT ? 0 : r; /* that one is gone; the others have their own */
}

static const struct action *find_action(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(actions); i++)
		if (!strcmp(actions[i].name, name))
			return &actions[i];
	return NULL;
}

enum status shutdown_sessions(const struct boot_record *wanted, const char *name)
{
	const struct action *action = name ? find_action(name) : NULL;
	struct deadline until;
	bool lost = false;
	struct watch w;
	unsigned int i;
	int r;

	if (name && !action) {
		fprintf(stderr, "iscsi-boot: no such action: %s\n", name);
		return STATUS_USAGE;
	}
	/* systemd ends at last all but those whose name begins so. */
	program_invocation_name[0] = '@';
	process_harden("shutdown");
	r = watch_open(&w, wanted);
	if (r) {
		free(w.list);
		return log_failure("shutdown", STATUS_ERROR, "to look after the sessions",
				   strerror(-r), "that this runs as root");
	}
	until = deadline_in_ms(wanted->shutdown_timeout_s * 1000);
	while (!is_settled(&w) && deadline_left_ms(until))
		turn(&w);
	if (action && w.nr && !fork())
		leave_behind(&w, action);
	for (i = 0; i < w.nr; i++)
		lost |= w.list[i].lost || !(w.list[i].calmed || w.list[i].ended);
	iscsi_nl_close(&w.transport);
	free(w.list);
	return lost ? STATUS_NO_ANSWER : STATUS_OK;
}
