/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds the session of a path. */
#ifndef AGENT_PLAN_PATH_SESSION_H
#define AGENT_PLAN_PATH_SESSION_H

#include "plan/plan.h"
#include "session/session_sysfs.h"

static inline struct session_key path_session_key(const struct plan_path *path)
{
	return (struct session_key){
		.target = &path->target->name,
		.portal = path->portal,
		.port = path->port,
		.nic = path->shares_portal ? (int)path->nic->number : -1,
	};
}

/* Like session_find(). */
static inline int path_find_session(const struct plan_path *path, struct session *session)
{
	const struct session_key key = path_session_key(path);

	return session_find(&key, session);
}

#endif
