/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What open-iscsi 2.1.8 puts on a session (usr/initiator_common.c), so that iscsid can adopt ours:
 * it reads names, portal, iface and credentials back from the kernel, and logs in by them again.
 */
#ifndef AGENT_SESSION_SESSION_PARAMS_H
#define AGENT_SESSION_SESSION_PARAMS_H

#include "iscsi/login_phase.h"
#include "session/iscsi_netlink.h"

/*
 * The ISID that open-iscsi gives session @sid (usr/initiator.c): so its iscsid takes the place of
 * our session at the target, and does not stand beside it.
 */
void session_isid(uint8_t isid[6], int sid);

/* Texts end with a NUL; NULL: not set. Times are in seconds. Nothing is copied. */
struct session_params {
	const char *initiator_name;
	const char *target_name;
	/* Where the target was asked for, also if it sent us elsewhere for now. No brackets. */
	const char *portal;
	unsigned int port;
	/* What open-iscsi calls the way to the portal: "default", or SESSION_IFACE. */
	const char *iface;
	const char *netdev, *hwaddress; /* of its NIC; one of them, or none */
	const struct chap_login *chap; /* NULL: none */
	int recovery_tmo; /* -1: for ever */
	int noop_interval, noop_timeout; /* both 0, or none: the kernel makes 5 of a lone 0 */
	int abort_tmo, lu_reset_tmo, tgt_reset_tmo;
	bool fast_abort;
	/* Of a session that firmware asked for: "ibft", "ethernet0", "target0". */
	const char *boot_root, *boot_nic, *boot_target;
};

/* etc/iscsid.conf of open-iscsi: err_timeo.*, FastAbort; no NOP-Outs, iface "default". */
extern const struct session_params session_params_defaults;

/* Values for transport_set_values(), and room for the texts of numbers. */
struct session_values {
	struct iscsi_nl_value list[40];
	unsigned int nr;
	char texts[40][12]; /* of numbers */
};

/*
 * Add to @values, which begins as zero, and points into what they are given: the names and timers;
 * what came of the login, which a connection needs before transport_start().
 */
void session_values_add(struct session_values *values, const struct session_params *params);
void session_values_add_login(struct session_values *values, const struct login_phase *x);

#endif
