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
	const char *redirect; /* host that the first login is redirected to */
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
	{ "redirect-name", .redirect = "far.example" },
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

/*
 * Edits the pairs in @text, which ends with a NUL after its last byte. "?KEY=VALUE|" replaces the
 * value of a key that is there, "+KEY=VALUE|" appends a pair. Returns the new length.
 */
static inline size_t quirk_edit(const char *edit, bool append, char *text, size_t len)
{
	size_t key_len, value_len, old_len;
	const char *pair;
	char *value;

	for (pair = edit; pair && *pair; pair += strcspn(pair, "|") + 1) {
		key_len = strcspn(pair + 1, "=");
		value_len = strcspn(pair, "|") - key_len - 2;
		if (*pair == '+' && append)
			len += (size_t)sprintf(text + len, "%.*s", (int)(key_len + value_len + 1), pair + 1) + 1;
		value = *pair == '?' ? quirk_value(text, len, pair + 1, key_len) : NULL;
		if (!value)
			continue;
		old_len = strlen(value);
		memmove(value + value_len, value + old_len, len - (size_t)(value + old_len - text));
		memcpy(value, pair + key_len + 2, value_len);
		len = len - old_len + value_len;
	}
	return len;
}

#endif
