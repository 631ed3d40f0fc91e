// SPDX-License-Identifier: GPL-2.0-only
/* Matches the sessions in sysfs with the boot record. */
#include "session/recorded_disks.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/sysfs.h"
#include "session/session_sysfs.h"

static void find_disk(struct recorded_disks *o, struct recorded_disk *d)
{
	d->lun = d->wanted->lun < 0 ? scsi_first_disk(d->host) : d->wanted->lun;
	if (scsi_disk_find(d->host, d->lun, &d->disk) || !scsi_type_is_disk(d->disk.type))
		d->disk.name[0] = '\0';
	if (d->disk.name[0])
		d->multipath = scsi_multipath_of(&o->arena, d->disk.name);
}

static int add_disk(struct recorded_disks *o, const struct boot_record_disk *wanted,
		    bool as_planned, int sid)
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
	find_disk(o, d);
	return 0;
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
			r = add_disk(o, w, true, sid);
		}
	}
	for (w = all->disks; w < end && !r && !planned; w++) {
		struct ibu_text name = { w->target, (u32)strlen(w->target) };

		if (session_is_target(sid, &name) && !is_recorded_before(all, w))
			r = add_disk(o, w, false, sid);
	}
	return r;
}

static unsigned int count_sessions(void)
{
	AUTO_DIR dir = sysfs_dir("/sys/class/iscsi_session");
	unsigned int n = 0;

	while (sysfs_next(dir))
		n++;
	return n;
}

int recorded_disks_find(const struct boot_record *wanted, struct recorded_disks *o)
{
	unsigned int sessions = count_sessions();
	AUTO_DIR dir = sysfs_dir("/sys/class/iscsi_session");
	const char *name;
	int sid, r = 0;

	*o = (struct recorded_disks){ 0 };
	o->list = arena_alloc(&o->arena, (sessions * wanted->nr + 1) * sizeof(*o->list));
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
