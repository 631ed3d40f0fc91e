/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Digests for CHAP. digest_openssl.c uses libcrypto for the agent: libkmod needs it in the image
 * anyway, to check signed modules. digest_nettle.c uses nettle for the guard, which keeps all of
 * its code in memory. Numbers: IANA "PPP Authentication Algorithms".
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

/* Returns the size in bytes, or 0 if the algorithm is unknown or not allowed here (FIPS). */
size_t digest_size(unsigned int algorithm);
/*
 * Stores in @result the digest of the @nr parts in sequence, and wipes its working memory. Returns
 * false without memory; @result is then unset.
 */
bool digest(unsigned int algorithm, const struct digest_part *parts, size_t nr, uint8_t *result);
/* Compares @len bytes in a time that does not depend on their values. */
bool digest_is_equal(const void *a, const void *b, size_t len);

#endif
