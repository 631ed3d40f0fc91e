/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The digests of CHAP: by libcrypto in the agent, since libkmod has that in the image anyway where
 * modules may be signed; by nettle in the guard (guard/digest.c), which keeps no more in memory
 * than it needs. Numbers: IANA "PPP Authentication Algorithms".
 */
#ifndef AGENT_ISCSI_DIGEST_H
#define AGENT_ISCSI_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DIGEST_MD5 = 5, DIGEST_SHA1 = 6, DIGEST_SHA256 = 7, DIGEST_SHA3_256 = 8 };

struct digest_part {
	const void *bytes;
	size_t len;
};

/* Of the result in bytes; 0: there is no such digest, or this machine's rules forbid it (FIPS). */
size_t digest_size(unsigned int algorithm);
/*
 * Of the parts one after the other; nothing of them stays in memory. false: there is no memory, and
 * @result is not set.
 */
bool digest(unsigned int algorithm, const struct digest_part *parts, size_t nr, uint8_t *result);
/* Of @len bytes each, in a time that does not depend on what they are. */
bool digest_is_equal(const void *a, const void *b, size_t len);

#endif
