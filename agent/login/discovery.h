/* SPDX-License-Identifier: GPL-2.0-only */
/* Asks a portal for its targets in a discovery session (SendTargets, RFC 7143 appendix C). */
#ifndef AGENT_LOGIN_DISCOVERY_H
#define AGENT_LOGIN_DISCOVERY_H

#include "iscsi/sendtargets.h"
#include "login/login.h"

struct discovery;

/*
 * Starts to connect to the portal of @path. The discovery fails at @until. Returns NULL if out of
 * memory; the caller frees the result by discovery_free().
 */
struct discovery *discovery_start(const struct progress *progress, const struct path *path,
				  struct deadline until);
/* Adds to @waits what the discovery waits for. */
void discovery_waits(const struct discovery *d, struct waits *waits);
/*
 * Continues without blocking. Returns false while the discovery is not finished. Else sets @verdict
 * and, if its status is STATUS_OK, @found; if not, @answer, the reason, valid until
 * discovery_free().
 */
bool discovery_step(struct discovery *d, struct verdict *verdict, const char **answer,
		    struct discovered *found);
/* Closes the connection and frees @d, which may be NULL. */
void discovery_free(struct discovery *d);

#endif
