/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IBU_IBFT_H
#define IBU_IBFT_H

#include "params.h"

/* The smallest table: header and control structure (iBFT 1.03, 3.3 and 3.4). */
#define IBU_IBFT_MIN 66
/* Every offset in the table is 16 bits wide; the last structure may begin at the last of them. */
#define IBU_IBFT_MAX (1024 * 1024)

/*
 * Reads a copy of an iBFT (iSCSI Boot Firmware Table 1.03) into the empty @p. Each field is checked
 * before use; what is damaged is told in @d and left out, the rest is kept. A damaged credential
 * leaves its target in, marked unsound. @location: "acpi" or "memory".
 * @table must live as long as @p. Returns 0, also when nothing in it is sound, or -ENOMEM.
 */
int ibu_ibft_parse(const u8 *table, size_t size, const char *location, struct ibu_params *p,
		   struct ibu_diag *d);

#endif
