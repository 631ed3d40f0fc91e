// SPDX-License-Identifier: GPL-2.0-only
/* Reads and writes the text of open-iscsi records. */
#include "handoff/record_file.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define BEGIN_OURS "# BEGIN RECORD of iscsi-boot-agent"
#define BEGIN "# BEGIN RECORD"
#define END "# END RECORD"

/* Sizes with the NUL (open-iscsi: NAME_MAXVAL, VALUE_MAXVAL). */
#define KEY_SIZE 128
#define VALUE_SIZE 256

static bool key_is_valid(const char *key)
{
	static const char chars[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._[]";
	size_t len = strspn(key, chars);

	return len && !key[len] && len < KEY_SIZE;
}

bool record_file_value_is_valid(const char *value)
{
	size_t len = strlen(value);
	const char *s;

	for (s = value; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return false;
	return len && len < VALUE_SIZE && value[0] != ' ' && value[len - 1] != ' ';
}

void record_file_drop(struct record *r, const char *key)
{
	unsigned int i, n = 0;

	for (i = 0; i < r->nr; i++)
		if (strcmp(r->fields[i].key, key))
			r->fields[n++] = r->fields[i];
	r->nr = n;
}

static void record_append(struct record *r, const char *key, const char *value)
{
	struct record_field *fields = r->fields;

	if (r->nr == r->room) {
		fields = arena_alloc(&r->arena, (r->room + 64) * sizeof(*fields));
		if (!fields) {
			r->no_memory = true;
			return;
		}
		if (r->nr)
			memcpy(fields, r->fields, r->nr * sizeof(*fields));
		r->fields = fields;
		r->room += 64;
	}
	fields[r->nr++] = (struct record_field){ key, value };
}

/* Replaces the value of @key, or appends the field. */
static void record_put(struct record *r, const char *key, const char *value)
{
	unsigned int i;

	for (i = 0; i < r->nr; i++) {
		if (strcmp(r->fields[i].key, key))
			continue;
		r->fields[i].value = value;
		return;
	}
	record_append(r, key, value);
}

bool record_set(struct record *r, const char *key, const char *fmt, ...)
{
	char text[VALUE_SIZE], *value;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n < 0 || n >= VALUE_SIZE || !record_file_value_is_valid(text)) {
		explicit_bzero(text, sizeof(text));
		record_file_drop(r, key);
		return false;
	}
	value = arena_text(&r->arena, text, (size_t)n);
	explicit_bzero(text, sizeof(text));
	if (value)
		record_put(r, key, value);
	r->no_memory |= !value;
	return value;
}

/* Adds "KEY = VALUE". A record of another program keeps its fields, even if they are invalid. */
static void take_line(struct record *r, char *line, const char *prefix)
{
	size_t len = strcspn(line, " \t=");
	char *value = line + len, *end;

	value += strspn(value, " \t");
	if (*value != '=')
		return;
	value += 1 + strspn(value + 1, " \t");
	line[len] = '\0';
	for (end = value + strlen(value); end > value && strchr(" \t\r", end[-1]);)
		*--end = '\0';
	if (strncmp(line, prefix, strlen(prefix)) != 0)
		return;
	if (key_is_valid(line) && record_file_value_is_valid(value))
		record_set(r, line, "%s", value);
	else if (!r->ours && *line)
		record_put(r, line, value);
}

void record_file_take(struct record *r, char *text, const char *prefix)
{
	char *line, *rest = NULL;

	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		line += strspn(line, " \t");
		if (!strcmp(line, BEGIN_OURS))
			r->ours = true;
		else if (*line != '#')
			take_line(r, line, prefix);
	}
}

const char *record_file_text(struct record *r)
{
	size_t size = sizeof(BEGIN_OURS) + sizeof(END "\n");
	unsigned int i;
	char *text, *to;

	for (i = 0; i < r->nr; i++)
		size += strlen(r->fields[i].key) + strlen(r->fields[i].value) + sizeof(" = ");
	text = r->no_memory ? NULL : arena_alloc(&r->arena, size);
	if (!text)
		return NULL;
	to = text + sprintf(text, "%s\n", r->ours ? BEGIN_OURS : BEGIN);
	for (i = 0; i < r->nr; i++)
		to += sprintf(to, "%s = %s\n", r->fields[i].key, r->fields[i].value);
	memcpy(to, END "\n", sizeof(END "\n"));
	return text;
}

void record_file_free(struct record *r)
{
	arena_free(&r->arena);
	*r = (struct record){ 0 };
}
