// SPDX-License-Identifier: GPL-2.0-only
/* Makes the address and the TCP socket for the portal of a path. */
#include "login/portal.h"

#include <sys/socket.h>
#include <unistd.h>

socklen_t portal_address(const struct path *path, struct sockaddr_in6 *v6)
{
	return portal_parse(path->to.portal, path->to.port, path->nic ? path->nic->ifindex : 0, v6);
}

int portal_socket(const struct progress *progress, const struct path *path, int family)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || !progress_has_several_nics(progress) || !path->nic ||
	    !setsockopt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, &path->nic->ifindex, sizeof(int)))
		return fd;
	close(fd);
	return -1;
}
