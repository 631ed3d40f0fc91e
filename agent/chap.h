/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CHAP of iSCSI (RFC 7143 12.1.3 and 9.2.1, RFC 1994), as texts: MD5, and where both sides have
 * it SHA1, SHA-256 or SHA3-256 (numbers: IANA "PPP Authentication Algorithms"). Digests are
 * nettle's.
 */
#ifndef AGENT_CHAP_H
#define AGENT_CHAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Any bytes; nothing is copied. */
struct chap_account {
	const char *user; /* NULL: none */
	size_t user_len;
	const uint8_t *secret;
	size_t secret_len;
};

struct chap_login {
	struct chap_account ours; /* that the target knows us by */
	struct chap_account theirs; /* that the target has to prove: mutual CHAP; or none */
	/* node.session.auth.chap_algs, "SHA3-256,SHA256,SHA1,MD5"; NULL: that. Best first. */
	const char *algorithms;
};

#define CHAP_CHALLENGE_MAX 1024 /* RFC 7143 12.1.3 */
#define CHAP_DIGEST_MAX 32

/* State of one exchange; private to chap.c. */
struct chap {
	unsigned int algorithm; /* 0: not chosen yet */
	uint8_t id, challenge[CHAP_DIGEST_MAX]; /* that we give the target: fresh for each */
	size_t challenge_len;
	bool asked, answered, proven;
};

#endif
