/* SPDX-License-Identifier: GPL-2.0-only */
/* exchange.c's own: the operational keys of a login (RFC 7143 13), in one table. */
#ifndef AGENT_ISCSI_LOGIN_KEYS_H
#define AGENT_ISCSI_LOGIN_KEYS_H

#include "iscsi/login_phase.h"

/* A piece of the target's text: "KEY=VALUE", each with a NUL at its end. */
struct exchange_pair {
	const char *key, *value;
};

enum negotiated {
	NEGOTIATED, /* taken */
	NEGOTIATED_NOT, /* it is none of ours */
	NEGOTIATED_BADLY, /* exchange_refuse() was called */
};

/* Adds what is offered to @x->out. False: no room. */
bool negotiate_offer(struct exchange *x);
/* Takes an answer, or what the target declares. */
enum negotiated negotiate_take(struct exchange *x, const struct exchange_pair *pair);
/* All is said; what was not answered is as if never offered. False: see NEGOTIATED_BADLY. */
bool negotiate_end(struct exchange *x);

/* Ends the exchange so; the words are what happened, with hostile bytes as they came. */
void exchange_refuse(struct exchange *x, const struct verdict *verdict, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The target breaks the protocol. */
extern const struct verdict exchange_broken;

#endif
