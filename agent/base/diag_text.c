// SPDX-License-Identifier: GPL-2.0-only
/* Rewrites diagnostics of the module for people. */
#include "base/diag_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "kmod/core/params.h"

/*
 * Cuts the text before the first @sep off @rest. Without @sep cuts all, and sets @rest->s to NULL.
 */
static struct ibu_text cut(struct ibu_text *rest, char sep)
{
	const char *at = rest->len ? memchr(rest->s, sep, rest->len) : NULL;
	struct ibu_text head = { rest->s, at ? (u32)(at - rest->s) : rest->len };

	rest->s = at ? at + 1 : NULL;
	rest->len -= at ? head.len + 1 : head.len;
	return head;
}

/*
 * Returns the position as text: "command line, byte 30", "/etc/cmdline, byte 30", "file
 * /etc/x.conf, line 3", "iBFT target0 byte 0x1a4" or "nic0". NULL without memory.
 */
static char *position(void **arena, struct ibu_text part, const struct ibu_text *offset)
{
	bool known = !ibu_is(offset, "-"), is_file = part.len && *part.s == '/';
	struct ibu_text place = is_file ? part : cut(&part, '.'), line = part;
	const char *where;

	if (is_file) {
		place = cut(&line, ':');
		if (!line.s && known)
			return arena_printf(arena, "%.*s, byte %.*s", (int)place.len, place.s,
					    (int)offset->len, offset->s);
		return line.s ? arena_printf(arena, "file %.*s, line %.*s", (int)place.len, place.s,
					     (int)line.len, line.s) :
				arena_printf(arena, "file %.*s", (int)place.len, place.s);
	}
	where = ibu_is(&place, "cmdline") ? "command line" :
		ibu_is(&place, "ibft")	  ? "iBFT" :
		ibu_is(&place, "ibft2")	  ? "second iBFT" :
					    arena_text(arena, place.s, place.len);
	if (where && part.s)
		where = arena_printf(arena, "%s %.*s", where, (int)part.len, part.s);
	if (!where || !known)
		return where ? arena_printf(arena, "%s", where) : NULL;
	if (ibu_is(&place, "ibft") || ibu_is(&place, "ibft2"))
		return arena_printf(arena, "%s byte 0x%lx", where, strtoul(offset->s, NULL, 10));
	return arena_printf(arena, "%s, byte %.*s", where, (int)offset->len, offset->s);
}

/*
 * Returns the text between @field and the reason; parameters and keys get a "=". Returns NULL for
 * fields that only repeat that the position is a line or a parameter: they are omitted.
 */
static const char *separator(const struct ibu_text *place, const struct ibu_text *field)
{
	static const char *const implied[] = { "file", "key", "line", "param" };
	bool is_key = ibu_is(place, "cmdline") || (place->len && *place->s == '/');
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(implied) && is_key; i++)
		if (ibu_is(field, implied[i]))
			return NULL;
	return is_key ? "=: " : ": ";
}

char *diag_text(void **arena, const char *line, size_t len, bool *error)
{
	struct ibu_text rest = { line, (u32)len }, severity, place, field, offset;
	const char *between;
	char *where;

	severity = cut(&rest, ' ');
	place = cut(&rest, ' ');
	field = cut(&rest, ' ');
	offset = cut(&rest, ':');
	*error = ibu_is(&severity, "error");
	if (!rest.s || !rest.len) /* not a diagnostic */
		return arena_text(arena, line, len);
	if (ibu_is(&place, "agent")) /* the field says where */
		return arena_printf(arena, "%.*s:%.*s", (int)field.len, field.s, (int)rest.len,
				    rest.s);
	where = position(arena, place, &offset);
	between = separator(&place, &field);
	if (!where)
		return NULL;
	return arena_printf(arena, "%s: %.*s%s%.*s", where, between ? (int)field.len : 0, field.s,
			    between ? between : "", (int)rest.len - 1, rest.s + 1);
}

char *diag_next(void **arena, const char **text, size_t *len, bool *error)
{
	const char *eol = memchr(*text, '\n', *len), *line = *text;
	size_t line_len = eol ? (size_t)(eol - line) : *len, used = line_len + !!eol;

	*text += used;
	*len -= used;
	return diag_text(arena, line, line_len, error);
}

void diag_print(const char *text, size_t len, const char *indent, FILE *out)
{
	while (len) {
		AUTO_ARENA arena = NULL;
		bool error;
		const char *line = diag_next(&arena, &text, &len, &error);

		fprintf(out, "%s%s: %s\n", indent, error ? "error" : "warning", line ? line : "?");
	}
}
