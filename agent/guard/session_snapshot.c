// SPDX-License-Identifier: GPL-2.0-only
/* Reads the names, credentials, offer, device and portal of a session from sysfs. */
#include "guard/session_snapshot.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/sysfs.h"
#include "iscsi/portal_addr.h"
#include "session/boot_record.h"
#include "session/session_params.h"
#include "session/session_sysfs.h"

enum session_snapshot_state session_snapshot_state(int sid)
{
	AUTO_ARENA arena = NULL;
	char *state = session_attr(&arena, SESSION_DIR "state", sid);

	if (!state)
		return SESSION_GONE;
	if (!strcmp(state, "LOGGED_IN"))
		return SESSION_LOGGED_IN;
	return !strcmp(state, "FAILED") && session_has_disks(sid) ? SESSION_LOST : SESSION_NEW;
}

bool session_snapshot_is_recorded(int sid)
{
	AUTO_ARENA arena = NULL;
	char *name = session_attr(&arena, SESSION_DIR "targetname", sid);
	struct boot_record record;
	bool found = false;
	unsigned int i;

	if (!name || boot_record_read(&record))
		return false;
	for (i = 0; i < record.nr && !found; i++)
		found = !strcmp(record.disks[i].target, name);
	boot_record_free(&record);
	return found;
}

/*
 * Reads user name and secret; if both are missing, there is no account. One without the other is an
 * error: no login used it, and a login without it might be accepted.
 */
static int read_account(struct session_snapshot *k, const char *user_file, const char *secret_file,
			struct chap_account *a)
{
	AUTO_ARENA scratch = NULL;
	char *user, *secret;
	int r = session_credential(&scratch, k->session.sid, user_file, &user);

	if (!r)
		r = session_credential(&scratch, k->session.sid, secret_file, &secret);
	if (r || (!user && !secret))
		return r;
	if (!user || !secret)
		return -EACCES;
	a->user_len = strlen(user);
	a->secret_len = strlen(secret);
	a->user = arena_text(&k->arena, user, a->user_len);
	a->secret = (const uint8_t *)arena_secret(&k->arena, secret, a->secret_len);
	return a->user && a->secret ? 0 : -ENOMEM;
}

/*
 * The kernel does not store the CHAP algorithms, so they are read from the boot record. If it has
 * none that is known, those are offered that boot used, else all.
 */
static int set_algorithms(struct session_snapshot *k, const struct boot_record *record,
			  const struct boot_record_disk *disk)
{
	struct chap_login *chap = &k->login.chap;
	const char *list = record->chap_algs;

	if (!list && disk)
		list = chap_list_from(disk->chap_algorithm);
	if (list)
		chap->algorithms = arena_printf(&k->arena, "%s", list);
	if (list && !chap->algorithms)
		return -ENOMEM;
	if (chap->initiator.user && chap_check(chap))
		chap->algorithms = NULL;
	return 0;
}

/* The guard cannot resolve names. It follows a redirect to the name that boot resolved. */
static int set_redirect(struct session_snapshot *k, const struct boot_record_disk *disk)
{
	if (!disk || !disk->redirect_name || !disk->redirect_addr)
		return 0;
	k->redirect_name = arena_printf(&k->arena, "%s", disk->redirect_name);
	k->redirect_addr = arena_printf(&k->arena, "%s", disk->redirect_addr);
	return k->redirect_name && k->redirect_addr ? 0 : -ENOMEM;
}

/* Returns the number @text if it is at most @max, else @fallback. */
static unsigned int record_value(const char *text, unsigned long max, unsigned int fallback)
{
	char *end;
	unsigned long n = text ? strtoul(text, &end, 10) : 0;

	return text && !*end && n <= max ? (unsigned int)n : fallback;
}

static int set_socket(struct session_snapshot *k, const struct boot_record *record)
{
	k->socket.window = record_value(record->window, 64 * 1024 * 1024, PDU_SOCKET_WINDOW);
	k->socket.tos = record_value(record->tos, 255, 0);
	k->socket.pacing_mbit = record_value(record->pacing, 1000000, 0);
	if (record->congestion)
		k->socket.congestion = arena_printf(&k->arena, "%s", record->congestion);
	return record->congestion && !k->socket.congestion ? -ENOMEM : 0;
}

static int read_record(struct session_snapshot *k)
{
	const struct boot_record_disk *disk;
	struct boot_record record;
	int r = boot_record_read(&record);

	if (r)
		return r == -ENOENT ? 0 : r;
	disk = boot_record_find(&record, k->login.target_name, k->portal, k->port);
	r = set_algorithms(k, &record, disk);
	if (!r)
		r = set_redirect(k, disk);
	if (!r)
		r = set_socket(k, &record);
	boot_record_free(&record);
	return r;
}

static void snapshot_read_number(uint32_t *value, const char *fmt, int sid)
{
	long n;

	if (!sysfs_read_long(&n, fmt, sid) && n > 0 && n <= UINT32_MAX)
		*value = (uint32_t)n;
}

static bool snapshot_read_switch(bool fallback, const char *fmt, int sid)
{
	long n;

	return sysfs_read_long(&n, fmt, sid) ? fallback : n != 0;
}

/*
 * The kernel keeps the digests only while the session is logged in. Else, and if it had none, both
 * values are offered.
 */
static enum digest_offer read_digest(int sid, bool logged_in, const char *fmt)
{
	if (!logged_in)
		return DIGEST_NONE_CRC32C;
	return snapshot_read_switch(false, fmt, sid) ? DIGEST_CRC32C : DIGEST_NONE_CRC32C;
}

/* Offers the values that were negotiated before. */
static void read_offer(struct session_snapshot *k, bool logged_in)
{
	struct login_phase_params *o = &k->login.offer;
	int sid = k->session.sid;

	*o = login_phase_defaults;
	o->header_digest = read_digest(sid, logged_in, CONNECTION_DIR "header_digest");
	o->data_digest = read_digest(sid, logged_in, CONNECTION_DIR "data_digest");
	snapshot_read_number(&o->max_recv, CONNECTION_DIR "max_recv_dlength", sid);
	snapshot_read_number(&o->first_burst, SESSION_DIR "first_burst_len", sid);
	snapshot_read_number(&o->max_burst, SESSION_DIR "max_burst_len", sid);
	snapshot_read_number(&o->max_r2t, SESSION_DIR "max_outstanding_r2t", sid);
	snapshot_read_number(&o->max_xmit, CONNECTION_DIR "max_xmit_dlength", sid);
	o->initial_r2t = snapshot_read_switch(o->initial_r2t, SESSION_DIR "initial_r2t", sid);
	o->immediate_data =
		snapshot_read_switch(o->immediate_data, SESSION_DIR "immediate_data", sid);
}

/* Returns the index of the device that has the address @text, or 0. */
static int device_of_address(const char *text)
{
	struct ifaddrs *all, *a;
	struct ibu_addr want;
	int ifindex = 0;

	if (ibu_addr_parse(text, strlen(text), &want) || getifaddrs(&all))
		return 0;
	for (a = all; a && !ifindex; a = a->ifa_next) {
		const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)a->ifa_addr;
		const struct sockaddr_in *v4 = (const struct sockaddr_in *)a->ifa_addr;
		const void *at = NULL;

		if (v6 && v6->sin6_family == AF_INET6 && !ibu_addr_is_v4(&want) &&
		    !memcmp(&v6->sin6_addr, want.b, sizeof(want.b)))
			at = v6;
		else if (v4 && v4->sin_family == AF_INET && ibu_addr_is_v4(&want) &&
			 !memcmp(&v4->sin_addr, want.b + 12, 4))
			at = v4;
		if (at)
			ifindex = (int)if_nametoindex(a->ifa_name);
	}
	freeifaddrs(all);
	return ifindex;
}

/* open-iscsi writes "default" for a session that is not bound to a device. */
static bool names_device(const char *text)
{
	return text && strcmp(text, "default") != 0;
}

static bool is_of_agent(const char *iface)
{
	return iface && !strncmp(iface, SESSION_IFACE, strcspn(SESSION_IFACE, "%"));
}

/*
 * open-iscsi binds by name or MAC of the device. The device may have another name now, so the
 * address comes first.
 */
static void snapshot_read_device(struct session_snapshot *k)
{
	const int sid = k->session.sid, host = session_host(sid);
	AUTO_ARENA arena = NULL;
	char *iface, *name, *mac, *address;

	if (host < 0)
		return;
	k->session.host = host;
	name = session_attr(&arena, ISCSI_HOST_DIR "netdev", host);
	mac = session_attr(&arena, ISCSI_HOST_DIR "hwaddress", host);
	iface = session_attr(&arena, SESSION_DIR "ifacename", sid);
	address = session_attr(&arena, ISCSI_HOST_DIR "ipaddress", host);
	if (address)
		k->ifindex = device_of_address(address);
	if (!k->ifindex && name)
		k->ifindex = (int)if_nametoindex(name);
	k->bound_to_device = k->ifindex &&
			     (names_device(name) || names_device(mac) || is_of_agent(iface));
}

static int snapshot_read_portal(struct session_snapshot *k)
{
	AUTO_ARENA arena = NULL;
	char *address = session_attr(&arena, CONNECTION_DIR "persistent_address", k->session.sid);
	struct sockaddr_in6 to;
	long port;

	if (!address || sysfs_read_long(&port, CONNECTION_DIR "persistent_port", k->session.sid) ||
	    port < 1 || port > UINT16_MAX)
		return -ENOENT;
	k->port = (unsigned int)port;
	if (snprintf(k->portal, sizeof(k->portal), "%s", address) >= (int)sizeof(k->portal) ||
	    !portal_parse(k->portal, k->port, k->ifindex, &to))
		return -EINVAL;
	return 0;
}

int session_snapshot_read(struct session_snapshot *k, int sid)
{
	int r;

	*k = (struct session_snapshot){ .session = { .sid = sid, .host = -1 } };
	k->login.through_kernel = true;
	k->login.initiator_name = session_attr(&k->arena, SESSION_DIR "initiatorname", sid);
	k->login.target_name = session_attr(&k->arena, SESSION_DIR "targetname", sid);
	if (!k->login.initiator_name || !k->login.target_name)
		return -ENOENT;
	session_isid(k->login.isid, sid);
	r = read_account(k, "username", "password", &k->login.chap.initiator);
	if (!r)
		r = read_account(k, "username_in", "password_in", &k->login.chap.target);
	if (!r)
		r = snapshot_read_portal(k);
	if (!r)
		r = read_record(k);
	read_offer(k, session_snapshot_state(sid) == SESSION_LOGGED_IN);
	snapshot_read_device(k);
	return r;
}

void session_snapshot_wipe(struct session_snapshot *k)
{
	arena_free(&k->arena);
	explicit_bzero(k, sizeof(*k));
}
