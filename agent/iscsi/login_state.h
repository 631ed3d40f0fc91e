/* SPDX-License-Identifier: GPL-2.0-only */
/* State of one login (RFC 7143 section 6), shared by login_phase.c and login_keys.c. */
#ifndef AGENT_ISCSI_LOGIN_STATE_H
#define AGENT_ISCSI_LOGIN_STATE_H

#include "iscsi/chap.h"
#include "iscsi/pdu.h"

/* Values of HeaderDigest and DataDigest (RFC 7143 13.1) that can be offered. */
enum digest_offer {
	DIGEST_NONE, /* "None" */
	DIGEST_CRC32C, /* "CRC32C" */
	DIGEST_NONE_CRC32C, /* "None,CRC32C" */
	DIGEST_CRC32C_NONE, /* "CRC32C,None" */
	NR_DIGEST_OFFERS
};

/* Operational keys (RFC 7143 13): the offer, and then the result. Lengths are in bytes. */
struct login_phase_params {
	enum digest_offer header_digest, data_digest; /* result: NONE or CRC32C */
	uint32_t max_recv; /* the initiator's MaxRecvDataSegmentLength */
	uint32_t max_xmit; /* offer: own limit; result: the target's limit if that is lower */
	uint32_t first_burst, max_burst;
	uint32_t max_r2t;
	uint32_t time2wait, time2retain; /* s */
	bool initial_r2t, immediate_data;
};

/* Addresses that are tried if a redirect has several. */
#define REDIRECT_ADDRESSES 4

/* Names, credentials and offer of a login. They must outlive the login, which copies no secret. */
struct login_phase_account {
	const char *initiator_name;
	const char *target_name; /* NULL: discovery session (SessionType=Discovery) */
	uint8_t isid[6];
	uint32_t cmd_sn; /* 0 with @through_kernel, where the kernel fills it in */
	unsigned int nth_address; /* which one to follow if a redirect has several; 0: the first */
	bool through_kernel; /* the kernel sets and checks task tags (SEND_PDU) */
	struct chap_login chap; /* without a user name, CHAP is neither offered nor accepted */
	struct login_phase_params offer;
};

/* Limit of operational keys. */
#define LOGIN_KEYS_MAX 32

/* A redirection, from TargetAddress (RFC 7143 13.8). */
struct login_redirect {
	char host[256]; /* address without brackets, or a name */
	unsigned int port;
	bool permanent; /* status 01/02 */
};

/* Large members are last: an access to the others takes fewer bytes of code. */
struct login_phase {
	const struct login_phase_account *login;
	struct login_phase_params params;
	uint32_t exp_stat_sn; /* of the next PDU; ISCSI_PARAM_EXP_STATSN at the end */
	int tpgt; /* -1: not in the response */
	struct verdict verdict;
	/* Private to login_phase.c and login_keys.c: */
	bool method_sent; /* AuthMethod=None was offered */
	bool transit; /* the last request had the T bit */
	bool list_refused; /* the target refused after CHAP_A, without a challenge */
	bool failed;
	unsigned int stage, rounds;
	uint32_t offered, answered; /* bits: rows of the table of keys */
	char *text; /* text so far of a response in several PDUs */
	size_t text_len;
	struct chap chap;
	uint32_t hashes[LOGIN_KEYS_MAX]; /* of the values answered */
	/* Public: */
	struct login_redirect redirect;
	char answer[512]; /* reason of a failure, escaped; longer ones end with "..." */
	struct pdu out; /* the next request */
};

/* The verdict if the target violates the protocol. */
extern const struct verdict login_phase_broken;

/*
 * Ends the login with @verdict, unless it failed before. The reason @fmt may hold bytes of the
 * target, which are escaped here.
 */
void login_phase_refuse(struct login_phase *x, const struct verdict *verdict, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
