/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A session, there or to be, as open-iscsi's database knows it. iscsid looks for its record by what
 * the kernel's session says, so that is where ours come from.
 */
#ifndef AGENT_HANDOFF_NODE_RECORD_H
#define AGENT_HANDOFF_NODE_RECORD_H

#include "plan/plan.h"

/* The name that a session has in place of an interface where it is bound to none. */
#define NODE_UNBOUND "default"

struct node {
	int sid; /* -1: there is no session yet */
	const char *target, *address, *iface; /* as in node_is_fit() */
	const char *transport; /* "tcp", "iser"; not tcp and bound to nothing: iface is the same */
	long port, tpgt;
	const char *mac, *netdev; /* that it is bound to; NULL: not by that */
	const char *user, *secret, *rev_user, *rev_secret; /* NULL: none */
	const char *chap_algs; /* that boot was told; NULL: none */
	const struct timers *timers;
	bool held; /* by dm-multipath */
};

/* Its names and numbers may be parts of a path, and are what they should be. */
bool node_record_is_valid(const struct node *n);
/* All but the timers, of a session. 0, -EINVAL: it is not fit, or another -errno. */
int node_record_from_session(void **arena, int sid, int host, struct node *n);
/*
 * Writes its record below @db, and that of what it is bound to. iscsi-boot-agent(8) says which
 * fields are ours. 1: it was not so before, 0, or -errno.
 */
int node_record_write(const char *db, const struct node *n);

#endif
