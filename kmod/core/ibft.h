/* SPDX-License-Identifier: GPL-2.0-only */
/* Parses the iSCSI Boot Firmware Table (iBFT), version 1.03. */
#ifndef IBU_IBFT_H
#define IBU_IBFT_H

#include "params.h"

/* The smallest table: header and control structure (iBFT 1.03, 3.3 and 3.4). */
#define IBU_IBFT_MIN 66
/* Size limit in bytes. Offsets and lengths are 16 bits wide, so no valid table reaches it. */
#define IBU_IBFT_MAX (1024 * 1024)

/* What is said of a third table and further ones. */
#define IBU_IBFT_SURPLUS "more than two tables; ignored"

/*
 * Reads the iBFT in the @size bytes of @table into the empty @p, which then points into @table. If
 * @p has a table already, reads a second one behind it: its NICs and targets follow those of the
 * first; the targets are marked unsound if the initiator names differ.
 * Checks each field before use. A damaged field adds a diagnostic to @d and is ignored; a target
 * with a damaged credential is kept but marked unsound. @location is "acpi" or "memory" and must
 * live as long as @p. Returns 0, even if the whole table is invalid, or -ENOMEM.
 */
int ibu_ibft_parse(const u8 *table, size_t size, const char *location, struct ibu_params *p,
		   struct ibu_diag *d);

#endif
