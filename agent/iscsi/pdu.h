/* SPDX-License-Identifier: GPL-2.0-only */
/* Builds and reads Login and Text PDUs (RFC 7143 11.10 to 11.13). No I/O. */
#ifndef AGENT_ISCSI_PDU_H
#define AGENT_ISCSI_PDU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "iscsi/verdict.h"

#define PDU_HEADER 48
/* RFC 7143 13.12: limit of the data before another length is negotiated. */
#define PDU_DATA_MAX 8192

/* Opcodes (RFC 7143 11.2.1.2). */
enum {
	PDU_LOGIN_REQUEST = 0x03,
	PDU_TEXT_REQUEST = 0x04,
	PDU_NOP_IN = 0x20,
	PDU_LOGIN_RESPONSE = 0x23,
	PDU_TEXT_RESPONSE = 0x24,
	PDU_ASYNC_MESSAGE = 0x32,
	PDU_REJECT = 0x3f
};

struct pdu {
	uint8_t header[PDU_HEADER];
	uint8_t data[PDU_DATA_MAX]; /* padded to four bytes */
};

/* Fields of a session that each request has. */
struct pdu_numbers {
	uint8_t isid[6];
	uint32_t cmd_sn, exp_stat_sn;
};

/* Stages of a login (RFC 7143 11.12.3). */
enum { PDU_STAGE_SECURITY = 0, PDU_STAGE_OPERATIONAL = 1, PDU_STAGE_FULL = 3 };

/*
 * Returns the length of a PDU in bytes with its padding, from its header alone; 0 if it is longer
 * than a struct pdu or has an additional header segment.
 */
size_t pdu_size(const uint8_t *header);
/* Returns the length of the data in bytes, without padding. */
size_t pdu_data_len(const struct pdu *pdu);

/* Appends "KEY=VALUE" and a NUL. Returns false if there is no room. */
bool pdu_add_text(struct pdu *pdu, const char *key, const char *value);

/* Makes an empty Login Request in stage @from. It asks for stage @to if that differs (T bit). */
void pdu_login_request(struct pdu *pdu, const struct pdu_numbers *n, unsigned int from,
		       unsigned int to);
/* Sets the T bit and the next stage @to of a Login Request. */
void pdu_login_set_transit(struct pdu *pdu, unsigned int to);
/* Makes a Text Request. @tag: target transfer tag of the response to continue, or PDU_NO_TAG. */
void pdu_text_request(struct pdu *pdu, const struct pdu_numbers *n, uint32_t tag);

#define PDU_NO_TAG 0xffffffffU

/* Fields of a response. */
uint8_t pdu_opcode(const struct pdu *pdu);
/* Returns true if it has the initiator task tag of all requests made here. */
bool pdu_has_our_tag(const struct pdu *pdu);
/* C bit: the text continues in the next response. */
bool pdu_has_continue(const struct pdu *pdu);
/* T bit of a Login Response: the target enters the stage pdu_next_stage(). */
bool pdu_has_transit(const struct pdu *pdu);
/* F bit of a Text Response: it is the last one. */
bool pdu_has_final(const struct pdu *pdu);
/* CSG of a Login Response: the stage it belongs to. */
unsigned int pdu_current_stage(const struct pdu *pdu);
/* NSG of a Login Response: the stage after it, if the T bit is set. */
unsigned int pdu_next_stage(const struct pdu *pdu);
uint32_t pdu_stat_sn(const struct pdu *pdu);
uint32_t pdu_transfer_tag(const struct pdu *pdu); /* of a Text Response */
/*
 * Returns STATUS_OK, or the verdict for the status of a Login Response (RFC 7143 11.13.5), with its
 * static text in @reason. A redirection has FAILURE_REDIRECT.
 */
struct verdict pdu_login_verdict(const struct pdu *pdu, const char **reason);

#endif
