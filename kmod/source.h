/* SPDX-License-Identifier: GPL-2.0-only */
/* Copies the raw input: the firmware table and the kernel command line. */
#ifndef IBU_SOURCE_H
#define IBU_SOURCE_H

#include "core/params.h"

struct ibu_source {
	u8 *table; /* at most IBU_IBFT_MAX bytes; NULL if absent */
	size_t table_size;
	const char *location; /* "acpi" or "memory" */
	u8 *second; /* a second table in ACPI; NULL if absent */
	size_t second_size;
	char *cmdline; /* NUL-terminated; not NULL after a successful read */
	size_t cmdline_len; /* without newline and NUL */
	size_t cmdline_size; /* allocated bytes */
};

/*
 * Copies table and command line into the empty @s. The caller frees @s with ibu_source_free(), also
 * after an error. The table is the first ACPI table named iBFT, IBFT (iBFT 1.03, 1.4.3.1) or BIFT
 * (Broadcom firmware), else the one that the kernel's finder reserved in low memory
 * (drivers/firmware/iscsi_ibft_find.c). A machine may have a second one in ACPI, of iPXE beside its
 * firmware's. The command line is the module parameter `cmdline`, else
 * /proc/cmdline. Input that cannot be read adds a diagnostic to @d. Returns 0 or -ENOMEM.
 */
int ibu_source_read(struct ibu_source *s, struct ibu_diag *d);

/* Wipes and frees table and command line; either may contain secrets. */
void ibu_source_free(struct ibu_source *s);

#endif
