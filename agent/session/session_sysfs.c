// SPDX-License-Identifier: GPL-2.0-only
#include "session/session_sysfs.h"

#include <errno.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/sysfs.h"

bool session_is_target(int sid, const struct ibu_text *name)
{
	AUTO_ARENA arena = NULL;
	char *text;
	ssize_t len;

	len = sysfs_read(&arena, &text, "/sys/class/iscsi_session/session%d/targetname", sid);
	return len == (ssize_t)name->len && !memcmp(text, name->s, name->len);
}

/* Texts differ in how they write an IPv6 address. */
static bool same_address(const char *a, const char *b)
{
	struct ibu_addr x, y;

	if (ibu_addr_parse(a, strlen(a), &x) || ibu_addr_parse(b, strlen(b), &y))
		return !strcmp(a, b);
	return !memcmp(&x, &y, sizeof(x));
}

bool session_is_portal(int sid, const char *portal, unsigned int port)
{
	static const char dir[] = "/sys/class/iscsi_connection/connection";
	AUTO_ARENA arena = NULL;
	char *address;
	long number;

	if (sysfs_read(&arena, &address, "%s%d:0/persistent_address", dir, sid) < 0)
		return false;
	if (sysfs_read_long(&number, "%s%d:0/persistent_port", dir, sid))
		return false;
	return number == (long)port && same_address(address, portal);
}

bool session_has_disks(int sid)
{
	AUTO_DIR dir = sysfs_dir("/sys/class/iscsi_session/session%d/device", sid);
	const char *name;

	while ((name = sysfs_next(dir)))
		if (!strncmp(name, "target", strlen("target")))
			return true;
	return false;
}

/* .../host0/session1: the number of the host comes from where the session sits. */
int session_host(int sid)
{
	AUTO_ARENA arena = NULL;
	char *path, *part, *rest = NULL;
	int host = -ENOENT, n;

	path = sysfs_realpath(&arena, "/sys/class/iscsi_session/session%d/device", sid);
	for (part = path ? strtok_r(path, "/", &rest) : NULL; part;
	     part = strtok_r(NULL, "/", &rest))
		if (sscanf(part, "host%d", &n) == 1)
			host = n;
	return host;
}

/* From where the session sits, one up. */
#define SCSI_HOST "/sys/class/iscsi_session/session%d/device/../scsi_host"

/* By the driver's name; two of them begin with what their transports don't. */
const char *session_transport(void **arena, int sid)
{
	static const char prefix[] = "iscsi_";
	AUTO_ARENA scratch = NULL;
	char *path = arena_printf(&scratch, SCSI_HOST, sid), *name;
	AUTO_DIR hosts = path ? sysfs_dir("%s", path) : NULL;
	const char *host = sysfs_next(hosts);

	if (!host || sysfs_read(arena, &name, "%s/%s/proc_name", path, host) <= 0)
		return NULL;
	return strncmp(name, prefix, strlen(prefix)) ? name : name + strlen(prefix);
}

static bool is_logged_in(int sid)
{
	AUTO_ARENA arena = NULL;
	char *state;

	return sysfs_read(&arena, &state, "/sys/class/iscsi_session/session%d/state", sid) > 0 &&
	       !strcmp(state, "LOGGED_IN");
}

static bool is_bound(int sid, int nic)
{
	AUTO_ARENA arena = NULL;
	char *name, wanted[sizeof(SESSION_IFACE) + 10];

	snprintf(wanted, sizeof(wanted), SESSION_IFACE, (unsigned int)nic);
	return sysfs_read(&arena, &name, "/sys/class/iscsi_session/session%d/ifacename", sid) > 0 &&
	       !strcmp(name, wanted);
}

int session_find(const struct session_key *key, struct session *session)
{
	AUTO_DIR dir = sysfs_dir("/sys/class/iscsi_session");
	int sid, r = -ENOENT;
	const char *name;

	while ((name = sysfs_next(dir))) {
		if (sscanf(name, "session%d", &sid) != 1)
			continue;
		if (!session_is_target(sid, key->target) ||
		    !session_is_portal(sid, key->portal, key->port) ||
		    (key->nic >= 0 && !is_bound(sid, key->nic)))
			continue;
		session->sid = sid;
		session->host = session_host(sid);
		session->logged_in = is_logged_in(sid);
		r = session->host < 0 ? session->host : 0;
		if (!r && session->logged_in)
			return 0;
	}
	return r;
}
