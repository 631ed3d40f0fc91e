// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parses the iSCSI Boot Firmware Table (iBFT): header, control structure and pointers. Section
 * numbers refer to its specification, version 1.03. No byte of the table is trusted, because
 * firmware copies input of others into it, such as that of DHCP servers.
 */
#include "ibft.h"
#include "ibft_structs.h"

/* The structures by their id. */
static const struct ibu_shape {
	const char *name; /* in diagnostics */
	u32 size; /* required length */
	enum ibu_class_id class;
	int (*read)(struct ibu_ibft_block *blk);
} shapes[] = {
	[IBU_ID_INITIATOR] = { "initiator", 74, IBU_CLASS_ROOT, ibu_ibft_read_initiator },
	[IBU_ID_NIC] = { "nic", 102, IBU_CLASS_NIC, ibu_ibft_read_nic },
	[IBU_ID_TARGET] = { "target", 54, IBU_CLASS_TARGET, ibu_ibft_read_target },
};

/* One pointer of the control structure (3.4). */
struct ibu_pointer {
	const char *name; /* in diagnostics */
	u32 rel; /* offset of the pointer itself */
	u32 off; /* its value, an offset */
	bool may_extend; /* of the expansion, which may have a vendor's structures */
	bool damaged; /* adds no diagnostics: one about the whole table told the cause */
};

__printf(4,
	 5) static void ibu_ibft_pointer_diag(struct ibu_ibft_table *t, enum ibu_severity severity,
					      const struct ibu_pointer *ptr, const char *fmt, ...)
{
	char place[24];
	va_list args;

	if (ptr->damaged)
		return;
	snprintf(place, sizeof(place), "%s.control", t->name);
	va_start(args, fmt);
	ibu_diag_vadd(t->d, severity, place, ptr->name, ptr->rel, fmt, args);
	va_end(args);
}

/*
 * Returns the structure that @ptr points to, if its whole length lies in the table. Else adds a
 * diagnostic and returns NULL.
 */
static const u8 *ibu_ibft_find_block(struct ibu_ibft_table *t, const struct ibu_pointer *ptr,
				     const struct ibu_shape **shape)
{
	const u8 *b = ptr->off >= IBU_IBFT_HEADER_SIZE + IBU_IBFT_CONTROL_SIZE ?
			      ibu_ibft_at(t, ptr->off, IBU_IBFT_STRUCT_HEADER) :
			      NULL;
	u32 len;

	if (!b) {
		ibu_ibft_pointer_diag(t, IBU_ERROR, ptr, "invalid offset %u in a table of %u bytes",
				      ptr->off, t->size);
		return NULL;
	}
	len = ibu_le16(b + 2);
	*shape = b[0] >= IBU_ID_INITIATOR && b[0] <= IBU_ID_TARGET ? &shapes[b[0]] : NULL;
	if (b[0] == IBU_ID_EXTENSIONS && ptr->may_extend)
		return NULL;
	if (!*shape) {
		ibu_ibft_pointer_diag(t, IBU_ERROR, ptr,
				      "points to a structure with unknown id %u at offset %u", b[0],
				      ptr->off);
		return NULL;
	}
	if (len < (*shape)->size || !ibu_ibft_at(t, ptr->off, len)) {
		ibu_ibft_pointer_diag(t, IBU_ERROR, ptr,
				      "a %s of %u bytes at offset %u; needs %u in a table of %u",
				      (*shape)->name, len, ptr->off, (*shape)->size, t->size);
		return NULL;
	}
	return b;
}

/* Do the flags mark the structure as valid (3.2)? */
static bool ibu_ibft_block_valid(struct ibu_ibft_table *t, const struct ibu_pointer *ptr,
				 const u8 *b)
{
	if (b[1] != 1)
		ibu_ibft_pointer_diag(t, IBU_WARNING, ptr,
				      "structure at offset %u has version %u, read as 1", ptr->off,
				      b[1]);
	if (!(b[5] & (IBU_FLAG_VALID | IBU_FLAG_BOOT_SELECTED))) {
		ibu_ibft_pointer_diag(t, IBU_WARNING, ptr,
				      "structure at offset %u is not marked valid; ignored",
				      ptr->off);
		return false;
	}
	if (!(b[5] & IBU_FLAG_VALID))
		ibu_ibft_pointer_diag(t, IBU_WARNING, ptr,
				      "structure at offset %u is boot selected, not valid; used",
				      ptr->off);
	return true;
}

/* Returns the number of the NIC or target that is read next. */
static u32 ibu_ibft_next_number(const struct ibu_ibft_table *t, const u8 *b)
{
	return b[0] == IBU_ID_NIC ? t->p->nr_nics : t->p->nr_targets;
}

static int ibu_ibft_read_block(struct ibu_ibft_table *t, const struct ibu_pointer *ptr,
			       u8 expected_id)
{
	struct ibu_ibft_block blk = { .t = t, .off = ptr->off, .damaged = ptr->damaged };
	const struct ibu_shape *shape;

	blk.b = ibu_ibft_find_block(t, ptr, &shape);
	/* Of what was overwritten, only a target is shown. */
	if (!blk.b || (ptr->damaged && blk.b[0] != IBU_ID_TARGET))
		return 0;
	if (expected_id && blk.b[0] != expected_id)
		ibu_ibft_pointer_diag(t, IBU_WARNING, ptr, "points to a %s", shape->name);
	if (!ibu_ibft_block_valid(t, ptr, blk.b))
		return 0;
	blk.class = &ibu_classes[shape->class];
	if (blk.b[0] == IBU_ID_INITIATOR) {
		blk.obj = &t->p->root;
		blk.f = &t->p->root.f;
		blk.t->p->ibft.initiator_flags = blk.b[5];
		ibu_set(&t->p->ibft.f, IBU_IBFT_INITIATOR_FLAGS);
		snprintf(blk.place, sizeof(blk.place), "%s.initiator", t->name);
	} else {
		snprintf(blk.place, sizeof(blk.place), "%s.%s%u", t->name, shape->name,
			 ibu_ibft_next_number(t, blk.b));
	}
	return shape->read(&blk);
}

/* Does an earlier pointer have the same value? Firmware that repeats a pointer means one object. */
static bool ibu_ibft_pointer_repeats(const u8 *pointers, u32 i)
{
	u32 j;

	for (j = 0; j < i; j++)
		if (ibu_le16(pointers + 2 * j) == ibu_le16(pointers + 2 * i))
			return true;
	return false;
}

/*
 * Is what pointer @i leads to damaged by an overlap, or past the end of a table that was cut? One
 * diagnostic tells about all of them.
 */
static bool ibu_ibft_is_damaged(const struct ibu_ibft_table *t, u32 i, u32 off)
{
	const u8 *b = ibu_ibft_at(t, off, IBU_IBFT_STRUCT_HEADER);

	if (ibu_ibft_is_marked(t, i))
		return true;
	if (t->cut && off >= t->size)
		return true;
	return t->overlap_at && off >= t->overlap_at &&
	       (!b || b[0] < IBU_ID_INITIATOR || b[0] > IBU_ID_TARGET ||
		ibu_le16(b + 2) < shapes[b[0]].size);
}

static int ibu_ibft_read_pointers(struct ibu_ibft_table *t)
{
	static const struct {
		const char *name;
		u8 id;
	} fixed[] = { { "initiator", IBU_ID_INITIATOR },
		      { "nic0", IBU_ID_NIC },
		      { "target0", IBU_ID_TARGET },
		      { "nic1", IBU_ID_NIC },
		      { "target1", IBU_ID_TARGET } };
	u32 i;

	for (i = 0; i < t->nr_pointers; i++) {
		bool known = i < ARRAY_SIZE(fixed);
		struct ibu_pointer ptr = { known ? fixed[i].name : "expansion",
					   (u32)(t->pointers - t->table) + 2 * i,
					   ibu_le16(t->pointers + 2 * i), !known, false };
		int err;

		if (!ptr.off)
			continue;
		ptr.damaged = ibu_ibft_is_damaged(t, i, ptr.off);
		if (ibu_ibft_pointer_repeats(t->pointers, i)) {
			ibu_ibft_pointer_diag(t, IBU_WARNING, &ptr, "repeats offset %u; ignored",
					      ptr.off);
			continue;
		}
		err = ibu_ibft_read_block(t, &ptr, known ? fixed[i].id : 0);
		if (err)
			return err;
	}
	return 0;
}

__printf(5, 6) static void ibu_ibft_control_diag(struct ibu_ibft_table *t,
						 enum ibu_severity severity, const char *field,
						 u32 rel, const char *fmt, ...)
{
	char place[24];
	va_list args;

	snprintf(place, sizeof(place), "%s.control", t->name);
	va_start(args, fmt);
	ibu_diag_vadd(t->d, severity, place, field, IBU_IBFT_HEADER_SIZE + rel, fmt, args);
	va_end(args);
}

/* Returns the number of pointers in the control structure; 5 if its length is damaged. */
static u32 ibu_ibft_count_pointers(struct ibu_ibft_table *t, const u8 *control)
{
	u32 len = ibu_le16(control + 2);

	if (len < IBU_IBFT_CONTROL_SIZE || !ibu_ibft_at(t, IBU_IBFT_HEADER_SIZE, len)) {
		ibu_ibft_control_diag(t, IBU_ERROR, "length", 2,
				      "%u bytes, must be %u to %u; read as %u", len,
				      IBU_IBFT_CONTROL_SIZE, t->size - IBU_IBFT_HEADER_SIZE,
				      IBU_IBFT_CONTROL_SIZE);
		len = IBU_IBFT_CONTROL_SIZE;
	}
	if (len % 2)
		ibu_ibft_control_diag(t, IBU_WARNING, "length", 2, "%u is odd", len);
	if ((len - 8) / 2 > IBU_IBFT_MAX_POINTERS) {
		ibu_ibft_control_diag(t, IBU_ERROR, "length", 2,
				      "%u is more than %u pointers; truncated", len,
				      IBU_IBFT_MAX_POINTERS);
		return IBU_IBFT_MAX_POINTERS;
	}
	return (len - 8) / 2;
}

static bool ibu_ibft_is_extension(const struct ibu_ibft_table *t, u32 off)
{
	const u8 *b = ibu_ibft_at(t, off, IBU_IBFT_STRUCT_HEADER);

	return b && b[0] == IBU_ID_EXTENSIONS &&
	       off >= IBU_IBFT_HEADER_SIZE + IBU_IBFT_CONTROL_SIZE;
}

/* Shows what the control structure has beside pointers. */
static void ibu_ibft_set_control(struct ibu_ibft_table *t, const u8 *control)
{
	struct ibu_ibft *h = &t->p->ibft;

	h->control_flags = control[5];
	ibu_set(&h->f, IBU_IBFT_CONTROL_FLAGS);
	h->extensions = ibu_le16(control + 6);
	if (!h->extensions)
		return;
	/* Extensions are specific to a vendor and ignored; only an invalid offset is reported. */
	if (ibu_ibft_is_extension(t, h->extensions))
		ibu_set(&h->f, IBU_IBFT_EXTENSIONS);
	else
		ibu_ibft_control_diag(t, IBU_WARNING, "extensions", 6,
				      "invalid offset %u in a table of %u bytes", h->extensions,
				      t->size);
}

static int ibu_ibft_read_control(struct ibu_ibft_table *t)
{
	const u8 *control = t->table + IBU_IBFT_HEADER_SIZE;

	if (control[0] != IBU_ID_CONTROL) {
		ibu_ibft_control_diag(t, IBU_ERROR, "id", 0,
				      "%u, must be %u; the table is not read", control[0],
				      IBU_ID_CONTROL);
		return 0;
	}
	if (control[1] != 1)
		ibu_ibft_control_diag(t, IBU_WARNING, "version", 1, "%u, read as 1", control[1]);
	if (control[4])
		ibu_ibft_control_diag(t, IBU_WARNING, "index", 4, "%u, must be 0; ignored",
				      control[4]);
	ibu_ibft_set_control(t, control);
	t->pointers = control + 8;
	t->nr_pointers = ibu_ibft_count_pointers(t, control);
	ibu_ibft_find_overlaps(t);
	return ibu_ibft_read_pointers(t);
}

/*
 * Finds the NIC of each target by nic_assoc, the index of a NIC (3.7). Several NICs, or none, may
 * have that index.
 */
static void ibu_ibft_resolve_nics(struct ibu_ibft_table *t)
{
	struct ibu_target *tgt;
	char place[32];
	u32 i, n;

	for (i = t->first_target; i < t->p->nr_targets; i++) {
		tgt = &t->p->targets[i];
		for (n = t->first_nic; n < t->p->nr_nics; n++)
			if (t->p->nics[n].firmware_index == tgt->firmware_nic_assoc)
				break;
		if (n < t->p->nr_nics) {
			tgt->nic_assoc = n;
			ibu_set(&tgt->f, IBU_TARGET_NIC_ASSOC);
			continue;
		}
		if (t->overlap_at) /* its NIC may be damaged */
			continue;
		snprintf(place, sizeof(place), "%s.target%u", t->name, i);
		ibu_diag_add(t->d, IBU_WARNING, place, "nic-assoc", IBU_NO_OFFSET,
			     "no NIC has index %u", tgt->firmware_nic_assoc);
	}
}

/*
 * Marks all targets unusable after a damaged length or checksum: any byte may be wrong, including
 * those of a secret. They are still shown.
 */
static void ibu_ibft_mark_unsound(struct ibu_ibft_table *t)
{
	u32 i;

	for (i = t->first_target; i < t->p->nr_targets; i++)
		t->p->targets[i].unsound = true;
}

static u8 ibu_ibft_checksum(const struct ibu_ibft_table *t)
{
	u8 sum = 0;
	u32 i;

	for (i = 0; i < t->size; i++)
		sum = (u8)(sum + t->table[i]);
	return sum;
}

static struct ibu_text ibu_ibft_fixed_text(const u8 *s, u32 max)
{
	return (struct ibu_text){ (const char *)s, (u32)strnlen((const char *)s, max) };
}

static void ibu_ibft_set_header(struct ibu_ibft_table *t, const char *location)
{
	struct ibu_ibft *h = &t->p->ibft;

	h->signature = ibu_ibft_fixed_text(t->table, 4);
	h->length = ibu_le32(t->table + 4);
	h->revision = t->table[8];
	h->oem_id = ibu_ibft_fixed_text(t->table + 10, 6);
	h->oem_table_id = ibu_ibft_fixed_text(t->table + 16, 8);
	h->location = (struct ibu_text){ location, (u32)strlen(location) };
	h->f.set = BIT_ULL(IBU_IBFT_CONTROL_FLAGS) - 1; /* those of the header */
}

/* Checks the header (3.3), which is shown even if the table is damaged, and reads the rest. */
static int ibu_ibft_read_table(struct ibu_ibft_table *t)
{
	u32 length = ibu_le32(t->table + 4);
	u8 revision = t->table[8];
	bool sound = true;
	int err;

	if (length < IBU_IBFT_MIN || length > t->size) {
		ibu_diag_add(t->d, IBU_ERROR, t->name, "length", 4,
			     "%u bytes, must be %u to %u; no target is used", length, IBU_IBFT_MIN,
			     t->size);
		sound = false;
	} else {
		t->size = length;
	}
	if (revision != 1) {
		ibu_diag_add(t->d, IBU_ERROR, t->name, "revision", 8,
			     "%u is unknown; the table is not read", revision);
		return 0;
	}
	if (sound && ibu_ibft_checksum(t)) {
		ibu_diag_add(t->d, IBU_ERROR, t->name, "checksum", 9,
			     "the sum of all bytes is not 0; no target is used");
		sound = false;
	}
	err = ibu_ibft_read_control(t);
	if (err)
		return err;
	ibu_ibft_resolve_nics(t);
	ibu_ibft_check_portals(t);
	if (!sound)
		ibu_ibft_mark_unsound(t);
	return 0;
}

/* Reads a second table behind the first. Returns 0 or -ENOMEM. */
static int ibu_ibft_read_second(struct ibu_ibft_table *t)
{
	struct ibu_root first = t->p->root;
	struct ibu_ibft header = t->p->ibft;
	int err;

	t->p->root.f.set &= ~BIT_ULL(IBU_ROOT_INITIATOR_NAME);
	err = ibu_ibft_read_table(t);
	if (err)
		return err;
	t->p->ibft = header;
	ibu_ibft_settle_second(t, &first);
	return 0;
}

int ibu_ibft_parse(const u8 *table, size_t size, const char *location, struct ibu_params *p,
		   struct ibu_diag *d)
{
	bool second = p->ibft.f.set;
	struct ibu_ibft_table t = { .table = table,
				    .size = (u32)size,
				    .p = p,
				    .d = d,
				    .name = second ? "ibft2" : "ibft",
				    .first_nic = p->nr_nics,
				    .first_target = p->nr_targets };

	if (size < IBU_IBFT_MIN || size > IBU_IBFT_MAX) {
		ibu_diag_add(d, IBU_ERROR, t.name, "length", IBU_NO_OFFSET,
			     "%zu bytes, must be %u to %u", size, IBU_IBFT_MIN, IBU_IBFT_MAX);
		return 0;
	}
	if (second)
		return ibu_ibft_read_second(&t);
	ibu_ibft_set_header(&t, location);
	return ibu_ibft_read_table(&t);
}
