// SPDX-License-Identifier: GPL-2.0-only
/* Finds out whether a network manager manages a device, by the files it keeps in /run. */
#include "net/network_manager.h"

#include <stdbool.h>
#include <string.h>
#include <sys/inotify.h>

#include "base/cleanup.h"
#include "base/process_running.h"
#include "base/sysfs.h"
#include "lease/networkd_describe.h"
#include "kmod/core/portable.h"

/*
 * Each manager keeps a file DIR/IFINDEX for a device. The file outlives the manager, so the process
 * must exist too.
 */
static const struct manager {
	const char *name;
	const char *comm; /* as in /proc/PID/comm: 15 bytes */
	const char *dir;
	bool all; /* it keeps a file for each device that it has seen, managed or not */
	const char *with; /* a line that a managed device's file has; NULL: none */
	const char *without[2]; /* lines that a managed device's file does not have */
	const char *lease_dir; /* DIR/IFINDEX has the lease, and in it @root_path */
	const char *root_path;
	char *(*ask_root_path)(void **arena, int ifindex); /* without such a file; NULL: none */
} managers[] = {
	{ "NetworkManager",
	  "NetworkManager",
	  "/run/NetworkManager/devices",
	  false,
	  "managed=true",
	  { NULL, NULL },
	  "/run/NetworkManager/devices",
	  "root-path=",
	  NULL },
	{ "systemd-networkd",
	  "systemd-network",
	  "/run/systemd/netif/links",
	  true,
	  NULL,
	  { "ADMIN_STATE=unmanaged", "ADMIN_STATE=failed" },
	  "/run/systemd/netif/leases",
	  "ROOT_PATH=",
	  networkd_ask_root_path },
};

bool networkd_is_installed(void)
{
	return sysfs_exists("/usr/lib/systemd/systemd-networkd") ||
	       sysfs_exists("/lib/systemd/systemd-networkd");
}

static bool has_line(const char *text, const char *line)
{
	size_t len = strlen(line);

	for (; text; text = strchr(text, '\n'), text += !!text)
		if (!strncmp(text, line, len) && (!text[len] || text[len] == '\n'))
			return true;
	return false;
}

/*
 * A running networkd decides about each device: until it has seen this one, the device counts as
 * managed, so that never both configure it. The search of all processes takes long, so it is left
 * out where there is no networkd.
 */
static bool has_device(const struct manager *m, int ifindex)
{
	AUTO_ARENA arena = NULL;
	unsigned int i;
	char *text;

	if (sysfs_read(&arena, &text, "%s/%d", m->dir, ifindex) < 0)
		return m->all && networkd_is_installed() && process_is_running(m->comm);
	if (m->with && !has_line(text, m->with))
		return false;
	for (i = 0; i < 2 && m->without[i]; i++)
		if (has_line(text, m->without[i]))
			return false;
	return process_is_running(m->comm);
}

const char *network_manager_of(int ifindex)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(managers); i++)
		if (has_device(&managers[i], ifindex))
			return managers[i].name;
	return NULL;
}

/*
 * Returns the rest of the line that begins with @key, cut off in place; NULL: there is no such
 * line.
 */
static char *line_value(char *text, const char *key)
{
	for (; text; text = strchr(text, '\n'), text += !!text)
		if (!strncmp(text, key, strlen(key)))
			return strtok(text + strlen(key), "\n");
	return NULL;
}

char *network_manager_root_path(void **arena, int ifindex)
{
	unsigned int i;
	char *text;

	for (i = 0; i < ARRAY_SIZE(managers); i++) {
		const struct manager *m = &managers[i];

		if (!has_device(m, ifindex))
			continue;
		if (sysfs_read(arena, &text, "%s/%d", m->lease_dir, ifindex) > 0)
			return line_value(text, m->root_path);
		return m->ask_root_path ? m->ask_root_path(arena, ifindex) : NULL;
	}
	return NULL;
}

int network_manager_open_events(void)
{
	const u32 mask = IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE;
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	unsigned int i, watched = 0;

	for (i = 0; i < ARRAY_SIZE(managers) && fd >= 0; i++) {
		watched += inotify_add_watch(fd, managers[i].dir, mask) >= 0;
		inotify_add_watch(fd, managers[i].lease_dir, mask); /* maybe the same */
	}
	if (fd >= 0 && !watched) {
		close(fd);
		return -1;
	}
	return fd;
}
