// SPDX-License-Identifier: GPL-2.0-only
/* Appends texts to a command line, and notes the place of each. */
#include "view/cmdline_text.h"

#include "base/arena.h"

int cmdline_text_add(struct cmdline_text *t, const char *place, const char *s, size_t len)
{
	size_t need = t->len + len + 2;
	char *text;

	if (need > t->max)
		return -EFBIG;
	if (need > t->size) {
		text = arena_alloc(&t->arena, 2 * need);
		if (!text)
			return -ENOMEM;
		t->size = 2 * need;
		t->text = t->len ? memcpy(text, t->text, t->len) : text;
	}
	if (!(t->nr_places % 16)) {
		struct view_place *places =
			arena_alloc(&t->arena, (t->nr_places + 16) * sizeof(*places));

		if (!places)
			return -ENOMEM;
		if (t->nr_places)
			memcpy(places, t->places, t->nr_places * sizeof(*places));
		t->places = places;
	}
	t->places[t->nr_places++] = (struct view_place){ t->len, place };
	memcpy(t->text + t->len, s, len);
	t->len += len;
	t->text[t->len++] = '\n';
	t->text[t->len] = '\0';
	return 0;
}
