/* SPDX-License-Identifier: GPL-2.0-only */
/* The target's side of a login: makes responses and reads requests. */
#ifndef TESTS_UNIT_TALK_H
#define TESTS_UNIT_TALK_H

#include "iscsi/digest.h"
#include "iscsi/login_phase.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TALK_ISID { 0x80, 1, 2, 3, 4, 5 }

/* Flags of a response: T bit with current and next stage; C bit. */
enum {
	TALK_STAY_SECURITY = 0x00,
	TALK_TO_OPERATIONAL = 0x81,
	TALK_STAY_OPERATIONAL = 0x04,
	TALK_TO_FULL = 0x87,
	TALK_GOES_ON = 0x40,
};

/* Makes a response with the bytes @text. */
static inline void talk_bytes(struct pdu *in, unsigned int flags, const char *text, size_t len)
{
	static const uint8_t isid[6] = TALK_ISID;

	memset(in, 0, sizeof(*in));
	in->header[0] = PDU_LOGIN_RESPONSE;
	in->header[1] = (uint8_t)flags;
	in->header[6] = (uint8_t)(len >> 8);
	in->header[7] = (uint8_t)len;
	memcpy(in->header + 8, isid, sizeof(isid));
	in->header[19] = 1;
	memcpy(in->data, text, len);
}

/* Makes a response from a text in which '|' stands for NUL. */
static inline void talk_text(struct pdu *in, unsigned int flags, const char *text)
{
	size_t len = strlen(text), i;

	talk_bytes(in, flags, text, len);
	for (i = 0; i < len; i++)
		if (in->data[i] == '|')
			in->data[i] = '\0';
}

/* Returns the value of @key in a request; NULL: none. */
static inline const char *talk_asked(const struct pdu *out, const char *key)
{
	const char *at = (const char *)out->data, *end = at + pdu_data_len(out);

	for (; at < end; at += strlen(at) + 1)
		if (!strncmp(at, key, strlen(key)) && at[strlen(key)] == '=')
			return at + strlen(key) + 1;
	return NULL;
}

/* Decodes "0x..." as the initiator writes it. */
static inline size_t talk_hex(const char *text, uint8_t *bytes)
{
	unsigned int b;
	size_t n = 0;

	for (text += 2; text && sscanf(text, "%2x", &b) == 1; text += 2)
		bytes[n++] = (uint8_t)b;
	return n;
}

/* Makes "CHAP_N=NAME|CHAP_R=0x...|", the response of mutual CHAP with @secret. */
static inline void talk_prove(const struct pdu *out, unsigned int algorithm, const char *name,
			      const char *secret, char *text)
{
	uint8_t id = (uint8_t)atoi(talk_asked(out, "CHAP_I")), challenge[64], result[32];
	const struct digest_part parts[] = {
		{ &id, 1 },
		{ secret, strlen(secret) },
		{ challenge, talk_hex(talk_asked(out, "CHAP_C"), challenge) },
	};
	size_t i;

	digest(algorithm, parts, 3, result);
	text += sprintf(text, "CHAP_N=%s|CHAP_R=0x", name);
	for (i = 0; i < digest_size(algorithm); i++)
		text += sprintf(text, "%02x", result[i]);
	strcpy(text, "|");
}

#endif
