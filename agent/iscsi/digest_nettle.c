// SPDX-License-Identifier: GPL-2.0-only
/* Computes digests with nettle, for the guard. */
#include "iscsi/digest.h"

#include <nettle/md5.h>
#include <nettle/memops.h>
#include <nettle/nettle-meta.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <nettle/sha3.h>
#include <string.h>

static const struct nettle_hash *hash_of(unsigned int algorithm)
{
	switch (algorithm) {
	case DIGEST_MD5:
		return &nettle_md5;
	case DIGEST_SHA1:
		return &nettle_sha1;
	case DIGEST_SHA256:
		return &nettle_sha256;
	case DIGEST_SHA3_256:
		return &nettle_sha3_256;
	default:
		return NULL;
	}
}

size_t digest_size(unsigned int algorithm)
{
	const struct nettle_hash *hash = hash_of(algorithm);

	return hash ? hash->digest_size : 0;
}

bool digest(unsigned int algorithm, const struct digest_part *parts, size_t nr, uint8_t *result)
{
	const struct nettle_hash *hash = hash_of(algorithm);
	union {
		struct md5_ctx md5;
		struct sha1_ctx sha1;
		struct sha256_ctx sha256;
		struct sha3_256_ctx sha3_256;
	} state;
	size_t i;

	if (!hash)
		return false;
	hash->init(&state);
	for (i = 0; i < nr; i++)
		hash->update(&state, parts[i].len, parts[i].bytes);
	hash->digest(&state, hash->digest_size, result);
	explicit_bzero(&state, sizeof(state));
	return true;
}

bool digest_is_equal(const void *a, const void *b, size_t len)
{
	return memeql_sec(a, b, len);
}
