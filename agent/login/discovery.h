/* SPDX-License-Identifier: GPL-2.0-only */
/* SendTargets (RFC 7143 appendix C): which targets a portal has. */
#ifndef AGENT_LOGIN_DISCOVERY_H
#define AGENT_LOGIN_DISCOVERY_H

#include "login/login.h"

struct discovery;

/* One target of the answer. */
struct discovered {
	char name[IBU_ISCSI_NAME_MAX + 1]; /* may be used: see plan_name_is_fit() */
	long tpgt; /* of the portal that was asked; -1: not said */
	unsigned int others; /* so many more there are */
};

/*
 * Pure. What is taken of @text, the whole answer: the first target that names @portal and @port,
 * else the first. False: there is none that may be used.
 */
bool discovery_choose(const char *text, size_t len, const char *portal, unsigned int port,
		      struct discovered *found);

/* Begins; NULL without memory. It has failed by itself at @until. */
struct discovery *discovery_start(const struct plan *plan, const struct plan_path *path,
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
