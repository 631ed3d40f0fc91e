// SPDX-License-Identifier: GPL-2.0-only
/*
 * iscsid cuts each session when it starts, and logs in again with what its record of that session
 * says; without one with what iscsid.conf does, NOP-Outs every 5 seconds for example. It looks for
 * the record by what the kernel's session says, so that is where ours come from too.
 */
#include "real_root.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "handoff_inner.h"
#include "log.h"
#include "nodedb.h"
#include "ours.h"
#include "record.h"
#include "sysfs.h"

#define SESSION "/sys/class/iscsi_session/session%d/"
#define CONNECTION "/sys/class/iscsi_connection/connection%d:0/"
#define HOST "/sys/class/iscsi_host/host%d/"

#define DEFAULT_IFACE "default"

/* A session of ours, and what the path of its record is made of: all judged. */
struct node {
	const struct our_disk *disk;
	bool held; /* by dm-multipath */
	char *target, *address, *iface;
	long port, tpgt;
};

struct work {
	const struct wanted *wanted;
	const char *db;
	struct node *nodes;
	unsigned int nr;
	bool kept; /* a record of a path that has no session */
	bool failed; /* and so it was told */
	void *arena;
};

static void told(struct work *w, const char *what, int err)
{
	w->failed = true;
	log_warning("handoff", "%s: %s", what, strerror(-err));
}

/* What a session says */

static bool is_made_of(const char *s, const char *chars)
{
	return *s && *s != '.' && !s[strspn(s, chars)];
}

static bool node_is_fit(const struct node *n)
{
	const struct ibu_text name = { n->target, (u32)strlen(n->target) };
	struct ibu_addr addr;

	return plan_name_is_fit(&name) && !strchr(n->target, '/') && n->target[0] != '.' &&
	       !ibu_addr_parse(n->address, (u32)strlen(n->address), &addr) &&
	       is_made_of(n->address, "0123456789abcdefABCDEF.:") &&
	       is_made_of(n->iface, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789.:_-") &&
	       strlen(n->iface) < 65 && n->port > 0 && n->port < 65536 && n->tpgt >= 0 &&
	       n->tpgt < 65536;
}

/* 0, -EINVAL for what can be no record, or another -errno. */
static int read_node(struct work *w, struct node *n)
{
	int sid = n->disk->sid;

	if (sysfs_read(&w->arena, &n->target, SESSION "targetname", sid) < 0 ||
	    sysfs_read(&w->arena, &n->iface, SESSION "ifacename", sid) < 0 ||
	    sysfs_read(&w->arena, &n->address, CONNECTION "persistent_address", sid) < 0 ||
	    sysfs_read_long(&n->port, CONNECTION "persistent_port", sid) ||
	    sysfs_read_long(&n->tpgt, SESSION "tpgt", sid))
		return -ENOENT;
	return node_is_fit(n) ? 0 : -EINVAL;
}

static bool is_known(const struct work *w, int sid)
{
	unsigned int i;

	for (i = 0; i < w->nr; i++)
		if (w->nodes[i].disk->sid == sid)
			return true;
	return false;
}

/* One for each session, not for each of its disks. */
static int read_nodes(struct work *w, const struct ours *ours)
{
	unsigned int i;

	w->nodes = arena_alloc(&w->arena, (ours->nr + 1) * sizeof(*w->nodes));
	if (!w->nodes)
		return -ENOMEM;
	for (i = 0; i < ours->nr; i++) {
		const struct our_disk *d = &ours->list[i];
		struct node *n = &w->nodes[w->nr];
		int err;

		if (!d->as_planned || is_known(w, d->sid))
			continue;
		*n = (struct node){ .disk = d, .held = ours_session_is_held(ours, d->sid) };
		err = read_node(w, n);
		if (!err)
			w->nr++;
		else if (!i || d->sid != ours->list[i - 1].sid)
			told(w,
			     err == -EINVAL ? "no record for a session of an unfit name" :
					      "no record for a session",
			     err);
	}
	return 0;
}

/* One record */

/* Not set: the kernel says so by words of its own, or not at all. */
static bool attribute(struct record *r, char **text, const char *fmt, int sid)
{
	AUTO_ARENA arena = NULL;
	char *path = arena_printf(&arena, fmt, sid);

	return path && sysfs_read(&r->arena, text, "%s", path) > 0 && strcmp(*text, "(null)") &&
	       strcmp(*text, "<NULL>");
}

/* iscsid takes credentials from the session; the record has them for a login by hand. */
static void set_credential(struct record *r, const char *key, const char *fmt, int sid)
{
	char *text;

	if (!attribute(r, &text, fmt, sid))
		record_drop(r, key);
	else if (!record_set(r, key, "%s", text))
		log_warning("handoff", "session%d: %s can't stand in a record: left out", sid, key);
}

static void set_auth(struct record *r, int sid)
{
	char *user;

	record_set(r, "node.session.auth.authmethod",
		   attribute(r, &user, SESSION "username", sid) ? "CHAP" : "None");
	set_credential(r, "node.session.auth.username", SESSION "username", sid);
	set_credential(r, "node.session.auth.password", SESSION "password", sid);
	set_credential(r, "node.session.auth.username_in", SESSION "username_in", sid);
	set_credential(r, "node.session.auth.password_in", SESSION "password_in", sid);
}

/* What it is bound to, as in our own logins (iscsistart.c); nothing where it is the default. */
static void set_iface(struct record *r, const struct node *n)
{
	bool bound = strcmp(n->iface, DEFAULT_IFACE) != 0;
	char *mac, *name;
	u8 bytes[6];

	record_set(r, "iface.iscsi_ifacename", "%s", n->iface);
	record_set(r, "iface.transport_name", "tcp");
	if (bound && attribute(r, &mac, HOST "hwaddress", n->disk->host) &&
	    !ibu_mac_parse(mac, (u32)strlen(mac), bytes)) {
		record_set(r, "iface.hwaddress", "%s", mac);
		bound = false;
	} else {
		record_drop(r, "iface.hwaddress");
	}
	if (bound && attribute(r, &name, HOST "netdev", n->disk->host) && handoff_is_ifname(name) &&
	    strcmp(name, DEFAULT_IFACE) != 0)
		record_set(r, "iface.net_ifacename", "%s", name);
	else
		record_drop(r, "iface.net_ifacename");
}

/* As they were negotiated: iscsid shall ask for the same. */
static void set_negotiated(struct record *r, int sid)
{
	static const struct {
		const char *fmt, *key;
		const char *words[2]; /* for 0 and 1 */
	} rows[] = {
		{ SESSION "initial_r2t", "node.session.iscsi.InitialR2T", { "No", "Yes" } },
		{ SESSION "immediate_data", "node.session.iscsi.ImmediateData", { "No", "Yes" } },
		{ SESSION "first_burst_len", "node.session.iscsi.FirstBurstLength", { NULL } },
		{ SESSION "max_burst_len", "node.session.iscsi.MaxBurstLength", { NULL } },
		{ CONNECTION "max_recv_dlength",
		  "node.conn[0].iscsi.MaxRecvDataSegmentLength",
		  { NULL } },
		{ CONNECTION "header_digest",
		  "node.conn[0].iscsi.HeaderDigest",
		  { "None", "CRC32C" } },
		{ CONNECTION "data_digest", "node.conn[0].iscsi.DataDigest", { "None", "CRC32C" } },
	};
	unsigned int i;
	char *text;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!attribute(r, &text, rows[i].fmt, sid) || !is_made_of(text, "0123456789"))
			continue;
		if (rows[i].words[0])
			record_set(r, rows[i].key, "%s", rows[i].words[atoi(text) != 0]);
		else if (atoi(text) > 0)
			record_set(r, rows[i].key, "%d", atoi(text));
	}
}

/* What is ours in each record of our sessions, whoever made it. */
static void set_ours(struct record *r, const struct node *n)
{
	const struct timers *t = &n->disk->wanted->timers;

	record_set(r, "node.name", "%s", n->target);
	record_set(r, "node.tpgt", "%ld", n->tpgt);
	record_set(r, "node.startup", "onboot");
	set_iface(r, n);
	record_set(r, "node.session.scan", "manual");
	record_set(r, "node.session.timeo.replacement_timeout", "%d",
		   n->held ? t->multipath_recovery_tmo : t->recovery_tmo);
	record_set(r, "node.conn[0].address", "%s", n->address);
	record_set(r, "node.conn[0].port", "%ld", n->port);
	record_set(r, "node.conn[0].timeo.noop_out_interval", "%d", t->noop_interval);
	record_set(r, "node.conn[0].timeo.noop_out_timeout", "%d", t->noop_timeout);
	set_auth(r, n->disk->sid);
}

/* What iscsid.conf has for all, as in a record that iscsiadm would make. */
static void begin_record(struct record *r)
{
	char *text;

	r->ours = true;
	record_set(r, "node.discovery_type", "static");
	if (file_read(&r->arena, &text, "%s" INITIATOR_DIR "/iscsid.conf", sysfs_root) >= 0)
		record_take(r, text, "node.");
}

/* A portal without a group of its own is a file (open-iscsi of old); iscsid takes that one first. */
static char *record_path(struct work *w, const struct node *n)
{
	AUTO_ARENA arena = NULL;
	char *old = arena_printf(&arena, "nodes/%s/%s,%ld", n->target, n->address, n->port);

	if (old && sysfs_exists("%s/%s", w->db, old))
		return arena_printf(&w->arena, "%s", old);
	return arena_printf(&w->arena, "nodes/%s/%s,%ld,%ld/%s", n->target, n->address, n->port,
			    n->tpgt, n->iface);
}

/* That of somebody else keeps all but what is ours. */
static void write_record(struct work *w, const struct node *n)
{
	__attribute__((cleanup(record_free))) struct record r = { 0 };
	char *path = record_path(w, n), *old;
	const char *text;
	int err;

	if (path && file_read(&r.arena, &old, "%s%s/%s", sysfs_root, w->db, path) > 0)
		record_take(&r, old, "");
	else
		begin_record(&r);
	set_ours(&r, n);
	if (r.ours)
		set_negotiated(&r, n->disk->sid);
	text = path ? record_text(&r) : NULL;
	err = text ? nodedb_put(w->db, path, text) : -ENOMEM;
	if (err < 0)
		told(w, path ? path : "a record", err);
	else if (err)
		log_info("handoff", "session%d: %s record %s/%s", n->disk->sid,
			 r.ours ? "our" : "what is ours in the", w->db, path);
}

/* So that iscsiadm knows what the record is bound to. One that somebody else made is his. */
static void write_iface(struct work *w, const struct node *n)
{
	__attribute__((cleanup(record_free))) struct record r = { 0 };
	AUTO_ARENA arena = NULL;
	char *path = arena_printf(&arena, "ifaces/%s", n->iface);
	const char *text;
	char *old;
	int err;

	if (!strcmp(n->iface, DEFAULT_IFACE))
		return;
	if (path && file_read(&r.arena, &old, "%s%s/%s", sysfs_root, w->db, path) > 0) {
		record_take(&r, old, "iface.");
		if (!r.ours)
			return;
	}
	r.ours = true;
	set_iface(&r, n);
	text = path ? record_text(&r) : NULL;
	err = text ? nodedb_put(w->db, path, text) : -ENOMEM;
	if (err < 0)
		told(w, path ? path : "a record", err);
}

/* Records of an earlier boot */

static bool is_ours(const char *dir, const char *name)
{
	__attribute__((cleanup(record_free))) struct record r = { 0 };
	char *text;

	if (file_read(&r.arena, &text, "%s/%s", dir, name) <= 0)
		return false;
	record_take(&r, text, "?"); /* its first line alone matters */
	return r.ours;
}

/* It is wanted, but has no session now: its record may serve for it yet. */
static bool is_wanted(const struct work *w, const char *target, const char *portal)
{
	AUTO_ARENA arena = NULL;
	unsigned int i;

	for (i = 0; i < w->wanted->nr; i++) {
		const struct wanted_disk *d = &w->wanted->disks[i];
		char *start = arena_printf(&arena, "%s,%u,", d->portal, d->port);

		if (start && !strcmp(d->target, target) && !strncmp(portal, start, strlen(start)))
			return true;
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

		if (!start || strcmp(n->target, target) != 0 ||
		    strncmp(portal, start, strlen(start)) != 0)
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
	int err = nodedb_remove(w->db, path);

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

static void settle_name(struct work *w, const struct node *n)
{
	AUTO_ARENA arena = NULL;
	char *ours, *text;
	const char *theirs = NULL;
	struct ibu_text name;
	int err;

	if (sysfs_read(&arena, &ours, SESSION "initiatorname", n->disk->sid) < 0)
		return;
	name = (struct ibu_text){ ours, (u32)strlen(ours) };
	if (!plan_name_is_fit(&name))
		return;
	if (file_read(&arena, &text, "%s" INITIATOR_DIR "/initiatorname.iscsi", sysfs_root) >= 0)
		theirs = configured_name(text);
	if (theirs) {
		if (strcmp(theirs, ours) != 0)
			log_warning("handoff", "this machine booted as %s, not by the name in %s",
				    ours,
				    INITIATOR_DIR "/initiatorname.iscsi: new sessions take that");
		return;
	}
	text = arena_printf(&arena,
			    "# By iscsi-boot-agent: the name that this machine booted by.\n"
			    "%s%s\n",
			    name_key, ours);
	err = text ? nodedb_put(INITIATOR_DIR, "initiatorname.iscsi", text) : -ENOMEM;
	if (err < 0)
		told(w, INITIATOR_DIR "/initiatorname.iscsi", err);
	else
		log_info("handoff", "this machine is %s from now on", ours);
}

/* The root's session, else any. */
static const struct node *first_node(const struct work *w)
{
	unsigned int i;

	for (i = 0; i < w->nr; i++)
		if (w->nodes[i].disk->wanted->root)
			return &w->nodes[i];
	return w->nr ? w->nodes : NULL;
}

static void hand_off(struct work *w)
{
	unsigned int i;

	if (w->nr)
		settle_name(w, first_node(w));
	for (i = 0; i < w->nr; i++) {
		write_record(w, &w->nodes[i]);
		write_iface(w, &w->nodes[i]);
	}
	sweep_nodes(w);
	sweep_ifaces(w);
}

enum status handoff(const struct wanted *wanted)
{
	struct work w = { .wanted = wanted, .db = nodedb_dir() };
	struct ours ours;
	int err;

	if (!w.db) {
		log_info("handoff", "there is no iscsid here, and so nobody to hand sessions to");
		return STATUS_OK;
	}
	err = ours_find(wanted, &ours);
	if (!err) {
		err = read_nodes(&w, &ours);
		if (!err)
			hand_off(&w);
		ours_free(&ours);
	}
	arena_free(&w.arena);
	if (!err && !w.failed)
		return STATUS_OK;
	return log_failure("handoff", STATUS_ERROR, "to prepare the sessions for iscsid",
			   err ? strerror(-err) : "not all could be written, see above",
			   "that /etc/iscsi can be written, or the kernel has overlayfs");
}
