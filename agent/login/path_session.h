/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds the session of a path in sysfs. */
#ifndef AGENT_LOGIN_PATH_SESSION_H
#define AGENT_LOGIN_PATH_SESSION_H

#include "loop/path.h"
#include "session/session_sysfs.h"

/*
 * Fills @session with the session to the target of @path. Searches by portal, and also by NIC if
 * another path shares that portal. Returns 0, -ENOENT if no session matches, or another -errno.
 */
int path_session_find(const struct path *path, struct session *session);

#endif
