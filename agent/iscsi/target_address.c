// SPDX-License-Identifier: GPL-2.0-only
/* Reads the addresses that targets give for themselves. */
#include "iscsi/target_address.h"

#include <stdlib.h>
#include <string.h>

#include "kmod/core/params.h"

#define DEFAULT_PORT 3260 /* RFC 7143 4.1 */

static bool is_ip_address(const char *text, size_t len)
{
	struct ibu_addr addr;

	return !ibu_addr_parse(text, len, &addr);
}

/*
 * Returns the length of the host that @text begins with, or 0 if it is invalid; @rest is what
 * follows. Some targets send IPv6 addresses without brackets; as for open-iscsi, the last colon is
 * then before the port.
 */
static size_t find_host(const char **text, const char **rest)
{
	static const char name_bytes[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
	const char *host = *text, *bracket = host[0] == '[' ? strchr(host, ']') : NULL, *colon;
	size_t len = strcspn(host, ",");

	if (bracket) {
		*rest = bracket + 1;
		len = strcspn(++*text, "%]"); /* without the zone, a device name of the target */
		return is_ip_address(*text, len) ? len : 0;
	}
	colon = memrchr(host, ':', len);
	if (colon &&
	    (memchr(host, ':', len) == colon || is_ip_address(host, (size_t)(colon - host))))
		len = (size_t)(colon - host);
	*rest = host + len;
	return strspn(host, name_bytes) == len || is_ip_address(host, len) ? len : 0;
}

bool target_address_read(struct login_redirect *to, const char *text)
{
	const char *rest;
	size_t len = find_host(&text, &rest), digits;

	if (!len || len >= sizeof(to->host))
		return false;
	to->port = DEFAULT_PORT;
	if (*rest == ':') {
		digits = strspn(++rest, "0123456789");
		to->port = digits && digits < 6 ? (unsigned int)strtoul(rest, NULL, 10) : 0;
		rest += digits;
	}
	if ((*rest && *rest != ',') || !to->port || to->port > 65535)
		return false;
	memcpy(to->host, text, len);
	to->host[len] = '\0';
	return true;
}
