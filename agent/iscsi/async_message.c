// SPDX-License-Identifier: GPL-2.0-only
/* Reads Async Messages and makes Logout Requests. */
#include "iscsi/async_message.h"

#define OPCODE_ASYNC 0x32
#define OPCODE_LOGOUT 0x06
#define OPCODE_LOGOUT_RESPONSE 0x26
#define IMMEDIATE 0x40
#define FINAL_AND_CLOSE_SESSION 0x80 /* reason code 0 */

static unsigned int read_u16(const uint8_t *at)
{
	return (unsigned int)at[0] << 8 | at[1];
}

bool async_message_read(const struct pdu *pdu, struct async_message *m)
{
	if (pdu_opcode(pdu) != OPCODE_ASYNC)
		return false;
	*m = (struct async_message){ .event = pdu->header[36] };
	/* Of a connection that does not exist: a session of Linux has one, whose CID is 0. */
	if (m->event == ASYNC_DROP && read_u16(pdu->header + 38))
		m->event = ASYNC_SCSI;
	if (m->event == ASYNC_DROP || m->event == ASYNC_DROP_ALL)
		m->wait_s = read_u16(pdu->header + 40);
	if (m->event == ASYNC_LOGOUT || m->event == ASYNC_NEGOTIATE)
		m->limit_s = read_u16(pdu->header + 42);
	return true;
}

unsigned int async_wait_s(const struct async_message *m)
{
	return m->wait_s < ASYNC_WAIT_MOST_S ? m->wait_s : ASYNC_WAIT_MOST_S;
}

void logout_request(struct pdu *pdu)
{
	*pdu = (struct pdu){ .header = { IMMEDIATE | OPCODE_LOGOUT, FINAL_AND_CLOSE_SESSION } };
}

bool is_logout_response(const struct pdu *pdu)
{
	return pdu_opcode(pdu) == OPCODE_LOGOUT_RESPONSE;
}
