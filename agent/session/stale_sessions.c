// SPDX-License-Identifier: GPL-2.0-only
/* Removes the sessions that killed logins left. */
#include "session/stale_sessions.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/sysfs.h"
#include "base/task.h"
#include "session/iscsi_netlink.h"
#include "session/session_sysfs.h"

#define DESTROY_S 2

/* Returns true if process @pid does not exist or is a zombie. */
static bool has_exited(long pid)
{
	AUTO_ARENA arena = NULL;
	char *stat, *state;

	if (sysfs_read(&arena, &stat, "/proc/%ld/stat", pid) < 0)
		return true;
	state = strrchr(stat, ')');
	return state && strlen(state) > 2 && strchr("ZX", state[2]);
}

/* A session whose state cannot be read is left alone. */
static bool is_stale(int sid)
{
	AUTO_ARENA arena = NULL;
	const char *state = session_attr(&arena, SESSION_DIR "state", sid);
	long creator;

	return state && strcmp(state, "LOGGED_IN") != 0 && !session_has_disks(sid) &&
	       !sysfs_read_long(&creator, SESSION_DIR "creator", sid) && creator > 0 &&
	       has_exited(creator);
}

/* Runs in a task, because it may block. */
static int destroy_session(const void *data)
{
	const int *sid = data;
	struct iscsi_nl nl;
	int r = iscsi_nl_open(&nl, *sid);

	if (r)
		return -r;
	r = iscsi_nl_destroy_session(&nl, *sid);
	iscsi_nl_close(&nl);
	return -r;
}

static void destroy_stale(int sid)
{
	struct task task;
	int error = -task_start(&task, destroy_session, &sid);

	if (!error)
		error = task_wait(&task, deadline_in(DESTROY_S));
	if (error)
		log_warning("login", "session%d: cannot remove session of a killed login: %s", sid,
			    strerror(error));
	else
		log_info("login", "session%d: removed session of a killed login", sid);
}

void stale_sessions_remove(void)
{
	AUTO_DIR dir = sysfs_dir("/sys/class/iscsi_session");
	const char *name;
	int sid;

	while ((name = sysfs_next(dir)))
		if (sscanf(name, "session%d", &sid) == 1 && is_stale(sid))
			destroy_stale(sid);
}
