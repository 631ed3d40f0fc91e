// SPDX-License-Identifier: GPL-2.0-only
/* Converts portal addresses between text and socket addresses. */
#include "iscsi/portal_addr.h"

#include "base/arena.h"
#include "kmod/core/params.h"

socklen_t portal_parse(const char *text, unsigned int port, int ifindex, struct sockaddr_in6 *v6)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)v6;
	size_t len = strcspn(text, "%"); /* without the zone, a device name that may have changed */
	struct ibu_addr addr;

	if (ibu_addr_parse(text, len, &addr))
		return 0;
	*v6 = (struct sockaddr_in6){ .sin6_family = AF_INET6 };
	if (!ibu_addr_is_v4(&addr)) {
		v6->sin6_port = htons((uint16_t)port);
		memcpy(&v6->sin6_addr, addr.b, sizeof(addr.b));
		/* A link-local address is valid on one link only. */
		if (IN6_IS_ADDR_LINKLOCAL(&v6->sin6_addr))
			v6->sin6_scope_id = (uint32_t)ifindex;
		return sizeof(*v6);
	}
	v4->sin_family = AF_INET;
	v4->sin_port = htons((uint16_t)port);
	memcpy(&v4->sin_addr, addr.b + 12, 4);
	return sizeof(*v4);
}

char *portal_text(void **arena, const char *address, unsigned int port)
{
	return arena_printf(arena, strchr(address, ':') ? "[%s]:%u" : "%s:%u", address, port);
}
