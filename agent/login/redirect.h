/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Follows redirections of a login or a discovery (RFC 7143 11.13.5), to addresses and host names.
 */
#ifndef AGENT_LOGIN_REDIRECT_H
#define AGENT_LOGIN_REDIRECT_H

#include "iscsi/login_state.h"
#include "net/dns_lookup.h"

/* Limit of redirects in one login. A moved target needs one, and a proxy in front of it another. */
#define REDIRECTS_MAX 4

/* The redirects followed so far; zeroed at first. */
struct redirects {
	unsigned int nr;
	bool resolving;
	struct login_redirect list[REDIRECTS_MAX];
	char address[IBU_ADDR_STRLEN]; /* of the last one */
	struct dns_lookup lookup; /* of its name; runs while @resolving */
};

/*
 * Follows the redirect @to. Returns NULL: then @r->address is valid, or @r->resolving is set and
 * redirects_resolved() must be called after the event of the lookup. Else returns the reason why it
 * is not followed, in @arena.
 */
const char *redirects_follow(struct redirects *r, const struct progress *progress,
			     const struct path *path, const struct login_redirect *to,
			     void **arena);
/*
 * Returns true if the lookup has ended: sets @r->address to the address number @nth of the name,
 * modulo their number; or sets @reason, if the name has no address.
 */
bool redirects_resolved(struct redirects *r, unsigned int nth, const char **reason);
/* Returns the last redirect, or NULL. */
const struct login_redirect *redirects_last(const struct redirects *r);
/* Stops a lookup and forgets all redirects. */
void redirects_free(struct redirects *r);

#endif
