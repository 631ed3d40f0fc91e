// SPDX-License-Identifier: GPL-2.0-only
#include "guard/iscsid_probe.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/sysfs.h"
#include "session/iscsi_netlink.h"
#include "kmod/core/portable.h"

#define LISTENERS_MAX 16
#define NAME "iscsid"

struct listeners {
	unsigned long inodes[LISTENERS_MAX];
	unsigned int nr;
};

struct process {
	pid_t pid, parent;
	char state; /* as proc(5) has it */
	bool locked; /* memory */
};

static long field(const char *status, const char *name)
{
	const char *at = strstr(status, name);

	return at ? strtol(at + strlen(name), NULL, 10) : 0;
}

/* Whether @pid is an iscsid that lives, by whatever name its file has. */
static bool read_process(pid_t pid, struct process *p)
{
	static const char name[] = "Name:\t" NAME;
	AUTO_ARENA arena = NULL;
	const char *state;
	char *status;

	if (sysfs_read(&arena, &status, "/proc/%d/status", (int)pid) < 0 ||
	    strncmp(status, name, strlen(name)) != 0)
		return false;
	state = strstr(status, "\nState:\t");
	*p = (struct process){ .pid = pid,
			       .parent = (pid_t)field(status, "\nPPid:\t"),
			       .locked = field(status, "\nVmLck:\t") > 0 };
	p->state = '?';
	if (state)
		p->state = state[strlen("\nState:\t")];
	return p->state != 'Z' && p->state != 'X';
}

static bool is_listener(const struct process *p, const struct listeners *l)
{
	AUTO_DIR dir = sysfs_dir("/proc/%d/fd", (int)p->pid);
	const char *name;
	char link[64];
	unsigned long inode;
	unsigned int i;
	ssize_t len;

	while ((name = sysfs_next(dir))) {
		len = readlinkat(dirfd(dir), name, link, sizeof(link) - 1);
		link[len > 0 ? len : 0] = '\0';
		if (sscanf(link, "socket:[%lu]", &inode) != 1)
			continue;
		for (i = 0; i < l->nr; i++)
			if (l->inodes[i] == inode)
				return true;
	}
	return false;
}

/* The next iscsid in /proc, from @dir. */
static bool next(DIR *dir, struct process *p)
{
	const char *name;
	pid_t pid;

	while ((name = sysfs_next(dir))) {
		pid = atoi(name);
		if (pid > 0 && read_process(pid, p))
			return true;
	}
	return false;
}

static struct iscsid look_at(const struct process *server)
{
	struct iscsid found = { .is = server->state == 'D' ? ISCSID_STUCK : ISCSID_WORKS,
				.pid = server->pid };
	AUTO_DIR dir = sysfs_dir("/proc");
	struct process p;

	while (next(dir, &p)) {
		if (p.parent != server->pid)
			continue;
		if (p.state == 'D')
			found.is = ISCSID_STUCK;
		else if (found.is == ISCSID_WORKS)
			found.is = ISCSID_COMES;
	}
	return found;
}

struct iscsid iscsid_probe(uint32_t port)
{
	AUTO_DIR dir = NULL;
	struct listeners l;
	struct process p;

	l.nr = iscsi_nl_listeners(port, l.inodes, ARRAY_SIZE(l.inodes));
	if (l.nr > ARRAY_SIZE(l.inodes))
		l.nr = ARRAY_SIZE(l.inodes);
	dir = l.nr ? sysfs_dir("/proc") : NULL;
	while (next(dir, &p))
		if (p.locked && is_listener(&p, &l))
			return look_at(&p);
	return (struct iscsid){ .is = ISCSID_NONE };
}
