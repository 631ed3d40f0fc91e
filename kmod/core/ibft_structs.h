/* SPDX-License-Identifier: GPL-2.0-only */
/* Internals of the iBFT parser: ibft.c finds the structures, ibft_structs.c reads their fields. */
#ifndef IBU_IBFT_STRUCTS_H
#define IBU_IBFT_STRUCTS_H

#include "attrs.h"

#define IBFT_HEADER_SIZE 48 /* iBFT 1.03, 3.3; the control structure follows directly */

/* The parser's state. */
struct ibft {
	const u8 *table;
	u32 size;
	struct ibu_params *p;
	struct ibu_diag *d;
};

/* One structure, whose whole length lies in the table. */
struct ibft_block {
	struct ibft *t;
	const u8 *b; /* its first byte */
	u32 off; /* its offset in the table */
	char place[24]; /* for diagnostics: "ibft.target1" */
	const struct ibu_class *class;
	struct ibu_fields *f;
	void *obj;
};

/*
 * Returns a pointer to the @len bytes at offset @off, or NULL unless all of them lie in the table.
 * All access by an offset goes through this function.
 */
static inline const u8 *ibft_at(const struct ibft *t, u32 off, u32 len)
{
	return off <= t->size && len <= t->size - off ? t->table + off : NULL;
}

/*
 * Read the fields of one structure (iBFT 1.03, 3.5 to 3.7), which has at least the length that
 * ibft.c requires. Invalid fields add diagnostics. Return 0 or -ENOMEM.
 */
int ibft_read_initiator(struct ibft_block *blk);
int ibft_read_nic(struct ibft_block *blk);
int ibft_read_target(struct ibft_block *blk);

#endif
