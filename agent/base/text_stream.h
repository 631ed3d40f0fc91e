/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A stream that collects text in memory and reports lack of memory. open_memstream() of glibc loses
 * text then, and neither ferror() nor fclose() tells it.
 */
#ifndef AGENT_BASE_TEXT_STREAM_H
#define AGENT_BASE_TEXT_STREAM_H

#include <stdio.h>

struct text_stream {
	char *text; /* with a NUL after @len bytes; NULL: empty */
	size_t len;
	size_t size; /* private */
	FILE *file; /* private */
};

/* Opens @s. Returns its stream; NULL without memory: then text_stream_close() returns -ENOMEM. */
FILE *text_stream_open(struct text_stream *s);
/*
 * Closes the stream. Returns 0, and @s->text is complete and not NULL; or -ENOMEM, and it is NULL.
 * The caller frees @s->text.
 */
int text_stream_close(struct text_stream *s);

#endif
