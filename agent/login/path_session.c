// SPDX-License-Identifier: GPL-2.0-only
/* Makes the session key of a path and looks it up in sysfs. */
#include "login/path_session.h"

int path_session_find(const struct path *path, struct session *session)
{
	/* a NIC of a pool has a number of its own */
	const struct plan_nic *nic = path->nic ? path->nic->plan : path->plan->nic;
	const struct session_key key = {
		.target = &path->to.target->name,
		.portal = path->to.portal,
		.port = path->to.port,
		.nic = path->plan->shares_portal ? (int)nic->number : -1,
	};

	return session_find(&key, session);
}
