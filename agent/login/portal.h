/* SPDX-License-Identifier: GPL-2.0-only */
/* Makes the address and the TCP socket for the portal of a path. */
#ifndef AGENT_LOGIN_PORTAL_H
#define AGENT_LOGIN_PORTAL_H

#include <netinet/in.h>

#include "iscsi/portal_addr.h"
#include "loop/path.h"

/*
 * Fills @v6 with the portal of @path, an IPv4 address as struct sockaddr_in (see portal_parse()).
 * Returns the size of the address, or 0 if the portal is not a valid address.
 */
socklen_t portal_address(const struct path *path, struct sockaddr_in6 *v6);
/*
 * Returns a non-blocking TCP socket, which the caller closes. If there are several NICs, binds it
 * to the NIC of @path, as the session will be. Returns -1 with errno on failure.
 */
int portal_socket(const struct progress *progress, const struct path *path, int family);

#endif
