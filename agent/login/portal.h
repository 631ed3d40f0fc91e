/* SPDX-License-Identifier: GPL-2.0-only */
/* TCP to the portal of a path. */
#ifndef AGENT_LOGIN_PORTAL_H
#define AGENT_LOGIN_PORTAL_H

#include <netinet/in.h>

#include "iscsi/portal_addr.h"
#include "plan/plan.h"

/* portal_parse() of the path's portal. */
socklen_t portal_address(const struct plan_path *path, struct sockaddr_in6 *v6);
/* A socket that doesn't block and goes the way that the session will. -1 and errno without. */
int portal_socket(const struct plan *plan, const struct plan_path *path, int family);

#endif
