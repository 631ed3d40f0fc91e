// SPDX-License-Identifier: GPL-2.0-only
/*
 * blanktable RAW: prints a table from a user's machine as text that mkibft reads, without secrets.
 * It keeps only bytes that cannot be secret: header, structures, and strings that are names. Every
 * other byte becomes 0, and each byte of a secret 'x'. Secrets are those that our parser finds,
 * those that a field names although the parser rejects them, and copies of the same bytes anywhere
 * else. The length and the sum of all bytes stay the same.
 */
#include <ctype.h>
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kmod/core/ibft.h"

enum { HEADER = 48, CONTROL = 18, MAX = 65536 };

static u8 table[MAX], blank[MAX];
static u32 size;

/* Returns the @len bytes of the table at @off. */
static u32 inside(u32 off, u32 len)
{
	return off >= size ? 0 : len < size - off ? len : size - off;
}

static void keep(u32 off, u32 len)
{
	memcpy(blank + off, table + off, inside(off, len));
}

static void keep_string(u32 field)
{
	if (field + 4 <= size && ibu_le16(table + field + 2) >= HEADER)
		keep(ibu_le16(table + field + 2), ibu_le16(table + field));
}

/* Replaces the bytes by 'x'. A NUL stays, because the parser must still report it. */
static void hide(u32 off, u32 len)
{
	u32 i;

	for (i = off; i < off + inside(off, len); i++)
		blank[i] = table[i] ? 'x' : 0;
}

/* Other places with the same bytes may be copies of the secret. */
static void hide_copies(const u8 *secret, u32 len)
{
	u32 i;

	for (i = HEADER; len >= 4 && i + len <= size; i++)
		if (!memcmp(table + i, secret, len))
			hide(i, len);
}

static void hide_secret(u32 off, u32 len)
{
	len = inside(off, len);
	hide(off, len);
	hide_copies(table + off, len);
}

/*
 * Returns the offset of the @i-th structure that a pointer leads to: 3.4 to 3.7 of the
 * specification.
 */
static u32 pointer(u32 i)
{
	u32 len = ibu_le16(table + HEADER + 2);

	if (len < CONTROL)
		len = CONTROL;
	return 8 + 2 * i + 2 <= inside(HEADER, len) ? ibu_le16(table + HEADER + 8 + 2 * i) : MAX;
}

static void keep_structure(u32 off)
{
	static const u32 lens[] = { [2] = 74, [3] = 102, [4] = 54 };
	u32 id = off + 6 <= size ? table[off] : 0;

	keep(off, id >= 2 && id <= 4 ? lens[id] : 6);
	if (id == 2)
		keep_string(off + 70);
	if (id == 3)
		keep_string(off + 98);
	if (id == 4) {
		keep_string(off + 34);
		keep_string(off + 38);
		keep_string(off + 46);
	}
}

static void hide_field(u32 field)
{
	if (field + 4 <= size && ibu_le16(table + field))
		hide_secret(ibu_le16(table + field + 2), ibu_le16(table + field));
}

static void hide_named(void)
{
	u32 i, off;

	for (i = 0; (off = pointer(i)) != MAX; i++) {
		if (off < HEADER || off + 54 > size || table[off] != 4)
			continue;
		hide_field(off + 42);
		hide_field(off + 50);
	}
}

static void hide_parsed(void)
{
	struct ibu_params p = { 0 };
	struct ibu_diag d = { 0 };
	u32 i;

	if (ibu_ibft_parse(table, size, "acpi", &p, &d))
		errx(1, "out of memory");
	for (i = 0; i < p.nr_targets; i++) {
		const struct ibu_text *one = &p.targets[i].chap_secret;
		const struct ibu_text *other = &p.targets[i].rev_chap_secret;

		if (one->len)
			hide_secret((u32)((const u8 *)one->s - table), one->len);
		if (other->len)
			hide_secret((u32)((const u8 *)other->s - table), other->len);
	}
	ibu_params_free(&p);
	ibu_diag_free(&d);
}

/*
 * Secrets are hidden last: if a damaged field names other bytes as a secret, those are hidden too.
 */
static void blank_all(void)
{
	u32 i, off;

	keep(0, HEADER + CONTROL);
	keep(HEADER, ibu_le16(table + HEADER + 2));
	for (i = 0; (off = pointer(i)) != MAX; i++)
		if (off >= HEADER + CONTROL)
			keep_structure(off);
	off = ibu_le16(table + HEADER + 6); /* a vendor's structure: only its header */
	if (off >= HEADER + CONTROL)
		keep(off, 6);
	hide_named();
	hide_parsed();
}

static u8 sum_of(const u8 *b)
{
	u8 sum = 0;
	u32 i;

	for (i = 0; i < size; i++)
		sum = (u8)(sum + b[i]);
	return sum;
}

static void print(void)
{
	u32 i, n;

	for (i = 0; i < size; i += 16) {
		printf("%08x:", i);
		for (n = i; n < i + 16 && n < size; n++)
			printf(" %02x", blank[n]);
		printf("%*s", (int)(2 + 3 * (i + 16 - n)), "");
		for (n = i; n < i + 16 && n < size; n++)
			putchar(isprint(blank[n]) ? blank[n] : '.');
		putchar('\n');
	}
}

int main(int argc, char **argv)
{
	FILE *f;

	if (argc != 2)
		errx(2, "usage: blanktable RAW");
	f = fopen(argv[1], "rb");
	if (!f)
		err(1, "%s", argv[1]);
	size = (u32)fread(table, 1, sizeof(table), f);
	if (size < IBU_IBFT_MIN || !feof(f))
		errx(1, "%s: not a table of %u to %u bytes", argv[1], IBU_IBFT_MIN, MAX - 1);
	if (memcmp(table, "iBFT", 4) && memcmp(table, "IBFT", 4) && memcmp(table, "BIFT", 4))
		errx(1, "%s: does not begin with iBFT, IBFT or BIFT", argv[1]);
	fclose(f);
	blank_all();
	blank[9] = (u8)(blank[9] + sum_of(table) - sum_of(blank));
	print();
	return 0;
}
