// SPDX-License-Identifier: GPL-2.0-only
/* Tests that lack of memory at any moment is reported, and that no text is lost otherwise. */
#include "tests/unit/parsed.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text_stream.h"

static unsigned int left; /* successful calls of realloc() left; UINT_MAX: all */

void *__real_realloc(void *p, size_t size);
void *__wrap_realloc(void *p, size_t size);

/* Replaces realloc() (linker option --wrap). */
void *__wrap_realloc(void *p, size_t size)
{
	if (!left)
		return NULL;
	left -= left != UINT_MAX;
	return __real_realloc(p, size);
}

#define LINES 3000

static int print(struct text_stream *s)
{
	FILE *out = text_stream_open(s);
	int i;

	assert_non_null(out);
	for (i = 0; i < LINES; i++)
		fprintf(out, "line %d\n", i);
	return text_stream_close(s);
}

static void is_complete(void **state)
{
	struct text_stream s;
	char *at;
	int i;

	left = UINT_MAX;
	assert_int_equal(print(&s), 0);
	assert_int_equal(strlen(s.text), s.len);
	for (i = 0, at = s.text; i < LINES; i++, at++)
		assert_int_equal(strtol(at + 5, &at, 10), i);
	assert_int_equal(at - s.text, s.len);
	free(s.text);
}

static void is_empty(void **state)
{
	struct text_stream s;

	assert_non_null(text_stream_open(&s));
	assert_int_equal(text_stream_close(&s), 0);
	assert_int_equal(s.len, 0);
	assert_string_equal(s.text, "");
	free(s.text);
}

static void without_memory(void **state)
{
	struct text_stream s;
	unsigned int n;
	int r = -ENOMEM;

	for (n = 0; r; n++) {
		assert_true(n < 100);
		left = n;
		r = print(&s);
		if (r) {
			assert_int_equal(r, -ENOMEM);
			assert_null(s.text);
		}
	}
	assert_true(n > 3); /* it failed in the middle too */
	free(s.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_complete),
		cmocka_unit_test(is_empty),
		cmocka_unit_test(without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
