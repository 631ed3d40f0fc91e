/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's iSCSI transports by netlink (include/scsi/iscsi_if.h): to make a session, to hand it
 * a connection, both of TCP alone, to see whether a target answers, and to end a session where
 * sysfs refuses to. Of sessions of one connection, as Linux has them. Needs CAP_SYS_ADMIN and the
 * first network namespace. A request is carried out before its function returns.
 */
#ifndef AGENT_SESSION_ISCSI_NETLINK_H
#define AGENT_SESSION_ISCSI_NETLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iscsi/pdu.h"

struct iscsi_nl {
	int fd; /* readable: look with transport_event(), or transport_answer(); -1: closed */
	int requests; /* and what the kernel says to them: no event stands between */
	uint64_t handle; /* of the transport that requests go to */
	uint32_t port; /* our own address, of fd */
};

/* Numbers of the protocol (enum iscsi_param). Times are in seconds, switches 0 or 1. */
enum iscsi_nl_param {
	ISCSI_PARAM_MAX_RECV_DLENGTH = 0,
	ISCSI_PARAM_MAX_XMIT_DLENGTH = 1,
	ISCSI_PARAM_HDRDGST_EN = 2,
	ISCSI_PARAM_DATADGST_EN = 3,
	ISCSI_PARAM_INITIAL_R2T_EN = 4,
	ISCSI_PARAM_MAX_R2T = 5,
	ISCSI_PARAM_IMM_DATA_EN = 6,
	ISCSI_PARAM_FIRST_BURST = 7,
	ISCSI_PARAM_MAX_BURST = 8,
	ISCSI_PARAM_PDU_INORDER_EN = 9,
	ISCSI_PARAM_DATASEQ_INORDER_EN = 10,
	ISCSI_PARAM_ERL = 11,
	ISCSI_PARAM_EXP_STATSN = 14,
	ISCSI_PARAM_TARGET_NAME = 15,
	ISCSI_PARAM_TPGT = 16,
	ISCSI_PARAM_PERSISTENT_ADDRESS = 17,
	ISCSI_PARAM_PERSISTENT_PORT = 18,
	ISCSI_PARAM_SESS_RECOVERY_TMO = 19,
	ISCSI_PARAM_USERNAME = 22,
	ISCSI_PARAM_USERNAME_IN = 23,
	ISCSI_PARAM_PASSWORD = 24,
	ISCSI_PARAM_PASSWORD_IN = 25,
	ISCSI_PARAM_FAST_ABORT = 26,
	/* What error handling gives each step. */
	ISCSI_PARAM_ABORT_TMO = 27,
	ISCSI_PARAM_LU_RESET_TMO = 28,
	ISCSI_PARAM_PING_TMO = 30,
	ISCSI_PARAM_RECV_TMO = 31,
	ISCSI_PARAM_IFACE_NAME = 32,
	ISCSI_PARAM_INITIATOR_NAME = 34,
	ISCSI_PARAM_TGT_RESET_TMO = 35,
	ISCSI_PARAM_BOOT_ROOT = 39,
	ISCSI_PARAM_BOOT_NIC = 40,
	ISCSI_PARAM_BOOT_TARGET = 41,
	/* Of the SCSI host (enum iscsi_host_param). */
	ISCSI_HOST_PARAM = 0x100,
	ISCSI_HOST_PARAM_HWADDRESS = ISCSI_HOST_PARAM | 0,
	ISCSI_HOST_PARAM_NETDEV_NAME = ISCSI_HOST_PARAM | 2,
};

/* What a parameter is to be; nothing is copied. */
struct iscsi_nl_value {
	enum iscsi_nl_param param;
	const char *text;
	size_t len;
};

/* A session, and the SCSI host that the kernel makes for each. */
struct iscsi_nl_session {
	int sid;
	int host;
};

struct iscsi_nl_event {
	enum iscsi_nl_event_type {
		ISCSI_NL_OTHER, /* nothing of these */
		ISCSI_NL_LOST, /* events were lost: sysfs knows how things are */
		ISCSI_NL_CREATED,
		ISCSI_NL_DESTROYED,
		ISCSI_NL_CONN_ERROR, /* @error; comes several times for one failure, and late */
		ISCSI_NL_PDU, /* @pdu: not one of the kernel's own */
	} type;
	int sid; /* -1: LOST */
	int error; /* enum iscsi_err, 1001 to 1022 */
	struct pdu pdu;
};

/*
 * As transport_choose() says 0 or -ENOENT, and is open then; or another -errno. The first of a
 * process has its process id as address, and what it makes has that as its creator (sweep.c).
 */
int iscsi_nl_open(struct iscsi_nl *transport, int sid);
/*
 * The requests that follow are for that session, or -1: to make one, by TCP. 0 or -ENOENT: the
 * transport that it goes by is not there.
 */
int iscsi_nl_select_transport(struct iscsi_nl *transport, int sid);
void iscsi_nl_close(struct iscsi_nl *transport);

/*
 * Makes a session with a connection that is bound to nothing. The first command has the number
 * @cmd_sn; a login is immediate, and takes none. @cmds_max is a power of two from 4 (libiscsi.h).
 * 0 or -errno, and then there is none; -ENOMEM too where crc32c is missing.
 */
int iscsi_nl_create_session(struct iscsi_nl *transport, uint32_t cmd_sn, uint16_t cmds_max,
			    uint16_t queue_depth, struct iscsi_nl_session *session);
/*
 * Hands it the TCP socket @fd, which may be closed here then. After transport_create() or
 * transport_stop(). 0 or -errno.
 */
int iscsi_nl_bind_conn(struct iscsi_nl *transport, int sid, int fd);
/*
 * All of @values at once. Needs a socket bound, but for ISCSI_PARAM_SESS_RECOVERY_TMO and a host's. 0
 * or the first -errno, and then @failed is what was refused; the rest is set.
 */
int iscsi_nl_set_values(struct iscsi_nl *transport, const struct iscsi_nl_session *session,
			const struct iscsi_nl_value *values, unsigned int nr,
			enum iscsi_nl_param *failed);
/* One of a session. 0 or -errno; -ENOTCONN: no socket is bound. */
int iscsi_nl_set_param(struct iscsi_nl *transport, int sid, enum iscsi_nl_param param, int value);
/* Logged in: commands may go. Only after transport_bind() said 0: it does not look. 0 or -errno. */
int iscsi_nl_start_conn(struct iscsi_nl *transport, int sid);
/*
 * Takes the socket away; what is under way waits for the next one. Before each transport_bind() but
 * the first, and after each that failed. 0 or -errno.
 */
int iscsi_nl_stop_conn(struct iscsi_nl *transport, int sid);
/*
 * Sends @pdu, a login request: the kernel fills in CmdSN and the task tag. Only one at a time; the
 * answer comes as an event. 0 or -errno.
 */
int iscsi_nl_send_pdu(struct iscsi_nl *transport, int sid, const struct pdu *pdu);
/* The next event of any session of this machine. 0, or -EAGAIN: none so far. */
int iscsi_nl_recv_event(struct iscsi_nl *transport, struct iscsi_nl_event *event);

/* Asks the target for a sign of life (NOP-Out). 0 or -errno: the session is not logged in. */
int iscsi_nl_send_nop_out(struct iscsi_nl *transport, int sid);
/* The session whose target has answered somebody, or -EAGAIN: none so far. */
int iscsi_nl_recv_nop_in(struct iscsi_nl *transport);
/*
 * Ends the session at once, without a word to the target: its disks go, and all that was asked of
 * them fails. 0 or -errno. May block where it has disks: see child.h.
 */
int iscsi_nl_destroy_session(struct iscsi_nl *transport, int sid);
/*
 * Who else listens and may log in again: iscsid, or what stands in for it. The number of sockets
 * but that with the address @own; the inodes of the first @max.
 */
unsigned int iscsi_nl_listeners(uint32_t own, unsigned long *inodes, unsigned int max);

#endif
