// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds what firmware damaged when it ran out of space in its iBFT: strings that lie in structures,
 * and structures and strings past the end of the table.
 */
#include "ibft_structs.h"

/* Where a structure has the lengths of its strings (3.5 to 3.7); the offset follows the length. */
static const struct ibu_layout {
	u8 size;
	u8 nr_texts;
	u8 texts[5];
} layouts[] = {
	[IBU_ID_INITIATOR] = { 74, 1, { 70 } },
	[IBU_ID_NIC] = { 102, 1, { 98 } },
	[IBU_ID_TARGET] = { 54, 5, { 34, 38, 42, 46, 50 } },
};

/* From this number on, what lies past the table has one cause: the table was cut. */
#define IBU_CUT_MIN 3

/* A string and what it does to the table. */
struct ibu_extent {
	u32 owner; /* the pointer to its structure */
	u32 off;
	u32 len;
};

static u32 ibu_overlap_pointer(const struct ibu_ibft_table *t, u32 i)
{
	return ibu_le16(t->pointers + 2 * i);
}

/* Returns the structure of pointer @i if it is whole and marked valid, else NULL. */
static const u8 *ibu_overlap_block(const struct ibu_ibft_table *t, u32 i)
{
	u32 off = ibu_overlap_pointer(t, i);
	const u8 *b = off >= IBU_IBFT_HEADER_SIZE + IBU_IBFT_CONTROL_SIZE ?
			      ibu_ibft_at(t, off, IBU_IBFT_STRUCT_HEADER) :
			      NULL;

	if (!b || b[0] < IBU_ID_INITIATOR || b[0] > IBU_ID_TARGET ||
	    ibu_le16(b + 2) < layouts[b[0]].size || !ibu_ibft_at(t, off, layouts[b[0]].size) ||
	    !(b[5] & (IBU_FLAG_VALID | IBU_FLAG_BOOT_SELECTED)))
		return NULL;
	return b;
}

static bool ibu_extent_meets(u32 off, u32 len, u32 at, u32 size)
{
	return off < at + size && at < off + len;
}

static bool ibu_overlap_with(const struct ibu_ibft_table *t, u32 i, u32 off, u32 len)
{
	const u8 *b = ibu_overlap_block(t, i);

	return b && ibu_extent_meets(off, len, ibu_overlap_pointer(t, i), layouts[b[0]].size);
}

bool ibu_ibft_in_structure(const struct ibu_ibft_table *t, u32 off, u32 len)
{
	u32 i;

	if (ibu_extent_meets(off, len, IBU_IBFT_HEADER_SIZE, 8 + 2 * t->nr_pointers))
		return true;
	for (i = 0; i < t->nr_pointers; i++)
		if (ibu_overlap_with(t, i, off, len))
			return true;
	return false;
}

bool ibu_ibft_is_marked(const struct ibu_ibft_table *t, u32 i)
{
	return t->damaged[i / 32] >> i % 32 & 1;
}

static void ibu_overlap_mark(struct ibu_ibft_table *t, u32 i)
{
	t->damaged[i / 32] |= 1U << i % 32;
}

static bool ibu_overlap_is_text(u8 byte)
{
	return byte >= 0x20 && byte <= 0x7e;
}

/* Does the string look as one that nothing has overwritten? */
static bool ibu_extent_is_whole(const struct ibu_ibft_table *t, const struct ibu_extent *e)
{
	u32 i;

	for (i = e->off; i < e->off + e->len; i++)
		if (!ibu_overlap_is_text(t->table[i]))
			return false;
	return true;
}

/*
 * Marks the structures that the string lies in: firmware does not write all of a structure, so each
 * of its bytes may be one of the string. Marks the structure of the string itself if that was
 * overwritten. Returns true if the string is whole, so that a structure is certainly overwritten.
 */
static bool ibu_overlap_mark_victims(struct ibu_ibft_table *t, const struct ibu_extent *e)
{
	bool whole = ibu_extent_is_whole(t, e);
	u32 i;

	if (!whole)
		ibu_overlap_mark(t, e->owner);
	for (i = 0; i < t->nr_pointers; i++)
		if (ibu_overlap_with(t, i, e->off, e->len))
			ibu_overlap_mark(t, i);
	return whole;
}

/* What ibu_ibft_find_overlaps() counts. */
struct ibu_findings {
	u32 strings; /* that overlap a structure */
	u32 lowest; /* the lowest byte of them */
	u32 past; /* strings and structures past the end */
	u32 past_end; /* the highest byte that one of them would have */
	u32 last; /* the highest pointer to a structure */
	bool overwritten; /* a structure was overwritten */
};

static void ibu_findings_add_overlap(struct ibu_ibft_table *t, struct ibu_findings *f,
				     const struct ibu_extent *e)
{
	if (!ibu_ibft_at(t, e->off, e->len) || !ibu_ibft_in_structure(t, e->off, e->len))
		return;
	f->strings++;
	if (!f->lowest || e->off < f->lowest)
		f->lowest = e->off;
	f->overwritten |= ibu_overlap_mark_victims(t, e);
}

/*
 * Does pointer @i lead to bytes of strings, in the place of a structure, or of the length and
 * offset of a string? The high byte of a real length is 0.
 */
static bool ibu_overlap_has_text(const struct ibu_ibft_table *t, u32 i)
{
	u32 off = ibu_overlap_pointer(t, i), n;
	const u8 *b = ibu_overlap_block(t, i);

	if (!b)
		return off >= IBU_IBFT_HEADER_SIZE + IBU_IBFT_CONTROL_SIZE &&
		       ibu_ibft_at(t, off, IBU_IBFT_STRUCT_HEADER) &&
		       ibu_overlap_is_text(t->table[off]);
	for (n = 0; n < layouts[b[0]].nr_texts; n++)
		if (ibu_overlap_is_text(b[layouts[b[0]].texts[n] + 1]) &&
		    ibu_overlap_is_text(b[layouts[b[0]].texts[n] + 3]))
			return true;
	return false;
}

/* Returns where the strings begin that @off lies in: each ends with one NUL. */
static u32 ibu_overlap_heap_start(const struct ibu_ibft_table *t, u32 off)
{
	while (off > IBU_IBFT_HEADER_SIZE + IBU_IBFT_CONTROL_SIZE &&
	       ibu_overlap_is_text(t->table[off - (t->table[off - 1] ? 1 : 2)]))
		off--;
	return off;
}

static void ibu_findings_add_past(struct ibu_ibft_table *t, struct ibu_findings *f,
				  const struct ibu_extent *e)
{
	if (ibu_ibft_at(t, e->off, e->len) || ibu_ibft_is_marked(t, e->owner))
		return;
	f->past++;
	if (e->off + e->len > f->past_end)
		f->past_end = e->off + e->len;
}

/* Calls @add for each string of each structure. */
static void ibu_findings_add_texts(struct ibu_ibft_table *t, struct ibu_findings *f,
				   void (*add)(struct ibu_ibft_table *t, struct ibu_findings *f,
					       const struct ibu_extent *e))
{
	const u8 *b, *text;
	struct ibu_extent e;
	u32 i, n;

	for (i = 0; i < t->nr_pointers; i++) {
		b = ibu_overlap_block(t, i);
		for (n = 0; b && n < layouts[b[0]].nr_texts; n++) {
			text = b + layouts[b[0]].texts[n];
			e = (struct ibu_extent){ i, ibu_le16(text + 2), ibu_le16(text) };
			if (e.len && e.off >= IBU_IBFT_HEADER_SIZE)
				add(t, f, &e);
		}
	}
}

/* Marks the structure of a string that a lost structure has overwritten. */
static void ibu_findings_mark_cut(struct ibu_ibft_table *t, struct ibu_findings *f,
				  const struct ibu_extent *e)
{
	if (e->off < f->last + layouts[IBU_ID_NIC].size && ibu_ibft_at(t, e->off, e->len) &&
	    !ibu_extent_is_whole(t, e))
		ibu_overlap_mark(t, e->owner);
}

/*
 * EDK2 lays out structures upwards and strings downwards, in turn, and does not write all bytes of
 * a structure. So if they meet, all structures above the lowest string are damaged, also where the
 * structure that has the offset of the string is lost.
 */
static void ibu_findings_add_edk2(struct ibu_ibft_table *t, struct ibu_findings *f)
{
	u32 i, off;

	for (i = 0; i < t->nr_pointers; i++) {
		if (ibu_overlap_pointer(t, i) > f->last)
			f->last = ibu_overlap_pointer(t, i);
		if (!ibu_overlap_has_text(t, i))
			continue;
		off = ibu_overlap_heap_start(t, ibu_overlap_pointer(t, i));
		if (!f->lowest || off < f->lowest)
			f->lowest = off;
		f->overwritten = true;
	}
	if (f->strings < 2 && !f->overwritten)
		return;
	ibu_findings_add_texts(t, f, ibu_findings_mark_cut);
	for (i = 0; i < t->nr_pointers; i++)
		if (ibu_overlap_pointer(t, i) >= f->lowest ||
		    ibu_overlap_with(t, i, f->lowest, t->size - f->lowest))
			ibu_overlap_mark(t, i);
}

static void ibu_overlap_report(struct ibu_ibft_table *t, const struct ibu_findings *f)
{
	u32 i, damaged = 0;

	for (i = 0; i < t->nr_pointers; i++)
		damaged += ibu_ibft_is_marked(t, i);
	ibu_diag_add(t->d, IBU_ERROR, t->name, "length", 4,
		     "firmware ran out of its %u bytes: from byte %u on, %u structure%s damaged",
		     t->size, f->lowest, damaged, damaged == 1 ? " is" : "s are");
	t->overlap_at = f->lowest;
}

static void ibu_overlap_report_cut(struct ibu_ibft_table *t, const struct ibu_findings *f)
{
	t->cut = true;
	ibu_diag_add(t->d, IBU_ERROR, t->name, "length", 4,
		     "cut by the firmware: %u items lie past its %u bytes, up to byte %u", f->past,
		     t->size, f->past_end);
}

void ibu_ibft_find_overlaps(struct ibu_ibft_table *t)
{
	struct ibu_findings f = { 0 };
	u32 i;

	ibu_findings_add_texts(t, &f, ibu_findings_add_overlap);
	if (t->size == IBU_EDK2_LENGTH)
		ibu_findings_add_edk2(t, &f);
	/* One string alone has a wrong offset. */
	if (f.strings > 1 || f.overwritten)
		ibu_overlap_report(t, &f);
	else
		memset(t->damaged, 0, sizeof(t->damaged));
	ibu_findings_add_texts(t, &f, ibu_findings_add_past);
	for (i = 0; i < t->nr_pointers; i++)
		if (!ibu_overlap_block(t, i) && ibu_overlap_pointer(t, i) >= t->size)
			ibu_findings_add_past(t, &f,
					      &(struct ibu_extent){ i, ibu_overlap_pointer(t, i),
								    IBU_IBFT_STRUCT_HEADER });
	if (f.past >= IBU_CUT_MIN)
		ibu_overlap_report_cut(t, &f);
}
