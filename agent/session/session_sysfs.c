// SPDX-License-Identifier: GPL-2.0-only
/* Reads the attributes of iSCSI sessions in sysfs, and finds a session by target and portal. */
#include "session/session_sysfs.h"

#include <errno.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/sysfs.h"

/* True for the texts that the kernel shows for a string that was never set. */
static bool is_unset(const char *text)
{
	return !*text || !strcmp(text, "(null)") || !strcmp(text, "<NULL>");
}

char *session_attr(void **arena, const char *fmt, int number)
{
	char *path = arena_printf(arena, fmt, number), *text;

	if (!path || sysfs_read(arena, &text, "%s", path) < 0 || is_unset(text))
		return NULL;
	return text;
}

int session_credential(void **arena, int sid, const char *name, char **text)
{
	ssize_t len = file_read(arena, text, "%s" SESSION_DIR "%s", sysfs_root, sid, name);

	if (len > 0 && (*text)[len - 1] == '\n') /* an earlier newline belongs to the secret */
		(*text)[len - 1] = '\0';
	if (len < 0 || is_unset(*text))
		*text = NULL;
	return len < 0 && len != -ENOENT ? (int)len : 0;
}

static bool session_is_logged_in(int sid)
{
	AUTO_ARENA arena = NULL;
	const char *state = session_attr(&arena, SESSION_DIR "state", sid);

	return state && !strcmp(state, "LOGGED_IN");
}

bool session_is_target(int sid, const struct ibu_text *name)
{
	AUTO_ARENA arena = NULL;
	const char *text = session_attr(&arena, SESSION_DIR "targetname", sid);

	return text && ibu_is(name, text);
}

/* The same IPv6 address can be written in several ways. */
static bool same_address(const char *a, const char *b)
{
	struct ibu_addr x, y;

	if (ibu_addr_parse(a, strlen(a), &x) || ibu_addr_parse(b, strlen(b), &y))
		return !strcmp(a, b);
	return !memcmp(&x, &y, sizeof(x));
}

bool session_is_portal(int sid, const char *portal, unsigned int port)
{
	AUTO_ARENA arena = NULL;
	const char *address = session_attr(&arena, CONNECTION_DIR "persistent_address", sid);
	long number;

	return address && !sysfs_read_long(&number, CONNECTION_DIR "persistent_port", sid) &&
	       number == (long)port && same_address(address, portal);
}

bool session_has_disks(int sid)
{
	AUTO_DIR dir = sysfs_dir(SESSION_DIR "device", sid);
	const char *name;

	while ((name = sysfs_next(dir)))
		if (!strncmp(name, "target", strlen("target")))
			return true;
	return false;
}

/*
 * The session is below its host: .../hostN/sessionM. realpath() is not used: after switch_root the
 * guard reaches /sys only through a directory that it opened before.
 */
#define SCSI_HOST SESSION_DIR "device/../scsi_host"

int session_host(int sid)
{
	AUTO_DIR dir = sysfs_dir(SCSI_HOST, sid);
	const char *name = sysfs_next(dir);
	int host;

	return name && sscanf(name, "host%d", &host) == 1 ? host : -ENOENT;
}

/* The name of the driver is that of its transport; two drivers have it with a prefix. */
const char *session_transport(void **arena, int sid)
{
	static const char prefix[] = "iscsi_";
	int host = session_host(sid);
	char *name;

	if (sysfs_read(arena, &name, SCSI_HOST "/host%d/proc_name", sid, host) <= 0)
		return NULL;
	return strncmp(name, prefix, strlen(prefix)) ? name : name + strlen(prefix);
}

static bool is_bound(int sid, int nic)
{
	AUTO_ARENA arena = NULL;
	const char *name = session_attr(&arena, SESSION_DIR "ifacename", sid);
	char iface[sizeof(SESSION_IFACE) + 10];

	snprintf(iface, sizeof(iface), SESSION_IFACE, (unsigned int)nic);
	return name && !strcmp(name, iface);
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
		session->logged_in = session_is_logged_in(sid);
		r = session->host < 0 ? session->host : 0;
		if (!r && session->logged_in)
			return 0;
	}
	return r;
}
