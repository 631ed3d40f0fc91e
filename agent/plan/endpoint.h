/* SPDX-License-Identifier: GPL-2.0-only */
/* The target and portal that a path logs in to. */
#ifndef AGENT_PLAN_ENDPOINT_H
#define AGENT_PLAN_ENDPOINT_H

#include <stdbool.h>

#include "kmod/core/params.h"

struct timers;

struct endpoint {
	const struct ibu_target *target;
	/* Address as text, without brackets; empty until the target's host name is resolved. */
	char portal[IBU_ADDR_STRLEN];
	unsigned int port;
};

/* Fills in the target, which is not copied, and the portal if @target has an IP address. */
void endpoint_set(struct endpoint *to, const struct ibu_target *target);
/* Returns true if both use one session: Linux has one for each target and portal. */
bool endpoint_same_session(const struct endpoint *a, const struct endpoint *b);
/*
 * Returns true if @a attaches the LUN of @b: it has the same one, or none, which means all disks.
 */
bool endpoint_attaches(const struct endpoint *a, const struct endpoint *b);
/* Returns true if the portal is valid on one link only, so that iscsid must know its NIC, too. */
bool endpoint_is_link_local(const struct endpoint *to);
/* Returns true if both have the same LUN, or none. */
bool endpoint_same_lun(const struct endpoint *a, const struct endpoint *b);
/* Returns true if both have the same LUN of a target of the same name. */
bool endpoint_same_disk(const struct endpoint *a, const struct endpoint *b);
/* Returns true if both log in with the same CHAP type and the credentials that it needs. */
bool endpoint_same_chap(const struct endpoint *a, const struct endpoint *b);
/* Copies the CHAP type and all credentials; the texts are not copied. */
void endpoint_copy_chap(struct ibu_target *to, const struct ibu_target *from);
/* Copies the timers of the session, which all its LUNs share. Returns whether any differed. */
bool endpoint_share_timers(struct timers *to, const struct timers *from);

#endif
