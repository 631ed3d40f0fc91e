/* SPDX-License-Identifier: GPL-2.0-only */
/* The digests of CHAP, by nettle. Numbers: IANA "PPP Authentication Algorithms". */
#ifndef AGENT_DIGEST_H
#define AGENT_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum { DIGEST_MD5 = 5, DIGEST_SHA1 = 6, DIGEST_SHA256 = 7, DIGEST_SHA3_256 = 8 };

struct digest_part {
	const void *bytes;
	size_t len;
};

/* Of the result in bytes; 0: there is no such digest. */
size_t digest_size(unsigned int algorithm);
/* Of the parts one after the other; nothing of them stays in memory. */
void digest(unsigned int algorithm, const struct digest_part *parts, size_t nr, uint8_t *result);

#endif
