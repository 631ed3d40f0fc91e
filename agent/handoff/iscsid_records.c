// SPDX-License-Identifier: GPL-2.0-only
/*
 * handoff: writes the node records with which iscsid takes over the sessions of boot. When iscsid
 * starts, it closes the connection of each session and logs in again with the session's node
 * record. Without a record it uses iscsid.conf, which for example sends a NOP-Out every 5 seconds.
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
#include "iscsi/chap.h"
#include "handoff/record_file.h"
#include "iscsi/iscsi_name.h"
#include "session/recorded_disks.h"
#include "session/session_sysfs.h"

/* The sessions that boot recorded, and open-iscsi's database. */
struct records {
	const struct boot_record *wanted;
	const char *db; /* node_db_dir() */
	struct node *nodes; /* one for each session */
	unsigned int nr;
	const struct node *first; /* node of the root disk, else the first; NULL: no session */
	bool kept; /* a record of a path without a session was kept */
	bool failed; /* something could not be written; logged */
	void *arena;
};

/* Logs "cannot @action @object: REASON" and notes that not everything was written. */
static void record_fail(struct records *w, const char *action, const char *object, int err)
{
	w->failed = true;
	log_warning("handoff", "cannot %s %s: %s", action, object, strerror(-err));
}

static void read_node(struct records *w, const struct recorded_disk *d, bool held)
{
	struct node *n = &w->nodes[w->nr];
	int err = node_record_from_session(&w->arena, d->sid, d->host, n);

	if (err) {
		record_fail(w, "write the record of",
			    err == -EINVAL ? "a session with an invalid name" : "a session", err);
		return;
	}
	n->timers = &d->wanted->timers;
	n->congestion = w->wanted->congestion;
	n->chap_algs = w->wanted->chap_algs;
	if (!n->chap_algs)
		n->chap_algs = chap_list_from(d->wanted->chap_algorithm);
	n->held = held;
	n->wants_all = boot_record_wants_all(w->wanted, d->wanted);
	if (!w->first || d->wanted->root)
		w->first = n;
	w->nr++;
}

/* Reads each session once: the disks of a session are adjacent in the list. */
static int read_nodes(struct records *w, const struct recorded_disks *recorded_disks)
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

/* Removal of records of an earlier boot */

static bool record_is_ours(const char *dir, const char *name)
{
	__attribute__((cleanup(record_file_free))) struct record r = { 0 };
	char *text;

	if (file_read(&r.arena, &text, "%s/%s", dir, name) <= 0)
		return false;
	record_file_take(&r, text, "?"); /* no key matches: only the first line counts */
	return r.ours;
}

/* True if boot recorded a path to this portal: its record is still needed without a session. */
static bool portal_is_recorded(const struct records *w, const char *target, const char *portal)
{
	AUTO_ARENA arena = NULL;
	unsigned int i;

	for (i = 0; i < w->wanted->nr; i++) {
		const struct boot_record_disk *d = &w->wanted->disks[i];
		char *start = arena_printf(&arena, "%s,%u,", d->portal, d->port);

		if (!start ||
		    (!strcmp(d->target, target) && !strncmp(portal, start, strlen(start))))
			return true; /* without memory, keep the record */
	}
	return false;
}

/* @portal: name of a directory, such as "10.0.0.9,3260,1". */
static bool record_is_in_use(struct records *w, const char *target, const char *portal,
			     const char *iface)
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
	if (has_session || !portal_is_recorded(w, target, portal))
		return false;
	w->kept = true;
	return true;
}

static void remove_stale(struct records *w, const char *path)
{
	int err = node_db_remove(w->db, path);

	if (err)
		record_fail(w, "remove", path, err);
	else
		log_info("handoff", "removed %s/%s of an earlier boot", w->db, path);
}

static void sweep_portal(struct records *w, const char *target, const char *portal)
{
	AUTO_ARENA arena = NULL;
	char *dir = arena_printf(&arena, "%s%s/nodes/%s/%s", sysfs_root, w->db, target, portal);
	AUTO_DIR d = dir ? opendir(dir) : NULL;
	const char *iface;

	while ((iface = sysfs_next(d))) {
		char *path = arena_printf(&arena, "nodes/%s/%s/%s", target, portal, iface);

		if (path && record_is_ours(dir, iface) &&
		    !record_is_in_use(w, target, portal, iface))
			remove_stale(w, path);
	}
}

static void sweep_nodes(struct records *w)
{
	AUTO_DIR targets = sysfs_dir("%s/nodes", w->db);
	const char *target, *portal;

	while ((target = sysfs_next(targets))) {
		AUTO_DIR portals = sysfs_dir("%s/nodes/%s", w->db, target);

		while ((portal = sysfs_next(portals)))
			sweep_portal(w, target, portal);
	}
}

/* Keeps all interfaces if a record of a path without a session was kept: it may use any of them. */
static void sweep_ifaces(struct records *w)
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
		if (path && i == w->nr && record_is_ours(dir, iface))
			remove_stale(w, path);
	}
}

/* The initiator name */

#define NAME_FILE INITIATOR_DIR "/initiatorname.iscsi"
static const char name_key[] = "InitiatorName=";

/* Returns the name that open-iscsi reads from @text; NULL if it finds none or would create one. */
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

static void settle_name(struct records *w, int sid)
{
	AUTO_ARENA arena = NULL;
	char *booted, *text;
	const char *theirs = NULL;
	struct ibu_text name;
	ssize_t len;
	int err;

	booted = session_attr(&arena, SESSION_DIR "initiatorname", sid);
	if (!booted)
		return;
	name = (struct ibu_text){ booted, (u32)strlen(booted) };
	if (!iscsi_name_is_valid(&name))
		return;
	len = file_read(&arena, &text, "%s" NAME_FILE, sysfs_root);
	if (len < 0 && len != -ENOENT) {
		record_fail(w, "read", NAME_FILE, (int)len);
		return;
	}
	if (len >= 0)
		theirs = configured_name(text);
	if (theirs) {
		if (strcmp(theirs, booted) != 0)
			log_warning("handoff",
				    "booted as %s; new sessions use the other name in %s", booted,
				    NAME_FILE);
		return;
	}
	text = arena_printf(&arena,
			    "# By iscsi-boot-agent: the name that this machine booted by.\n"
			    "%s%s\n",
			    name_key, booted);
	err = text ? node_db_put(INITIATOR_DIR, "initiatorname.iscsi", text) : -ENOMEM;
	if (err < 0)
		record_fail(w, "write", NAME_FILE, err);
	else
		log_info("handoff", "wrote the initiator name %s", booted);
}

static void write_records(struct records *w)
{
	unsigned int i;

	if (w->first)
		settle_name(w, w->first->sid);
	for (i = 0; i < w->nr; i++) {
		int err = node_record_write(w->db, &w->nodes[i]);

		if (err < 0)
			record_fail(w, "write the record of", w->nodes[i].target, err);
	}
	sweep_nodes(w);
	sweep_ifaces(w);
}

enum status handoff_command(const struct boot_record *wanted)
{
	struct records w = { .wanted = wanted, .db = node_db_dir() };
	struct recorded_disks recorded_disks;
	int err;

	if (!w.db) {
		log_info("handoff", "iscsid is not installed, no records written");
		return STATUS_OK;
	}
	err = recorded_disks_find(wanted, &recorded_disks);
	if (!err) {
		err = read_nodes(&w, &recorded_disks);
		if (!err)
			write_records(&w);
		recorded_disks_free(&recorded_disks);
	}
	arena_free(&w.arena);
	if (!err && !w.failed)
		return STATUS_OK;
	return log_failure("handoff", STATUS_ERROR, "cannot prepare the sessions for iscsid",
			   err ? strerror(-err) : "not all files could be written, see above",
			   "make /etc/iscsi writable, or use a kernel with overlayfs");
}
