// SPDX-License-Identifier: GPL-2.0-only
/* Prints the same data as text or as JSON. */
#include "base/json_writer.h"

#include <string.h>

void json_writer_string(struct json_writer *o, const char *s, size_t len)
{
	size_t i;

	fputc('"', o->file);
	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '"' || c == '\\')
			fprintf(o->file, "\\%c", c);
		else if (c < 0x20 || c > 0x7e)
			fprintf(o->file, "\\u%04x", c);
		else
			fputc(c, o->file);
	}
	fputc('"', o->file);
}

void json_writer_key(struct json_writer *o, const char *key)
{
	fprintf(o->file, "%s\n%*s", o->first ? "" : ",", 2 * o->depth, "");
	o->first = false;
	if (!key)
		return;
	json_writer_string(o, key, strlen(key));
	fputs(": ", o->file);
}

void json_writer_begin(struct json_writer *o, const char *key, char bracket, const char *heading)
{
	if (o->json) {
		if (o->depth)
			json_writer_key(o, key);
		fputc(bracket, o->file);
	} else if (heading) {
		fprintf(o->file, "%s%s\n", o->first ? "" : "\n", heading);
		o->first = false;
	}
	o->first |= o->json;
	o->depth++;
}

void json_writer_end(struct json_writer *o, char bracket)
{
	o->depth--;
	if (!o->json)
		return;
	if (!o->first)
		fprintf(o->file, "\n%*s", 2 * o->depth, "");
	o->first = false;
	fputc(bracket, o->file);
}

void json_writer_member(struct json_writer *o, const char *key, const char *value)
{
	if (o->json) {
		json_writer_key(o, key);
		json_writer_string(o, value, strlen(value));
	} else {
		fprintf(o->file, "  %-21s %s\n", key, value);
	}
}
