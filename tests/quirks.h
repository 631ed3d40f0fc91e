/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Quirks of real targets in the login phase, one line each. A login must succeed with each of them.
 * tests/unit/iscsi/test_quirks.c plays them without a machine, tests/boot/tools/hostile-target.c in
 * front of a real target.
 */
#ifndef TESTS_QUIRKS_H
#define TESTS_QUIRKS_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct quirk {
	const char *name;
	bool chap; /* the login has credentials */
	bool unit_only; /* a real target behind it would not get what it negotiated */
	/* "KEY=PREFIX": a request in which KEY has another value is refused. */
	const char *must;
	unsigned int refusal; /* status of that refusal, or of all logins of a late target; 0: a FIN */
	bool late; /* refuses each login at first */
	/* Edits of requests and responses: pairs that end with '|', see quirk_edit(). */
	const char *request, *response;
	const char *echo; /* the value of this key in a response is the first one that was offered */
	const char *redirect; /* host that the first login is redirected to; ":PORT,1" follows */
};

#define A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* clang-format off */
static const struct quirk quirks[] = {
	{ .name = "plain" },
	{ "md5-first", .chap = true, .must = "CHAP_A=5", .refusal = 0x0201 }, /* LIO before 3.15, Synology */
	{ "md5-first-closes", .chap = true, .must = "CHAP_A=5" },
	{ "digests-forced", .must = "HeaderDigest=None,CRC32C", .refusal = 0x0200, .request = "?HeaderDigest=CRC32C|?DataDigest=CRC32C|" },
	{ "tag-twice", .response = "+TargetPortalGroupTag=1|" },
	{ "tag-unreadable", .response = "?TargetPortalGroupTag=one|" },
	{ "tag-too-high", .response = "?TargetPortalGroupTag=65536|" },
	{ "alias-twice", .response = "+TargetAlias=a|+TargetAlias=a|" },
	{ "alias-long", .response = "+TargetAlias=" A64 A64 A64 A64 A64 "|" },
	{ "method-list", .chap = true, .response = "?AuthMethod=CHAP,None|" },
	{ "not-understood", .response = "+MaxRecvDataSegmentLength=NotUnderstood|" },
	{ "receive-2-24", .unit_only = true, .response = "+MaxRecvDataSegmentLength=16777216|" },
	{ "bursts-above", .unit_only = true, .response = "?MaxBurstLength=16777216|?FirstBurstLength=16777215|" },
	{ "r2t-above", .response = "?MaxOutstandingR2T=8|" },
	{ "late-unknown", .late = true, .refusal = 0x0203 },
	{ "late-denied", .late = true, .refusal = 0x0202 },
	{ "late-busy", .late = true, .refusal = 0x0301 },
	{ "late-closes", .late = true },
	{ "algorithm-echoed", .chap = true, .echo = "CHAP_A" }, /* but computes MD5 */
	{ "algorithm-list", .chap = true, .response = "?CHAP_A=9,5,7|" },
	{ "tag-negative", .response = "?TargetPortalGroupTag=-1|" }, /* Jiva */
	{ "tag-missing", .response = "-TargetPortalGroupTag|" },
	{ "truths-lower-case", .response = "?InitialR2T=yes|?ImmediateData=yes|" },
	{ "order-no", .response = "?DataPDUInOrder=No|?DataSequenceInOrder=No|" },
	{ "connections-above", .response = "?MaxConnections=4|" },
	{ "wait-above", .response = "?DefaultTime2Wait=7200|" },
	{ "first-burst-0", .response = "?FirstBurstLength=0|" },
	{ "first-burst-unused", .response = "?InitialR2T=Yes|?ImmediateData=No|?MaxBurstLength=65536|?FirstBurstLength=131072|" },
	{ "declined", .response = "?HeaderDigest=Reject|?DataDigest=NotUnderstood|?MaxConnections=Irrelevant|?DefaultTime2Retain=Reject|" },
	{ "vendor-key", .response = "+X-com.example.cache=1|+OFMarker=No|+IFMarker=No|" },
	{ "address-declared", .response = "+TargetAddress=10.0.2.2:3260,1|" },
	{ "no-last-nul", .response = "!|" },
	{ "padding-counted", .response = "0|" },
	{ "number-hex", .response = "?MaxBurstLength=0x40000|?FirstBurstLength=0X10000|?DefaultTime2Wait=0x2|" },
	{ "number-blanks", .response = "?MaxBurstLength= 262144|?FirstBurstLength=65536 |?DefaultTime2Wait=\t2 |" },
	{ "alias-empty", .response = "+TargetAlias=|" },
	{ "alias-not-utf-8", .response = "+TargetAlias=\xe4\xff|" },
	{ "answers-missing", .unit_only = true, .response = "-InitialR2T|-ImmediateData|-MaxBurstLength|-FirstBurstLength|-MaxOutstandingR2T|-DataPDUInOrder|-DataSequenceInOrder|-DefaultTime2Wait|-DefaultTime2Retain|-ErrorRecoveryLevel|-MaxConnections|" },
	{ "declined-all", .unit_only = true, .response = "?InitialR2T=Reject|?MaxBurstLength=NotUnderstood|?FirstBurstLength=Irrelevant|?ErrorRecoveryLevel=Reject|?MaxOutstandingR2T=Reject|?DataPDUInOrder=Irrelevant|?ImmediateData=NotUnderstood|" },
	{ "digests-list", .response = "?HeaderDigest=None,CRC32C|?DataDigest=None,CRC32C|" },
	{ "redirect-name", .redirect = "far.example" },
	{ "redirect-several", .redirect = "10.0.2.2:9,1|TargetAddress=far.example" },
};
/* clang-format on */

#define NR_QUIRKS (sizeof(quirks) / sizeof(*quirks))

static inline const struct quirk *quirk_find(const char *name)
{
	size_t i;

	for (i = 0; i < NR_QUIRKS; i++)
		if (!strcmp(quirks[i].name, name))
			return &quirks[i];
	return NULL;
}

/* Returns the value of the @key_len bytes @key in @text, pairs that end with NUL; NULL: none. */
static inline char *quirk_value(char *text, size_t len, const char *key, size_t key_len)
{
	char *at;

	for (at = text; at < text + len; at += strlen(at) + 1)
		if (!strncmp(at, key, key_len) && at[key_len] == '=')
			return at + key_len + 1;
	return NULL;
}

/* Returns true if the quirk refuses this request. */
static inline bool quirk_refuses(const struct quirk *q, char *text, size_t len)
{
	size_t key_len = q->must ? strcspn(q->must, "=") : 0;
	const char *want = q->must ? q->must + key_len + 1 : "";
	const char *value = q->must ? quirk_value(text, len, q->must, key_len) : NULL;

	return value && strncmp(value, want, strlen(want)) != 0;
}

/* Replaces a value in @text. Returns the new length. */
static inline size_t quirk_replace(char *text, size_t len, char *value, const char *by, size_t by_len)
{
	size_t old_len = strlen(value);

	memmove(value + by_len, value + old_len, len - (size_t)(value + old_len - text));
	memcpy(value, by, by_len);
	return len - old_len + by_len;
}

/*
 * Edits the pairs in @text, which ends with a NUL after its last byte. "?KEY=VALUE|" replaces the
 * value of a key that is there, "-KEY|" removes its pair. With @append, "+KEY=VALUE|" appends a
 * pair, "!|" cuts the last byte and "0|" appends three NULs. Returns the new length.
 */
static inline size_t quirk_edit(const char *edit, bool append, char *text, size_t len)
{
	size_t key_len, value_len, pair_len;
	const char *pair;
	char *value;

	for (pair = edit; pair && *pair; pair += strcspn(pair, "|") + 1) {
		key_len = strcspn(pair + 1, "=|");
		value_len = strcspn(pair, "|") - key_len - 1;
		value_len -= value_len > 0;
		if (*pair == '+' && append)
			len += (size_t)sprintf(text + len, "%.*s", (int)(key_len + value_len + 1), pair + 1) + 1;
		if (*pair == '!' && append && len)
			len--;
		for (pair_len = 0; *pair == '0' && append && pair_len < 3; pair_len++)
			text[len++] = '\0';
		value = strchr("?-", *pair) ? quirk_value(text, len, pair + 1, key_len) : NULL;
		if (value && *pair == '?') {
			len = quirk_replace(text, len, value, pair + key_len + 2, value_len);
		} else if (value) {
			pair_len = key_len + 1 + strlen(value) + 1;
			value += strlen(value) + 1;
			memmove(value - pair_len, value, len - (size_t)(value - text));
			len -= pair_len;
		}
	}
	return len;
}

/* Edits a response as "echo" says: @request has the offer. Returns the new length. */
static inline size_t quirk_echo(const char *key, char *request, size_t request_len, char *text,
				size_t len)
{
	const char *offer = key ? quirk_value(request, request_len, key, strlen(key)) : NULL;
	char *value = offer ? quirk_value(text, len, key, strlen(key)) : NULL;

	return value ? quirk_replace(text, len, value, offer, strcspn(offer, ",")) : len;
}

#endif
