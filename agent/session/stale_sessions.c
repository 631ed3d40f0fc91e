// SPDX-License-Identifier: GPL-2.0-only
#include "session/stale_sessions.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/sysfs.h"
#include "base/task.h"
#include "session/iscsi_netlink.h"
#include "session/session_sysfs.h"

#define SWEEP_S 2

/* Also of one that nobody has asked how it ended. */
static bool is_gone(long pid)
{
	AUTO_ARENA arena = NULL;
	char *stat, *state;

	if (sysfs_read(&arena, &stat, "/proc/%ld/stat", pid) < 0)
		return true;
	state = strrchr(stat, ')');
	return state && strlen(state) > 2 && strchr("ZX", state[2]);
}

static bool is_left_over(int sid)
{
	AUTO_ARENA arena = NULL;
	char *state;
	long creator;

	return sysfs_read(&arena, &state, "/sys/class/iscsi_session/session%d/state", sid) > 0 &&
	       strcmp(state, "LOGGED_IN") != 0 && !session_has_disks(sid) &&
	       !sysfs_read_long(&creator, "/sys/class/iscsi_session/session%d/creator", sid) &&
	       creator > 0 && is_gone(creator);
}

/* In the child: it may block. */
static int end_session(const void *data)
{
	const int *sid = data;
	struct iscsi_nl transport;
	int r = iscsi_nl_open(&transport, *sid);

	if (r)
		return -r;
	r = iscsi_nl_destroy_session(&transport, *sid);
	iscsi_nl_close(&transport);
	return -r;
}

static void end_left_over(int sid)
{
	struct task task;
	int error = -task_start(&task, end_session, &sid);

	if (!error)
		error = task_wait(&task, deadline_in(SWEEP_S));
	if (error)
		log_warning("login", "session%d of a login that was killed stays: %s", sid,
			    strerror(error));
	else
		log_info("login", "session%d of a login that was killed is ended", sid);
}

void stale_sessions_remove(void)
{
	AUTO_DIR dir = sysfs_dir("/sys/class/iscsi_session");
	const char *name;
	int sid;

	while ((name = sysfs_next(dir)))
		if (sscanf(name, "session%d", &sid) == 1 && is_left_over(sid))
			end_left_over(sid);
}
