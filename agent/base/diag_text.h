/* SPDX-License-Identifier: GPL-2.0-only */
/* Diagnostics for people. The module writes "warning cmdline ip 30: REASON" (sysfs-abi.md). */
#ifndef AGENT_BASE_DIAG_TEXT_H
#define AGENT_BASE_DIAG_TEXT_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Returns the diagnostic @line without its severity, in words for people: "command line, byte 30:
 * ip=: REASON". Sets @error if the severity is "error". The text is in @arena; NULL without memory.
 */
char *diag_text(void **arena, const char *line, size_t len, bool *error);
/*
 * Returns the first diagnostic of @text, which has one per line, as diag_text() does, and moves
 * *@text and *@len behind its line. *@len must not be 0.
 */
char *diag_next(void **arena, const char **text, size_t *len, bool *error);
/*
 * Prints @text, which has one diagnostic per line, as "warning: ..." or "error: ..." after @indent.
 */
void diag_print(const char *text, size_t len, const char *indent, FILE *out);

#endif
