/* SPDX-License-Identifier: GPL-2.0-only */
/* Text for people and JSON (RFC 8259) for programs, made in one walk. */
#ifndef AGENT_BASE_JSON_WRITER_H
#define AGENT_BASE_JSON_WRITER_H

#include <stdbool.h>
#include <stdio.h>

/* What is written so far. */
struct json_writer {
	FILE *file;
	bool json;
	bool first; /* of an object or array: no comma before it */
	int depth;
};

/* JSON alone: @len bytes of @s in quotes. */
void json_writer_string(struct json_writer *o, const char *s, size_t len);
/* JSON alone: what stands before a member or (NULL) an element: comma, new line, and the key. */
void json_writer_key(struct json_writer *o, const char *key);
/* '{' or '['; in text the line @heading, where there is one. */
void json_writer_begin(struct json_writer *o, const char *key, char bracket, const char *heading);
void json_writer_end(struct json_writer *o, char bracket);
/* A key and a value that is a string. */
void json_writer_member(struct json_writer *o, const char *key, const char *value);

#endif
