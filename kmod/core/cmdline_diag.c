// SPDX-License-Identifier: GPL-2.0-only
/* Adds diagnostics about one kernel command-line parameter. */
#include "cmdline_private.h"

void ibu_word_vdiag(struct ibu_words *w, enum ibu_severity severity, const struct ibu_word *word,
		    const struct ibu_text *part, const char *fmt, va_list args)
{
	const char *s = part->s ? part->s : word->value.s;

	ibu_diag_vadd(w->d, severity, w->place, word->name, (size_t)(s - w->start), fmt, args);
}

void ibu_word_diag(struct ibu_words *w, enum ibu_severity severity, const struct ibu_word *word,
		   const struct ibu_text *part, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	ibu_word_vdiag(w, severity, word, part, fmt, args);
	va_end(args);
}
