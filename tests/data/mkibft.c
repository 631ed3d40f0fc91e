// SPDX-License-Identifier: GPL-2.0-only
/*
 * mkibft IN OUT: makes an iBFT from readable text, one line per structure:
 *
 *   header   signature=iBFT oem_id=FENSYS oem_table_id=iPXE [size=N] [heap=down] [expansion=N]
 *   initiator flags=3 name=iqn...  [isns= slp= pri-radius= sec-radius=]
 *   nic      index=0 flags=3 ip= prefix= origin= gateway= dns1= dns2= dhcp= vlan= mac= bdf= hostname=
 *   target   index=0 flags=3 ip= port= lun= chap-type= nic= name= chap-name= chap-secret=
 *            rev-chap-name= rev-chap-secret=
 *   extensions bytes=HEX      a vendor's structure
 *   poke     OFFSET HEX...    changes bytes after everything else is laid out
 *   checksum bad              leaves the checksum wrong
 *
 * or a dump of a whole table as it is, "OFFSET: HEX... text", in lines of 16 bytes (blanktable.c).
 *
 * Numbers as strtoul reads them; lun= is a number, or 16 hex digits; in strings \xHH is a byte.
 * expansion=N makes room for N pointers to NICs and targets beyond two of each.
 * heap=down with size=N lays out strings from the end downwards, as EDK2 does; otherwise they
 * follow the structures, as in iPXE.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <err.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TABLE 65536

static uint8_t table[MAX_TABLE];
static size_t structs_end = 48 + 18, pointers_end = 48 + 18, fixed_size, heap;
static bool heap_down, bad_checksum;
static const char *line_text;
static unsigned int nr_nics, nr_targets;

struct string {
	size_t at; /* place of length and offset */
	char *bytes;
	size_t len;
} strings[512];
static size_t nr_strings;

static void put16(size_t at, unsigned long v)
{
	table[at] = (uint8_t)v;
	table[at + 1] = (uint8_t)(v >> 8);
}

static void put_addr(size_t at, const char *text)
{
	if (inet_pton(AF_INET, text, table + at + 12) == 1)
		memset(table + at + 10, 0xff, 2);
	else if (inet_pton(AF_INET6, text, table + at) != 1)
		errx(1, "%s: not an address: %s", line_text, text);
}

static void put_string(size_t at, const char *text)
{
	char *bytes = malloc(strlen(text) + 1);
	unsigned int c;
	size_t n = 0;

	while (*text) {
		if (sscanf(text, "\\x%2x", &c) == 1) {
			text += 4;
			bytes[n++] = (char)c;
		} else {
			bytes[n++] = *text++;
		}
	}
	strings[nr_strings++] = (struct string){ at, bytes, n };
}

static void put_bdf(size_t at, const char *text)
{
	unsigned int bus, dev, fn;

	if (!strchr(text, ':')) { /* a bare number, as faulty firmware writes it */
		put16(at, strtoul(text, NULL, 0));
		return;
	}
	if (sscanf(text, "%x:%x.%x", &bus, &dev, &fn) != 3)
		errx(1, "%s: not bus:device.function: %s", line_text, text);
	put16(at, bus << 8 | dev << 3 | fn);
}

static void put_mac(size_t at, const char *text)
{
	unsigned int m[6];

	if (sscanf(text, "%x:%x:%x:%x:%x:%x", m, m + 1, m + 2, m + 3, m + 4, m + 5) != 6)
		errx(1, "%s: not a MAC: %s", line_text, text);
	for (int i = 0; i < 6; i++)
		table[at + (size_t)i] = (uint8_t)m[i];
}

static void put_lun(size_t at, const char *text)
{
	unsigned int byte;

	if (strlen(text) != 16) {
		table[at] = (uint8_t)(strtoul(text, NULL, 0) >> 8);
		table[at + 1] = (uint8_t)strtoul(text, NULL, 0);
		return;
	}
	for (size_t i = 0; i < 8; i++) {
		if (sscanf(text + 2 * i, "%2x", &byte) != 1)
			errx(1, "%s: not a LUN: %s", line_text, text);
		table[at + i] = (uint8_t)byte;
	}
}

static void put_byte(size_t at, const char *text)
{
	table[at] = (uint8_t)strtoul(text, NULL, 0);
}

static void put_word(size_t at, const char *text)
{
	put16(at, strtoul(text, NULL, 0));
}

struct field {
	const char *name;
	size_t at;
	void (*put)(size_t at, const char *text);
};

static const struct field initiator[] = {
	{ "flags", 5, put_byte },	   { "isns", 6, put_addr },
	{ "slp", 22, put_addr },	   { "pri-radius", 38, put_addr },
	{ "sec-radius", 54, put_addr },	   { "name", 70, put_string },
	{ NULL, 0, NULL },
};

static const struct field nic[] = {
	{ "index", 4, put_byte },   { "flags", 5, put_byte },	 { "ip", 6, put_addr },
	{ "prefix", 22, put_byte }, { "origin", 23, put_byte },	 { "gateway", 24, put_addr },
	{ "dns1", 40, put_addr },   { "dns2", 56, put_addr },	 { "dhcp", 72, put_addr },
	{ "vlan", 88, put_word },   { "mac", 90, put_mac },	 { "bdf", 96, put_bdf },
	{ "hostname", 98, put_string }, { NULL, 0, NULL },
};

static const struct field target[] = {
	{ "index", 4, put_byte },	  { "flags", 5, put_byte },
	{ "ip", 6, put_addr },		  { "port", 22, put_word },
	{ "lun", 24, put_lun },		  { "chap-type", 32, put_byte },
	{ "nic", 33, put_byte },	  { "name", 34, put_string },
	{ "chap-name", 38, put_string },  { "chap-secret", 42, put_string },
	{ "rev-chap-name", 46, put_string }, { "rev-chap-secret", 50, put_string },
	{ NULL, 0, NULL },
};

/*
 * Returns the control structure's next pointer for a NIC or a target: two of each are fixed, others
 * are expansion.
 */
static size_t next_pointer(size_t first, unsigned int nr)
{
	static size_t expansion = 48 + 18;

	if (nr < 2)
		return first + 4 * nr;
	expansion += 2;
	if (expansion > pointers_end)
		errx(1, "%s: more than two NICs or targets need header expansion=N, a number of pointers",
		     line_text);
	return expansion - 2;
}

static char *next_value(char **rest, char **key)
{
	char *word = strsep(rest, " \t"), *value;

	while (word && !*word)
		word = strsep(rest, " \t");
	if (!word)
		return NULL;
	*key = word;
	value = strchr(word, '=');
	if (!value)
		errx(1, "%s: %s has no value", line_text, word);
	*value = '\0';
	return value + 1;
}

static void put_struct(char *rest, uint8_t id, const struct field *fields, size_t len, size_t pointer)
{
	size_t at = (structs_end + 7) & ~(size_t)7;
	char *key, *value;

	table[at] = id;
	table[at + 1] = 1;
	put16(at + 2, len);
	put16(pointer, at);
	structs_end = at + len;
	while ((value = next_value(&rest, &key))) {
		const struct field *f = fields;

		while (f->name && strcmp(f->name, key))
			f++;
		if (!f->name)
			errx(1, "%s: unknown field %s", line_text, key);
		f->put(at + f->at, value);
	}
}

static void put_extensions(char *rest)
{
	size_t at = (structs_end + 7) & ~(size_t)7, end = at + 6;
	unsigned int byte;
	char *key, *value = next_value(&rest, &key);

	if (!value || strcmp(key, "bytes"))
		errx(1, "%s: extensions need bytes=", line_text);
	for (; sscanf(value, "%2x", &byte) == 1; value += 2)
		table[end++] = (uint8_t)byte;
	table[at] = 5;
	table[at + 1] = 1;
	put16(at + 2, end - at);
	put16(54, at);
	structs_end = end;
}

static void put_header(char *rest)
{
	char *key, *value;

	while ((value = next_value(&rest, &key))) {
		if (!strcmp(key, "signature"))
			memcpy(table, value, strnlen(value, 4));
		else if (!strcmp(key, "oem_id"))
			memcpy(table + 10, value, strnlen(value, 6));
		else if (!strcmp(key, "oem_table_id"))
			memcpy(table + 16, value, strnlen(value, 8));
		else if (!strcmp(key, "size"))
			fixed_size = strtoul(value, NULL, 0);
		else if (!strcmp(key, "heap"))
			heap_down = !strcmp(value, "down");
		else if (!strcmp(key, "expansion"))
			structs_end = pointers_end = 48 + 18 + 2 * strtoul(value, NULL, 0);
		else
			errx(1, "%s: unknown field %s", line_text, key);
	}
	table[48] = 1; /* control */
	table[49] = 1;
	put16(50, structs_end - 48);
	table[53] = 0;
}

static void place_strings(void)
{
	heap = heap_down ? fixed_size : structs_end;
	for (size_t i = 0; i < nr_strings; i++) {
		const struct string *s = &strings[i];

		if (heap_down)
			heap -= s->len + 1;
		memcpy(table + heap, s->bytes, s->len);
		put16(s->at, s->len);
		put16(s->at + 2, heap);
		if (!heap_down)
			heap += s->len + 1;
	}
}

static void poke(char *rest)
{
	size_t at = strtoul(rest, &rest, 0);
	unsigned int byte;
	int used;

	while (sscanf(rest, " %2x%n", &byte, &used) == 1) {
		table[at++] = (uint8_t)byte;
		rest += used;
	}
}

/* A line of a dump: eight digits, a colon, then 16 times a blank and two digits. */
static size_t dumped;

static bool read_dump(const char *line)
{
	size_t at, n;

	if (strspn(line, "0123456789abcdef") != 8 || line[8] != ':')
		return false;
	at = strtoul(line, NULL, 16);
	for (n = 0; n < 16 && isxdigit((uint8_t)line[10 + 3 * n]) && at + n < MAX_TABLE; n++)
		table[at + n] = (uint8_t)strtoul(line + 10 + 3 * n, NULL, 16);
	dumped = at + n;
	return true;
}

/* Pokes are kept until strings and length have their places. */
static char *pokes[64];
static size_t nr_pokes;

static void read_line(char *line)
{
	char *rest = line, *word = strsep(&rest, " \t");

	if (!rest)
		rest = strdup("");
	if (!strcmp(word, "header"))
		put_header(rest);
	else if (!strcmp(word, "initiator"))
		put_struct(rest, 2, initiator, 74, 56);
	else if (!strcmp(word, "nic"))
		put_struct(rest, 3, nic, 102, next_pointer(58, nr_nics++));
	else if (!strcmp(word, "target"))
		put_struct(rest, 4, target, 54, next_pointer(60, nr_targets++));
	else if (!strcmp(word, "extensions"))
		put_extensions(rest);
	else if (!strcmp(word, "poke"))
		pokes[nr_pokes++] = strdup(rest);
	else if (!strcmp(word, "checksum"))
		bad_checksum = true;
	else
		errx(1, "%s: unknown structure %s", line_text, word);
}

static size_t finish(void)
{
	uint8_t sum = 0;
	size_t size;

	if (dumped)
		return dumped;
	place_strings();
	size = fixed_size ? fixed_size : heap;
	table[4] = (uint8_t)size;
	table[5] = (uint8_t)(size >> 8);
	table[8] = 1;
	for (size_t i = 0; i < nr_pokes; i++)
		poke(pokes[i]);
	for (size_t i = 0; i < size; i++)
		sum = (uint8_t)(sum + table[i]);
	table[9] = (uint8_t)(table[9] - sum + bad_checksum);
	return size;
}

int main(int argc, char **argv)
{
	char *line = NULL;
	size_t room = 0;
	FILE *in, *out;

	if (argc != 3)
		errx(2, "usage: mkibft IN OUT");
	in = fopen(argv[1], "r");
	out = fopen(argv[2], "wb");
	if (!in || !out)
		err(1, "%s", in ? argv[2] : argv[1]);
	line_text = argv[1];
	while (getline(&line, &room, in) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (*line && *line != '#' && !read_dump(line))
			read_line(line);
	}
	if (fwrite(table, 1, finish(), out) == 0 || fclose(out))
		err(1, "%s", argv[2]);
	return 0;
}
