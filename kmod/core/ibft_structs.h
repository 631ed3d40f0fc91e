/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside of the iBFT parser: the table, a structure found in it, and who reads which. */
#ifndef IBU_IBFT_BLOCKS_H
#define IBU_IBFT_BLOCKS_H

#include "attrs.h"

#define IBFT_HEADER_SIZE 48 /* iBFT 1.03 3.3; the control structure follows at once */

struct ibft {
	const u8 *table;
	u32 size;
	struct ibu_params *p;
	struct ibu_diag *d;
};

/* One structure that has been found whole. */
struct ibft_block {
	struct ibft *t;
	const u8 *b;
	u32 off; /* in the table */
	char place[24]; /* for diagnostics: "ibft.target1" */
	const struct ibu_class *class;
	struct ibu_fields *f;
	void *obj;
};

/* The only way from an offset to a pointer: NULL unless all @len bytes lie in the table. */
static inline const u8 *ibft_at(const struct ibft *t, u32 off, u32 len)
{
	return off <= t->size && len <= t->size - off ? t->table + off : NULL;
}

/* Each takes a structure at least as long as its shape (ibft.c) and returns 0 or -ENOMEM. */
int ibft_read_initiator(struct ibft_block *blk);
int ibft_read_nic(struct ibft_block *blk);
int ibft_read_target(struct ibft_block *blk);

#endif
