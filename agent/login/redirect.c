// SPDX-License-Identifier: GPL-2.0-only
/* Checks redirects for loops, and resolves their host names. */
#include "login/redirect.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "loop/path.h"

static bool is_same(const struct login_redirect *a, const char *host, unsigned int port)
{
	return !strcasecmp(a->host, host) && a->port == port;
}

static bool was_redirected_to(const struct redirects *r, const struct path *path,
			      const struct login_redirect *to)
{
	unsigned int i;

	if (is_same(to, path->to.portal, path->to.port))
		return true;
	for (i = 0; i < r->nr; i++)
		if (is_same(to, r->list[i].host, r->list[i].port))
			return true;
	return false;
}

/* Stores the address in the same notation as a configured one. */
static bool set_address(struct redirects *r, const char *host)
{
	struct ibu_addr addr;

	if (ibu_addr_parse(host, strlen(host), &addr))
		return false;
	ibu_addr_print(&addr, r->address);
	return true;
}

const char *redirects_follow(struct redirects *r, const struct progress *progress,
			     const struct path *path, const struct login_redirect *to, void **arena)
{
	const char *wrong = NULL;
	struct ibu_text name;
	int error;

	if (r->nr == REDIRECTS_MAX)
		wrong = "too many redirects, the last";
	else if (was_redirected_to(r, path, to))
		wrong = "redirect loop, back";
	if (wrong)
		return arena_printf(arena, "%s to %s port %u", wrong, to->host, to->port);
	r->list[r->nr++] = *to;
	if (set_address(r, to->host))
		return NULL;
	name = (struct ibu_text){ to->host, (u32)strlen(to->host) };
	error = dns_lookup_start(&r->lookup, progress, &name);
	r->resolving = !error;
	return error ? arena_printf(arena, "redirected to %s: cannot look it up: %s", to->host,
				    strerror(-error)) :
		       NULL;
}

bool redirects_resolved(struct redirects *r, unsigned int nth, const char **reason)
{
	const struct name_answer *answer = r->lookup.answer;

	if (!dns_lookup_has_ended(&r->lookup))
		return false;
	r->resolving = false;
	*reason = NULL;
	if (answer->error)
		*reason = gai_strerror(answer->error);
	else
		ibu_addr_print(&answer->addrs[nth % answer->nr], r->address);
	return true;
}

const struct login_redirect *redirects_last(const struct redirects *r)
{
	return r->nr ? &r->list[r->nr - 1] : NULL;
}

void redirects_free(struct redirects *r)
{
	dns_lookup_free(&r->lookup);
	r->nr = 0;
	r->resolving = false;
}
