// SPDX-License-Identifier: GPL-2.0-only
/* Matches the sessions in sysfs with the boot record. */
#include "session/recorded_disks.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/sysfs.h"
#include "session/session_sysfs.h"

static void find_disk(struct recorded_disks *o, struct recorded_disk *d, long lun)
{
	d->lun = lun;
	if (scsi_disk_find(d->host, d->lun, &d->disk) || !scsi_type_is_disk(d->disk.type))
		d->disk.name[0] = '\0';
	if (d->disk.name[0])
		d->multipath = scsi_multipath_of(&o->arena, d->disk.name);
}

/* @lun: -1 if the session has no disk. */
static int add_disk(struct recorded_disks *o, const struct boot_record_disk *wanted,
		    bool as_planned, int sid, long lun)
{
	struct recorded_disk *d = &o->list[o->nr++];
	char *state;

	*d = (struct recorded_disk){ .wanted = wanted, .as_planned = as_planned, .sid = sid };
	d->host = session_host(sid);
	state = session_attr(&o->arena, SESSION_DIR "state", sid);
	if (!state)
		state = arena_printf(&o->arena, "gone");
	if (!state)
		return -ENOMEM;
	d->state = state;
	d->logged_in = !strcmp(state, "LOGGED_IN");
	find_disk(o, d, lun);
	return 0;
}

/* Returns true if another line for the portal of @all_disks records this LUN. */
static bool has_own_line(const struct boot_record *all, const struct boot_record_disk *all_disks,
			 long lun)
{
	const struct boot_record_disk *w, *end = all->disks + all->nr;

	for (w = all->disks; w < end; w++)
		if (w->lun == lun && w->port == all_disks->port &&
		    !strcmp(w->target, all_disks->target) && !strcmp(w->portal, all_disks->portal))
			return true;
	return false;
}

/*
 * Adds what the line @w records: a LUN; or all disks of the session, of which there may be none.
 * Returns 0 or -ENOMEM.
 */
static int add_recorded_line(struct recorded_disks *o, const struct boot_record *all,
			     const struct boot_record_disk *w, bool as_planned, int sid)
{
	AUTO_ARENA arena = NULL;
	long *luns;
	int i, nr, r = 0;

	if (w->lun >= 0)
		return add_disk(o, w, as_planned, sid, w->lun);
	nr = scsi_disks_of_host(&arena, session_host(sid), &luns);
	for (i = 0; i < nr && !r; i++)
		if (!has_own_line(all, w, luns[i]))
			r = add_disk(o, w, as_planned, sid, luns[i]);
	return nr ? (nr < 0 ? nr : r) : add_disk(o, w, as_planned, sid, -1);
}

/* Returns true if an earlier line recorded the same LUN by another portal. */
static bool is_recorded_before(const struct boot_record *all, const struct boot_record_disk *w)
{
	const struct boot_record_disk *before;

	for (before = all->disks; before < w; before++)
		if (before->lun == w->lun && !strcmp(before->target, w->target))
			return true;
	return false;
}

/*
 * Adds the disks recorded for the session's portal. If its portal is not recorded, adds each LUN of
 * its target once.
 */
static int add_recorded(struct recorded_disks *o, const struct boot_record *all, int sid)
{
	const struct boot_record_disk *w, *end = all->disks + all->nr;
	bool planned = false;
	int r = 0;

	for (w = all->disks; w < end && !r; w++) {
		struct ibu_text name = { w->target, (u32)strlen(w->target) };

		if (session_is_target(sid, &name) && session_is_portal(sid, w->portal, w->port)) {
			planned = true;
			r = add_recorded_line(o, all, w, true, sid);
		}
	}
	for (w = all->disks; w < end && !r && !planned; w++) {
		struct ibu_text name = { w->target, (u32)strlen(w->target) };

		if (session_is_target(sid, &name) && !is_recorded_before(all, w))
			r = add_recorded_line(o, all, w, false, sid);
	}
	return r;
}

static unsigned int count_entries(const char *dirname)
{
	AUTO_DIR dir = sysfs_dir("%s", dirname);
	unsigned int n = 0;

	while (sysfs_next(dir))
		n++;
	return n;
}

/* Returns the most entries that the list may need: for each session and line a LUN or all disks. */
static size_t list_room(const struct boot_record *wanted, unsigned int sessions)
{
	size_t devices = count_entries("/sys/class/scsi_device"), room = 1;
	unsigned int i;

	for (i = 0; i < wanted->nr; i++)
		room += sessions + (wanted->disks[i].lun < 0 ? devices : 0);
	return room;
}

int recorded_disks_find(const struct boot_record *wanted, struct recorded_disks *o)
{
	unsigned int sessions = count_entries("/sys/class/iscsi_session");
	AUTO_DIR dir = sysfs_dir("/sys/class/iscsi_session");
	const char *name;
	int sid, r = 0;

	*o = (struct recorded_disks){ 0 };
	o->list = arena_alloc(&o->arena, list_room(wanted, sessions) * sizeof(*o->list));
	if (!o->list)
		return -ENOMEM;
	while (!r && sessions && (name = sysfs_next(dir)))
		if (sscanf(name, "session%d", &sid) == 1 && sessions--)
			r = add_recorded(o, wanted, sid);
	if (r)
		recorded_disks_free(o);
	return r;
}

bool recorded_session_is_held(const struct recorded_disks *o, int sid)
{
	bool held = false;
	unsigned int i;

	for (i = 0; i < o->nr; i++) {
		if (o->list[i].sid != sid || !o->list[i].disk.name[0])
			continue;
		if (!o->list[i].multipath)
			return false;
		held = true;
	}
	return held;
}

void recorded_disks_free(struct recorded_disks *o)
{
	arena_free(&o->arena);
	*o = (struct recorded_disks){ 0 };
}
