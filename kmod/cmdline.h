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

#endif
