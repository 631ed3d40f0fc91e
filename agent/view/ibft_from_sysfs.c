// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rebuilds the iBFT from the files of the kernel's own driver (iscsi_ibft). Only the kernel can
 * read a table in low memory; the files hold its fields. Offsets are those of the iBFT 1.03.
 * `hostname` is left out: reading it can oops a kernel if the table is damaged.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "view/view_fallback.h"
#include "kmod/core/ibft.h"

#define INTREE "/sys/firmware/ibft"

#define TABLE_MAX 0xffff /* offsets have 16 bits */
#define MAX_ENTRIES 32 /* of each kind; real tables have two */
#define CONTROL 48
#define POINTERS (CONTROL + 8)
#define NR_POINTERS (1 + 2 * MAX_ENTRIES)

struct builder {
	const char *root;
	struct view *view;
	void *arena; /* holds @table and the texts of all files, secrets too */
	u8 *table;
	size_t len;
};

/* A file of the driver, and the place of its value in the table. */
struct field {
	const char *file;
	/* Writes the value @text to the table at @at. Returns 0 or -EINVAL. */
	int (*put)(struct builder *b, size_t at, const char *text, size_t len);
	size_t rel; /* offset in the structure */
};

static void put16(u8 *p, size_t value)
{
	p[0] = (u8)value;
	p[1] = (u8)(value >> 8);
}

static int parse_number(const char *text, size_t len, unsigned long max, unsigned long *value)
{
	char *end;

	errno = 0;
	*value = strtoul(text, &end, 10);
	return errno || !len || end != text + len || *value > max ? -EINVAL : 0;
}

static int table_put_u8(struct builder *b, size_t at, const char *text, size_t len)
{
	unsigned long value;

	if (parse_number(text, len, 255, &value))
		return -EINVAL;
	b->table[at] = (u8)value;
	return 0;
}

static int table_put_u16(struct builder *b, size_t at, const char *text, size_t len)
{
	unsigned long value;

	if (parse_number(text, len, 65535, &value))
		return -EINVAL;
	put16(b->table + at, value);
	return 0;
}

static int table_put_addr(struct builder *b, size_t at, const char *text, size_t len)
{
	struct ibu_addr addr;

	if (ibu_addr_parse(text, len, &addr))
		return -EINVAL;
	memcpy(b->table + at, addr.b, sizeof(addr.b));
	return 0;
}

static int table_put_mac(struct builder *b, size_t at, const char *text, size_t len)
{
	return ibu_mac_parse(text, len, b->table + at);
}

/*
 * The driver prints each of the eight bytes of a LUN without leading zeros, so a text is ambiguous:
 * "110000000" is 11 00... or 01 10.... A LUN of one level, which has a number, is preferred.
 */
struct lun_split {
	u8 bytes[8]; /* bytes of the reading that is being tried */
	u8 lun[8];
	unsigned int ways;
	bool numbered;
};

static void keep_lun(struct lun_split *split)
{
	bool numbered = ibu_lun_number(split->bytes) >= 0;

	if (split->numbered && !numbered)
		return;
	if (numbered && !split->numbered)
		split->ways = 0;
	split->numbered = numbered;
	split->ways++;
	memcpy(split->lun, split->bytes, 8);
}

/* Tries all readings of @s, the rest of the text, from byte @i of the LUN on. */
static void split_lun(struct lun_split *split, const char *s, size_t len, unsigned int i)
{
	char digits[3] = "";
	size_t n;

	if (i == 8) {
		if (!len)
			keep_lun(split);
		return;
	}
	for (n = 1; n <= len && n <= 2 && (n == 1 || s[0] != '0'); n++) {
		memcpy(digits, s, n);
		split->bytes[i] = (u8)strtoul(digits, NULL, 16);
		split_lun(split, s + n, len - n, i + 1);
	}
}

static int table_put_lun(struct builder *b, size_t at, const char *text, size_t len)
{
	struct lun_split split = { .ways = 0 };

	if (len > 16 || strspn(text, "0123456789abcdef") < len)
		return -EINVAL;
	split_lun(&split, text, len, 0);
	if (split.ways != 1)
		return -EINVAL;
	memcpy(b->table + at, split.lun, 8);
	return 0;
}

/* Appends the bytes to the table; their length and offset go into the structure. */
static int table_put_text(struct builder *b, size_t at, const char *text, size_t len)
{
	if (len > TABLE_MAX - b->len)
		return -EINVAL;
	memcpy(b->table + b->len, text, len);
	put16(b->table + at, len);
	put16(b->table + at + 2, b->len);
	b->len += len;
	return 0;
}

static int table_put_signature(struct builder *b, size_t at, const char *text, size_t len)
{
	if (len > 4)
		return -EINVAL;
	memcpy(b->table + at, text, len);
	return 0;
}

static int table_put_oem_id(struct builder *b, size_t at, const char *text, size_t len)
{
	memcpy(b->table + at, text, len < 6 ? len : 6);
	return 0;
}

static int table_put_oem_table_id(struct builder *b, size_t at, const char *text, size_t len)
{
	memcpy(b->table + at, text, len < 8 ? len : 8);
	return 0;
}

/* A structure of the table: its files, its id and its length. */
struct shape {
	const struct field *fields;
	u8 id;
	u8 size;
};

static const struct field header_fields[] = {
	{ "signature", table_put_signature, 0 },
	{ "oem_id", table_put_oem_id, 10 },
	{ "oem_table_id", table_put_oem_table_id, 16 },
	{ 0 },
};

static const struct field initiator_fields[] = {
	{ "index", table_put_u8, 4 },
	{ "flags", table_put_u8, 5 },
	{ "isns-server", table_put_addr, 6 },
	{ "slp-server", table_put_addr, 22 },
	{ "pri-radius-server", table_put_addr, 38 },
	{ "sec-radius-server", table_put_addr, 54 },
	{ "initiator-name", table_put_text, 70 },
	{ 0 },
};

static const struct shape initiator = { initiator_fields, 2, 74 };

static const struct field nic_fields[] = {
	{ "index", table_put_u8, 4 },	       { "flags", table_put_u8, 5 },
	{ "ip-addr", table_put_addr, 6 },      { "prefix-len", table_put_u8, 22 },
	{ "origin", table_put_u8, 23 },	       { "gateway", table_put_addr, 24 },
	{ "primary-dns", table_put_addr, 40 }, { "secondary-dns", table_put_addr, 56 },
	{ "dhcp", table_put_addr, 72 },	       { "vlan", table_put_u16, 88 },
	{ "mac", table_put_mac, 90 },	       { 0 },
};

static const struct shape nic = { nic_fields, 3, 102 };

static const struct field target_fields[] = {
	{ "index", table_put_u8, 4 },
	{ "flags", table_put_u8, 5 },
	{ "ip-addr", table_put_addr, 6 },
	{ "port", table_put_u16, 22 },
	{ "lun", table_put_lun, 24 },
	{ "chap-type", table_put_u8, 32 },
	{ "nic-assoc", table_put_u8, 33 },
	{ "target-name", table_put_text, 34 },
	{ "chap-name", table_put_text, 38 },
	{ "chap-secret", table_put_text, 42 },
	{ "rev-chap-name", table_put_text, 46 },
	{ "rev-chap-name-secret", table_put_text, 50 },
	{ 0 },
};

static const struct shape target = { target_fields, 4, 54 };

/*
 * Copies the value of one file to the table. Returns 0, -ENOMEM, or -EINVAL with a diagnostic if
 * the value cannot be read or is ambiguous.
 */
static int table_put_file(struct builder *b, const char *dir, const struct field *f, size_t start)
{
	char *text;
	ssize_t len;

	len = file_read(&b->arena, &text, "%s" INTREE "/%s/%s", b->root, dir, f->file);
	if (len == -ENOENT || len == -ENOMEM)
		return len == -ENOMEM ? -ENOMEM : 0;
	/* The driver appends a newline; to subnet-mask and prefix-len not in older kernels. */
	if (len > 0 && text[len - 1] == '\n')
		text[--len] = '\0';
	if (len >= 0 && !f->put(b, start + f->rel, text, (size_t)len))
		return 0;
	ibu_diag_add(&b->view->diag, IBU_ERROR, dir, f->file, IBU_NO_OFFSET,
		     "%s; the whole structure is left out",
		     len < 0 ? "cannot be read" : "value is ambiguous or invalid");
	return -EINVAL;
}

static int table_put_files(struct builder *b, const char *dir, const struct field *fields,
			   size_t start)
{
	int err = 0;

	for (; fields->file && !err; fields++)
		err = table_put_file(b, dir, fields, start);
	return err;
}

/*
 * Adds the structure of directory @dir, if that exists, and the pointer to it. Returns 0 or
 * -ENOMEM.
 */
static int table_put_struct(struct builder *b, const char *dir, const struct shape *shape,
			    size_t pointer)
{
	char *path = arena_printf(&b->arena, "%s" INTREE "/%s", b->root, dir);
	size_t start = b->len;
	int err;

	if (!path)
		return -ENOMEM;
	if (access(path, F_OK) || shape->size > TABLE_MAX - start)
		return 0;
	b->len += shape->size;
	b->table[start] = shape->id;
	b->table[start + 1] = 1;
	put16(b->table + start + 2, shape->size);
	err = table_put_files(b, dir, shape->fields, start);
	if (err) {
		explicit_bzero(b->table + start, b->len - start);
		b->len = start;
		return err == -ENOMEM ? err : 0;
	}
	put16(b->table + POINTERS + 2 * pointer, start);
	return 0;
}

/*
 * Adds all structures. Order of the pointers: initiator, nic0, target0, nic1, target1, ...; 0:
 * none.
 */
static int table_put_structs(struct builder *b)
{
	size_t i;
	char *dir;
	int err;

	err = table_put_struct(b, "initiator", &initiator, 0);
	for (i = 0; i < 2 * MAX_ENTRIES && !err; i++) {
		dir = arena_printf(&b->arena, "%s%zu", i % 2 ? "target" : "ethernet", i / 2);
		if (!dir)
			return -ENOMEM;
		err = table_put_struct(b, dir, i % 2 ? &target : &nic, 1 + i);
	}
	return err;
}

/*
 * Writes header and control structure, as the last step: they contain the length and the checksum.
 */
static int table_finish(struct builder *b)
{
	u8 sum = 0;
	size_t i;
	int err;

	err = table_put_files(b, "acpi_header", header_fields, 0);
	put16(b->table + 4, b->len);
	b->table[8] = 1;
	b->table[CONTROL] = 1;
	b->table[CONTROL + 1] = 1;
	put16(b->table + CONTROL + 2, 8 + 2 * NR_POINTERS);
	for (i = 0; i < b->len; i++)
		sum = (u8)(sum + b->table[i]);
	b->table[9] = (u8)-sum;
	return err == -ENOMEM ? err : 0;
}

static int table_make(struct builder *b)
{
	int err;

	b->table = arena_alloc(&b->arena, TABLE_MAX);
	err = b->table ? table_put_structs(b) : -ENOMEM;
	return err ? err : table_finish(b);
}

ssize_t ibft_from_sysfs(const char *root, struct view *view, unsigned char **table)
{
	struct builder b = { .root = root, .view = view, .len = POINTERS + 2 * NR_POINTERS };
	char *dir = arena_printf(&b.arena, "%s" INTREE, root);
	int err = dir ? 0 : -ENOMEM;

	if (!err && access(dir, F_OK))
		b.len = 0;
	else if (!err)
		err = table_make(&b);
	if (!err && b.len) {
		*table = (unsigned char *)arena_secret(&view->arena, (char *)b.table, b.len);
		err = *table ? 0 : -ENOMEM;
	}
	arena_free(&b.arena);
	return err ? err : (ssize_t)b.len;
}
