/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Netlink of scsi_transport_iscsi (include/scsi/iscsi_if.h): creates sessions and binds connections
 * (TCP only), pings targets, and destroys sessions. A session has one connection, as always in
 * Linux. Needs CAP_SYS_ADMIN and the initial network namespace. Requests are synchronous.
 */
#ifndef AGENT_SESSION_ISCSI_NETLINK_H
#define AGENT_SESSION_ISCSI_NETLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iscsi/pdu.h"

struct iscsi_nl {
	int fd; /* events: iscsi_nl_recv_event() or iscsi_nl_recv_nop_in(); -1: closed */
	int requests; /* requests and their responses, without events between them */
	uint64_t handle; /* transport that requests go to */
	uint32_t port; /* netlink address of fd */
};

/* enum iscsi_param of the kernel. Times are in seconds, switches 0 or 1. */
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
	/* Time limits of the steps of error handling. */
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
	/* Parameters of the SCSI host (enum iscsi_host_param). */
	ISCSI_HOST_PARAM = 0x100,
	ISCSI_HOST_PARAM_HWADDRESS = ISCSI_HOST_PARAM | 0,
	ISCSI_HOST_PARAM_NETDEV_NAME = ISCSI_HOST_PARAM | 2,
};

/* Value for a parameter; not copied. */
struct iscsi_nl_value {
	enum iscsi_nl_param param;
	const char *text;
	size_t len;
};

/* A session, and the SCSI host that the kernel creates for it. */
struct iscsi_nl_session {
	int sid;
	int host;
};

struct iscsi_nl_event {
	enum iscsi_nl_event_type {
		ISCSI_NL_OTHER,
		ISCSI_NL_LOST, /* events were lost: the caller must read sysfs instead */
		ISCSI_NL_CREATED,
		ISCSI_NL_DESTROYED,
		ISCSI_NL_CONN_ERROR, /* @error; one failure gives several of these, some late */
		ISCSI_NL_PDU, /* @pdu, which the kernel did not handle itself */
	} type;
	int sid; /* -1 with ISCSI_NL_LOST */
	int error; /* enum iscsi_err, 1001 to 1022 */
	struct pdu pdu;
};

/*
 * Opens the sockets and selects the transport of session @sid. If the sockets cannot be opened,
 * returns -errno, and @nl is closed. Otherwise returns the result of iscsi_nl_select_transport(),
 * and @nl is open. The address of the first socket of a process is the process id; the kernel shows
 * it as attribute "creator" of the sessions that this socket creates (stale_sessions.c).
 */
int iscsi_nl_open(struct iscsi_nl *nl, int sid);
/*
 * Selects the transport for the next requests: that of session @sid, or tcp if @sid is -1. Returns
 * 0, or -ENOENT if the transport is not loaded.
 */
int iscsi_nl_select_transport(struct iscsi_nl *nl, int sid);
/* Closes the sockets, if they are open. */
void iscsi_nl_close(struct iscsi_nl *nl);

/*
 * Creates a session with an unbound connection. @cmd_sn: number of the first command (Login
 * Requests are immediate and use no number). @cmds_max: a power of two, at least 4 (libiscsi.h).
 * Returns 0, or -errno and no session exists; -ENOMEM also if the kernel has no crc32c.
 */
int iscsi_nl_create_session(struct iscsi_nl *nl, uint32_t cmd_sn, uint16_t cmds_max,
			    uint16_t queue_depth, struct iscsi_nl_session *session);
/*
 * Gives the TCP socket @fd to the connection; the caller may close @fd afterwards. Call it after
 * iscsi_nl_create_session() or iscsi_nl_stop_conn(). Returns 0 or -errno.
 */
int iscsi_nl_bind_conn(struct iscsi_nl *nl, int sid, int fd);
/*
 * Sets @nr values. All but ISCSI_PARAM_SESS_RECOVERY_TMO and those of the host need a bound socket.
 * Returns 0, or the first -errno with its parameter in @failed; the other values are set.
 */
int iscsi_nl_set_values(struct iscsi_nl *nl, const struct iscsi_nl_session *session,
			const struct iscsi_nl_value *values, unsigned int nr,
			enum iscsi_nl_param *failed);
/* Sets a number of the session. Returns 0 or -errno; -ENOTCONN: no socket is bound. */
int iscsi_nl_set_param(struct iscsi_nl *nl, int sid, enum iscsi_nl_param param, int value);
/*
 * Starts the connection after the login; the kernel then sends commands. Call it only after a
 * successful iscsi_nl_bind_conn(), which the kernel does not check. Returns 0 or -errno.
 */
int iscsi_nl_start_conn(struct iscsi_nl *nl, int sid);
/*
 * Removes the socket from the connection; outstanding commands wait for the next socket. Call it
 * before each iscsi_nl_bind_conn() except the first, and after each failed one. Returns 0 or
 * -errno.
 */
int iscsi_nl_stop_conn(struct iscsi_nl *nl, int sid);
/*
 * Sends a Login Request: the kernel fills in CmdSN and the task tag. Only one may be outstanding;
 * the response is an event. Returns 0 or -errno.
 */
int iscsi_nl_send_pdu(struct iscsi_nl *nl, int sid, const struct pdu *pdu);
/* Receives the next event of any session of this machine. Returns 0, or -EAGAIN: none. */
int iscsi_nl_recv_event(struct iscsi_nl *nl, struct iscsi_nl_event *event);

/* Sends a NOP-Out ping (RFC 7143 11.18). Returns 0, or -errno if the session is not logged in. */
int iscsi_nl_send_nop_out(struct iscsi_nl *nl, int sid);
/*
 * Returns the session whose target sent the next NOP-In, to this process or to another one;
 * -EAGAIN: none.
 */
int iscsi_nl_recv_nop_in(struct iscsi_nl *nl);
/*
 * Destroys the session at once, without a logout: its disks are removed, and their outstanding I/O
 * fails. Returns 0 or -errno. May block if it has disks: run it in a task (base/task.h).
 */
int iscsi_nl_destroy_session(struct iscsi_nl *nl, int sid);
/*
 * Returns the number of other sockets that receive the events. Their owner, such as iscsid or the
 * guard, may log in again. @own: address of the caller's socket, which is not counted. Stores the
 * inodes of the first @max sockets in @inodes.
 */
unsigned int iscsi_nl_listeners(uint32_t own, unsigned long *inodes, unsigned int max);

#endif
