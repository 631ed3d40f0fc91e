/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Node records of open-iscsi. iscsid looks up the record of a session by the kernel's attributes of
 * that session, so records of existing sessions are made from these attributes.
 */
#ifndef AGENT_HANDOFF_NODE_RECORD_H
#define AGENT_HANDOFF_NODE_RECORD_H

#include "plan/plan.h"

/* ifacename of a session that is bound to no interface. */
#define NODE_UNBOUND "default"

/* One session: existing, or to be created by iscsid. */
struct node {
	int sid; /* -1: no session yet */
	const char *target, *address, *iface; /* see node_record_is_valid() */
	const char *transport; /* "tcp", "iser"; an unbound iface has the name of one but tcp */
	long port, tpgt;
	const char *mac, *netdev; /* the session's device, by MAC or name; NULL: not set */
	const char *user, *secret, *rev_user, *rev_secret; /* CHAP; NULL: not set */
	const char *chap_algs; /* node.session.auth.chap_algs; NULL: not set */
	const char *congestion; /* node.conn[0].tcp.congestion_control; NULL: not set */
	const struct timers *timers;
	bool held; /* dm-multipath holds all its disks */
	bool wants_all; /* all its disks are wanted: iscsid may scan for them */
};

/* True if all names and numbers are valid, and may be parts of a path. */
bool node_record_is_valid(const struct node *n);
/*
 * Fills @n from session @sid of SCSI host @host, but not timers, chap_algs, held and wants_all.
 * Texts are in
 * @arena. Returns 0, -EINVAL if the node is not valid, or another -errno.
 */
int node_record_from_session(void **arena, int sid, int host, struct node *n);
/*
 * Writes the node record below @db, and the interface record if the session is bound to one.
 * iscsi-boot-agent(8) lists the fields that are set. Returns 1 if a file has changed, 0 if not, or
 * -errno.
 */
int node_record_write(const char *db, const struct node *n);

#endif
