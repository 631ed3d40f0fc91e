/* SPDX-License-Identifier: GPL-2.0-only */
/* Parses the kernel command line, and the root path of DHCP. */
#ifndef IBU_CMDLINE_H
#define IBU_CMDLINE_H

#include "params.h"

/*
 * Reads the parameters of docs/user/cmdline.md from the kernel command line, the @len bytes of
 * @text, into the empty @p. They are split and unquoted as next_arg() of lib/cmdline.c does.
 * Decodes percent-escapes in @text, which must live as long as @p. Invalid parameters add
 * diagnostics to @d. Returns 0, even if no parameter is known, or -ENOMEM.
 */
int ibu_cmdline_parse(char *text, size_t len, struct ibu_params *p, struct ibu_diag *d);

/*
 * Reads the root path of DHCP (option 17, or 59 of DHCPv6; RFC 4173 5), where a LUN is hex, into
 * the empty @p: one target, or none if the path is not for iSCSI. @text must live as long as @p.
 * Returns 0 or -ENOMEM.
 */
int ibu_root_path_parse(const char *text, size_t len, struct ibu_params *p, struct ibu_diag *d);

/*
 * Reads the value of root=, /dev/disk/by-path/[PARENT-]ip-ADDRESS:PORT-iscsi-NAME-lun-LUN[-partN],
 * into p->root_disk, whose texts point into @value. Its source is 0 if @value is anything else, and
 * it is unsound if a part is invalid.
 */
void ibu_by_path_parse(struct ibu_text value, struct ibu_params *p);

/*
 * Does this value of root= or netroot= ask for the firmware's targets: iscsi, iscsi:, iscsi:ibft?
 */
bool ibu_asks_firmware(const struct ibu_text *value);

/*
 * Finds the next parameter between *@s and @end, and moves *@s behind it. Stores its name and
 * value, unquoted as next_arg() of lib/cmdline.c does; the value is empty if there is no '='.
 * Returns false if there is no further parameter.
 */
bool ibu_next_word(const char **s, const char *end, struct ibu_text *name, struct ibu_text *value);

#endif
