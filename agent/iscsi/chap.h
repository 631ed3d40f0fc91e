/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CHAP of iSCSI (RFC 7143 12.1.3 and 9.2.1, RFC 1994) as text keys, with MD5, SHA1, SHA-256 or
 * SHA3-256 (numbers: IANA "PPP Authentication Algorithms").
 */
#ifndef AGENT_ISCSI_CHAP_H
#define AGENT_ISCSI_CHAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* User name and secret: any bytes, not copied. */
struct chap_account {
	const char *user; /* NULL: none */
	size_t user_len;
	const uint8_t *secret;
	size_t secret_len;
};

struct chap_login {
	struct chap_account initiator; /* sent to the target */
	struct chap_account target; /* mutual CHAP: what the target must send; off without a user */
	/* node.session.auth.chap_algs: "SHA256,MD5", best first; NULL: all (see chap.c) */
	const char *algorithms;
};

#define CHAP_CHALLENGE_MAX 1024 /* RFC 7143 12.1.3 */
#define CHAP_DIGEST_MAX 32

/* CHAP keys of one response; NULL: not in the response. */
struct chap_keys {
	const char *a, *i, *c; /* CHAP_A (algorithm), CHAP_I (identifier), CHAP_C (challenge) */
	const char *n, *r; /* CHAP_N (name), CHAP_R (response) */
};

/* State of one login; private to chap.c, but for the flags. */
struct chap {
	unsigned int algorithm; /* 0: not chosen yet */
	uint8_t id, challenge[CHAP_DIGEST_MAX]; /* sent to the target, new for each login */
	size_t challenge_len;
	bool offered; /* CHAP_A was sent */
	bool challenged; /* the target sent a challenge: it took an algorithm */
	bool responded; /* CHAP_R was sent */
	bool verified; /* the target proved its secret */
	struct chap *next; /* next one with an outstanding challenge */
};

struct pdu;

/*
 * The next four functions, in the order of the protocol, return NULL, or a static text that
 * describes the error in the account (chap_check()) or in the target's keys. The text contains no
 * byte of either.
 */
/* Checks names, secrets and algorithms of @login. */
const char *chap_check(const struct chap_login *login);
/* Adds CHAP_A with the available algorithms to @out. */
const char *chap_offer(struct chap *chap, const struct chap_login *login, struct pdu *out);
/*
 * Reads CHAP_A, CHAP_I and CHAP_C and adds CHAP_N and CHAP_R to @out; for mutual CHAP also a
 * CHAP_I and CHAP_C of the initiator.
 */
const char *chap_respond(struct chap *chap, const struct chap_login *login,
			 const struct chap_keys *keys, struct pdu *out);
/* Verifies CHAP_N and CHAP_R of mutual CHAP. */
const char *chap_verify(struct chap *chap, const struct chap_login *login,
			const struct chap_keys *keys);
/*
 * Makes @login offer MD5 alone. Returns false if it does so already, or if MD5 is not one of its
 * algorithms.
 */
bool chap_reduce(struct chap_login *login);
/*
 * Returns the list for another login to a target that chose the algorithm @number: its name, and
 * MD5 behind it. NULL: the number is unknown.
 */
const char *chap_list_from(int number);
/*
 * Makes challenges recognizable for all processes that use the same @key, at most 64 bytes that
 * targets do not know: a challenge of one that a target sends to another is refused as a
 * reflection.
 */
void chap_mark_challenges(const char *key);
/* The error of chap_respond() if the kernel has no random numbers yet: try again later. */
extern const char *const chap_no_random;
/* Wipes @chap, which may be zeroed. @chap must not move between chap_respond() and this call. */
void chap_free(struct chap *chap);

/* Returns true if the target has to prove a secret too. */
static inline bool chap_is_mutual(const struct chap_login *login)
{
	return login->target.user;
}

#endif
