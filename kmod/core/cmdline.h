/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IBU_CMDLINE_H
#define IBU_CMDLINE_H

#include "params.h"

/*
 * Reads the kernel command line into the empty @p: parameters as docs/user/cmdline.md lists them,
 * split and unquoted as the kernel does (lib/cmdline.c, next_arg). Percent-escapes are decoded in place, so
 * @text is changed; it must live as long as @p. Returns 0, also when nothing in it is for us, or
 * -ENOMEM.
 */
int ibu_cmdline_parse(char *text, size_t len, struct ibu_params *p, struct ibu_diag *d);

/*
 * Reads a root path as DHCP gives it (option 17, or 59 of DHCPv6; RFC 4173 5), in which a LUN is
 * hex, into the empty @p: one target, or none where it is not for iSCSI. @text must live as long as
 * @p. 0 or -ENOMEM.
 */
int ibu_root_path_parse(const char *text, size_t len, struct ibu_params *p, struct ibu_diag *d);

/*
 * The word at or after *@s, cut and unquoted as the kernel does, for who reads words of its own;
 * *@s moves behind it. The value of a bare word is empty. False at the @end.
 */
bool ibu_next_word(const char **s, const char *end, struct ibu_text *name, struct ibu_text *value);

#endif
