/* SPDX-License-Identifier: GPL-2.0-only */
/* SendTargets (RFC 7143 appendix C): which targets a portal has. */
#ifndef AGENT_LOGIN_DISCOVERY_H
#define AGENT_LOGIN_DISCOVERY_H

#include "iscsi/sendtargets.h"
#include "login/login.h"

struct discovery;

/* Begins; NULL without memory. It has failed by itself at @until. */
struct discovery *discovery_start(const struct progress *progress, const struct path *path,
				  struct deadline until);
void discovery_waits(const struct discovery *d, struct waits *waits);
/*
 * Goes on. False: not done yet; else @verdict and, where it is not STATUS_OK, @answer, which holds
 * until it is freed; @found otherwise.
 */
bool discovery_step(struct discovery *d, struct verdict *verdict, const char **answer,
		    struct discovered *found);
/* NULL is allowed. */
void discovery_free(struct discovery *d);

#endif
