// SPDX-License-Identifier: GPL-2.0-only
/* Computes digests with libcrypto, for the agent. */
#include "iscsi/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

static const EVP_MD *md_of(unsigned int algorithm)
{
	switch (algorithm) {
	case DIGEST_MD5:
		return EVP_md5();
	case DIGEST_SHA1:
		return EVP_sha1();
	case DIGEST_SHA256:
		return EVP_sha256();
	case DIGEST_SHA3_256:
		return EVP_sha3_256();
	default:
		return NULL;
	}
}

/* Returns a started digest; NULL without memory, or if the library does not allow it. */
static EVP_MD_CTX *digest_start(unsigned int algorithm)
{
	const EVP_MD *md = md_of(algorithm);
	EVP_MD_CTX *state;

	/* The image has no openssl.cnf, and none is needed. */
	if (!md || !OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL))
		return NULL;
	state = EVP_MD_CTX_new();
	if (state && EVP_DigestInit_ex(state, md, NULL))
		return state;
	EVP_MD_CTX_free(state);
	return NULL;
}

size_t digest_size(unsigned int algorithm)
{
	EVP_MD_CTX *state = digest_start(algorithm);
	size_t size = state ? (size_t)EVP_MD_size(md_of(algorithm)) : 0;

	EVP_MD_CTX_free(state);
	return size;
}

bool digest(unsigned int algorithm, const struct digest_part *parts, size_t nr, uint8_t *result)
{
	EVP_MD_CTX *state = digest_start(algorithm);
	bool done = state;
	size_t i;

	for (i = 0; i < nr && done; i++)
		done = EVP_DigestUpdate(state, parts[i].bytes, parts[i].len);
	done = done && EVP_DigestFinal_ex(state, result, NULL);
	EVP_MD_CTX_free(state); /* wipes it */
	return done;
}

bool digest_is_equal(const void *a, const void *b, size_t len)
{
	return !CRYPTO_memcmp(a, b, len);
}
