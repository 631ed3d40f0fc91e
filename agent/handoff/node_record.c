// SPDX-License-Identifier: GPL-2.0-only
/* Makes node records from sessions and writes them. */
#include "handoff/node_record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/sysfs.h"
#include "handoff/net_files_private.h"
#include "handoff/node_db.h"
#include "handoff/record_file.h"
#include "iscsi/iscsi_name.h"
#include "session/session_sysfs.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
/* Size of a name with its NUL (open-iscsi: ISCSI_MAX_IFACE_LEN). */
#define IFACE_SIZE 65

static bool is_made_of(const char *s, const char *chars)
{
	return *s && *s != '.' && !s[strspn(s, chars)];
}

bool node_record_is_valid(const struct node *n)
{
	const struct ibu_text name = { n->target, (u32)strlen(n->target) };
	struct ibu_addr addr;

	return iscsi_name_is_valid(&name) && !strchr(n->target, '/') && n->target[0] != '.' &&
	       !ibu_addr_parse(n->address, strlen(n->address), &addr) &&
	       is_made_of(n->address, "0123456789abcdefABCDEF.:") &&
	       is_made_of(n->iface, LETTERS "0123456789.:_-") && strlen(n->iface) < IFACE_SIZE &&
	       is_made_of(n->transport, LETTERS "0123456789") && n->port > 0 && n->port < 65536 &&
	       n->tpgt >= 0 && n->tpgt < 65536;
}

/* From a session */

/* Returns the credential @name of session @sid, or NULL if it is not set or cannot be read. */
static const char *read_credential(void **arena, const char *name, int sid)
{
	char *text;

	return session_credential(arena, sid, name, &text) ? NULL : text;
}

static bool is_unbound(const struct node *n)
{
	return !strcmp(n->iface, NODE_UNBOUND) || !strcmp(n->iface, n->transport);
}

/* Binds as our own logins do (login/iscsistart.c): by MAC, else by name. */
static void read_binding(void **arena, int host, struct node *n)
{
	u8 bytes[6];

	if (is_unbound(n))
		return;
	n->mac = session_attr(arena, ISCSI_HOST_DIR "hwaddress", host);
	if (n->mac && ibu_mac_parse(n->mac, strlen(n->mac), bytes))
		n->mac = NULL;
	n->netdev = n->mac ? NULL : session_attr(arena, ISCSI_HOST_DIR "netdev", host);
	if (n->netdev && (!handoff_is_ifname(n->netdev) || !strcmp(n->netdev, NODE_UNBOUND)))
		n->netdev = NULL;
}

int node_record_from_session(void **arena, int sid, int host, struct node *n)
{
	*n = (struct node){
		.sid = sid,
		.target = session_attr(arena, SESSION_DIR "targetname", sid),
		.address = session_attr(arena, CONNECTION_DIR "persistent_address", sid),
		.iface = session_attr(arena, SESSION_DIR "ifacename", sid),
		.transport = session_transport(arena, sid),
		.user = read_credential(arena, "username", sid),
		.secret = read_credential(arena, "password", sid),
		.rev_user = read_credential(arena, "username_in", sid),
		.rev_secret = read_credential(arena, "password_in", sid),
	};
	if (!n->target || !n->address || !n->iface || !n->transport ||
	    sysfs_read_long(&n->port, CONNECTION_DIR "persistent_port", sid) ||
	    sysfs_read_long(&n->tpgt, SESSION_DIR "tpgt", sid))
		return -ENOENT;
	if (!node_record_is_valid(n))
		return -EINVAL;
	read_binding(arena, host, n);
	return 0;
}

/* The record */

static void set_or_drop(struct record *r, const char *key, const char *value)
{
	if (!value)
		record_file_drop(r, key);
	else if (!record_set(r, key, "%s", value))
		log_warning("handoff", "%s: invalid value, left out of the record", key);
}

/* iscsid takes the credentials from the session; a manual login needs them in the record. */
static void set_auth(struct record *r, const struct node *n)
{
	record_set(r, "node.session.auth.authmethod", n->user || n->secret ? "CHAP" : "None");
	set_or_drop(r, "node.session.auth.username", n->user);
	set_or_drop(r, "node.session.auth.password", n->secret);
	set_or_drop(r, "node.session.auth.username_in", n->rev_user);
	set_or_drop(r, "node.session.auth.password_in", n->rev_secret);
	if (n->chap_algs)
		record_set(r, "node.session.auth.chap_algs", "%s", n->chap_algs);
}

static void set_iface(struct record *r, const struct node *n)
{
	record_set(r, "iface.iscsi_ifacename", "%s", n->iface);
	record_set(r, "iface.transport_name", "%s", n->transport);
	set_or_drop(r, "iface.hwaddress", n->mac);
	set_or_drop(r, "iface.net_ifacename", n->netdev);
}

/* Sets the values that boot negotiated, so that iscsid offers the same. */
static void set_negotiated(struct record *r, int sid)
{
	static const struct {
		const char *fmt, *key;
		const char *texts[2]; /* for 0 and 1; NULL: a number */
	} rows[] = {
		{ SESSION_DIR "initial_r2t", "node.session.iscsi.InitialR2T", { "No", "Yes" } },
		{ SESSION_DIR "immediate_data",
		  "node.session.iscsi.ImmediateData",
		  { "No", "Yes" } },
		{ SESSION_DIR "first_burst_len", "node.session.iscsi.FirstBurstLength", { NULL } },
		{ SESSION_DIR "max_burst_len", "node.session.iscsi.MaxBurstLength", { NULL } },
		{ CONNECTION_DIR "max_recv_dlength",
		  "node.conn[0].iscsi.MaxRecvDataSegmentLength",
		  { NULL } },
		{ CONNECTION_DIR "header_digest",
		  "node.conn[0].iscsi.HeaderDigest",
		  { "None", "CRC32C" } },
		{ CONNECTION_DIR "data_digest",
		  "node.conn[0].iscsi.DataDigest",
		  { "None", "CRC32C" } },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *text = session_attr(&r->arena, rows[i].fmt, sid);

		if (!text || !is_made_of(text, "0123456789"))
			continue;
		if (rows[i].texts[0])
			record_set(r, rows[i].key, "%s", rows[i].texts[atoi(text) != 0]);
		else if (atoi(text) >= 512) /* least value of RFC 7143 13.12; only iSER has less */
			record_set(r, rows[i].key, "%d", atoi(text));
	}
}

/* Sets the fields that handoff sets in each record of such a session, also if a user created it. */
static void set_ours(struct record *r, const struct node *n)
{
	const struct timers *t = n->timers;

	record_set(r, "node.name", "%s", n->target);
	record_set(r, "node.tpgt", "%ld", n->tpgt);
	record_set(r, "node.startup", "onboot");
	set_iface(r, n);
	record_set(r, "node.session.scan", n->wants_all ? "auto" : "manual");
	record_set(r, "node.session.timeo.replacement_timeout", "%d",
		   n->held ? t->multipath_recovery_tmo : t->recovery_tmo);
	record_set(r, "node.conn[0].address", "%s", n->address);
	record_set(r, "node.conn[0].port", "%ld", n->port);
	record_set(r, "node.conn[0].timeo.noop_out_interval", "%d", t->noop_interval);
	record_set(r, "node.conn[0].timeo.noop_out_timeout", "%d", t->noop_timeout);
	if (n->congestion)
		record_set(r, "node.conn[0].tcp.congestion_control", "%s", n->congestion);
	if (n->sid < 0) /* handoff --again retries */
		record_set(r, "node.session.initial_login_retry_max", "0");
	set_auth(r, n);
}

/* Takes the defaults of iscsid.conf, as iscsiadm does for a new record. */
static void record_defaults(struct record *r)
{
	char *text;

	r->ours = true;
	record_set(r, "node.discovery_type", "static");
	if (file_read(&r->arena, &text, "%s" INITIATOR_DIR "/iscsid.conf", sysfs_root) >= 0)
		record_file_take(r, text, "node.");
}

/*
 * Returns the path of the record below @db. In old versions of open-iscsi a portal is a file whose
 * name has no portal group; iscsid reads that file first.
 */
static char *record_path(void **arena, const char *db, const struct node *n)
{
	char *old = arena_printf(arena, "nodes/%s/%s,%ld", n->target, n->address, n->port);

	if (old && sysfs_exists("%s/%s", db, old))
		return old;
	return arena_printf(arena, "nodes/%s/%s,%ld,%ld/%s", n->target, n->address, n->port,
			    n->tpgt, n->iface);
}

static int write_record(const char *db, const struct node *n)
{
	__attribute__((cleanup(record_file_free))) struct record r = { 0 };
	AUTO_ARENA arena = NULL;
	char *path = record_path(&arena, db, n), *old;
	const char *text;
	ssize_t len;
	int err;

	len = path ? file_read(&r.arena, &old, "%s%s/%s", sysfs_root, db, path) : -ENOMEM;
	if (len < 0 && len != -ENOENT) /* the file may be a user's */
		return (int)len;
	if (len > 0)
		record_file_take(&r, old, "");
	else
		record_defaults(&r);
	set_ours(&r, n);
	if (r.ours && n->sid >= 0)
		set_negotiated(&r, n->sid);
	text = record_file_text(&r);
	err = text ? node_db_put(db, path, text) : -ENOMEM;
	if (err > 0)
		log_info("handoff", "wrote %s%s/%s", r.ours ? "" : "our fields in ", db, path);
	return err;
}

/* Writes the interface record, for iscsiadm. One that a user created is not changed. */
static int write_iface(const char *db, const struct node *n)
{
	__attribute__((cleanup(record_file_free))) struct record r = { 0 };
	AUTO_ARENA arena = NULL;
	char *path = arena_printf(&arena, "ifaces/%s", n->iface), *old;
	const char *text;
	ssize_t len;

	if (is_unbound(n))
		return 0;
	len = path ? file_read(&r.arena, &old, "%s%s/%s", sysfs_root, db, path) : -ENOMEM;
	if (len < 0 && len != -ENOENT)
		return (int)len;
	if (len > 0) {
		record_file_take(&r, old, "iface.");
		if (!r.ours)
			return 0;
	}
	r.ours = true;
	set_iface(&r, n);
	text = record_file_text(&r);
	return text ? node_db_put(db, path, text) : -ENOMEM;
}

int node_record_write(const char *db, const struct node *n)
{
	int r = write_record(db, n), s = write_iface(db, n);

	return r < 0 ? r : s < 0 ? s : r | s;
}
