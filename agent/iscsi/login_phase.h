/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The login phase of RFC 7143 (sections 6, 11.12, 11.13, 12.1 and 13) from the first request to the
 * full feature phase, as PDUs: no socket, no clock, no plan. engine_native.c speaks it over a
 * socket of its own, the guard through the kernel. What a target sends is hostile until proven.
 */
#ifndef AGENT_ISCSI_LOGIN_PHASE_H
#define AGENT_ISCSI_LOGIN_PHASE_H

#include "iscsi/chap.h"
#include "iscsi/pdu.h"

/* Digests (RFC 7143 13.1) as we offer them: an answer is one of these. */
enum digest_offer {
	DIGEST_NONE, /* "None" */
	DIGEST_CRC32C, /* "CRC32C" */
	DIGEST_NONE_CRC32C, /* "None,CRC32C" */
	DIGEST_CRC32C_NONE, /* "CRC32C,None" */
	NR_DIGEST_OFFERS
};

extern const char *const digest_offers[NR_DIGEST_OFFERS]; /* these words */

/* What is negotiated, RFC 7143 13: what we offer, and what came of it. Lengths are in bytes. */
struct login_phase_params {
	enum digest_offer header_digest, data_digest; /* result: NONE or CRC32C */
	uint32_t max_recv; /* our MaxRecvDataSegmentLength */
	uint32_t max_xmit; /* offer: our limit; result: the target's limit, or ours if lower */
	uint32_t first_burst, max_burst;
	uint32_t max_r2t;
	uint32_t time2wait, time2retain; /* s */
	bool initial_r2t, immediate_data;
};

/* What open-iscsi 2.1.8 offers (etc/iscsid.conf). */
extern const struct login_phase_params exchange_defaults;

/* Who logs in where. All of it must live as long as the exchange, which copies no secret. */
struct login_phase_account {
	const char *initiator_name;
	const char *target_name; /* NULL: a session for discovery (SessionType=Discovery) */
	uint8_t isid[6];
	uint32_t cmd_sn; /* the kernel's; filled in by it where the PDU goes through SEND_PDU */
	bool through_kernel; /* SEND_PDU gives the PDUs tags of its own, and checks the answers' */
	struct chap_login chap; /* without a user: no CHAP is offered, nor accepted */
	struct login_phase_params offer;
};

/* Of TargetAddress (RFC 7143 13.8): where the target sends us. */
struct login_redirect {
	char host[256]; /* an address without brackets, or a name */
	unsigned int port;
	bool permanent; /* class 1 detail 2 */
};

enum login_phase_next {
	EXCHANGE_SEND, /* @out is to be sent, and the answer to be given to exchange_take() */
	EXCHANGE_DONE, /* full feature phase: @params, @tpgt, @exp_stat_sn */
	EXCHANGE_REDIRECTED, /* a new connection to @redirect, and from the beginning there */
	EXCHANGE_FAILED, /* @verdict and @answer */
};

struct login_phase {
	const struct login_phase_account *login;
	struct pdu out;
	struct login_phase_params params;
	uint32_t exp_stat_sn; /* of the next PDU; ISCSI_PARAM_EXP_STATSN once it is done */
	int tpgt; /* -1: the target did not say */
	struct login_redirect redirect;
	struct verdict verdict;
	char answer[512]; /* for people, printable; longer ones are cut at their end by "..." */
	/* exchange.c's own */
	unsigned int stage, rounds;
	struct chap chap;
	char *text; /* of an answer in several PDUs, while it comes */
	size_t text_len;
	uint32_t offered, answered; /* keys; none is answered twice */
	bool leaves; /* the target was asked to leave the stage */
	bool failed;
};

/*
 * Begins: @x->out is to be sent. EXCHANGE_FAILED if it cannot (a name with a NUL, the same secret
 * both ways); whoever goes on all the same hears it from exchange_take(). @x is zeroed before the
 * first time, and must stay where it is until exchange_end(); before that the same again starts
 * anew (redirection).
 */
enum login_phase_next login_phase_start(struct login_phase *x,
					const struct login_phase_account *login);
/* Takes an answer as it came off the wire, whatever it is. */
enum login_phase_next login_phase_receive(struct login_phase *x, const struct pdu *in);
/* Frees, and wipes what knows of secrets. Of a zeroed one, too. */
void login_phase_free(struct login_phase *x);

#endif
