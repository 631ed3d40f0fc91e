// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plays each quirk of tests/quirks.h against the login phase: the login must succeed, with no less
 * than was configured and no more than was offered.
 */
#include "tests/unit/root.h"

#include "iscsi/login_phase.h"
#include "tests/quirks.h"
#include "tests/unit/iscsi/login_talk.h"

static struct login_phase x;
static struct login_phase_account login;
static unsigned int connections;

/* Makes the response of a target without quirks. */
static void respond(struct pdu *in)
{
	const char *list = talk_asked(&x.out, "CHAP_A");
	char text[1024];

	if (talk_asked(&x.out, "AuthMethod") && !strcmp(talk_asked(&x.out, "AuthMethod"), "CHAP")) {
		talk_text(in, TALK_STAY_SECURITY, "TargetPortalGroupTag=1|AuthMethod=CHAP|");
	} else if (list) {
		snprintf(text, sizeof(text), "CHAP_A=%c|CHAP_I=7|CHAP_C=0x0123456789|", list[0]);
		talk_text(in, TALK_STAY_SECURITY, text);
	} else if (talk_asked(&x.out, "CHAP_R")) {
		talk_text(in, TALK_TO_OPERATIONAL, "");
	} else {
		snprintf(text, sizeof(text),
			 "%sHeaderDigest=%s|DataDigest=%s|MaxBurstLength=262144|FirstBurstLength=65536|"
			 "MaxOutstandingR2T=1|InitialR2T=Yes|ImmediateData=Yes|MaxConnections=1|"
			 "DataPDUInOrder=Yes|DataSequenceInOrder=Yes|DefaultTime2Wait=2|DefaultTime2Retain=0|",
			 login.chap.initiator.user ? "" : "TargetPortalGroupTag=1|",
			 strncmp(talk_asked(&x.out, "HeaderDigest"), "None", 4) ? "CRC32C" : "None",
			 strncmp(talk_asked(&x.out, "DataDigest"), "None", 4) ? "CRC32C" : "None");
		talk_text(in, TALK_TO_FULL, text);
	}
}

/* Edits @pdu as the quirk does. */
static void edit(struct pdu *pdu, const char *edits, bool append)
{
	static char text[PDU_DATA_MAX];
	size_t len = pdu_data_len(pdu);
	unsigned int flags = pdu->header[1];

	memcpy(text, pdu->data, len);
	text[len] = '\0';
	len = quirk_edit(edits, append, text, len);
	talk_bytes(pdu, flags, text, len);
}

/* A target that repeats the offered algorithm, but computes MD5, sees a response of another length. */
static bool is_wrong_response(const struct quirk *q)
{
	const char *response = talk_asked(&x.out, "CHAP_R");

	return q->echo && response &&
	       strlen(response) != strlen("0x") + 2 * digest_size(DIGEST_MD5);
}

/* Answers the request in @x as a target with the quirk. Returns false if it closes the connection. */
static bool answer(const struct quirk *q, struct pdu *in)
{
	unsigned int refusal = q->echo ? 0x0201 : q->refusal;
	size_t len = pdu_data_len(&x.out);
	char text[128];

	if ((q->late && connections < 3) || quirk_refuses(q, (char *)x.out.data, len) ||
	    is_wrong_response(q)) {
		talk_text(in, 0, "");
		in->header[36] = (uint8_t)(refusal >> 8);
		in->header[37] = (uint8_t)refusal;
		return refusal;
	}
	if (q->redirect && connections == 1) {
		snprintf(text, sizeof(text), "TargetAddress=%s:3260,1", q->redirect);
		talk_text(in, 0, text);
		in->header[36] = in->header[37] = 1;
		return true;
	}
	edit(&x.out, q->request, false);
	respond(in);
	edit(in, q->response, in->header[1] == TALK_TO_FULL);
	return true;
}

/* Runs one connection. */
static enum login_phase_next connect_once(const struct quirk *q)
{
	enum login_phase_next next = login_phase_start(&x, &login);
	static struct pdu in;

	connections++;
	while (next == LOGIN_PHASE_SEND) {
		if (!answer(q, &in)) {
			x.verdict.next = NEXT_TRY; /* as the engine does after a FIN */
			return LOGIN_PHASE_FAILED;
		}
		next = login_phase_receive(&x, &in);
	}
	return next;
}

static void log_in(const struct quirk *q)
{
	enum login_phase_next next;

	connections = 0;
	do {
		next = connect_once(q);
	} while (next == LOGIN_PHASE_REDIRECTED ||
		 (next == LOGIN_PHASE_FAILED && (login_phase_reduce_chap(&x, &login) ||
						 x.verdict.next == NEXT_TRY) &&
		  connections < 8));
	if (next != LOGIN_PHASE_DONE)
		fail_msg("%s: %s", q->name, x.answer);
}

static void logs_in(void **state)
{
	const struct quirk *q;

	for (q = quirks; q < quirks + NR_QUIRKS; q++) {
		login = (struct login_phase_account){ .initiator_name = "iqn.x:me",
						      .target_name = "iqn.x:disk",
						      .isid = TALK_ISID,
						      .offer = login_phase_defaults };
		if (q->chap)
			login.chap.initiator = (struct chap_account){ "me", 2, (const uint8_t *)"secretsecret1", 13 };
		log_in(q);
		assert_true(x.params.max_burst <= login.offer.max_burst);
		assert_true(x.params.first_burst <= login.offer.first_burst);
		assert_true(x.params.max_xmit <= login.offer.max_xmit);
		assert_int_equal(x.params.max_r2t, 1);
		assert_int_equal(x.params.header_digest, q->request ? DIGEST_CRC32C : DIGEST_NONE);
		assert_int_equal(x.chap.responded, q->chap);
		assert_true(connections <= (q->late ? 3 : q->must || q->echo || q->redirect ? 2 : 1));
		login_phase_free(&x);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(logs_in) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
