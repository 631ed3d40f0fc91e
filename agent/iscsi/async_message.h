/* SPDX-License-Identifier: GPL-2.0-only */
/* Async Messages, Logout Requests and Logout Responses (RFC 7143 11.9, 11.14, 11.15) as bytes. */
#ifndef AGENT_ISCSI_ASYNC_MESSAGE_H
#define AGENT_ISCSI_ASYNC_MESSAGE_H

#include <stdbool.h>

#include "iscsi/pdu.h"

/* AsyncEvent; the target may send any other value. */
enum async_event {
	ASYNC_SCSI = 0, /* sense data of a LUN */
	ASYNC_LOGOUT = 1, /* asks for a logout within @limit_s */
	ASYNC_DROP = 2, /* drops connection 0; reconnect not before @wait_s */
	ASYNC_DROP_ALL = 3, /* the same for all connections; a session of Linux has one */
	ASYNC_NEGOTIATE = 4, /* asks for a negotiation, or a logout, within @limit_s */
};

/* A target may ask for 18 hours. It can refuse logins that come too early. */
#define ASYNC_WAIT_MOST_S 60

struct async_message {
	unsigned int event; /* enum async_event */
	unsigned int wait_s; /* Parameter2 of a drop: Time2Wait */
	unsigned int limit_s; /* Parameter3 of the two requests */
};

/*
 * Returns true, with the message in @m, if @pdu is an Async Message. One about the end of another
 * connection (Parameter1) is read as ASYNC_SCSI.
 */
bool async_message_read(const struct pdu *pdu, struct async_message *m);
/* Returns how long the target asks to wait before a new login, in s; at most ASYNC_WAIT_MOST_S. */
unsigned int async_wait_s(const struct async_message *m);
/* Makes a Logout Request that closes the session. The kernel fills in tag and numbers. */
void logout_request(struct pdu *pdu);
/* Returns true if @pdu is a Logout Response, whatever it says. */
bool is_logout_response(const struct pdu *pdu);

#endif
