/* SPDX-License-Identifier: GPL-2.0-only */
/* TCP to the portal of a path. */
#ifndef AGENT_LOGIN_PORTAL_H
#define AGENT_LOGIN_PORTAL_H

#include <netinet/in.h>

#include "plan/plan.h"

/*
 * The size of the address @text, or of the path's portal; 0: it is not understood. @ifindex is the
 * link of one that is link-local.
 */
socklen_t portal_parse(const char *text, unsigned int port, int ifindex, struct sockaddr_in6 *v6);
socklen_t portal_address(const struct plan_path *path, struct sockaddr_in6 *v6);
/* A socket that doesn't block and goes the way that the session will. -1 and errno without. */
int portal_socket(const struct plan *plan, const struct plan_path *path, int family);

#endif
