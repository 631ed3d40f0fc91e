/* SPDX-License-Identifier: GPL-2.0-only */
/* TCP to the portal of a path. */
#ifndef AGENT_LOGIN_PORTAL_H
#define AGENT_LOGIN_PORTAL_H

#include <netinet/in.h>

#include "iscsi/portal_addr.h"
#include "loop/path.h"

/* portal_parse() of the path's portal. */
socklen_t portal_address(const struct path *path, struct sockaddr_in6 *v6);
/* A socket that doesn't block and goes the way that the session will. -1 and errno without. */
int portal_socket(const struct progress *progress, const struct path *path, int family);

#endif
