// SPDX-License-Identifier: GPL-2.0-only
/* Builds and reads Login and Text PDUs. */
#include "iscsi/pdu.h"

#include <string.h>

#include "kmod/core/portable.h"

#define IMMEDIATE_BIT 0x40
#define FINAL_BIT 0x80 /* of a Text PDU; of a Login PDU it is the T bit */
#define CONTINUE_BIT 0x40
#define TASK_TAG 1 /* only one request is outstanding */

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

static void start_request(struct pdu *pdu, uint8_t opcode, uint8_t flags,
			  const struct pdu_numbers *n)
{
	memset(pdu, 0, sizeof(*pdu));
	pdu->header[0] = opcode | IMMEDIATE_BIT;
	pdu->header[1] = flags;
	put32(pdu->header + 16, TASK_TAG);
	put32(pdu->header + 24, n->cmd_sn);
	put32(pdu->header + 28, n->exp_stat_sn);
}

void pdu_login_request(struct pdu *pdu, const struct pdu_numbers *n, unsigned int from,
		       unsigned int to)
{
	start_request(pdu, PDU_LOGIN_REQUEST, (uint8_t)(from << 2), n);
	memcpy(pdu->header + 8, n->isid, sizeof(n->isid));
	if (to != from)
		pdu_login_set_transit(pdu, to);
}

void pdu_login_set_transit(struct pdu *pdu, unsigned int to)
{
	pdu->header[1] |= (uint8_t)(FINAL_BIT | to);
}

void pdu_text_request(struct pdu *pdu, const struct pdu_numbers *n, uint32_t tag)
{
	start_request(pdu, PDU_TEXT_REQUEST, FINAL_BIT, n);
	put32(pdu->header + 20, tag);
}

uint8_t pdu_opcode(const struct pdu *pdu)
{
	return pdu->header[0] & 0x3f;
}

bool pdu_has_our_tag(const struct pdu *pdu)
{
	return get32(pdu->header + 16) == TASK_TAG;
}

bool pdu_has_continue(const struct pdu *pdu)
{
	return pdu->header[1] & CONTINUE_BIT;
}

unsigned int pdu_current_stage(const struct pdu *pdu)
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

bool pdu_has_transit(const struct pdu *pdu)
{
	return pdu->header[1] & FINAL_BIT;
}

bool pdu_has_final(const struct pdu *pdu)
{
	return pdu->header[1] & FINAL_BIT;
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
/* Targets that are starting refuse like this until their configuration is loaded. */
#define DENIED_YET                                       \
	{                                                \
		STATUS_REFUSED, NEXT_TRY, FAILURE_DENIED \
	}
#define UNKNOWN_YET                                        \
	{                                                  \
		STATUS_NO_TARGET, NEXT_TRY, FAILURE_TARGET \
	}
#define UNKNOWN                                             \
	{                                                   \
		STATUS_NO_TARGET, NEXT_NONE, FAILURE_TARGET \
	}
#define BUSY                                           \
	{                                              \
		STATUS_REFUSED, NEXT_TRY, FAILURE_BUSY \
	}

/* Statuses of RFC 7143 11.13.5: the first matching row is used; detail -1: any. */
static const struct {
	int16_t class, detail;
	struct verdict verdict;
	const char *reason;
} statuses[] = {
	{ 0, -1, { STATUS_OK, NEXT_NONE, FAILURE_OTHER }, "success" },
	{ 1, 1, MOVED, "target moved temporarily (01/01)" },
	{ 1, 2, MOVED, "target moved permanently (01/02)" },
	{ 1, -1, MOVED, "target moved (01)" },
	{ 2, 1, AUTH, "authentication failed (02/01)" },
	{ 2, 2, DENIED_YET, "not authorized (02/02)" },
	{ 2, 3, UNKNOWN_YET, "target not found (02/03)" },
	{ 2, 4, UNKNOWN, "target removed (02/04)" },
	{ 2, 5, DENIED, "unsupported version (02/05)" },
	{ 2, 6, BUSY, "too many connections (02/06)" },
	{ 2, 7, DENIED, "missing parameter (02/07)" },
	{ 2, 8, DENIED, "cannot include in session (02/08)" },
	{ 2, 9, DENIED, "session type not supported (02/09)" },
	{ 2, 10, DENIED, "session does not exist (02/0a)" },
	{ 2, 11, DENIED, "invalid request during login (02/0b)" },
	{ 2, -1, DENIED, "initiator error (02)" },
	{ 3, 1, BUSY, "service unavailable (03/01)" },
	{ 3, 2, BUSY, "out of resources (03/02)" },
	{ 3, -1, BUSY, "target error (03)" },
};

struct verdict pdu_login_verdict(const struct pdu *pdu, const char **reason)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(statuses); i++) {
		if (statuses[i].class != pdu->header[36] ||
		    (statuses[i].detail >= 0 && statuses[i].detail != pdu->header[37]))
			continue;
		*reason = statuses[i].reason;
		return statuses[i].verdict;
	}
	*reason = "status not defined by RFC 7143";
	return (struct verdict){ STATUS_REFUSED, NEXT_NONE, FAILURE_OTHER };
}
