/* SPDX-License-Identifier: GPL-2.0-only */
/* Operational keys of a login (RFC 7143 13) in one table. */
#ifndef AGENT_ISCSI_LOGIN_KEYS_H
#define AGENT_ISCSI_LOGIN_KEYS_H

#include "iscsi/login_state.h"

/* "KEY=VALUE" of the target, as two strings. */
struct login_key_pair {
	const char *key, *value;
};

enum login_key_result {
	LOGIN_KEY_TAKEN,
	LOGIN_KEY_UNKNOWN, /* not an operational key */
	LOGIN_KEY_REFUSED, /* login_phase_refuse() was called */
};

/* Values of HeaderDigest and DataDigest as text. */
extern const char *const digest_offers[NR_DIGEST_OFFERS];
/* The offer of open-iscsi 2.1.8 (etc/iscsid.conf), and CRC32C for targets that require it. */
extern const struct login_phase_params login_phase_defaults;

/* Adds the offered keys to @x->out. Returns false if they do not fit. */
bool login_keys_offer(struct login_phase *x);
/* Processes the target's response to an offer, or its declaration. */
enum login_key_result login_keys_receive(struct login_phase *x, const struct login_key_pair *pair);
/*
 * Ends the negotiation: sets the default of each key that has no response. Returns false after
 * login_phase_refuse().
 */
bool login_keys_finish(struct login_phase *x);

#endif
