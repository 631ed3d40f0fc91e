// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/status.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json_writer.h"
#include "base/log.h"
#include "base/run_dir.h"
#include "base/sysfs.h"
#include "iscsi/portal_addr.h"
#include "session/recorded_disks.h"
#include "session/timers.h"

/* What is the matter, as it is found. */
struct findings {
	bool session, disk, timer, guard, unreadable;
};

static void put_timer(struct json_writer *o, void **arena, struct timer *t, struct findings *f)
{
	static const char *const verdicts[] = {
		[TIMER_RIGHT] = "right",	   [TIMER_DIFFERS] = "differs",
		[TIMER_MULTIPATHD] = "multipathd", [TIMER_ABSENT] = "absent",
		[TIMER_UNREADABLE] = "unreadable",
	};
	const char *words;

	timer_read(arena, t);
	f->timer |= t->verdict == TIMER_DIFFERS;
	f->unreadable |= t->verdict == TIMER_UNREADABLE;
	words = timer_text(arena, t);
	if (!o->json) {
		fprintf(o->file, "  %s%s\n", timer_is_good(t) ? "" : "! ", words ? words : t->name);
		return;
	}
	json_writer_begin(o, NULL, '{', NULL);
	json_writer_member(o, "name", t->name);
	json_writer_member(o, "wanted", t->want);
	if (t->is)
		json_writer_member(o, "actual", t->is);
	json_writer_member(o, "verdict", verdicts[t->verdict]);
	json_writer_end(o, '}');
}

static void put_timers(struct json_writer *o, const struct recorded_disk *d, bool held,
		       struct findings *f)
{
	struct timer session[TIMERS_OF_SESSION], disk[TIMERS_OF_DISK];
	const char *name = d->disk.name;
	AUTO_ARENA arena = NULL;
	unsigned int i;

	if (timers_of_session(&arena, &d->wanted->timers, held, d->sid, session) ||
	    timers_of_disk(&arena, &d->wanted->timers, held, d->host, d->lun, name, disk)) {
		f->unreadable = true;
		return;
	}
	json_writer_begin(o, "timers", '[', NULL);
	for (i = 0; i < TIMERS_OF_SESSION; i++)
		put_timer(o, &arena, &session[i], f);
	for (i = 0; *name && i < TIMERS_OF_DISK; i++)
		put_timer(o, &arena, &disk[i], f);
	json_writer_end(o, ']');
}

/* "iqn.x:disk LUN 1 at 10.0.0.9:3260" */
static char *heading(void **arena, const struct boot_record_disk *w)
{
	char *lun = arena_printf(arena, w->lun < 0 ? "first disk" : "LUN %ld", w->lun);
	char *portal = portal_text(arena, w->portal, w->port);

	return arena_printf(arena, "%s %s at %s%s", w->target, lun ? lun : "",
			    portal ? portal : "", w->root ? ", the root's" : "");
}

static void put_wanted(struct json_writer *o, void **arena, const struct boot_record_disk *w)
{
	const char *title = heading(arena, w);
	char *lun = arena_printf(arena, "%ld", w->lun), *port = arena_printf(arena, "%u", w->port);

	json_writer_begin(o, NULL, '{', title ? title : w->target);
	if (!o->json)
		return;
	json_writer_member(o, "target-name", w->target);
	json_writer_member(o, "ip-addr", w->portal);
	json_writer_member(o, "port", port ? port : "");
	if (w->lun >= 0)
		json_writer_member(o, "linux-lun", lun ? lun : "");
	json_writer_member(o, "root", w->root ? "1" : "0");
}

static void put_ours(struct json_writer *o, const struct recorded_disks *recorded_disks,
		     const struct recorded_disk *d, struct findings *f)
{
	AUTO_ARENA arena = NULL;
	char *session = arena_printf(&arena, "session%d", d->sid);

	f->session |= !d->logged_in;
	f->disk |= !d->disk.name[0];
	if (!d->as_planned)
		json_writer_member(o, "portal", "another one");
	json_writer_member(o, "session", session ? session : "");
	json_writer_member(o, "state", d->state);
	if (d->disk.name[0])
		json_writer_member(o, "disk", d->disk.name);
	else if (!o->json)
		json_writer_member(o, "disk", "! missing");
	if (d->multipath)
		json_writer_member(o, "multipath", d->multipath);
	put_timers(o, d, recorded_session_is_held(recorded_disks, d->sid), f);
}

/* How the last attempt of a path without a session ended, as /run/iscsi-boot/paths says. */
static void put_tried(struct json_writer *o, const struct boot_record_disk *w)
{
	AUTO_ARENA arena = NULL;
	char *portal = portal_text(&arena, w->portal, w->port);
	char *start = portal ? arena_printf(&arena, "%s %s ", w->target, portal) : NULL;
	char *text, *line, *rest = NULL;

	if (!start || file_read(&arena, &text, "%s" BOOT_RUN_DIR "/paths", sysfs_root) < 0)
		return;
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		if (!strncmp(line, start, strlen(start))) {
			json_writer_member(o, "tried", line + strlen(start));
			return;
		}
}

static void put_all(struct json_writer *o, const struct boot_record *wanted,
		    const struct recorded_disks *recorded_disks, struct findings *f)
{
	unsigned int i, n, found;

	for (i = 0; i < wanted->nr; i++) {
		AUTO_ARENA arena = NULL;

		for (n = found = 0; n < recorded_disks->nr; n++) {
			if (recorded_disks->list[n].wanted != &wanted->disks[i])
				continue;
			found += recorded_disks->list[n].as_planned;
			put_wanted(o, &arena, &wanted->disks[i]);
			put_ours(o, recorded_disks, &recorded_disks->list[n], f);
			json_writer_end(o, '}');
		}
		if (found)
			continue;
		f->session = true;
		put_wanted(o, &arena, &wanted->disks[i]);
		json_writer_member(o, "session", o->json ? "" : "! none");
		put_tried(o, &wanted->disks[i]);
		json_writer_end(o, '}');
	}
}

/* By the name that it gives itself, which the kernel cuts. */
static bool guard_lives(int pid)
{
	AUTO_ARENA arena = NULL;
	char *name;

	return pid > 0 && sysfs_read(&arena, &name, "/proc/%d/comm", pid) > 0 &&
	       !strcmp(name, "iscsi-boot-guar");
}

/* @text: the guard's own file, with its process id, then lines KEY=VALUE. NULL: it is missing. */
static const char *guard_state(const char *text)
{
	if (strstr(text, "\niscsid="))
		return "left to iscsid";
	if (guard_lives(atoi(text)))
		return "works";
	return sysfs_exists(BOOT_RUN_DIR "/no-guard") ? "not wanted" : NULL;
}

static void put_guard(struct json_writer *o, struct findings *f)
{
	AUTO_ARENA arena = NULL;
	char *text, *line, *value, *rest = NULL;
	const char *state;

	if (file_read(&arena, &text, "%s" BOOT_RUN_DIR "/guard", sysfs_root) < 0)
		text = arena_printf(&arena, "%s", "");
	state = text ? guard_state(text) : NULL;
	f->guard = !state;
	json_writer_begin(o, NULL, '{', "the guard");
	json_writer_member(o, "guard", state ? state : o->json ? "missing" : "! missing");
	for (line = text ? strtok_r(text, "\n", &rest) : NULL; line;
	     line = strtok_r(NULL, "\n", &rest)) {
		value = strchr(line, '=');
		if (value)
			*value++ = '\0';
		json_writer_member(o, value ? line : "process", value ? value : line);
	}
	json_writer_end(o, '}');
}

enum status status_print(const struct boot_record *wanted, bool json, FILE *out)
{
	struct json_writer o = { .file = out, .json = json, .first = true };
	struct findings f = { 0 };
	struct recorded_disks recorded_disks;

	if (recorded_disks_find(wanted, &recorded_disks))
		return log_failure("status", STATUS_ERROR, "cannot list the sessions",
				   strerror(ENOMEM), "free some memory");
	json_writer_begin(&o, NULL, '[', NULL);
	put_all(&o, wanted, &recorded_disks, &f);
	if (sysfs_exists(WANTED_FILE)) /* boot was here */
		put_guard(&o, &f);
	json_writer_end(&o, ']');
	if (json)
		fputc('\n', out);
	recorded_disks_free(&recorded_disks);
	if (f.session)
		return STATUS_NO_ANSWER;
	if (f.disk)
		return STATUS_NO_LUN;
	if (f.timer)
		return STATUS_TIMERS;
	if (f.guard)
		return STATUS_GUARD;
	return f.unreadable ? STATUS_ERROR : STATUS_OK;
}
