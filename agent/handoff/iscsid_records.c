// SPDX-License-Identifier: GPL-2.0-only
/*
 * iscsid cuts each session when it starts, and logs in again with what its record of that session
 * says; without one with what iscsid.conf does, NOP-Outs every 5 seconds for example.
 */
#include "handoff/handoff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/sysfs.h"
#include "handoff/node_db.h"
#include "handoff/node_record.h"
#include "handoff/record_file.h"
#include "iscsi/iscsi_name.h"
#include "session/recorded_disks.h"

struct work {
	const struct boot_record *wanted;
	const char *db;
	struct node *nodes; /* one for each session */
	unsigned int nr;
	const struct node *first; /* of the root, or any; NULL: there is none */
	bool kept; /* a record of a path that has no session */
	bool failed; /* and so it was told */
	void *arena;
};

static void told(struct work *w, const char *what, int err)
{
	w->failed = true;
	log_warning("handoff", "%s: %s", what, strerror(-err));
}

static void read_node(struct work *w, const struct recorded_disk *d, bool held)
{
	struct node *n = &w->nodes[w->nr];
	int err = node_record_from_session(&w->arena, d->sid, d->host, n);

	if (err) {
		told(w,
		     err == -EINVAL ? "no record for a session of an unfit name" :
				      "no record for a session",
		     err);
		return;
	}
	n->timers = &d->wanted->timers;
	n->chap_algs = w->wanted->chap_algs;
	n->held = held;
	if (!w->first || d->wanted->root)
		w->first = n;
	w->nr++;
}

/* One for each session, not for each of its disks, which are side by side. */
static int read_nodes(struct work *w, const struct recorded_disks *recorded_disks)
{
	unsigned int i;

	w->nodes = arena_alloc(&w->arena, (recorded_disks->nr + 1) * sizeof(*w->nodes));
	if (!w->nodes)
		return -ENOMEM;
	for (i = 0; i < recorded_disks->nr; i++) {
		const struct recorded_disk *d = &recorded_disks->list[i];

		if (d->as_planned && (!i || d->sid != recorded_disks->list[i - 1].sid))
			read_node(w, d, recorded_session_is_held(recorded_disks, d->sid));
	}
	return 0;
}

/* Records of an earlier boot */

static bool is_ours(const char *dir, const char *name)
{
	__attribute__((cleanup(record_file_free))) struct record r = { 0 };
	char *text;

	if (file_read(&r.arena, &text, "%s/%s", dir, name) <= 0)
		return false;
	record_file_take(&r, text, "?"); /* its first line alone matters */
	return r.recorded_disks;
}

/* It is wanted, but has no session now: its record may serve for it yet. */
static bool is_wanted(const struct work *w, const char *target, const char *portal)
{
	AUTO_ARENA arena = NULL;
	unsigned int i;

	for (i = 0; i < w->wanted->nr; i++) {
		const struct boot_record_disk *d = &w->wanted->disks[i];
		char *start = arena_printf(&arena, "%s,%u,", d->portal, d->port);

		if (!start ||
		    (!strcmp(d->target, target) && !strncmp(portal, start, strlen(start))))
			return true; /* without memory nothing is taken for stale */
	}
	return false;
}

/* @portal: as a directory is called, "10.0.0.9,3260,1". */
static bool is_in_use(struct work *w, const char *target, const char *portal, const char *iface)
{
	bool has_session = false;
	unsigned int i;

	for (i = 0; i < w->nr; i++) {
		const struct node *n = &w->nodes[i];
		AUTO_ARENA arena = NULL;
		char *start = arena_printf(&arena, "%s,%ld,", n->address, n->port);

		if (!start)
			return true;
		if (strcmp(n->target, target) != 0 || strncmp(portal, start, strlen(start)) != 0)
			continue;
		has_session = true;
		if (atol(portal + strlen(start)) == n->tpgt && !strcmp(n->iface, iface))
			return true;
	}
	if (has_session || !is_wanted(w, target, portal))
		return false;
	w->kept = true;
	return true;
}

static void remove_stale(struct work *w, const char *path)
{
	int err = node_db_remove(w->db, path);

	if (err)
		told(w, path, err);
	else
		log_info("handoff", "removed %s/%s, of an earlier boot", w->db, path);
}

static void sweep_portal(struct work *w, const char *target, const char *portal)
{
	AUTO_ARENA arena = NULL;
	char *dir = arena_printf(&arena, "%s%s/nodes/%s/%s", sysfs_root, w->db, target, portal);
	AUTO_DIR d = dir ? opendir(dir) : NULL;
	const char *iface;

	while ((iface = sysfs_next(d))) {
		char *path = arena_printf(&arena, "nodes/%s/%s/%s", target, portal, iface);

		if (path && is_ours(dir, iface) && !is_in_use(w, target, portal, iface))
			remove_stale(w, path);
	}
}

static void sweep_nodes(struct work *w)
{
	AUTO_DIR targets = sysfs_dir("%s/nodes", w->db);
	const char *target, *portal;

	while ((target = sysfs_next(targets))) {
		AUTO_DIR portals = sysfs_dir("%s/nodes/%s", w->db, target);

		while ((portal = sysfs_next(portals)))
			sweep_portal(w, target, portal);
	}
}

/* Where a record is kept whose interface is not known here, all are. */
static void sweep_ifaces(struct work *w)
{
	AUTO_DIR ifaces = sysfs_dir("%s/ifaces", w->db);
	AUTO_ARENA arena = NULL;
	char *dir = arena_printf(&arena, "%s%s/ifaces", sysfs_root, w->db);
	const char *iface;
	unsigned int i;

	while (dir && !w->kept && (iface = sysfs_next(ifaces))) {
		char *path = arena_printf(&arena, "ifaces/%s", iface);

		for (i = 0; i < w->nr && strcmp(w->nodes[i].iface, iface) != 0;)
			i++;
		if (path && i == w->nr && is_ours(dir, iface))
			remove_stale(w, path);
	}
}

/* The initiator's name */

static const char name_key[] = "InitiatorName=";

/* The name that open-iscsi would take from @text; NULL: none, or it would make a new one. */
static const char *configured_name(char *text)
{
	const char *name = NULL;
	char *line, *rest = NULL;

	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (!strncmp(line, "GenerateName=yes", strlen("GenerateName=yes")))
			return NULL;
		if (strncmp(line, name_key, strlen(name_key)) != 0)
			continue;
		name = line + strlen(name_key);
		line[strcspn(line, " \t\r")] = '\0';
	}
	return name && *name ? name : NULL;
}

static void settle_name(struct work *w, int sid)
{
	AUTO_ARENA arena = NULL;
	char *recorded_disks, *text;
	const char *theirs = NULL;
	struct ibu_text name;
	ssize_t len;
	int err;

	if (sysfs_read(&arena, &recorded_disks, "/sys/class/iscsi_session/session%d/initiatorname",
		       sid) < 0)
		return;
	name = (struct ibu_text){ recorded_disks, (u32)strlen(recorded_disks) };
	if (!iscsi_name_is_valid(&name))
		return;
	len = file_read(&arena, &text, "%s" INITIATOR_DIR "/initiatorname.iscsi", sysfs_root);
	if (len < 0 && len != -ENOENT) { /* who knows what is in it */
		told(w, INITIATOR_DIR "/initiatorname.iscsi", (int)len);
		return;
	}
	if (len >= 0)
		theirs = configured_name(text);
	if (theirs) {
		if (strcmp(theirs, recorded_disks) != 0)
			log_warning("handoff", "this machine booted as %s, not by the name in %s",
				    recorded_disks,
				    INITIATOR_DIR "/initiatorname.iscsi: new sessions take that");
		return;
	}
	text = arena_printf(&arena,
			    "# By iscsi-boot-agent: the name that this machine booted by.\n"
			    "%s%s\n",
			    name_key, recorded_disks);
	err = text ? node_db_put(INITIATOR_DIR, "initiatorname.iscsi", text) : -ENOMEM;
	if (err < 0)
		told(w, INITIATOR_DIR "/initiatorname.iscsi", err);
	else
		log_info("handoff", "this machine is %s from now on", recorded_disks);
}

static void hand_off(struct work *w)
{
	unsigned int i;

	if (w->first)
		settle_name(w, w->first->sid);
	for (i = 0; i < w->nr; i++) {
		int err = node_record_write(w->db, &w->nodes[i]);

		if (err < 0)
			told(w, w->nodes[i].target, err);
	}
	sweep_nodes(w);
	sweep_ifaces(w);
}

enum status handoff_command(const struct boot_record *wanted)
{
	struct work w = { .wanted = wanted, .db = node_db_dir() };
	struct recorded_disks recorded_disks;
	int err;

	if (!w.db) {
		log_info("handoff", "there is no iscsid here, and so nobody to hand sessions to");
		return STATUS_OK;
	}
	err = recorded_disks_find(wanted, &recorded_disks);
	if (!err) {
		err = read_nodes(&w, &recorded_disks);
		if (!err)
			hand_off(&w);
		recorded_disks_free(&recorded_disks);
	}
	arena_free(&w.arena);
	if (!err && !w.failed)
		return STATUS_OK;
	return log_failure("handoff", STATUS_ERROR, "cannot prepare the sessions for iscsid",
			   err ? strerror(-err) : "not all files could be written, see above",
			   "make /etc/iscsi writable, or use a kernel with overlayfs");
}
