// SPDX-License-Identifier: GPL-2.0-only
/*
 * iSCSI Boot Firmware Table 1.03: section numbers below are of that document. Firmware wrote the table,
 * and whoever could speak to the firmware: no byte of it is trusted, and only at() makes a pointer.
 */
#include "ibft.h"
#include "attrs.h"

enum ibft_id { ID_CONTROL = 1, ID_INITIATOR, ID_NIC, ID_TARGET, ID_EXTENSIONS };

#define HEADER_SIZE 48 /* 3.3; the control structure follows at once */
#define CONTROL_SIZE 18 /* 3.4, without expansion pointers */
#define STRUCT_HEADER 6 /* 3.2: id, version, length, index, flags */

#define FLAG_VALID 1
#define FLAG_BOOT_SELECTED 2
#define FLAG_RADIUS (4 | 8) /* 3.7, of a target */

/* 3.6, after NL_PREFIX_ORIGIN of Windows. */
#define ORIGIN_DHCP 3
#define ORIGIN_RA 4

struct ibft {
	const u8 *table;
	u32 size;
	struct ibu_params *p;
	struct ibu_diag *d;
};

/* One structure that has been found whole. */
struct block {
	struct ibft *t;
	const u8 *b;
	u32 off; /* in the table */
	char place[24]; /* for diagnostics: "ibft.target1" */
	const struct ibu_class *class;
	struct ibu_fields *f;
	void *obj;
};

static const u8 *at(const struct ibft *t, u32 off, u32 len)
{
	return off <= t->size && len <= t->size - off ? t->table + off : NULL;
}

#define complain(blk, severity, field, rel, ...)                                                     \
	ibu_diag_add((blk)->t->d, severity, (blk)->place, (blk)->class->attrs[field].name,           \
		     (blk)->off + (rel), __VA_ARGS__)

/* Addresses, 16 bytes each: where in the structure, which attribute, where in ours. */
struct addr_field {
	u8 rel;
	u8 field;
	u16 member;
};

static void read_addrs(struct block *blk, const struct addr_field *fields, unsigned int n)
{
	struct ibu_addr *a;
	unsigned int i;

	for (i = 0; i < n; i++) {
		a = (struct ibu_addr *)((u8 *)blk->obj + fields[i].member);
		memcpy(a->b, blk->b + fields[i].rel, 16);
		if (!ibu_addr_is_null(a))
			ibu_set(blk->f, fields[i].field);
	}
}

/* A string by its length and offset: where in the structure, which attribute, where in ours, its limit. */
struct text_field {
	u8 rel;
	u8 field;
	u16 member;
	u16 max;
	bool credential;
};

/* The bytes after the first NUL are padding if they are all NUL; else nobody knows what was meant. */
static bool only_padding(const u8 *s, u32 len)
{
	while (len)
		if (s[--len])
			return false;
	return true;
}

static u32 text_len(const u8 *s, u32 max)
{
	u32 len = 0;

	while (len < max && s[len])
		len++;
	return len;
}

static bool printable(const u8 *s, u32 len)
{
	while (len--)
		if (s[len] < 0x20 || s[len] > 0x7e)
			return false;
	return true;
}

/* What is wrong with a string that lies in the table, in words; NULL if nothing. */
static const char *text_fault(const struct text_field *tf, const u8 *s, u32 len, u32 used)
{
	if (used > tf->max)
		return "is longer than RFC 7143 allows";
	if (tf->credential && !only_padding(s + used, len - used))
		return "has a NUL inside";
	return NULL;
}

/* 2, heap: 0 absent, 1 read, -EINVAL damaged and told. */
static int read_text(struct block *blk, const struct text_field *tf)
{
	u32 len = ibu_le16(blk->b + tf->rel), off = ibu_le16(blk->b + tf->rel + 2), used;
	const char *fault;
	const u8 *s;

	if (!len)
		return 0;
	s = off >= HEADER_SIZE ? at(blk->t, off, len) : NULL;
	if (!s) {
		complain(blk, IBU_ERROR, tf->field, tf->rel,
			 "%u bytes at offset %u are not inside the table of %u", len, off,
			 blk->t->size);
		return -EINVAL;
	}
	used = text_len(s, len);
	fault = text_fault(tf, s, len, used);
	if (fault) {
		complain(blk, IBU_ERROR, tf->field, tf->rel, "%s (%u bytes)", fault, used);
		return -EINVAL;
	}
	if (!used)
		return 0;
	if (!tf->credential && used < len && !only_padding(s + used, len - used))
		complain(blk, IBU_WARNING, tf->field, tf->rel, "cut at its NUL, %u of %u bytes", used,
			 len);
	if (!tf->credential && !printable(s, used))
		complain(blk, IBU_WARNING, tf->field, tf->rel,
			 "holds control or non-ASCII bytes, shown escaped");
	*(struct ibu_text *)((u8 *)blk->obj + tf->member) = (struct ibu_text){ (const char *)s, used };
	ibu_set(blk->f, tf->field);
	return 1;
}

/* 3.5 */

static const struct addr_field initiator_addrs[] = {
	{ 6, IBU_ROOT_ISNS, offsetof(struct ibu_root, isns) },
	{ 22, IBU_ROOT_SLP, offsetof(struct ibu_root, slp) },
	{ 38, IBU_ROOT_PRI_RADIUS, offsetof(struct ibu_root, pri_radius) },
	{ 54, IBU_ROOT_SEC_RADIUS, offsetof(struct ibu_root, sec_radius) },
};

static int read_initiator(struct block *blk)
{
	static const struct text_field name = { 70, IBU_ROOT_INITIATOR_NAME,
						offsetof(struct ibu_root, initiator_name),
						IBU_ISCSI_NAME_MAX, false };
	struct ibu_root *root = &blk->t->p->root;

	read_addrs(blk, initiator_addrs, ARRAY_SIZE(initiator_addrs));
	if (read_text(blk, &name) > 0) {
		root->initiator_source = IBU_FROM_IBFT;
		ibu_set(&root->f, IBU_ROOT_INITIATOR_SOURCE);
	}
	return 0;
}

/* 3.6 */

static const struct addr_field nic_addrs[] = {
	{ 6, IBU_NIC_IP_ADDR, offsetof(struct ibu_nic, ip) },
	{ 24, IBU_NIC_GATEWAY, offsetof(struct ibu_nic, gateway) },
	{ 40, IBU_NIC_PRIMARY_DNS, offsetof(struct ibu_nic, primary_dns) },
	{ 56, IBU_NIC_SECONDARY_DNS, offsetof(struct ibu_nic, secondary_dns) },
	{ 72, IBU_NIC_DHCP, offsetof(struct ibu_nic, dhcp) },
};

static void read_prefix(struct block *blk, struct ibu_nic *nic)
{
	u32 prefix = blk->b[22], max = ibu_addr_is_v4(&nic->ip) ? 32 : 128;

	if (!prefix || !ibu_has(&nic->f, IBU_NIC_IP_ADDR))
		return;
	if (prefix > max) {
		complain(blk, IBU_ERROR, IBU_NIC_PREFIX_LEN, 22, "%u is above %u", prefix, max);
		return;
	}
	nic->prefix_len = prefix;
	ibu_set(&nic->f, IBU_NIC_PREFIX_LEN);
}

static void read_origin(struct block *blk, struct ibu_nic *nic)
{
	nic->origin = blk->b[23];
	ibu_set(&nic->f, IBU_NIC_ORIGIN);
	/* 15 is how iPXE writes the 16 ("unchanged") of a field that has four bits in Windows. */
	if (nic->origin > ORIGIN_RA && nic->origin != 15 && nic->origin != 16)
		complain(blk, IBU_WARNING, IBU_NIC_ORIGIN, 23, "%u is unknown", nic->origin);
}

static void read_vlan(struct block *blk, struct ibu_nic *nic)
{
	u32 vlan = ibu_le16(blk->b + 88);

	/* Priority and DEI are undefined here (3.6), yet some firmware writes the whole tag. */
	if (vlan & 0xf000)
		complain(blk, IBU_WARNING, IBU_NIC_VLAN, 88, "priority bits of %u left out", vlan);
	vlan &= 0x0fff;
	if (vlan == 0x0fff) {
		complain(blk, IBU_ERROR, IBU_NIC_VLAN, 88, "4095 is reserved (IEEE 802.1Q)");
		return;
	}
	nic->vlan = vlan;
	if (vlan)
		ibu_set(&nic->f, IBU_NIC_VLAN);
}

static void read_hardware(struct block *blk, struct ibu_nic *nic)
{
	static const u8 zero[6];

	memcpy(nic->mac, blk->b + 90, 6);
	if (!memcmp(nic->mac, zero, 6) || nic->mac[0] & 1)
		complain(blk, IBU_WARNING, IBU_NIC_MAC, 90, "%s, so no device can have it",
			 nic->mac[0] & 1 ? "a group address" : "all zero");
	else
		ibu_set(&nic->f, IBU_NIC_MAC);
	nic->pci_bdf = ibu_le16(blk->b + 96);
	if (nic->pci_bdf)
		ibu_set(&nic->f, IBU_NIC_PCI_BDF);
}

static enum ibu_method nic_method(const struct ibu_nic *nic)
{
	if (nic->origin == ORIGIN_DHCP)
		return IBU_METHOD_DHCP;
	if (nic->origin == ORIGIN_RA)
		return IBU_METHOD_AUTO6;
	if (ibu_has(&nic->f, IBU_NIC_IP_ADDR))
		return IBU_METHOD_STATIC;
	return ibu_has(&nic->f, IBU_NIC_DHCP) ? IBU_METHOD_DHCP : IBU_METHOD_NONE;
}

static void check_nic_index(struct block *blk, const struct ibu_nic *nic)
{
	const struct ibu_nic *other;

	for (other = blk->t->p->nics; other < nic; other++)
		if (other->firmware_index == nic->firmware_index) {
			complain(blk, IBU_WARNING, IBU_NIC_FIRMWARE_INDEX, 4,
				 "%u was already used by an earlier NIC", nic->firmware_index);
			return;
		}
}

static int read_nic(struct block *blk)
{
	static const struct text_field hostname = { 98, IBU_NIC_HOSTNAME,
						    offsetof(struct ibu_nic, hostname), IBU_TEXT_MAX,
						    false };
	struct ibu_nic *nic = ibu_params_add_nic(blk->t->p);

	if (!nic)
		return -ENOMEM;
	blk->obj = nic;
	blk->f = &nic->f;
	nic->source = IBU_FROM_IBFT;
	nic->firmware_index = blk->b[4];
	nic->flags = blk->b[5];
	nic->f.set = BIT_ULL(IBU_NIC_SOURCE) | BIT_ULL(IBU_NIC_FIRMWARE_INDEX) |
		     BIT_ULL(IBU_NIC_FLAGS) | BIT_ULL(IBU_NIC_METHOD);
	check_nic_index(blk, nic);
	read_addrs(blk, nic_addrs, ARRAY_SIZE(nic_addrs));
	read_prefix(blk, nic);
	read_origin(blk, nic);
	read_vlan(blk, nic);
	read_hardware(blk, nic);
	read_text(blk, &hostname);
	nic->method = nic_method(nic);
	return 0;
}

/* 3.7 */

static const struct text_field target_texts[] = {
	{ 34, IBU_TARGET_NAME, offsetof(struct ibu_target, name), IBU_ISCSI_NAME_MAX, false },
	{ 38, IBU_TARGET_CHAP_NAME, offsetof(struct ibu_target, chap_name), IBU_TEXT_MAX, true },
	{ 42, IBU_TARGET_CHAP_SECRET, offsetof(struct ibu_target, chap_secret), IBU_TEXT_MAX, true },
	{ 46, IBU_TARGET_REV_CHAP_NAME, offsetof(struct ibu_target, rev_chap_name), IBU_TEXT_MAX, true },
	{ 50, IBU_TARGET_REV_CHAP_SECRET, offsetof(struct ibu_target, rev_chap_secret), IBU_TEXT_MAX,
	  true },
};

static void read_portal(struct block *blk, struct ibu_target *tgt)
{
	static const struct addr_field ip = { 6, IBU_TARGET_IP_ADDR,
					      offsetof(struct ibu_target, ip) };

	read_addrs(blk, &ip, 1);
	if (!ibu_has(&tgt->f, IBU_TARGET_IP_ADDR)) {
		complain(blk, IBU_ERROR, IBU_TARGET_IP_ADDR, 6, "no address, so it cannot be used");
		tgt->unsound = true;
	}
	tgt->port = ibu_le16(blk->b + 22);
	if (tgt->port)
		ibu_set(&tgt->f, IBU_TARGET_PORT);
	else
		complain(blk, IBU_WARNING, IBU_TARGET_PORT, 22, "0, left out");
}

static void read_target_texts(struct block *blk, struct ibu_target *tgt)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(target_texts); i++)
		if (read_text(blk, &target_texts[i]) < 0)
			tgt->unsound = true;
	if (!ibu_has(&tgt->f, IBU_TARGET_NAME)) {
		complain(blk, IBU_ERROR, IBU_TARGET_NAME, 34, "no name, so it cannot be used");
		tgt->unsound = true;
	}
}

static bool has_pair(const struct ibu_target *tgt, unsigned int name, unsigned int secret)
{
	return ibu_has(&tgt->f, name) && ibu_has(&tgt->f, secret);
}

/* Nothing is guessed about credentials, and nobody logs in with less than the table says. */
static void check_chap(struct block *blk, struct ibu_target *tgt)
{
	bool one_way = has_pair(tgt, IBU_TARGET_CHAP_NAME, IBU_TARGET_CHAP_SECRET);
	bool mutual = has_pair(tgt, IBU_TARGET_REV_CHAP_NAME, IBU_TARGET_REV_CHAP_SECRET);
	u32 type = blk->b[32];

	if (type > 2) {
		complain(blk, IBU_ERROR, IBU_TARGET_CHAP_TYPE, 32, "%u is unknown", type);
		tgt->unsound = true;
		return;
	}
	if ((type >= 1 && !one_way) || (type == 2 && !mutual)) {
		complain(blk, IBU_ERROR, IBU_TARGET_CHAP_TYPE, 32,
			 "%u, but its name or secret is missing", type);
		tgt->unsound = true;
	}
	/* open-iscsi goes by the credentials, not by the type: a machine may count on that. */
	if (!type && one_way) {
		type = mutual ? 2 : 1;
		complain(blk, IBU_WARNING, IBU_TARGET_CHAP_TYPE, 32,
			 "0, but credentials are there: taken as %u", type);
	}
	tgt->chap_type = type;
	ibu_set(&tgt->f, IBU_TARGET_CHAP_TYPE);
	if (tgt->flags & FLAG_RADIUS)
		complain(blk, IBU_WARNING, IBU_TARGET_FLAGS, 5, "CHAP by RADIUS is not done");
}

static int read_target(struct block *blk)
{
	struct ibu_target *tgt = ibu_params_add_target(blk->t->p);

	if (!tgt)
		return -ENOMEM;
	blk->obj = tgt;
	blk->f = &tgt->f;
	tgt->source = IBU_FROM_IBFT;
	tgt->firmware_index = blk->b[4];
	tgt->flags = blk->b[5];
	tgt->firmware_nic_assoc = blk->b[33];
	memcpy(tgt->lun, blk->b + 24, 8);
	tgt->f.set = BIT_ULL(IBU_TARGET_SOURCE) | BIT_ULL(IBU_TARGET_FIRMWARE_INDEX) |
		     BIT_ULL(IBU_TARGET_FLAGS) | BIT_ULL(IBU_TARGET_FIRMWARE_NIC_ASSOC) |
		     BIT_ULL(IBU_TARGET_LUN);
	read_portal(blk, tgt);
	read_target_texts(blk, tgt);
	check_chap(blk, tgt);
	return 0;
}

/* What a structure of each id is called, how long it must be, and who reads it. */
static const struct shape {
	const char *name;
	u32 size;
	enum ibu_class_id class;
	int (*read)(struct block *blk);
} shapes[] = {
	[ID_INITIATOR] = { "initiator", 74, IBU_CLASS_ROOT, read_initiator },
	[ID_NIC] = { "nic", 102, IBU_CLASS_NIC, read_nic },
	[ID_TARGET] = { "target", 54, IBU_CLASS_TARGET, read_target },
};

/* A pointer of the control structure (3.4). */
struct pointer {
	const char *name; /* for diagnostics */
	u32 rel; /* of the pointer, in the table */
	u32 off; /* that it holds */
};

#define pointer_error(t, ptr, ...)                                                                   \
	ibu_diag_add((t)->d, IBU_ERROR, "ibft.control", (ptr)->name, (ptr)->rel, __VA_ARGS__)
#define pointer_warning(t, ptr, ...)                                                                 \
	ibu_diag_add((t)->d, IBU_WARNING, "ibft.control", (ptr)->name, (ptr)->rel, __VA_ARGS__)

/* The structure at @ptr, if its header and its whole length are there; else NULL, told. */
static const u8 *find_block(struct ibft *t, const struct pointer *ptr, const struct shape **shape)
{
	const u8 *b = ptr->off >= HEADER_SIZE + CONTROL_SIZE ? at(t, ptr->off, STRUCT_HEADER) : NULL;
	u32 len;

	if (!b) {
		pointer_error(t, ptr, "points to %u, not inside the table of %u", ptr->off, t->size);
		return NULL;
	}
	len = ibu_le16(b + 2);
	*shape = b[0] >= ID_INITIATOR && b[0] <= ID_TARGET ? &shapes[b[0]] : NULL;
	if (!*shape) {
		pointer_error(t, ptr, "points to a structure of unknown id %u at %u", b[0], ptr->off);
		return NULL;
	}
	if (len < (*shape)->size || !at(t, ptr->off, len)) {
		pointer_error(t, ptr, "points to a %s of %u bytes at %u, needs %u in a table of %u",
			      (*shape)->name, len, ptr->off, (*shape)->size, t->size);
		return NULL;
	}
	return b;
}

/* 3.2: flags say whether there is something in it at all. */
static bool block_valid(struct ibft *t, const struct pointer *ptr, const u8 *b)
{
	if (b[1] != 1)
		pointer_warning(t, ptr, "the structure at %u has version %u, read as 1", ptr->off,
				b[1]);
	if (!(b[5] & (FLAG_VALID | FLAG_BOOT_SELECTED))) {
		pointer_warning(t, ptr, "the structure at %u is not marked valid", ptr->off);
		return false;
	}
	if (!(b[5] & FLAG_VALID))
		pointer_warning(t, ptr, "the structure at %u is boot selected but not marked valid",
				ptr->off);
	return true;
}

static u32 next_number(const struct ibft *t, const u8 *b)
{
	return b[0] == ID_NIC ? t->p->nr_nics : t->p->nr_targets;
}

static int read_block(struct ibft *t, const struct pointer *ptr, u8 expected_id)
{
	struct block blk = { .t = t, .off = ptr->off };
	const struct shape *shape;

	blk.b = find_block(t, ptr, &shape);
	if (!blk.b)
		return 0;
	if (expected_id && blk.b[0] != expected_id)
		pointer_warning(t, ptr, "points to a %s", shape->name);
	if (!block_valid(t, ptr, blk.b))
		return 0;
	blk.class = &ibu_classes[shape->class];
	if (blk.b[0] == ID_INITIATOR) {
		blk.obj = &t->p->root;
		blk.f = &t->p->root.f;
		snprintf(blk.place, sizeof(blk.place), "ibft.initiator");
	} else {
		snprintf(blk.place, sizeof(blk.place), "ibft.%s%u", shape->name,
			 next_number(t, blk.b));
	}
	return shape->read(&blk);
}

/* Was this offset already the value of an earlier pointer? Firmware that repeats one means one. */
static bool seen_before(const u8 *pointers, u32 i)
{
	u32 j;

	for (j = 0; j < i; j++)
		if (ibu_le16(pointers + 2 * j) == ibu_le16(pointers + 2 * i))
			return true;
	return false;
}

static int read_pointers(struct ibft *t, u32 count)
{
	static const struct {
		const char *name;
		u8 id;
	} fixed[] = { { "initiator", ID_INITIATOR }, { "nic0", ID_NIC }, { "target0", ID_TARGET },
		      { "nic1", ID_NIC }, { "target1", ID_TARGET } };
	const u32 first = HEADER_SIZE + 8;
	const u8 *pointers = t->table + first;
	u32 i;

	for (i = 0; i < count; i++) {
		bool known = i < ARRAY_SIZE(fixed);
		struct pointer ptr = { known ? fixed[i].name : "expansion", first + 2 * i,
				       ibu_le16(pointers + 2 * i) };
		int err;

		if (!ptr.off)
			continue;
		if (seen_before(pointers, i)) {
			pointer_warning(t, &ptr, "points to %u again", ptr.off);
			continue;
		}
		err = read_block(t, &ptr, known ? fixed[i].id : 0);
		if (err)
			return err;
	}
	return 0;
}

#define control_complain(t, severity, field, rel, ...)                                               \
	ibu_diag_add((t)->d, severity, "ibft.control", field, HEADER_SIZE + (rel), __VA_ARGS__)

/* How many pointers the control structure holds; only the fixed five where its length is damaged. */
static u32 count_pointers(struct ibft *t, const u8 *control)
{
	u32 len = ibu_le16(control + 2);

	if (len < CONTROL_SIZE || !at(t, HEADER_SIZE, len)) {
		control_complain(t, IBU_ERROR, "length", 2,
				 "%u, needs %u in a table of %u: taken as %u", len, CONTROL_SIZE,
				 t->size, CONTROL_SIZE);
		len = CONTROL_SIZE;
	}
	if (len % 2)
		control_complain(t, IBU_WARNING, "length", 2, "%u is odd", len);
	return (len - 8) / 2;
}

static int read_control(struct ibft *t)
{
	const u8 *control = t->table + HEADER_SIZE;
	u32 extensions = ibu_le16(control + 6);

	if (control[0] != ID_CONTROL) {
		control_complain(t, IBU_ERROR, "id", 0, "%u, not %u: nothing is where it should be",
				 control[0], ID_CONTROL);
		return 0;
	}
	if (control[1] != 1)
		control_complain(t, IBU_WARNING, "version", 1, "%u, read as 1", control[1]);
	if (control[4])
		control_complain(t, IBU_WARNING, "index", 4, "%u, not 0", control[4]);
	/* Vendors' own, and ours to skip; said only where it cannot be right. */
	if (extensions && !at(t, extensions, STRUCT_HEADER))
		control_complain(t, IBU_WARNING, "extensions", 6,
				 "points to %u, not inside the table of %u", extensions, t->size);
	return read_pointers(t, count_pointers(t, control));
}

/* nic_assoc is a NIC's index (3.7), which firmware may have given twice, or to none. */
static void resolve_nics(struct ibft *t)
{
	struct ibu_target *tgt;
	char place[24];
	u32 i, n;

	for (i = 0; i < t->p->nr_targets; i++) {
		tgt = &t->p->targets[i];
		for (n = 0; n < t->p->nr_nics; n++)
			if (t->p->nics[n].firmware_index == tgt->firmware_nic_assoc)
				break;
		if (n < t->p->nr_nics) {
			tgt->nic_assoc = n;
			ibu_set(&tgt->f, IBU_TARGET_NIC_ASSOC);
			continue;
		}
		snprintf(place, sizeof(place), "ibft.target%u", i);
		ibu_diag_add(t->d, IBU_WARNING, place, "nic-assoc", IBU_NO_OFFSET,
			     "no NIC has index %u", tgt->firmware_nic_assoc);
	}
}

/* If any byte may be wrong, so may a secret: all is shown, and no target is used. */
static void distrust(struct ibft *t)
{
	u32 i;

	for (i = 0; i < t->p->nr_targets; i++)
		t->p->targets[i].unsound = true;
}

static u8 checksum(const struct ibft *t)
{
	u8 sum = 0;
	u32 i;

	for (i = 0; i < t->size; i++)
		sum = (u8)(sum + t->table[i]);
	return sum;
}

static struct ibu_text fixed_text(const u8 *s, u32 max)
{
	return (struct ibu_text){ (const char *)s, text_len(s, max) };
}

static void set_header(struct ibft *t, const char *location)
{
	struct ibu_ibft *h = &t->p->ibft;

	h->signature = fixed_text(t->table, 4);
	h->length = ibu_le32(t->table + 4);
	h->revision = t->table[8];
	h->oem_id = fixed_text(t->table + 10, 6);
	h->oem_table_id = fixed_text(t->table + 16, 8);
	h->location = (struct ibu_text){ location, (u32)strlen(location) };
	h->f.set = BIT_ULL(IBU_NR_IBFT_FIELDS) - 1;
}

#define header_error(t, field, rel, ...) ibu_diag_add((t)->d, IBU_ERROR, "ibft", field, rel, __VA_ARGS__)

/* 3.3. The header of a damaged table is shown, so that people see which table it is. */
static int read_table(struct ibft *t)
{
	u32 length = t->p->ibft.length;
	bool sound = true;
	int err;

	if (length < IBU_IBFT_MIN || length > t->size) {
		header_error(t, "length", 4, "%u, not between %u and the %u bytes there are", length,
			     IBU_IBFT_MIN, t->size);
		sound = false;
	} else {
		t->size = length;
	}
	if (t->p->ibft.revision != 1) {
		header_error(t, "revision", 8, "%u is unknown, the table is not read",
			     t->p->ibft.revision);
		return 0;
	}
	if (sound && checksum(t)) {
		header_error(t, "checksum", 9, "the bytes of the table do not add up to 0");
		sound = false;
	}
	err = read_control(t);
	if (err)
		return err;
	resolve_nics(t);
	if (!sound)
		distrust(t);
	return 0;
}

int ibu_ibft_parse(const u8 *table, size_t size, const char *location, struct ibu_params *p,
		   struct ibu_diag *d)
{
	struct ibft t = { table, (u32)size, p, d };

	if (size < IBU_IBFT_MIN || size > IBU_IBFT_MAX) {
		header_error(&t, "length", IBU_NO_OFFSET, "%zu bytes, not between %u and %u", size,
			     IBU_IBFT_MIN, IBU_IBFT_MAX);
		return 0;
	}
	set_header(&t, location);
	return read_table(&t);
}
