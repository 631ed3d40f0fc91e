/* SPDX-License-Identifier: GPL-2.0-only */
/* The session of a path, as the kernel has it. */
#ifndef AGENT_LOGIN_PATH_SESSION_H
#define AGENT_LOGIN_PATH_SESSION_H

#include "loop/path.h"
#include "session/session_sysfs.h"

/*
 * Finds the session to the target of @path by its portal, and by its NIC if another path goes to
 * that portal too. 0, -ENOENT or another -errno.
 */
int path_session_find(const struct path *path, struct session *session);

#endif
