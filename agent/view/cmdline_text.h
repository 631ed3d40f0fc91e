/* SPDX-License-Identifier: GPL-2.0-only */
/* A command line that is made of several texts, and the place of each. */
#ifndef AGENT_VIEW_CMDLINE_TEXT_H
#define AGENT_VIEW_CMDLINE_TEXT_H

#include "view/view.h"

/* A text under construction; its memory is in @arena. */
struct cmdline_text {
	void *arena;
	char *text;
	size_t len, size;
	size_t max; /* bytes that all parameters may have */
	struct view_place *places;
	unsigned int nr_places;
	struct ibu_diag *diag;
};

/*
 * Appends the @len bytes of @s, and a newline. Diagnostics about them name @place, which must live
 * as long as the view, and the offset in @s; "FILE:LINE" has no offset. Returns 0, -EFBIG above
 * @t->max, or -ENOMEM.
 */
int cmdline_text_add(struct cmdline_text *t, const char *place, const char *s, size_t len);

#endif
