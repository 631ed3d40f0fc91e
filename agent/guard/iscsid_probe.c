// SPDX-License-Identifier: GPL-2.0-only
/* Finds iscsid and its state in /proc. */
#include "guard/iscsid_probe.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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

struct probed_process {
	pid_t pid, parent;
	char state; /* as in proc(5) */
	bool locked; /* its memory is locked */
	bool of_root; /* its real user: the effective one may be of any setuid program */
	unsigned long switches; /* context switches */
};

static long status_field(const char *status, const char *name)
{
	const char *at = strstr(status, name);

	return at ? strtol(at + strlen(name), NULL, 10) : 0;
}

/* True if SIGKILL is pending; the kernel marks it in SigPnd of the thread (signal.c). */
static bool is_killed(const char *status)
{
	const char *at = strstr(status, "\nSigPnd:\t");

	return at && (strtoul(at + strlen("\nSigPnd:\t"), NULL, 16) & 1UL << (SIGKILL - 1));
}

/* Returns true if @pid is a live process named iscsid, whatever its file is called. */
static bool read_process(pid_t pid, struct probed_process *p)
{
	static const char name[] = "Name:\t" NAME;
	AUTO_ARENA arena = NULL;
	const char *state;
	char *status;

	if (sysfs_read(&arena, &status, "/proc/%d/status", (int)pid) < 0 ||
	    strncmp(status, name, strlen(name)) != 0)
		return false;
	state = strstr(status, "\nState:\t");
	*p = (struct probed_process){ .pid = pid,
				      .parent = (pid_t)status_field(status, "\nPPid:\t"),
				      .locked = status_field(status, "\nVmLck:\t") > 0,
				      .of_root = strstr(status, "\nUid:\t0\t") };
	p->switches = (unsigned long)status_field(status, "\nvoluntary_ctxt_switches:\t") +
		      (unsigned long)status_field(status, "\nnonvoluntary_ctxt_switches:\t");
	p->state = '?';
	if (state)
		p->state = state[strlen("\nState:\t")];
	return p->state != 'Z' && p->state != 'X' && !(p->state == 'D' && is_killed(status));
}

/* Returns the inode of the next socket in @dir, which is /proc/PID/fd, or 0. */
static unsigned long next_socket(DIR *dir)
{
	unsigned long inode;
	const char *name;
	char link[64];
	ssize_t len;

	while ((name = sysfs_next(dir))) {
		len = readlinkat(dirfd(dir), name, link, sizeof(link) - 1);
		link[len > 0 ? len : 0] = '\0';
		if (sscanf(link, "socket:[%lu]", &inode) == 1)
			return inode;
	}
	return 0;
}

static bool is_listener(pid_t pid, const struct listeners *l)
{
	AUTO_DIR dir = sysfs_dir("/proc/%d/fd", (int)pid);
	unsigned long inode;
	unsigned int i;

	while ((inode = next_socket(dir)))
		for (i = 0; i < l->nr; i++)
			if (l->inodes[i] == inode)
				return true;
	return false;
}

/* A child inherits all sockets of its parent; what it opened is its connection to the parent. */
static bool has_own_socket(pid_t child, pid_t parent)
{
	AUTO_DIR dir = sysfs_dir("/proc/%d/fd", (int)child);
	struct listeners one = { .nr = 1 };

	while ((one.inodes[0] = next_socket(dir)))
		if (!is_listener(parent, &one))
			return true;
	return false;
}

/* Finds the next iscsid in @dir, which is /proc. */
static bool next_iscsid(DIR *dir, struct probed_process *p)
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

static struct iscsid of_process(const struct probed_process *p)
{
	return (struct iscsid){ .is = p->state == 'D' ? ISCSID_STUCK : ISCSID_WORKS,
				.pid = p->pid,
				.switches = p->switches };
}

static struct iscsid probe_server(const struct probed_process *server)
{
	struct iscsid found = of_process(server);
	AUTO_DIR dir = sysfs_dir("/proc");
	struct probed_process p;

	while (next_iscsid(dir, &p)) {
		if (p.parent != server->pid)
			continue;
		if (p.state == 'D' && found.is != ISCSID_STUCK)
			found = (struct iscsid){ ISCSID_STUCK, server->pid, true,
						 has_own_socket(p.pid, server->pid), p.switches };
		else if (found.is == ISCSID_WORKS)
			found.is = ISCSID_COMES;
	}
	return found;
}

struct iscsid iscsid_probe(uint32_t port)
{
	AUTO_DIR dir = NULL;
	struct listeners l;
	struct probed_process p;

	l.nr = iscsi_nl_listeners(port, l.inodes, ARRAY_SIZE(l.inodes));
	if (l.nr > ARRAY_SIZE(l.inodes))
		l.nr = ARRAY_SIZE(l.inodes);
	dir = l.nr ? sysfs_dir("/proc") : NULL;
	while (next_iscsid(dir, &p))
		if (p.locked && is_listener(p.pid, &l))
			return probe_server(&p);
	return (struct iscsid){ .is = ISCSID_NONE };
}

struct iscsid iscsid_check(pid_t pid)
{
	struct probed_process p;

	return read_process(pid, &p) ? of_process(&p) : (struct iscsid){ .is = ISCSID_NONE };
}

bool iscsid_is_named(pid_t pid)
{
	AUTO_ARENA arena = NULL;
	char *name;

	return sysfs_read(&arena, &name, "/proc/%d/comm", (int)pid) >= 0 &&
	       !strncmp(name, NAME, strlen(NAME));
}

/* Returns field 22 of /proc/PID/stat; the name in parentheses, field 2, may contain anything. */
static long long start_ticks(const char *stat)
{
	const char *at = strrchr(stat, ')');
	int field;

	for (field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	return at ? atoll(at + 1) : 0;
}

static bool is_young(pid_t pid)
{
	AUTO_ARENA arena = NULL;
	struct timespec now;
	char *stat;

	if (sysfs_read(&arena, &stat, "/proc/%d/stat", (int)pid) < 0)
		return false;
	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000 -
		       start_ticks(stat) * 1000 / sysconf(_SC_CLK_TCK) <
	       ISCSID_START_MS;
}

struct iscsid iscsid_starting(bool young)
{
	struct iscsid found = { .is = ISCSID_NONE };
	AUTO_DIR dir = sysfs_dir("/proc");
	struct probed_process p;

	while (next_iscsid(dir, &p)) {
		if (!p.of_root || (young && !is_young(p.pid)))
			continue;
		found.is = ISCSID_STARTS;
		found.pid = p.pid;
		found.switches += p.switches;
	}
	return found;
}
