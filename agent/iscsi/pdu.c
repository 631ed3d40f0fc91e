// SPDX-License-Identifier: GPL-2.0-only
#include "iscsi/pdu.h"

#include <string.h>

#include "kmod/core/portable.h"

#define IMMEDIATE 0x40
#define FINAL 0x80
#define GOES_ON 0x40
#define TASK_TAG 1 /* there is one request at a time */

static void put32(uint8_t *at, uint32_t v)
{
	at[0] = (uint8_t)(v >> 24);
	at[1] = (uint8_t)(v >> 16);
	at[2] = (uint8_t)(v >> 8);
	at[3] = (uint8_t)v;
}

static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static size_t data_len(const uint8_t *header)
{
	return (size_t)header[5] << 16 | (size_t)header[6] << 8 | header[7];
}

static size_t padded(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

size_t pdu_size(const uint8_t *header)
{
	size_t len = data_len(header);

	return header[4] || len > PDU_DATA_MAX ? 0 : PDU_HEADER + padded(len);
}

size_t pdu_data_len(const struct pdu *pdu)
{
	return data_len(pdu->header);
}

bool pdu_add_text(struct pdu *pdu, const char *key, const char *value)
{
	size_t at = pdu_data_len(pdu), k = strlen(key), v = strlen(value), len = at + k + v + 2;

	if (len > PDU_DATA_MAX)
		return false;
	memcpy(pdu->data + at, key, k);
	pdu->data[at + k] = '=';
	memcpy(pdu->data + at + k + 1, value, v + 1);
	pdu->header[6] = (uint8_t)(len >> 8);
	pdu->header[7] = (uint8_t)len;
	return true;
}

static void begin(struct pdu *pdu, uint8_t opcode, uint8_t flags, const struct pdu_numbers *n)
{
	memset(pdu, 0, sizeof(*pdu));
	pdu->header[0] = opcode | IMMEDIATE;
	pdu->header[1] = flags;
	put32(pdu->header + 16, TASK_TAG);
	put32(pdu->header + 24, n->cmd_sn);
	put32(pdu->header + 28, n->exp_stat_sn);
}

void pdu_login_request(struct pdu *pdu, const struct pdu_numbers *n, unsigned int from,
		       unsigned int to)
{
	begin(pdu, PDU_LOGIN_REQUEST, (uint8_t)(from << 2), n);
	memcpy(pdu->header + 8, n->isid, sizeof(n->isid));
	if (to != from)
		pdu_login_leave(pdu, to);
}

void pdu_login_leave(struct pdu *pdu, unsigned int to)
{
	pdu->header[1] |= (uint8_t)(FINAL | to);
}

void pdu_text_request(struct pdu *pdu, const struct pdu_numbers *n, uint32_t tag)
{
	begin(pdu, PDU_TEXT_REQUEST, FINAL, n);
	put32(pdu->header + 20, tag);
}

uint8_t pdu_opcode(const struct pdu *pdu)
{
	return pdu->header[0] & 0x3f;
}

bool pdu_is_ours(const struct pdu *pdu)
{
	return get32(pdu->header + 16) == TASK_TAG;
}

bool pdu_has_continue(const struct pdu *pdu)
{
	return pdu->header[1] & GOES_ON;
}

unsigned int pdu_stage(const struct pdu *pdu)
{
	return pdu->header[1] >> 2 & 3;
}

unsigned int pdu_next_stage(const struct pdu *pdu)
{
	return pdu->header[1] & 3;
}

uint32_t pdu_stat_sn(const struct pdu *pdu)
{
	return get32(pdu->header + 24);
}

uint32_t pdu_transfer_tag(const struct pdu *pdu)
{
	return get32(pdu->header + 20);
}

bool pdu_has_final(const struct pdu *pdu)
{
	return pdu->header[1] & FINAL;
}

#define MOVED                                               \
	{                                                   \
		STATUS_REFUSED, NEXT_NONE, FAILURE_REDIRECT \
	}
#define AUTH                                         \
	{                                            \
		STATUS_AUTH, NEXT_NONE, FAILURE_AUTH \
	}
#define DENIED                                            \
	{                                                 \
		STATUS_REFUSED, NEXT_NONE, FAILURE_DENIED \
	}
#define UNKNOWN                                             \
	{                                                   \
		STATUS_NO_TARGET, NEXT_NONE, FAILURE_TARGET \
	}
#define BUSY                                           \
	{                                              \
		STATUS_REFUSED, NEXT_TRY, FAILURE_BUSY \
	}

/* The first that fits counts; detail -1: any. */
static const struct {
	int16_t class, detail;
	struct verdict verdict;
	const char *words;
} refusals[] = {
	{ 0, -1, { STATUS_OK, NEXT_NONE, FAILURE_OTHER }, "success" },
	{ 1, 1, MOVED, "the target has moved for a time (01/01)" },
	{ 1, 2, MOVED, "the target has moved for good (01/02)" },
	{ 1, -1, MOVED, "the target has moved (01)" },
	{ 2, 1, AUTH, "authentication failed (02/01)" },
	{ 2, 2, DENIED, "not authorized (02/02)" },
	{ 2, 3, UNKNOWN, "target not found (02/03)" },
	{ 2, 4, UNKNOWN, "target removed (02/04)" },
	{ 2, 5, DENIED, "unsupported version (02/05)" },
	{ 2, 6, BUSY, "too many connections (02/06)" },
	{ 2, 7, DENIED, "a parameter is missing (02/07)" },
	{ 2, 8, DENIED, "the session takes no such connection (02/08)" },
	{ 2, 9, DENIED, "no such session type (02/09)" },
	{ 2, 10, DENIED, "there is no such session (02/0a)" },
	{ 2, 11, DENIED, "not a request that it takes now (02/0b)" },
	{ 2, -1, DENIED, "initiator error (02)" },
	{ 3, 1, BUSY, "service unavailable (03/01)" },
	{ 3, 2, BUSY, "out of resources (03/02)" },
	{ 3, -1, BUSY, "target error (03)" },
};

struct verdict pdu_login_verdict(const struct pdu *pdu, const char **words)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(refusals); i++) {
		if (refusals[i].class != pdu->header[36] ||
		    (refusals[i].detail >= 0 && refusals[i].detail != pdu->header[37]))
			continue;
		*words = refusals[i].words;
		return refusals[i].verdict;
	}
	*words = "a status that RFC 7143 does not know";
	return (struct verdict){ STATUS_REFUSED, NEXT_NONE, FAILURE_OTHER };
}
