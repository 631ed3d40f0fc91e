/* SPDX-License-Identifier: GPL-2.0-only */
/* Internals of the iBFT parser: ibft.c finds the structures, ibft_structs.c reads their fields. */
#ifndef IBU_IBFT_STRUCTS_H
#define IBU_IBFT_STRUCTS_H

#include "attrs.h"

#define IBU_IBFT_HEADER_SIZE 48 /* iBFT 1.03, 3.3; the control structure follows directly */

#define IBU_IBFT_CONTROL_SIZE 18 /* 3.4, without expansion pointers */
#define IBU_IBFT_STRUCT_HEADER 6 /* 3.2: id, version, length, index, flags */
/* One initiator, and as many NICs and targets as an index of one byte can number. */
#define IBU_IBFT_MAX_POINTERS (1 + 256 + 256)

#define IBU_EDK2_LENGTH 2048 /* of each table of EDK2's IScsiDxe */

enum ibu_ibft_id {
	IBU_ID_CONTROL = 1,
	IBU_ID_INITIATOR,
	IBU_ID_NIC,
	IBU_ID_TARGET,
	IBU_ID_EXTENSIONS
};

/* The parser's state. */
struct ibu_ibft_table {
	const u8 *table;
	u32 size;
	struct ibu_params *p;
	struct ibu_diag *d;
	const char *name; /* in diagnostics: "ibft", or "ibft2" for a second table */
	u32 first_nic; /* those before are of the first table */
	u32 first_target;
	const u8 *pointers; /* of the control structure */
	u32 nr_pointers;
	/* Set by ibu_ibft_find_overlaps(): */
	u32 damaged[IBU_IBFT_MAX_POINTERS / 32 + 1]; /* a bit for each pointer: do not trust it */
	u32 overlap_at; /* structures and strings overlap from there on; 0: they do not */
	bool cut; /* many strings or structures lie past the table, which was reported once */
};

/* One structure, whose whole length lies in the table. */
struct ibu_ibft_block {
	struct ibu_ibft_table *t;
	const u8 *b; /* its first byte */
	u32 off; /* its offset in the table */
	char place[24]; /* for diagnostics: "ibft.target1" */
	bool damaged; /* adds no diagnostics: one about the whole table told the cause */
	const struct ibu_class *class;
	struct ibu_fields *f;
	void *obj;
};

/*
 * Returns a pointer to the @len bytes at offset @off, or NULL unless all of them lie in the table.
 * All access by an offset goes through this function.
 */
static inline const u8 *ibu_ibft_at(const struct ibu_ibft_table *t, u32 off, u32 len)
{
	return off <= t->size && len <= t->size - off ? t->table + off : NULL;
}

/*
 * Read the fields of one structure (iBFT 1.03, 3.5 to 3.7), which has at least the length that
 * ibft.c requires. Invalid fields add diagnostics. Return 0 or -ENOMEM.
 */
int ibu_ibft_read_initiator(struct ibu_ibft_block *blk);
int ibu_ibft_read_nic(struct ibu_ibft_block *blk);
int ibu_ibft_read_target(struct ibu_ibft_block *blk);

/*
 * Finds structures and strings that overlap, as firmware writes them that ran out of space (EDK2
 * has 2048 bytes). Marks what was overwritten, and adds one diagnostic for all of it. The same for
 * structures and strings past the end of a table that was cut (ibft_overlap.c).
 */
void ibu_ibft_find_overlaps(struct ibu_ibft_table *t);
/* Was what pointer @i leads to found to be damaged? */
bool ibu_ibft_is_marked(const struct ibu_ibft_table *t, u32 i);
/* Does any of the @len bytes at @off belong to a structure? */
bool ibu_ibft_in_structure(const struct ibu_ibft_table *t, u32 off, u32 len);

/*
 * Marks targets unsound whose portal cannot be one, with a diagnostic that says what the firmware
 * probably meant; warns about portals that are only suspect (ibft_portals.c).
 */
void ibu_ibft_check_portals(struct ibu_ibft_table *t);

/*
 * Settles a second table, whose NICs and targets were just appended: drops NICs that the first has
 * too; marks targets unsound if the initiator names differ. @first: the root before
 * (ibft_second.c).
 */
void ibu_ibft_settle_second(struct ibu_ibft_table *t, const struct ibu_root *first);

#endif
