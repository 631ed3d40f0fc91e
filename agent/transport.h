/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's iSCSI transport by netlink (include/scsi/iscsi_if.h), as much as it takes to see
 * whether a target answers, and to end a session that sysfs refuses to touch. Of TCP alone, and of
 * sessions of one connection, as Linux has them. Needs CAP_SYS_ADMIN.
 */
#ifndef AGENT_TRANSPORT_H
#define AGENT_TRANSPORT_H

#include <stdbool.h>
#include <stdint.h>

struct transport {
	int fd; /* readable: look with transport_answer(); -1: closed */
	uint64_t handle; /* of iscsi_tcp */
	uint32_t port; /* our own address */
};

/* Numbers of the protocol (enum iscsi_param): seconds that error handling gives each step. */
enum transport_param {
	TRANSPORT_ABORT_TMO = 27,
	TRANSPORT_LU_RESET_TMO = 28,
	TRANSPORT_TGT_RESET_TMO = 35
};

/* 0 or -errno. */
int transport_open(struct transport *transport);
void transport_close(struct transport *transport);
/* Of a session that is logged in. 0 or -errno; -ENOTCONN: it is not. */
int transport_set(struct transport *transport, int sid, enum transport_param param, int value);
/* Asks the target for a sign of life (NOP-Out). 0 or -errno: the session is not logged in. */
int transport_ask(struct transport *transport, int sid);
/* The session whose target has answered somebody, or -EAGAIN: none so far. */
int transport_answer(struct transport *transport);
/*
 * Ends the session at once, without a word to the target: its disks go, and all that was asked of
 * them fails. 0 or -errno. May block: see child.h.
 */
int transport_end(struct transport *transport, int sid);
/* Somebody else listens who may log in again: iscsid, or what stands in for it. */
bool transport_is_served(const struct transport *transport);

#endif
