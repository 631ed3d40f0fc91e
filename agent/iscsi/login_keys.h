/* SPDX-License-Identifier: GPL-2.0-only */
/* exchange.c's own: the operational keys of a login (RFC 7143 13), in one table. */
#ifndef AGENT_ISCSI_LOGIN_KEYS_H
#define AGENT_ISCSI_LOGIN_KEYS_H

#include "iscsi/login_phase.h"

/* A piece of the target's text: "KEY=VALUE", each with a NUL at its end. */
struct login_key_pair {
	const char *key, *value;
};

enum negotiated {
	NEGOTIATED, /* taken */
	NEGOTIATED_NOT, /* it is none of ours */
	NEGOTIATED_BADLY, /* exchange_refuse() was called */
};

/* Adds what is offered to @x->out. False: no room. */
bool login_keys_offer(struct login_phase *x);
/* Takes an answer, or what the target declares. */
enum negotiated login_keys_receive(struct login_phase *x, const struct login_key_pair *pair);
/* All is said; what was not answered is as if never offered. False: see NEGOTIATED_BADLY. */
bool login_keys_check(struct login_phase *x);

/* Ends the exchange so; the words are what happened, with hostile bytes as they came. */
void login_phase_refuse(struct login_phase *x, const struct verdict *verdict, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The target breaks the protocol. */
extern const struct verdict exchange_broken;

#endif
