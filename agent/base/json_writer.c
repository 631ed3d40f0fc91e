// SPDX-License-Identifier: GPL-2.0-only
#include "base/json_writer.h"

#include <string.h>

void out_string(struct out *o, const char *s, size_t len)
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

void out_key(struct out *o, const char *key)
{
	fprintf(o->file, "%s\n%*s", o->first ? "" : ",", 2 * o->depth, "");
	o->first = false;
	if (!key)
		return;
	out_string(o, key, strlen(key));
	fputs(": ", o->file);
}

void out_begin(struct out *o, const char *key, char bracket, const char *heading)
{
	if (o->json) {
		if (o->depth)
			out_key(o, key);
		fputc(bracket, o->file);
	} else if (heading) {
		fprintf(o->file, "%s%s\n", o->first ? "" : "\n", heading);
		o->first = false;
	}
	o->first |= o->json;
	o->depth++;
}

void out_end(struct out *o, char bracket)
{
	o->depth--;
	if (!o->json)
		return;
	if (!o->first)
		fprintf(o->file, "\n%*s", 2 * o->depth, "");
	o->first = false;
	fputc(bracket, o->file);
}

void out_member(struct out *o, const char *key, const char *value)
{
	if (o->json) {
		out_key(o, key);
		out_string(o, value, strlen(value));
	} else {
		fprintf(o->file, "  %-21s %s\n", key, value);
	}
}
