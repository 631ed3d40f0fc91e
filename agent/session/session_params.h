/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parameters of a session as open-iscsi 2.1.8 sets them (usr/initiator_common.c), so that iscsid
 * can adopt it: iscsid reads names, portal, iface and credentials from the kernel to log in again.
 */
#ifndef AGENT_SESSION_SESSION_PARAMS_H
#define AGENT_SESSION_SESSION_PARAMS_H

#include "iscsi/login_phase.h"
#include "session/iscsi_netlink.h"

/*
 * Makes the ISID that open-iscsi gives session @sid (usr/initiator.c): a login of iscsid then
 * replaces the session at the target instead of adding one.
 */
void session_isid(uint8_t isid[6], int sid);

/*
 * Marks the CHAP challenges of this process as those of this boot (chap_mark_challenges()), by the
 * kernel's boot_id, which never leaves the machine.
 */
void session_mark_challenges(void);

/* Parameters of one session. NULL: not set. Times are in seconds. Nothing is copied. */
struct session_params {
	const char *initiator_name;
	const char *target_name;
	/* Configured address without brackets, also after a temporary redirection. */
	const char *portal;
	unsigned int port;
	/* Name of open-iscsi's iface record: "default", or SESSION_IFACE. */
	const char *iface;
	/* the NIC of that iface: only one of them is set, or none */
	const char *netdev, *hwaddress;
	const struct chap_login *chap; /* NULL: none */
	int recovery_tmo; /* -1: no limit */
	/* if only one is 0, the kernel uses 5 for it: set both or none */
	int noop_interval, noop_timeout;
	int abort_tmo, lu_reset_tmo, tgt_reset_tmo;
	bool fast_abort;
	/* For a session from the firmware table: "ibft", "ethernet0", "target0". */
	const char *boot_root, *boot_nic, *boot_target;
};

/* Defaults of open-iscsi (etc/iscsid.conf: err_timeo.*, FastAbort), but without NOP-Outs. */
extern const struct session_params session_params_defaults;

/* Values for iscsi_nl_set_values(). */
struct session_values {
	struct iscsi_nl_value list[40];
	unsigned int nr;
	char texts[40][12]; /* numbers in @list */
};

/* Adds names and timers to @values, which is zeroed first and then points into the arguments. */
void session_values_add(struct session_values *values, const struct session_params *params);
/* Adds to @values the negotiated values, which iscsi_nl_start_conn() requires. */
void session_values_add_login(struct session_values *values, const struct login_phase *x);

#endif
