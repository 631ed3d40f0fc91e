/* SPDX-License-Identifier: GPL-2.0-only */
/* The parameters of Debian's open-iscsi. */
#ifndef AGENT_VIEW_DEBIAN_WORDS_H
#define AGENT_VIEW_DEBIAN_WORDS_H

#include "view/cmdline_text.h"

/*
 * Appends the parameters of Debian's iscsi.initramfs, the @len bytes of @s in the file @file. The
 * shell of open-iscsi's script reads it; of a shell's language, only assignments of plain text
 * count.
 * @later is the text with precedence: what it sets is left out. @arena holds the places. Returns 0
 * or -ENOMEM; a file that is too large adds a diagnostic.
 */
int debian_words_add(struct cmdline_text *t, void **arena, const char *file, const char *s,
		     size_t len, const char *later);

#endif
