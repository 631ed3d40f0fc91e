/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses of portals, as text and for sockets. */
#ifndef AGENT_ISCSI_PORTAL_ADDR_H
#define AGENT_ISCSI_PORTAL_ADDR_H

#include <netinet/in.h>

/*
 * Fills @v6 (a struct sockaddr_in for IPv4) from the address @text, without brackets, and @port. A
 * link-local address gets the scope @ifindex; a zone in @text is ignored. Returns the size of the
 * socket address, or 0 if @text is not an address.
 */
socklen_t portal_parse(const char *text, unsigned int port, int ifindex, struct sockaddr_in6 *v6);
/*
 * Returns "ADDRESS:PORT", or "[ADDRESS]:PORT" for IPv6 (RFC 7143 13.8), in @arena; NULL without
 * memory. @address has no brackets.
 */
char *portal_text(void **arena, const char *address, unsigned int port);

#endif
