// SPDX-License-Identifier: GPL-2.0-only
#include "guard/session_snapshot.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/sysfs.h"
#include "iscsi/portal_addr.h"
#include "session/boot_record.h"
#include "session/session_params.h"
#include "session/session_sysfs.h"

#define SESSION "/sys/class/iscsi_session/session%d/"
#define CONNECTION "/sys/class/iscsi_connection/connection%d:0/"
/* From where the session sits, one up: the SCSI host's, of which there is one for each. */
#define HOST SESSION "device/../iscsi_host/"

/* How the kernel writes a text that nobody set. */
static bool is_none(const char *text)
{
	return !*text || !strcmp(text, "(null)") || !strcmp(text, "<NULL>");
}

/* NULL: not set. */
__attribute__((format(printf, 2, 3))) static char *read_text(void **arena, const char *fmt, ...)
{
	char *path = NULL, *text = NULL;
	va_list args;
	int r;

	va_start(args, fmt);
	r = vasprintf(&path, fmt, args);
	va_end(args);
	if (r < 0)
		return NULL;
	if (sysfs_read(arena, &text, "%s", path) < 0 || is_none(text))
		text = NULL;
	free(path);
	return text;
}

enum session_snapshot_state session_snapshot_state(int sid)
{
	AUTO_ARENA arena = NULL;
	char *state = read_text(&arena, SESSION "state", sid);

	if (!state)
		return SESSION_GONE;
	if (!strcmp(state, "LOGGED_IN"))
		return SESSION_LOGGED_IN;
	return !strcmp(state, "FAILED") && session_has_disks(sid) ? SESSION_LOST : SESSION_NEW;
}

bool session_snapshot_is_recorded(int sid)
{
	AUTO_ARENA arena = NULL;
	char *name = read_text(&arena, SESSION "targetname", sid);
	struct boot_record wanted;
	bool recorded_disks = false;
	unsigned int i;

	if (!name || boot_record_read(&wanted))
		return false;
	for (i = 0; i < wanted.nr && !recorded_disks; i++)
		recorded_disks = !strcmp(wanted.disks[i].target, name);
	boot_record_free(&wanted);
	return recorded_disks;
}

/* Of an account: that it could not be read does not mean that there is none. */
static int read_part(void **arena, char **text, int sid, const char *name)
{
	ssize_t len = file_read(arena, text, "%s" SESSION "%s", sysfs_root, sid, name);

	if (len > 0 && (*text)[len - 1] == '\n') /* the kernel's; one before it is the secret's */
		(*text)[len - 1] = '\0';
	if (len < 0 || is_none(*text))
		*text = NULL;
	return len < 0 && len != -ENOENT ? (int)len : 0;
}

/* Two texts of the session. With one alone nobody logged in, and nobody shall with neither. */
static int read_account(struct session_snapshot *k, const char *user_file, const char *secret_file,
			struct chap_account *a)
{
	AUTO_ARENA scratch = NULL;
	char *user, *secret;
	int r = read_part(&scratch, &user, k->session.sid, user_file);

	if (!r)
		r = read_part(&scratch, &secret, k->session.sid, secret_file);
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
 * The kernel does not know them: boot wrote them down. Words that nobody knows are none, as for
 * open-iscsi.
 */
static int read_algorithms(struct session_snapshot *k)
{
	struct chap_login *chap = &k->login.chap;
	struct boot_record wanted;
	int r = boot_record_read(&wanted);

	if (r)
		return r == -ENOENT ? 0 : r;
	if (wanted.chap_algs)
		chap->algorithms = arena_printf(&k->arena, "%s", wanted.chap_algs);
	if (wanted.chap_algs && !chap->algorithms)
		r = -ENOMEM;
	else if (chap->initiator.user && chap_check(chap))
		chap->algorithms = NULL;
	boot_record_free(&wanted);
	return r;
}

static void read_number(uint32_t *value, const char *dir, int sid, const char *name)
{
	char path[96];
	long n;

	snprintf(path, sizeof(path), dir, sid);
	if (!sysfs_read_long(&n, "%s%s", path, name) && n > 0 && n <= UINT32_MAX)
		*value = (uint32_t)n;
}

static bool read_switch(bool fallback, const char *dir, int sid, const char *name)
{
	char path[96];
	long n;

	snprintf(path, sizeof(path), dir, sid);
	return sysfs_read_long(&n, "%s%s", path, name) ? fallback : n != 0;
}

/* With the connection the kernel forgets what was agreed on: then both are well. */
static enum digest_offer digest(int sid, bool well, const char *name)
{
	if (!well)
		return DIGEST_NONE_CRC32C;
	return read_switch(false, CONNECTION, sid, name) ? DIGEST_CRC32C : DIGEST_NONE;
}

/* What was agreed on is what we offer, where there is no reason to go lower. */
static void read_offer(struct session_snapshot *k, bool well)
{
	struct login_phase_params *o = &k->login.offer;
	int sid = k->session.sid;

	*o = login_phase_defaults;
	o->header_digest = digest(sid, well, "header_digest");
	o->data_digest = digest(sid, well, "data_digest");
	read_number(&o->max_recv, CONNECTION, sid, "max_recv_dlength");
	read_number(&o->first_burst, SESSION, sid, "first_burst_len");
	read_number(&o->max_burst, SESSION, sid, "max_burst_len");
	o->initial_r2t = read_switch(o->initial_r2t, SESSION, sid, "initial_r2t");
	o->immediate_data = read_switch(o->immediate_data, SESSION, sid, "immediate_data");
}

/* The device that has the address @text, by the kernel's word; 0: none. */
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

/* "default" is open-iscsi's word for whichever has the route. */
static bool names_device(const char *text)
{
	return text && strcmp(text, "default") != 0;
}

static bool is_of_agent(const char *iface)
{
	return iface && !strncmp(iface, SESSION_IFACE, strcspn(SESSION_IFACE, "%"));
}

/* What open-iscsi binds by: the device's name or MAC. Which one that is now the address tells. */
static void read_device(struct session_snapshot *k)
{
	AUTO_DIR dir = sysfs_dir(HOST, k->session.sid);
	const char *host = sysfs_next(dir);
	AUTO_ARENA arena = NULL;
	char *iface, *name, *mac, *address;
	int sid = k->session.sid;

	if (!host || sscanf(host, "host%d", &k->session.host) != 1)
		return;
	name = read_text(&arena, HOST "%s/netdev", sid, host);
	mac = read_text(&arena, HOST "%s/hwaddress", sid, host);
	iface = read_text(&arena, SESSION "ifacename", sid);
	address = read_text(&arena, HOST "%s/ipaddress", sid, host);
	if (address)
		k->ifindex = device_of_address(address);
	if (!k->ifindex && name)
		k->ifindex = (int)if_nametoindex(name);
	k->bound = k->ifindex && (names_device(name) || names_device(mac) || is_of_agent(iface));
}

static int read_portal(struct session_snapshot *k)
{
	AUTO_ARENA arena = NULL;
	char *address = read_text(&arena, CONNECTION "persistent_address", k->session.sid);
	struct sockaddr_in6 to;
	long port;

	if (!address || sysfs_read_long(&port, CONNECTION "persistent_port", k->session.sid) ||
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
	k->login.initiator_name = read_text(&k->arena, SESSION "initiatorname", sid);
	k->login.target_name = read_text(&k->arena, SESSION "targetname", sid);
	if (!k->login.initiator_name || !k->login.target_name)
		return -ENOENT;
	session_isid(k->login.isid, sid);
	r = read_account(k, "username", "password", &k->login.chap.initiator);
	if (!r)
		r = read_account(k, "username_in", "password_in", &k->login.chap.target);
	if (!r)
		r = read_algorithms(k);
	if (!r)
		r = read_portal(k);
	read_offer(k, session_snapshot_state(sid) == SESSION_LOGGED_IN);
	read_device(k);
	return r;
}

void session_snapshot_wipe(struct session_snapshot *k)
{
	arena_free(&k->arena);
	explicit_bzero(k, sizeof(*k));
}
