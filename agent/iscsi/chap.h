/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CHAP of iSCSI (RFC 7143 12.1.3 and 9.2.1, RFC 1994), as texts: MD5, and where both sides have
 * it SHA1, SHA-256 or SHA3-256 (numbers: IANA "PPP Authentication Algorithms").
 */
#ifndef AGENT_ISCSI_CHAP_H
#define AGENT_ISCSI_CHAP_H

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
	struct chap_account recorded_disks; /* that the target knows us by */
	struct chap_account theirs; /* that the target has to prove: mutual CHAP; or none */
	/* node.session.auth.chap_algs, "SHA256,MD5", best first; NULL: all (see chap.c) */
	const char *algorithms;
};

#define CHAP_CHALLENGE_MAX 1024 /* RFC 7143 12.1.3 */
#define CHAP_DIGEST_MAX 32

/* What an answer says of CHAP; NULL: nothing. */
struct chap_words {
	const char *algorithm, *id, *challenge; /* CHAP_A, CHAP_I, CHAP_C */
	const char *name, *response; /* CHAP_N, CHAP_R */
};

/* State of one exchange; private to chap.c. */
struct chap {
	unsigned int algorithm; /* 0: not chosen yet */
	uint8_t id, challenge[CHAP_DIGEST_MAX]; /* that we give the target: fresh for each */
	size_t challenge_len;
	bool asked, answered, proven;
	struct chap *next; /* of those whose challenge is outstanding */
};

struct pdu;

/*
 * Each gives NULL, or in words what is wrong with the account (chap_check) or with what the target
 * says; the words hold nothing of either. In the order of the protocol:
 */
const char *chap_check(const struct chap_login *login);
/* Adds CHAP_A to @out. */
const char *chap_ask(struct chap *chap, const struct chap_login *login, struct pdu *out);
/* Takes CHAP_A, _I, _C and adds CHAP_N, CHAP_R, and for mutual CHAP our own CHAP_I, CHAP_C. */
const char *chap_answer(struct chap *chap, const struct chap_login *login,
			const struct chap_words *words, struct pdu *out);
/* Takes CHAP_N, CHAP_R of mutual CHAP. */
const char *chap_prove(struct chap *chap, const struct chap_login *login,
		       const struct chap_words *words);
/* Forgets and wipes; @chap must not move before. Of a zeroed one, too. */
void chap_end(struct chap *chap);

static inline bool chap_is_mutual(const struct chap_login *login)
{
	return login->theirs.user;
}

#endif
