/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IBU_CMDLINE_H
#define IBU_CMDLINE_H

#include "params.h"

/*
 * Reads the kernel command line into the empty @p: words as docs/cmdline.md lists them, split and
 * unquoted as the kernel does (lib/cmdline.c, next_arg). Percent-escapes are decoded in place, so
 * @text is changed; it must live as long as @p. Returns 0, also when nothing in it is for us, or
 * -ENOMEM.
 */
int ibu_cmdline_parse(char *text, size_t len, struct ibu_params *p, struct ibu_diag *d);

/*
 * The word at or after *@s, cut and unquoted as the kernel does, for who reads words of its own;
 * *@s moves behind it. The value of a bare word is empty. False at the @end.
 */
bool ibu_next_word(const char **s, const char *end, struct ibu_text *name, struct ibu_text *value);

#endif
