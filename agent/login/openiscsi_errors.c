// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds the cause of a failed login in the output of iscsistart. Its exit status is 1 for every
 * failure (2.1.8), so the error number is read from its last line, "initiator reported error
 * (19 - ...)". The numbers are those of open-iscsi's include/iscsi_err.h. The lines before it hold
 * the status of the target's Login Response.
 */
#include "login/iscsistart.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "base/arena.h"
#include "plan/describe.h"

/* Limits in bytes: a line of the kernel log holds less than 1000. */
#define TEXT_MAX 500
#define LINE_MAX_KEPT 200

#define REPORTED "initiator reported error ("

/* The first matching rule applies. */
static const struct rule {
	const char *text; /* substring of the output; NULL: any output */
	int number; /* reported error; 0: any */
	struct verdict verdict;
} rules[] = {
	{ NULL, 15, { STATUS_REFUSED, NEXT_LOOK, FAILURE_OTHER } },
	/* RFC 7143 11.13.5: class 3 is a target error, 2/06 too many connections. */
	{ "(03/", 0, { STATUS_REFUSED, NEXT_TRY, FAILURE_BUSY } },
	{ "(02/06)", 19, { STATUS_REFUSED, NEXT_TRY, FAILURE_BUSY } },
	{ "(02/03)", 19, { STATUS_NO_TARGET, NEXT_TRY, FAILURE_TARGET } },
	{ "(02/04)", 19, { STATUS_NO_TARGET, NEXT_NONE, FAILURE_TARGET } },
	/* 2/02: the target does not admit this initiator, perhaps because it is starting. */
	{ "failed authorization", 24, { STATUS_REFUSED, NEXT_TRY, FAILURE_DENIED } },
	{ NULL, 24, { STATUS_AUTH, NEXT_NONE, FAILURE_AUTH } },
	/* Mutual CHAP: the target failed to authenticate itself. */
	{ "authenticat", 19, { STATUS_AUTH, NEXT_NONE, FAILURE_AUTH } },
	{ "CHAP", 19, { STATUS_AUTH, NEXT_NONE, FAILURE_AUTH } },
	{ "redirect", 19, { STATUS_REFUSED, NEXT_NONE, FAILURE_REDIRECT } },
	{ NULL, 19, { STATUS_REFUSED, NEXT_NONE, FAILURE_DENIED } },
	{ "login redirect", 0, { STATUS_REFUSED, NEXT_TRY, FAILURE_REDIRECT } },
	{ NULL, 4, { STATUS_NO_ANSWER, NEXT_TRY, FAILURE_NETWORK } }, /* connection failure */
	{ NULL, 8, { STATUS_NO_ANSWER, NEXT_TRY, FAILURE_NETWORK } }, /* connect timed out */
	{ NULL,
	  11,
	  { STATUS_NO_ANSWER, NEXT_TRY, FAILURE_NETWORK } }, /* connected, but no response */
	{ NULL, 5, { STATUS_REFUSED, NEXT_TRY, FAILURE_OTHER } },
	{ NULL, 12, { STATUS_MODULE, NEXT_NONE, FAILURE_OTHER } }, /* transport not found */
	/* The kernel returns ENOMEM (iferror -12) if the crc32c module is missing. */
	{ "Can't create connection", 9, { STATUS_MODULE, NEXT_NONE, FAILURE_OTHER } },
	{ NULL, 28, { STATUS_REFUSED, NEXT_TRY, FAILURE_BUSY } },
	{ NULL, 29, { STATUS_REFUSED, NEXT_TRY, FAILURE_BUSY } }, /* ISCSI_ERR_AGAIN */
};

static int reported_error(const char *output)
{
	const char *at = strstr(output, REPORTED);

	return at ? atoi(at + strlen(REPORTED)) : 0;
}

struct verdict iscsistart_verdict(int wait_status, const char *output)
{
	struct verdict unknown = { STATUS_ERROR, NEXT_NONE, FAILURE_OTHER };
	int number = reported_error(output);
	unsigned int i;

	if (WIFEXITED(wait_status) && !WEXITSTATUS(wait_status))
		return (struct verdict){ STATUS_OK, NEXT_NONE, FAILURE_OTHER };
	if (!number && WIFEXITED(wait_status) && WEXITSTATUS(wait_status) > 1)
		number = WEXITSTATUS(wait_status);
	for (i = 0; number && i < ARRAY_SIZE(rules); i++)
		if ((!rules[i].number || rules[i].number == number) &&
		    (!rules[i].text || strstr(output, rules[i].text)))
			return rules[i].verdict;
	return unknown;
}

/* Returns true for lines that are in every output, or do not explain a failure. */
static bool is_noise(const char *line)
{
	static const char *const noise[] = {
		"version ",
		"Logging into ",
		"Could not set session",
		" is shutdown.",
		" operational now",
		"could not read session targetname",
		"could not find session info",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(noise); i++)
		if (strstr(line, noise[i]))
			return true;
	return !*line;
}

static char *add_line(void **arena, char *text, const char *line)
{
	static const char prefix[] = "iscsistart: ";
	struct ibu_text raw;
	char *escaped;

	if (strlen(text) > TEXT_MAX)
		return text;
	if (!strncmp(line, prefix, strlen(prefix)))
		line += strlen(prefix);
	if (is_noise(line))
		return text;
	raw = (struct ibu_text){ line, (u32)strnlen(line, LINE_MAX_KEPT) };
	escaped = describe_text(arena, &raw);
	if (!escaped || strstr(text, escaped)) /* iscsistart repeats lines while it retries */
		return text;
	return arena_printf(arena, "%s%s%s", text, *text ? "; " : "", escaped);
}

char *iscsistart_answer(void **arena, int wait_status, const char *output)
{
	char *copy = arena_printf(arena, "%s", output), *text = arena_printf(arena, "%s", "");
	char *line, *rest = NULL;

	if (!copy)
		return NULL;
	for (line = strtok_r(copy, "\n", &rest); line && text; line = strtok_r(NULL, "\n", &rest))
		text = add_line(arena, text, line);
	if (text && *text)
		return text;
	if (WIFSIGNALED(wait_status))
		return arena_printf(arena, "iscsistart was killed by signal %d",
				    WTERMSIG(wait_status));
	return arena_printf(arena, "iscsistart exited with status %d without a message",
			    WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : -1);
}
