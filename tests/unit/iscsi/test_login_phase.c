// SPDX-License-Identifier: GPL-2.0-only
/* Tests the login phase: the requests, each valid response, and each refused response. */
#include "tests/unit/root.h"

#include "iscsi/login_phase.h"
#include "tests/unit/iscsi/login_talk.h"

#include <glob.h>

static struct login_phase x;
static struct pdu in;

static const struct login_phase_account plain = {
	.initiator_name = "iqn.x:me",
	.target_name = "iqn.x:disk",
	.isid = TALK_ISID,
	.cmd_sn = 7,
	.offer = {
		.max_recv = 262144,
		.max_xmit = 0xffffff,
		.first_burst = 262144,
		.max_burst = 16776192,
		.max_r2t = 1,
		.time2wait = 2,
		.immediate_data = true,
	},
};

static enum login_phase_next say(unsigned int flags, const char *text)
{
	talk_text(&in, flags, text);
	return login_phase_receive(&x, &in);
}

static void fails_with(enum login_phase_next next, enum status status, const char *words)
{
	if (next != LOGIN_PHASE_FAILED || x.verdict.status != status || !strstr(x.answer, words))
		fail_msg("%d, status %d: \"%s\", not status %d: \"%s\"", next, x.verdict.status,
			 x.answer, status, words);
	assert_int_equal(login_phase_receive(&x, &in), LOGIN_PHASE_FAILED);
	login_phase_free(&x);
}

static void asked(const char *text)
{
	char said[PDU_DATA_MAX + 1] = "";
	size_t len = pdu_data_len(&x.out), i;

	for (i = 0; i < len; i++)
		said[i] = x.out.data[i] ? (char)x.out.data[i] : '|';
	assert_string_equal(said, text);
}

static void one_round(void **state)
{
	assert_int_equal(login_phase_start(&x, &plain), LOGIN_PHASE_SEND);
	assert_memory_equal(x.out.header, "\x43\x87\0\0\0\0\x01", 7);
	assert_memory_equal(x.out.header + 8, "\x80\1\2\3\4\5\0\0\0\0\0\1\0\0\0\0\0\0\0\7\0\0\0\0", 24);
	asked("InitiatorName=iqn.x:me|SessionType=Normal|TargetName=iqn.x:disk|HeaderDigest=None|"
	      "DataDigest=None|InitialR2T=No|ImmediateData=Yes|MaxBurstLength=16776192|"
	      "FirstBurstLength=262144|MaxOutstandingR2T=1|DefaultTime2Wait=2|"
	      "DefaultTime2Retain=0|MaxConnections=1|DataPDUInOrder=Yes|DataSequenceInOrder=Yes|"
	      "ErrorRecoveryLevel=0|MaxRecvDataSegmentLength=262144|");
	talk_text(&in, TALK_TO_FULL,
		  "TargetPortalGroupTag=3|AuthMethod=None|HeaderDigest=None|DataDigest=None|"
		  "InitialR2T=Yes|ImmediateData=Yes|MaxBurstLength=262144|FirstBurstLength=0x10000|"
		  "MaxOutstandingR2T=1|DefaultTime2Wait=3|DefaultTime2Retain=0|MaxConnections=1|"
		  "DataPDUInOrder=Yes|DataSequenceInOrder=Yes|ErrorRecoveryLevel=0|"
		  "MaxRecvDataSegmentLength=131072|TargetAlias=a disk|X-org.example.thing=1|");
	memcpy(in.header + 24, "\0\0\1\xff", 4);
	assert_int_equal(login_phase_receive(&x, &in), LOGIN_PHASE_DONE);
	assert_int_equal(x.tpgt, 3);
	assert_int_equal(x.exp_stat_sn, 512);
	assert_int_equal(x.params.max_xmit, 131072);
	assert_int_equal(x.params.max_burst, 262144);
	assert_int_equal(x.params.first_burst, 65536);
	assert_int_equal(x.params.time2wait, 3);
	assert_int_equal(x.params.header_digest, DIGEST_NONE);
	assert_true(x.params.initial_r2t);
	assert_true(x.params.immediate_data);
	fails_with(say(TALK_TO_FULL, ""), STATUS_REFUSED, "login response 2: received after the end of the login");
}

/* Without a response to a key, the default of RFC 7143 or the safer value is used. */
static void nothing_is_answered(void **state)
{
	static const char *const texts[] = {
		"", "InitialR2T=Irrelevant|MaxBurstLength=NotUnderstood|ImmediateData=Reject|"
		    "HeaderDigest=Reject|MaxConnections=Irrelevant|DefaultTime2Wait=Irrelevant|",
	};
	struct login_phase_account login = plain;
	unsigned int i;

	login.offer.header_digest = DIGEST_CRC32C_NONE;
	login.offer.time2wait = 0;
	login.offer.time2retain = 60;
	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		login_phase_start(&x, &login);
		assert_int_equal(say(TALK_TO_FULL, texts[i]), LOGIN_PHASE_DONE);
		assert_int_equal(x.tpgt, -1);
		assert_int_equal(x.params.max_xmit, 8192);
		assert_int_equal(x.params.max_burst, 262144);
		assert_int_equal(x.params.first_burst, 65536);
		assert_int_equal(x.params.time2wait, 2);
		assert_int_equal(x.params.time2retain, 20);
		assert_int_equal(x.params.header_digest, DIGEST_NONE);
		assert_true(x.params.initial_r2t);
		assert_false(x.params.immediate_data);
	}
	login.offer.data_digest = DIGEST_CRC32C;
	login_phase_start(&x, &login);
	fails_with(say(TALK_TO_FULL, ""), STATUS_REFUSED, "DataDigest: the target does not agree to CRC32C");
}

static void bursts(void **state)
{
	struct login_phase_account login = plain;

	login_phase_start(&x, &plain);
	assert_int_equal(say(TALK_TO_FULL, "MaxBurstLength=8192|"), LOGIN_PHASE_DONE);
	assert_int_equal(x.params.first_burst, 8192);
	login.offer.max_burst = 4096;
	login.offer.max_xmit = 0;
	login_phase_start(&x, &login);
	assert_string_equal(talk_asked(&x.out, "FirstBurstLength"), "4096");
	assert_int_equal(say(TALK_TO_FULL, "MaxRecvDataSegmentLength=16777215|"), LOGIN_PHASE_DONE);
	assert_int_equal(x.params.max_xmit, 0xffffff);
	login.offer.max_xmit = 1024;
	login_phase_start(&x, &login);
	assert_int_equal(say(TALK_TO_FULL, "MaxRecvDataSegmentLength=4096|"), LOGIN_PHASE_DONE);
	assert_int_equal(x.params.max_xmit, 1024);
}

static void digests(void **state)
{
	static const struct {
		enum digest_offer offer;
		const char *text, *answer;
		int result; /* -1: refused */
	} cases[] = {
		{ DIGEST_NONE, "None", "None", DIGEST_NONE },
		{ DIGEST_NONE, "None", "CRC32C", -1 },
		{ DIGEST_CRC32C, "CRC32C", "CRC32C", DIGEST_CRC32C },
		{ DIGEST_CRC32C, "CRC32C", "None", -1 },
		{ DIGEST_NONE_CRC32C, "None,CRC32C", "CRC32C", DIGEST_CRC32C },
		{ DIGEST_NONE_CRC32C, "None,CRC32C", "None", DIGEST_NONE },
		{ DIGEST_CRC32C_NONE, "CRC32C,None", "None", DIGEST_NONE },
		{ DIGEST_CRC32C_NONE, "CRC32C,None", "CRC32C,None", DIGEST_CRC32C },
		{ DIGEST_CRC32C, "CRC32C", "None,CRC32C", -1 },
		{ DIGEST_CRC32C_NONE, "CRC32C,None", "SHA256", -1 },
	};
	struct login_phase_account login = plain;
	char text[64];
	unsigned int i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		login.offer.header_digest = cases[i].offer;
		login_phase_start(&x, &login);
		assert_string_equal(talk_asked(&x.out, "HeaderDigest"), cases[i].text);
		snprintf(text, sizeof(text), "HeaderDigest=%s|", cases[i].answer);
		if (cases[i].result < 0) {
			fails_with(say(TALK_TO_FULL, text), STATUS_REFUSED, "was offered");
			continue;
		}
		assert_int_equal(say(TALK_TO_FULL, text), LOGIN_PHASE_DONE);
		assert_int_equal(x.params.header_digest, cases[i].result);
	}
}

#define SIXTY_FOUR "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void texts_that_may_not_be(void **state)
{
	static const struct {
		const char *text, *words;
	} cases[] = {
		{ "MaxBurstLength=12x|", "login response 1: MaxBurstLength=12x is not a number" },
		{ "MaxBurstLength=|", "MaxBurstLength= is not a number" },
		{ "MaxBurstLength=0x|", "is not a number" },
		{ "MaxBurstLength=-1|", "is not a number" },
		{ "MaxBurstLength=511|", "MaxBurstLength=511 is not from 512 to 16777215" },
		{ "MaxBurstLength=8192|FirstBurstLength=8193|",
		  "FirstBurstLength=8193 is more than MaxBurstLength=8192" },
		{ "MaxBurstLength=8192|MaxBurstLength=8193|", "MaxBurstLength=8193 comes a second time" },
		{ "TargetAlias=a|TargetAlias=b|", "TargetAlias=b comes a second time" },
		{ "TargetPortalGroupTag=1|TargetPortalGroupTag=2|", "a second time" },
		{ "MaxOutstandingR2T=0|", "is not from 1" },
		{ "MaxRecvDataSegmentLength=0|", "is not from 512" },
		{ "InitialR2T=maybe|", "InitialR2T=maybe is neither Yes nor No" },
		{ "ImmediateData=1|", "is neither" },
		{ "ErrorRecoveryLevel=1|", "ErrorRecoveryLevel=1, but 0 was offered" },
		{ "MaxConnections=0|", "MaxConnections=0, but 1 was offered" },
		{ "DataPDUInOrder=1|", "but Yes was offered" },
		{ "InitialR2T=No|ImmediateData=No|MaxBurstLength=8192|FirstBurstLength=8193|",
		  "FirstBurstLength=8193 is more" },
		{ "InitialR2T=Yes|ImmediateData=Yes|MaxBurstLength=8192|FirstBurstLength=8193|",
		  "FirstBurstLength=8193 is more" },
		{ "MaxBurstLength|", "\"MaxBurstLength\" is not KEY=VALUE" },
		{ "=5|", "is not KEY=VALUE" },
		{ "\x01\xff\\|", "\"\\x01\\xff\\x5c\" is not KEY=VALUE" },
		{ SIXTY_FOUR "=1|", "a key is longer than 63 bytes" },
		{ "MaxBurstLength=" SIXTY_FOUR SIXTY_FOUR SIXTY_FOUR SIXTY_FOUR "|",
		  "the value of MaxBurstLength is longer than 255 bytes" },
		{ "CHAP_A=5|", "unexpected key CHAP_A" },
		{ "AuthMethod=None|AuthMethod=Nones|", "AuthMethod comes a second time" },
		{ "AuthMethod=CHAP|", "requires AuthMethod=CHAP, but no CHAP credentials" },
		{ "AuthMethod=KRB5|", "requires AuthMethod=KRB5, which is not supported" },
		{ "AuthMethod=|", "requires AuthMethod=, which is not supported" },
	};
	enum status status;
	unsigned int i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		status = strncmp(cases[i].words, "requires", 8) ? STATUS_REFUSED : STATUS_AUTH;
		login_phase_start(&x, &plain);
		fails_with(say(TALK_TO_FULL, cases[i].text), status, cases[i].words);
		/*
		 * A value is refused in an earlier response too; contradictions are found at the
		 * end.
		 */
		login_phase_start(&x, &plain);
		if (say(TALK_STAY_OPERATIONAL, cases[i].text) == LOGIN_PHASE_SEND)
			say(TALK_TO_FULL, "");
		fails_with(LOGIN_PHASE_FAILED, status, strchr(cases[i].words, ':') ? "" : cases[i].words);
	}
}

/* Targets send these although RFC 7143 does not allow it; nothing is lost by accepting them. */
static void texts_that_are_tolerated(void **state)
{
	static const char *const texts[] = {
		"TargetPortalGroupTag=1|TargetPortalGroupTag=1|",
		"TargetAlias=a|TargetAlias=a|",
		"MaxBurstLength=8192|MaxBurstLength=8192|",
		"AuthMethod=None|AuthMethod=None|",
		"AuthMethod=None,CHAP|",
		"AuthMethod=CHAP,None|",
		"TargetAlias=" SIXTY_FOUR SIXTY_FOUR SIXTY_FOUR SIXTY_FOUR "|",
		"TargetPortalGroupTag=65536|",
		"TargetPortalGroupTag=one|",
		"TargetPortalGroupTag=|",
		"MaxRecvDataSegmentLength=16777216|",
		"MaxRecvDataSegmentLength=4294967295|",
		"MaxBurstLength=16777216|FirstBurstLength=16777215|",
		"MaxBurstLength=99999999999999999999999999|",
		"MaxOutstandingR2T=8|",
		"MaxRecvDataSegmentLength=NotUnderstood|",
		"TargetPortalGroupTag=Irrelevant|TargetAlias=NotUnderstood|",
		"MaxBurstLength=8192", /* no last NUL */
		"InitialR2T=yes|ImmediateData=no|DataPDUInOrder=yes|",
		"DataPDUInOrder=No|DataSequenceInOrder=No|",
		"MaxConnections=4|",
		"DefaultTime2Wait=3601|",
		"FirstBurstLength=0|",
		"InitialR2T=Yes|ImmediateData=No|MaxBurstLength=8192|FirstBurstLength=65536|",
		"TargetAddress=10.0.0.1:3260,1|TargetAddress=[fd00::1]:3260,1|",
	};
	unsigned int i, several;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		for (several = 0; several < 2; several++) {
			login_phase_start(&x, &plain);
			if (several && say(TALK_STAY_OPERATIONAL, texts[i]) != LOGIN_PHASE_SEND)
				fail_msg("%s: %s", texts[i], x.answer);
			if (say(TALK_TO_FULL, strstr(texts[i], "Auth") && several ? "" : texts[i]) != LOGIN_PHASE_DONE)
				fail_msg("%s: %s", texts[i], x.answer);
			assert_true(x.params.max_burst <= plain.offer.max_burst);
			assert_true(x.params.first_burst <= x.params.max_burst);
			assert_true(x.params.first_burst <= plain.offer.first_burst);
			assert_true(x.params.max_xmit <= 0xffffff);
			assert_true(x.params.time2wait <= 3600);
			assert_int_equal(x.params.max_r2t, 1);
			assert_int_equal(x.tpgt, strstr(texts[i], "Tag=1|") ? 1 : -1);
		}
}

/* The default offer: a target that may choose takes None, one that requires CRC32C gets it. */
static void digests_by_default(void **state)
{
	struct login_phase_account login = plain;

	login.offer = login_phase_defaults;
	login_phase_start(&x, &login);
	assert_string_equal(talk_asked(&x.out, "HeaderDigest"), "None,CRC32C");
	assert_string_equal(talk_asked(&x.out, "DataDigest"), "None,CRC32C");
	assert_int_equal(say(TALK_TO_FULL, "HeaderDigest=CRC32C|DataDigest=CRC32C|"), LOGIN_PHASE_DONE);
	assert_int_equal(x.params.header_digest, DIGEST_CRC32C);
	assert_int_equal(x.params.data_digest, DIGEST_CRC32C);
	login_phase_start(&x, &login);
	assert_int_equal(say(TALK_TO_FULL, "HeaderDigest=Reject|"), LOGIN_PHASE_DONE);
	assert_int_equal(x.params.header_digest, DIGEST_NONE);
}

/* No unsolicited data at all, as no later login may offer such a length. */
static void first_burst_below_the_least(void **state)
{
	login_phase_start(&x, &plain);
	assert_int_equal(say(TALK_TO_FULL, "InitialR2T=No|ImmediateData=Yes|FirstBurstLength=0|"), LOGIN_PHASE_DONE);
	assert_true(x.params.initial_r2t);
	assert_false(x.params.immediate_data);
	assert_int_equal(x.params.first_burst, 512);
}

/* AND with No stays No, and OR with Yes stays Yes. */
static void truths(void **state)
{
	struct login_phase_account login = plain;

	login.offer.initial_r2t = true;
	login.offer.immediate_data = false;
	login_phase_start(&x, &login);
	assert_int_equal(say(TALK_TO_FULL, "InitialR2T=No|ImmediateData=Yes|"), LOGIN_PHASE_DONE);
	assert_true(x.params.initial_r2t);
	assert_false(x.params.immediate_data);
	login_phase_start(&x, &login);
	assert_int_equal(say(TALK_TO_FULL, "ImmediateData=No|InitialR2T=Yes|"), LOGIN_PHASE_DONE);
	login_phase_start(&x, &plain);
	assert_int_equal(say(TALK_TO_FULL, "ImmediateData=No|InitialR2T=No|"), LOGIN_PHASE_DONE);
	assert_false(x.params.immediate_data);
	assert_false(x.params.initial_r2t);
}

static void headers_that_may_not_be(void **state)
{
	static const struct {
		unsigned int at, value;
		const char *words;
	} cases[] = {
		{ 0, 0x21, "not a Login Response (opcode 0x21" },
		{ 0, 0x24, "opcode 0x24" },
		{ 0, 0x3f, "rejects the request (reason 0x00)" },
		{ 1, 0x83, "unrequested transit from stage 0 to 3" },
		{ 1, 0x8f, "stage 3, not 1" },
		{ 1, 0x8b, "stage 2, not 1" },
		{ 1, 0x84, "unrequested transit from stage 1 to 0" },
		{ 1, 0x85, "unrequested transit from stage 1 to 1" },
		{ 1, 0x86, "unrequested transit from stage 1 to 2" },
		{ 1, 0xc7, "both T and C bit" },
		{ 3, 1, "version 0x01" },
		{ 4, 1, "PDU too long" },
		{ 5, 1, "PDU too long" },
		{ 16, 1, "wrong task tag" },
		{ 19, 2, "wrong task tag" },
	};
	struct login_phase_account login = plain;
	unsigned int i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		login_phase_start(&x, &plain);
		talk_text(&in, TALK_TO_FULL, "");
		in.header[cases[i].at] = (uint8_t)cases[i].value;
		fails_with(login_phase_receive(&x, &in), STATUS_REFUSED, cases[i].words);
	}
	/* This login goes through the kernel, which sets its own tags. */
	login.through_kernel = true;
	login_phase_start(&x, &login);
	talk_text(&in, TALK_TO_FULL, "");
	in.header[16] = 0x70;
	assert_int_equal(login_phase_receive(&x, &in), LOGIN_PHASE_DONE);
}

static void isid_that_is_not_filled_in(void **state)
{
	login_phase_start(&x, &plain);
	talk_text(&in, TALK_TO_FULL, "");
	memset(in.header + 8, 0, 6);
	assert_int_equal(login_phase_receive(&x, &in), LOGIN_PHASE_DONE);
}

/* The target sends the same text in two PDUs, cut at each byte. */
static void several_pdus(void **state)
{
	static const char text[] = "TargetPortalGroupTag=3\0MaxBurstLength=262144\0InitialR2T=Yes";
	size_t i;

	for (i = 0; i <= sizeof(text); i++) {
		login_phase_start(&x, &plain);
		talk_bytes(&in, TALK_STAY_OPERATIONAL | TALK_GOES_ON, text, i);
		assert_int_equal(login_phase_receive(&x, &in), LOGIN_PHASE_SEND);
		assert_int_equal(pdu_data_len(&x.out), 0);
		assert_int_equal(x.out.header[1], 0x04);
		talk_bytes(&in, TALK_STAY_OPERATIONAL, text + i, sizeof(text) - i);
		assert_int_equal(login_phase_receive(&x, &in), LOGIN_PHASE_SEND);
		assert_int_equal(x.out.header[1], 0x87);
		talk_text(&in, TALK_TO_FULL, "");
		assert_int_equal(login_phase_receive(&x, &in), LOGIN_PHASE_DONE);
		assert_int_equal(x.tpgt, 3);
		assert_int_equal(x.params.max_burst, 262144);
	}
	login_phase_free(&x);
}

static void no_end(void **state)
{
	static char much[PDU_DATA_MAX];
	unsigned int i;

	login_phase_start(&x, &plain);
	for (i = 0; i < 32; i++)
		assert_int_equal(say(TALK_STAY_OPERATIONAL, ""), LOGIN_PHASE_SEND);
	fails_with(say(TALK_STAY_OPERATIONAL, ""), STATUS_REFUSED, "login response 33: too many responses");
	memset(much, 'a', sizeof(much));
	login_phase_start(&x, &plain);
	talk_bytes(&in, TALK_STAY_OPERATIONAL | TALK_GOES_ON, much, sizeof(much));
	for (i = 0; i < 4; i++)
		assert_int_equal(login_phase_receive(&x, &in), LOGIN_PHASE_SEND);
	fails_with(login_phase_receive(&x, &in), STATUS_REFUSED, "longer than 32768 bytes");
}

static void unknown_keys(void **state)
{
	char much[PDU_DATA_MAX];
	unsigned int i;
	size_t len = 0;

	login_phase_start(&x, &plain);
	assert_int_equal(say(TALK_STAY_OPERATIONAL, "X-org.example=1|OFMarker=Yes|TaskReporting=FastAbort|"),
			 LOGIN_PHASE_SEND);
	asked("X-org.example=NotUnderstood|OFMarker=Reject|TaskReporting=NotUnderstood|");
	assert_int_equal(say(TALK_STAY_OPERATIONAL, "TargetAddress=10.0.0.1|TargetAlias=a|"),
			 LOGIN_PHASE_SEND);
	assert_int_equal(pdu_data_len(&x.out), 0); /* declarations need no response */
	assert_int_equal(say(TALK_TO_FULL, "X-org.example=2|"), LOGIN_PHASE_DONE);
	for (i = 0; i < 1000; i++)
		len += (size_t)sprintf(much + len, "k%u=1|", i);
	login_phase_start(&x, &plain);
	fails_with(say(TALK_STAY_OPERATIONAL, much), STATUS_REFUSED, "no room to answer");
}

/* This target starts in the security stage. */
static void security_first(void **state)
{
	login_phase_start(&x, &plain);
	assert_int_equal(say(TALK_STAY_SECURITY, "TargetPortalGroupTag=2|"), LOGIN_PHASE_SEND);
	assert_int_equal(x.out.header[1], 0x81);
	asked("AuthMethod=None|");
	assert_int_equal(say(TALK_STAY_SECURITY, "AuthMethod=None|"), LOGIN_PHASE_SEND);
	assert_int_equal(pdu_data_len(&x.out), 0);
	assert_int_equal(say(TALK_TO_OPERATIONAL, ""), LOGIN_PHASE_SEND);
	assert_int_equal(x.out.header[1], 0x87);
	assert_string_equal(talk_asked(&x.out, "MaxBurstLength"), "16776192");
	assert_int_equal(say(TALK_TO_FULL, "MaxBurstLength=4096|"), LOGIN_PHASE_DONE);
	assert_int_equal(x.params.max_burst, 4096);
	assert_int_equal(x.tpgt, 2);
	login_phase_start(&x, &plain);
	assert_int_equal(say(TALK_TO_OPERATIONAL, "AuthMethod=None|"), LOGIN_PHASE_SEND);
	fails_with(say(TALK_STAY_SECURITY, ""), STATUS_REFUSED, "stage 0, not 1");
	login_phase_start(&x, &plain); /* AuthMethod is offered once only */
	assert_int_equal(say(TALK_STAY_SECURITY, ""), LOGIN_PHASE_SEND);
	asked("AuthMethod=None|");
	assert_int_equal(say(TALK_STAY_SECURITY, ""), LOGIN_PHASE_SEND);
	asked("");
	assert_int_equal(x.out.header[1], 0x81);
	assert_int_equal(say(TALK_TO_OPERATIONAL, ""), LOGIN_PHASE_SEND);
	login_phase_start(&x, &plain);
	fails_with(say(TALK_STAY_SECURITY, "AuthMethod=CHAP|"), STATUS_AUTH, "no CHAP credentials are configured");
	login_phase_start(&x, &plain);
	fails_with(say(0x83, ""), STATUS_REFUSED, "unrequested transit from stage 0 to 3");
}

static void discovery(void **state)
{
	struct login_phase_account login = plain;

	login.target_name = NULL;
	login_phase_start(&x, &login);
	asked("InitiatorName=iqn.x:me|SessionType=Discovery|HeaderDigest=None|DataDigest=None|"
	      "DefaultTime2Wait=2|DefaultTime2Retain=0|ErrorRecoveryLevel=0|"
	      "MaxRecvDataSegmentLength=8192|");
	assert_int_equal(say(TALK_STAY_OPERATIONAL, "MaxBurstLength=8192|MaxRecvDataSegmentLength=512|"),
			 LOGIN_PHASE_SEND);
	asked("MaxBurstLength=Irrelevant|");
	assert_int_equal(say(TALK_TO_FULL, ""), LOGIN_PHASE_DONE);
	login_phase_start(&x, &login);
	fails_with(say(TALK_STAY_SECURITY, "MaxBurstLength=8192|"), STATUS_REFUSED, "was not offered");
}

static enum login_phase_next status(unsigned int class, unsigned int detail, const char *text)
{
	talk_text(&in, 0, text);
	in.header[36] = (uint8_t)class;
	in.header[37] = (uint8_t)detail;
	memset(in.header + 8, 0xee, 6); /* a refusal is not checked further */
	return login_phase_receive(&x, &in);
}

static void statuses(void **state)
{
	unsigned int i;

	for (i = 256; i < 65536; i++) {
		login_phase_start(&x, &plain);
		assert_int_equal(status(i >> 8, i, ""), LOGIN_PHASE_FAILED);
		assert_true(x.verdict.status != STATUS_OK);
		assert_true(strlen(x.answer) > 20);
	}
	login_phase_start(&x, &plain);
	fails_with(status(2, 3, ""), STATUS_NO_TARGET, "login response 1: target not found (02/03)");
	login_phase_start(&x, &plain);
	fails_with(status(2, 11, ""), STATUS_REFUSED,
		   "(02/0b); offered HeaderDigest=None, DataDigest=None");
	login_phase_start(&x, &plain);
	status(2, 2, "");
	assert_null(strstr(x.answer, "Digest")); /* that is about the initiator */
	login_phase_free(&x);
	login_phase_start(&x, &plain);
	status(3, 1, "");
	assert_int_equal(x.verdict.next, NEXT_TRY);
	login_phase_free(&x);
}

static void redirects(void **state)
{
	static const struct {
		const char *address, *host;
		unsigned int port;
	} good[] = {
		{ "10.0.0.1", "10.0.0.1", 3260 },
		{ "10.0.0.1:3261", "10.0.0.1", 3261 },
		{ "10.0.0.1:3261,1", "10.0.0.1", 3261 },
		{ "10.0.0.1,1", "10.0.0.1", 3260 },
		{ "[fd00::1]:860,2", "fd00::1", 860 },
		{ "[fd00::1]", "fd00::1", 3260 },
		{ "store-1.example.org:1", "store-1.example.org", 1 },
		{ "store_1.example.org,1", "store_1.example.org", 3260 },
		/* Without brackets the last colon is before the port, if an address remains. */
		{ "fd00::1:3261,1", "fd00::1", 3261 },
		{ "fd00::1", "fd00::1", 3260 },
		{ "fd00::1,2", "fd00::1", 3260 },
		{ "[fe80::1%eth0]:3261,1", "fe80::1", 3261 },
		{ "[10.0.0.1]:3261", "10.0.0.1", 3261 },
	};
	/* A redirect to several addresses: those that can be read count; the last one stays. */
	static const struct {
		unsigned int nth;
		const char *host;
	} several[] = {
		{ 0, "fd00::1" },
		{ 1, "10.0.0.1" },
		{ 2, "10.0.0.2" },
		{ 3, "10.0.0.2" },
	};
	static const char *const bad[] = {
		":3260",
		",1",
		"[]",
		"[fd00::1",
		"[fd00::1]x",
		"[store]",
		"[%eth0]",
		"a:b:3260",
		"10.0.0.1:",
		"10.0.0.1:0",
		"10.0.0.1:65536",
		"10.0.0.1:99999999999",
		"10.0.0.1:32x",
		"a b",
		"a;b",
		SIXTY_FOUR SIXTY_FOUR SIXTY_FOUR SIXTY_FOUR,
	};
	char text[512];
	unsigned int i;

	for (i = 0; i < sizeof(good) / sizeof(*good); i++) {
		login_phase_start(&x, &plain);
		snprintf(text, sizeof(text), "TargetAddress=%s|", good[i].address);
		assert_int_equal(status(1, 1 + i % 2, text), LOGIN_PHASE_REDIRECTED);
		assert_string_equal(x.redirect.host, good[i].host);
		assert_int_equal(x.redirect.port, good[i].port);
		assert_int_equal(x.redirect.permanent, i % 2);
		assert_int_equal(x.verdict.failure, FAILURE_REDIRECT);
	}
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		login_phase_start(&x, &plain);
		snprintf(text, sizeof(text), "TargetAddress=%s|", bad[i]);
		fails_with(status(1, 1, text), STATUS_REFUSED, "invalid TargetAddress=");
	}
	for (i = 0; i < sizeof(several) / sizeof(*several); i++) {
		struct login_phase_account login = plain;

		login.nth_address = several[i].nth;
		login_phase_start(&x, &login);
		assert_int_equal(status(1, 1, "TargetAddress=a b|TargetAddress=[fd00::1]:3260,1|"
					      "TargetAddress=10.0.0.1:3260,1|TargetAddress=10.0.0.2|"
					      "TargetAddress=:1|"),
				 LOGIN_PHASE_REDIRECTED);
		assert_string_equal(x.redirect.host, several[i].host);
		login_phase_free(&x);
	}
	login_phase_start(&x, &plain);
	fails_with(status(1, 1, ""), STATUS_REFUSED, "no TargetAddress");
	login_phase_start(&x, &plain);
	fails_with(status(1, 1, "TargetAddress=|"), STATUS_REFUSED, "no TargetAddress");
	login_phase_start(&x, &plain); /* no last NUL */
	assert_int_equal(status(1, 1, "TargetAlias=a|TargetAddress=10.0.0.1"), LOGIN_PHASE_REDIRECTED);
	assert_string_equal(x.redirect.host, "10.0.0.1");
	login_phase_start(&x, &plain);
	fails_with(status(1, 3, "TargetAddress=10.0.0.1|"), STATUS_REFUSED, "unknown kind of redirection");
	login_phase_start(&x, &plain);
	fails_with(status(1, 1, "TargetAddress=a\nb|"), STATUS_REFUSED, "invalid TargetAddress=a\\x0ab");
}

static void long_values(void **state)
{
	static char text[4096];

	memset(text, 0xff, sizeof(text) - 1);
	login_phase_start(&x, &plain);
	say(TALK_TO_FULL, text);
	assert_in_range(strlen(x.answer), 400, sizeof(x.answer) - 1);
	assert_string_equal(x.answer + strlen(x.answer) - 7, "\\xff...");
	login_phase_free(&x);
}

/* Requests and responses of real logins: tests/data/NAME.login, written by record-login. */
struct recording {
	struct login_phase_account login;
	char words[8][256];
	struct pdu pdus[32];
	bool from_initiator[32];
	unsigned int nr;
	uint8_t random[64]; /* of the recorded login */
	size_t nr_random, used;
};

static struct recording recorded;

ssize_t __real_getrandom(void *bytes, size_t len, unsigned int flags);
ssize_t __wrap_getrandom(void *bytes, size_t len, unsigned int flags);
ssize_t __wrap_getrandom(void *bytes, size_t len, unsigned int flags)
{
	if (!recorded.nr_random)
		return __real_getrandom(bytes, len, flags);
	assert_true(recorded.used + len <= recorded.nr_random);
	memcpy(bytes, recorded.random + recorded.used, len);
	recorded.used += len;
	return (ssize_t)len;
}

static void add_bytes(const char *line, struct pdu *pdu, size_t *len)
{
	unsigned int b;

	for (; *line; line++)
		if (sscanf(line, "%2x", &b) == 1 && line[1] && line[0] != ' ' && line[0] != '\n') {
			((uint8_t *)pdu)[(*len)++] = (uint8_t)b;
			line++;
		}
}

/* "# ALGORITHMS|- INITIATOR TARGET|- [USER SECRET [USER SECRET]]" */
static void read_head(const char *line)
{
	char (*w)[256] = recorded.words;
	struct chap_login *chap = &recorded.login.chap;
	int n = sscanf(line, "# %255s %255s %255s %255s %255s %255s %255s", w[0], w[1], w[2], w[3],
		       w[4], w[5], w[6]);

	assert_true(n == 3 || n == 5 || n == 7);
	recorded.login = (struct login_phase_account){ .isid = { 0x80, 0x12, 0x34, 0x56 },
						  .offer = login_phase_defaults };
	recorded.login.initiator_name = w[1];
	recorded.login.target_name = strcmp(w[2], "-") ? w[2] : NULL;
	chap->algorithms = strcmp(w[0], "-") ? w[0] : NULL;
	recorded.login.offer.header_digest = DIGEST_NONE; /* as record-login offers */
	recorded.login.offer.data_digest = DIGEST_NONE;
	if (n >= 5)
		chap->initiator = (struct chap_account){ w[3], strlen(w[3]), (uint8_t *)w[4], strlen(w[4]) };
	if (n == 7)
		chap->target = (struct chap_account){ w[5], strlen(w[5]), (uint8_t *)w[6], strlen(w[6]) };
}

static void read_recording(const char *path)
{
	FILE *f = fopen(path, "r");
	char line[65536];
	size_t len = 0;
	unsigned int i;

	assert_non_null(f);
	memset(&recorded, 0, sizeof(recorded));
	while (fgets(line, sizeof(line), f)) {
		if (line[0] == '#') {
			read_head(line);
			continue;
		}
		if (line[0] != ' ') {
			assert_true(recorded.nr < 32);
			recorded.from_initiator[recorded.nr++] = line[0] == 'I';
			len = 0;
		}
		add_bytes(line + 1, &recorded.pdus[recorded.nr - 1], &len);
	}
	fclose(f);
	for (i = 0; i < recorded.nr; i++) {
		const struct pdu *p = &recorded.pdus[i];

		if (!recorded.from_initiator[i] || !talk_asked(p, "CHAP_C"))
			continue;
		recorded.random[0] = (uint8_t)atoi(talk_asked(p, "CHAP_I"));
		recorded.nr_random = 1 + talk_hex(talk_asked(p, "CHAP_C"), recorded.random + 1);
	}
}

static void replay(const char *path)
{
	enum login_phase_next next;
	unsigned int i;

	read_recording(path);
	next = login_phase_start(&x, &recorded.login);
	for (i = 0; i < recorded.nr; i++) {
		const struct pdu *p = &recorded.pdus[i];

		if (!recorded.from_initiator[i]) {
			next = login_phase_receive(&x, p);
			continue;
		}
		assert_int_equal(next, LOGIN_PHASE_SEND);
		if (memcmp(&x.out, p, pdu_size(p->header)) != 0)
			fail_msg("%s: request %u is another one", path, i / 2 + 1);
	}
	if (next != LOGIN_PHASE_DONE)
		fail_msg("%s: %s", path, x.answer);
	assert_true(x.tpgt > 0);
	login_phase_free(&x);
	memset(&recorded, 0, sizeof(recorded));
}

static void recordings(void **state)
{
	glob_t found;
	size_t i;

	assert_int_equal(glob("tests/data/*.login", 0, NULL, &found), 0);
	for (i = 0; i < found.gl_pathc; i++)
		replay(found.gl_pathv[i]);
	globfree(&found);
}

static void nothing_is_left(void **state)
{
	static const struct login_phase empty;
	struct login_phase zeroed = { NULL };

	login_phase_start(&x, &plain);
	say(TALK_STAY_OPERATIONAL | TALK_GOES_ON, "TargetAlias=a|");
	login_phase_free(&x);
	assert_memory_equal(&x, &empty, sizeof(x));
	login_phase_free(&zeroed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_round),
		cmocka_unit_test(nothing_is_answered),
		cmocka_unit_test(bursts),
		cmocka_unit_test(digests),
		cmocka_unit_test(texts_that_may_not_be),
		cmocka_unit_test(texts_that_are_tolerated),
		cmocka_unit_test(digests_by_default),
		cmocka_unit_test(first_burst_below_the_least),
		cmocka_unit_test(truths),
		cmocka_unit_test(headers_that_may_not_be),
		cmocka_unit_test(isid_that_is_not_filled_in),
		cmocka_unit_test(several_pdus),
		cmocka_unit_test(no_end),
		cmocka_unit_test(unknown_keys),
		cmocka_unit_test(security_first),
		cmocka_unit_test(discovery),
		cmocka_unit_test(statuses),
		cmocka_unit_test(redirects),
		cmocka_unit_test(long_values),
		cmocka_unit_test(recordings),
		cmocka_unit_test(nothing_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
