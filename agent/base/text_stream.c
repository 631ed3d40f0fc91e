// SPDX-License-Identifier: GPL-2.0-only
/* Collects text in memory by a stream whose errors are seen. */
#include "base/text_stream.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool text_stream_grow(struct text_stream *s, size_t size)
{
	char *text;

	if (size <= s->size)
		return true;
	size += size / 2;
	text = realloc(s->text, size);
	if (!text)
		return false;
	s->text = text;
	s->size = size;
	return true;
}

/* As write(2): 0 makes the stream set its error flag. */
static ssize_t text_stream_write(void *cookie, const char *bytes, size_t len)
{
	struct text_stream *s = cookie;

	if (!text_stream_grow(s, s->len + len + 1))
		return 0;
	memcpy(s->text + s->len, bytes, len);
	s->len += len;
	s->text[s->len] = '\0';
	return (ssize_t)len;
}

FILE *text_stream_open(struct text_stream *s)
{
	*s = (struct text_stream){ NULL };
	s->file = fopencookie(s, "w", (cookie_io_functions_t){ .write = text_stream_write });
	return s->file;
}

int text_stream_close(struct text_stream *s)
{
	bool bad = !s->file || fflush(s->file) || ferror(s->file);

	if (s->file && fclose(s->file))
		bad = true;
	s->file = NULL;
	if (!bad && !s->text) {
		s->text = calloc(1, 1);
		bad = !s->text;
	}
	if (!bad)
		return 0;
	free(s->text);
	*s = (struct text_stream){ NULL };
	return -ENOMEM;
}
