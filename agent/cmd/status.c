// SPDX-License-Identifier: GPL-2.0-only
/* The command status: compares sessions, disks, timers and the guard with what boot recorded. */
#include "cmd/status.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/deadline.h"
#include "base/json_writer.h"
#include "base/log.h"
#include "base/run_dir.h"
#include "base/sysfs.h"
#include "iscsi/portal_addr.h"
#include "lease/lease_record.h"
#include "session/recorded_disks.h"
#include "session/session_sysfs.h"
#include "session/timers.h"

/* What was found so far; each true member is a fault. */
struct findings {
	bool session, disk, timer, guard, lease, unreadable;
};

/* In JSON only: prints a member, if @value is not NULL. */
static void put_member(struct json_writer *o, const char *key, const char *value)
{
	if (o->json && value)
		json_writer_member(o, key, value);
}

/* In text only: prints the line "  VERDICT  NAME", or with @detail "  VERDICT  NAME DETAIL". */
static void put_item(struct json_writer *o, const char *verdict, const char *name,
		     const char *detail)
{
	if (!o->json)
		fprintf(o->file, "  %-8s %s%s%s\n", verdict, name, detail ? " " : "",
			detail ? detail : "");
}

static void put_timer(struct json_writer *o, void **arena, struct timer *t, struct findings *f)
{
	static const struct {
		const char *json, *text;
	} verdicts[] = {
		[TIMER_RIGHT] = { "right", "ok" },
		[TIMER_DIFFERS] = { "differs", "differs" },
		[TIMER_MULTIPATHD] = { "multipathd", "ok" },
		[TIMER_ABSENT] = { "absent", "ok" },
		[TIMER_UNREADABLE] = { "unreadable", "error" },
	};
	const char *text;

	timer_read(arena, t);
	f->timer |= t->verdict == TIMER_DIFFERS;
	f->unreadable |= t->verdict == TIMER_UNREADABLE;
	text = timer_text(arena, t);
	put_item(o, verdicts[t->verdict].text, text ? text : t->name, NULL);
	json_writer_begin(o, NULL, '{', NULL);
	put_member(o, "name", t->name);
	put_member(o, "wanted", t->want);
	put_member(o, "actual", t->is);
	put_member(o, "verdict", verdicts[t->verdict].json);
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

/*
 * Begins the object of @w; its text is "iqn.x:disk LUN 1 at 10.0.0.9:3260, root disk". @lun: of the
 * disk that was found, as Linux numbers it; -1: none.
 */
static void begin_disk(struct json_writer *o, const struct boot_record_disk *w, long lun)
{
	AUTO_ARENA arena = NULL;
	char *number = arena_printf(&arena, "%ld", lun),
	     *port = arena_printf(&arena, "%u", w->port);
	char *portal = portal_text(&arena, w->portal, w->port);
	char *title = NULL;

	if (number && portal)
		title = arena_printf(&arena, "%s %s%s at %s%s", w->target,
				     lun < 0 ? "all disks" : "LUN ", lun < 0 ? "" : number, portal,
				     w->root ? ", root disk" : "");
	json_writer_begin(o, NULL, '{', title ? title : w->target);
	put_member(o, "target-name", w->target);
	put_member(o, "ip-addr", w->portal);
	put_member(o, "port", port);
	put_member(o, "linux-lun", lun < 0 ? NULL : number);
	put_member(o, "root", w->root ? "1" : "0");
}

/* Returns the portal of session @sid, such as "10.0.0.9:3260", or NULL. */
static const char *session_portal(void **arena, int sid)
{
	const char *address = session_attr(arena, CONNECTION_DIR "persistent_address", sid);
	const char *port = session_attr(arena, CONNECTION_DIR "persistent_port", sid);

	return address && port ? portal_text(arena, address, (unsigned int)atoi(port)) : NULL;
}

static void put_session(struct json_writer *o, const struct recorded_disk *d)
{
	const char *disk = d->disk.name[0] ? d->disk.name : NULL;
	AUTO_ARENA arena = NULL;
	char *session = arena_printf(&arena, "session%d", d->sid);

	if (!session)
		return;
	put_item(o, d->logged_in ? "ok" : "differs", session, d->state);
	if (!d->as_planned) {
		put_member(o, "portal", "another one");
		put_item(o, "ok", "other portal", session_portal(&arena, d->sid));
	}
	put_member(o, "session", session);
	put_member(o, "state", d->state);
	put_item(o, disk ? "ok" : "MISSING", "disk", disk);
	put_member(o, "disk", disk);
	if (d->multipath)
		put_item(o, "ok", "multipath", d->multipath);
	put_member(o, "multipath", d->multipath);
}

/* Returns the result of the last attempt in /run/iscsi-boot/paths, or NULL. */
static const char *last_attempt(void **arena, const struct boot_record_disk *w)
{
	char *portal = portal_text(arena, w->portal, w->port);
	char *start = portal ? arena_printf(arena, "%s %s ", w->target, portal) : NULL;
	char *text, *line, *rest = NULL;

	if (!start || file_read(arena, &text, "%s" BOOT_RUN_DIR "/paths", sysfs_root) < 0)
		return NULL;
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		if (!strncmp(line, start, strlen(start)))
			return line + strlen(start);
	return NULL;
}

static void put_no_session(struct json_writer *o, const struct boot_record_disk *w)
{
	AUTO_ARENA arena = NULL;
	const char *tried = last_attempt(&arena, w);

	put_item(o, "MISSING", tried ? "session, last attempt:" : "session", tried);
	put_member(o, "session", "");
	put_member(o, "tried", tried);
}

static void put_recorded(struct json_writer *o, const struct recorded_disks *recorded_disks,
			 const struct recorded_disk *d, struct findings *f)
{
	f->session |= !d->logged_in;
	f->disk |= !d->disk.name[0];
	begin_disk(o, d->wanted, d->lun);
	put_session(o, d);
	put_timers(o, d, recorded_session_is_held(recorded_disks, d->sid), f);
	json_writer_end(o, '}');
}

static void put_disks(struct json_writer *o, const struct boot_record *wanted,
		      const struct recorded_disks *recorded_disks, struct findings *f)
{
	unsigned int i, n, found;

	for (i = 0; i < wanted->nr; i++) {
		for (n = found = 0; n < recorded_disks->nr; n++) {
			if (recorded_disks->list[n].wanted != &wanted->disks[i])
				continue;
			found += recorded_disks->list[n].as_planned;
			put_recorded(o, recorded_disks, &recorded_disks->list[n], f);
		}
		if (found)
			continue;
		f->session = true;
		begin_disk(o, &wanted->disks[i], wanted->disks[i].lun);
		put_no_session(o, &wanted->disks[i]);
		json_writer_end(o, '}');
	}
}

/* Identifies a process by the name that it gives itself, which the kernel truncates. */
static bool process_has_name(int pid, const char *comm)
{
	AUTO_ARENA arena = NULL;
	char *name;

	return pid > 0 && sysfs_read(&arena, &name, "/proc/%d/comm", pid) > 0 &&
	       !strcmp(name, comm);
}

enum guard_state {
	GUARD_MISSING,
	GUARD_RUNNING,
	GUARD_STANDS_BY,
	GUARD_HANDED_OVER,
	GUARD_NOT_WANTED,
};

/* @text: contents of the guard's file: its process ID, then lines KEY=VALUE. */
static enum guard_state guard_state(const char *text)
{
	if (strstr(text, "\nstandby=off\n"))
		return GUARD_HANDED_OVER;
	if (process_has_name(atoi(text), "iscsi-boot-guar"))
		return strstr(text, "\niscsid=") ? GUARD_STANDS_BY : GUARD_RUNNING;
	return sysfs_exists(BOOT_RUN_DIR "/no-guard") ? GUARD_NOT_WANTED : GUARD_MISSING;
}

static void put_guard(struct json_writer *o, struct findings *f)
{
	static const struct {
		const char *json, *text;
	} states[] = {
		[GUARD_MISSING] = { "missing", "MISSING" },
		[GUARD_RUNNING] = { "works", "running" },
		[GUARD_STANDS_BY] = { "stands by", "standing by" },
		[GUARD_HANDED_OVER] = { "left to iscsid", "handed over to iscsid" },
		[GUARD_NOT_WANTED] = { "not wanted", "not wanted" },
	};
	AUTO_ARENA arena = NULL;
	char *text, *line, *value, *rest = NULL;
	enum guard_state state;

	if (file_read(&arena, &text, "%s" BOOT_RUN_DIR "/guard", sysfs_root) < 0)
		text = arena_printf(&arena, "%s", "");
	state = text ? guard_state(text) : GUARD_MISSING;
	f->guard = state == GUARD_MISSING;
	json_writer_begin(o, NULL, '{', "guard");
	json_writer_member(o, o->json ? "guard" : "state",
			   o->json ? states[state].json : states[state].text);
	for (line = text ? strtok_r(text, "\n", &rest) : NULL; line;
	     line = strtok_r(NULL, "\n", &rest)) {
		value = strchr(line, '=');
		if (value)
			*value++ = '\0';
		json_writer_member(o, value ? line : "process", value ? value : line);
	}
	json_writer_end(o, '}');
}

/* Leases */

/* Reads the state that a running iscsi-boot-lease wrote of the lease of @r. */
static bool read_kept_lease(struct lease_record *r)
{
	AUTO_ARENA arena = NULL;
	struct lease_record kept;
	char *text, *line, *rest = NULL;

	if (file_read(&arena, &text, "%s" LEASE_STATE, sysfs_root) < 0 ||
	    !process_has_name(atoi(text), "iscsi-boot-leas"))
		return false;
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		if (!lease_record_parse(line, &kept) && lease_record_same(&kept, r)) {
			*r = kept;
			return true;
		}
	return false;
}

/* True if less than a quarter of the lease is left, as far as that is known. */
static bool lease_is_low(const struct lease_record *r, unsigned int left)
{
	return r->seconds != LEASE_UNKNOWN && left < r->seconds / 4;
}

static void put_lease_time(struct json_writer *o, const struct lease_record *r, unsigned int left)
{
	AUTO_ARENA arena = NULL;
	const char *text = "not known";

	if (r->seconds == LEASE_INFINITE)
		text = "for ever";
	else if (r->seconds != LEASE_UNKNOWN)
		text = o->json ? arena_printf(&arena, "%u", left) :
				 arena_printf(&arena, "%u s of %u s", left, r->seconds);
	json_writer_member(o, o->json ? "seconds-left" : "left", text ? text : "?");
	if (o->json && r->seconds && r->seconds != LEASE_INFINITE) {
		text = arena_printf(&arena, "%u", r->seconds);
		put_member(o, "seconds", text);
	}
}

static void put_lease(struct json_writer *o, struct lease_record *r, struct findings *f)
{
	const bool kept = read_kept_lease(r);
	const unsigned int left = lease_seconds_left(r, (unsigned int)(now_ns() / 1000000000));
	const bool low = lease_is_low(r, left);
	AUTO_ARENA arena = NULL;
	char ip[IBU_ADDR_STRLEN];
	const char *title;

	ibu_addr_print(&r->ip, ip);
	title = arena_printf(&arena, "lease of %s on %s", ip, r->ifname);
	f->lease |= low;
	json_writer_begin(o, NULL, '{', title ? title : "lease");
	put_member(o, "lease", r->ifname);
	put_member(o, "ip-addr", ip);
	json_writer_member(o, o->json ? "kept-by" : "kept by", lease_kept_by_name(r->by));
	put_lease_time(o, r, left);
	title = arena_printf(&arena, "%u", r->renewed);
	if (kept && title)
		json_writer_member(o, "renewed", title);
	json_writer_member(o, o->json ? "verdict" : "state",
			   r->trouble != LEASE_OK ? lease_trouble_name(r->trouble) :
			   low			  ? "low" :
						    "ok");
	json_writer_end(o, '}');
}

static void put_leases(struct json_writer *o, struct findings *f)
{
	AUTO_DIR dir = sysfs_dir(LEASE_DIR);
	const char *name;

	while ((name = sysfs_next(dir))) {
		struct lease_record r;
		AUTO_ARENA arena = NULL;
		char *text;

		if (sysfs_read(&arena, &text, LEASE_DIR "/%s", name) > 0 &&
		    !lease_record_parse(text, &r))
			put_lease(o, &r, f);
	}
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
	put_disks(&o, wanted, &recorded_disks, &f);
	put_leases(&o, &f);
	if (sysfs_exists(WANTED_FILE)) /* boot has run */
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
	if (f.lease)
		return STATUS_LEASE;
	return f.unreadable ? STATUS_ERROR : STATUS_OK;
}
