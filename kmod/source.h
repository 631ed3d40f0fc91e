/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the bytes come from: the firmware's table and the kernel command line. */
#ifndef IBU_SOURCE_H
#define IBU_SOURCE_H

#include "core/params.h"

struct ibu_source {
	u8 *table; /* the whole of it, at most IBU_IBFT_MAX bytes; NULL without one */
	size_t table_size;
	const char *location; /* "acpi" or "memory" */
	char *cmdline; /* never NULL after a read; ends in a NUL */
	size_t cmdline_len; /* without newline and NUL */
	size_t cmdline_size; /* of the allocation */
};

/*
 * Copies both into the empty @s, to be freed by ibu_source_free() also after an error. The table:
 * the first of ACPI's iBFT, IBFT (iBFT 1.03, 1.4.3.1) and BIFT (Broadcom's firmware); else the one
 * that the kernel's own finder reserved in low memory. The command line: the parameter `cmdline`,
 * else all of /proc/cmdline. What cannot be read is told in @d. Returns 0 or -ENOMEM.
 */
int ibu_source_read(struct ibu_source *s, struct ibu_diag *d);
/* Wipes both, as either may hold secrets. */
void ibu_source_free(struct ibu_source *s);

#endif
