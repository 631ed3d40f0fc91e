/* SPDX-License-Identifier: GPL-2.0-only */
/* Prints the same data as text for people or as JSON (RFC 8259) for programs. */
#ifndef AGENT_BASE_JSON_WRITER_H
#define AGENT_BASE_JSON_WRITER_H

#include <stdbool.h>
#include <stdio.h>

struct json_writer {
	FILE *file;
	bool json;
	bool first; /* no comma before the next member or element */
	int depth;
};

/* JSON only: prints the @len bytes of @s in quotes, escaped. */
void json_writer_string(struct json_writer *o, const char *s, size_t len);
/* JSON only: prints comma, newline and @key; no key before an array element (NULL). */
void json_writer_key(struct json_writer *o, const char *key);
/* Opens an object or array: @bracket is '{' or '['. Text: prints the line @heading, if any. */
void json_writer_begin(struct json_writer *o, const char *key, char bracket, const char *heading);
/* Closes the object or array: @bracket is '}' or ']'. */
void json_writer_end(struct json_writer *o, char bracket);
/* Prints @key and the string @value. */
void json_writer_member(struct json_writer *o, const char *key, const char *value);

#endif
