/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PDUs of a login and of text (RFC 7143 11.10 to 11.13), as bytes: no socket. What a target sends
 * is hostile until proven.
 */
#ifndef AGENT_ISCSI_PDU_H
#define AGENT_ISCSI_PDU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iscsi/verdict.h"

#define PDU_HEADER 48
/* RFC 7143 13.12: what either side may send before it was told another length. */
#define PDU_DATA_MAX 8192

enum {
	PDU_LOGIN_REQUEST = 0x03,
	PDU_TEXT_REQUEST = 0x04,
	PDU_LOGIN_RESPONSE = 0x23,
	PDU_TEXT_RESPONSE = 0x24,
	PDU_REJECT = 0x3f
};

struct pdu {
	uint8_t header[PDU_HEADER];
	uint8_t data[PDU_DATA_MAX]; /* padded to four bytes */
};

/* What of a session goes into each request. */
struct pdu_numbers {
	uint8_t isid[6];
	uint32_t cmd_sn, exp_stat_sn;
};

/* Stages of a login, RFC 7143 11.12.3. */
enum { PDU_STAGE_SECURITY = 0, PDU_STAGE_OPERATIONAL = 1, PDU_STAGE_FULL = 3 };

/* Length on the wire, from the header alone; 0: more than may be, or it has additional headers. */
size_t pdu_size(const uint8_t *header);
/* Of the data, without its padding. */
size_t pdu_data_len(const struct pdu *pdu);

/* Adds "KEY=VALUE" and its NUL. False: there is no room. */
bool pdu_add_text(struct pdu *pdu, const char *key, const char *value);

/* An empty request in stage @from, to leave it for @to; the same: to stay. */
void pdu_login_request(struct pdu *pdu, const struct pdu_numbers *n, unsigned int from,
		       unsigned int to);
/* One that was to stay is to leave for @to. */
void pdu_login_leave(struct pdu *pdu, unsigned int to);
/* @tag: target transfer tag of the answer that goes on, or PDU_NO_TAG. */
void pdu_text_request(struct pdu *pdu, const struct pdu_numbers *n, uint32_t tag);

#define PDU_NO_TAG 0xffffffffU

/* Of an answer. */
uint8_t pdu_opcode(const struct pdu *pdu);
/* It is to the request that is under way. */
bool pdu_is_ours(const struct pdu *pdu);
/* The text goes on in another one. */
bool pdu_has_continue(const struct pdu *pdu);
/* Of a login: the stage it belongs to, and (where it is final) the one it leads to. */
unsigned int pdu_stage(const struct pdu *pdu);
unsigned int pdu_next_stage(const struct pdu *pdu);
uint32_t pdu_stat_sn(const struct pdu *pdu);
uint32_t pdu_transfer_tag(const struct pdu *pdu); /* of a text answer */
/* Login: the stage asked for is reached. Text: this was the last. */
bool pdu_has_final(const struct pdu *pdu);
/*
 * STATUS_OK, or how the target refuses the login (RFC 7143 11.13.5); then @words says it. A
 * redirection is a refusal here.
 */
struct verdict pdu_login_verdict(const struct pdu *pdu, const char **words);

#endif
