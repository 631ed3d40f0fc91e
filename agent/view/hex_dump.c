// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads a table from the text of a hex dump. The first line decides the form: whether lines have an
 * offset, their width, the size of words and their byte order, by which it begins with a signature.
 */
#include "view/hex_dump.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "kmod/core/portable.h"

#define WIDTH_MAX 64 /* bytes of a line */
#define LINE_MAX 512 /* longer lines are no dump */

enum form { FORM_UNKNOWN, FORM_OFFSETS, FORM_PLAIN };

struct dump {
	unsigned char *out;
	size_t len, room;
	enum form form;
	int base; /* of the offsets; 0: not known yet */
	size_t width; /* bytes of a line */
	bool swapped; /* words are little endian */
	bool star; /* the last line repeats up to the next offset */
	size_t last; /* where the last line begins in @out */
};

/* A line of the dump. */
struct dump_line {
	char offset[20]; /* empty: none */
	unsigned char bytes[WIDTH_MAX];
	size_t nr;
	size_t word; /* bytes of each word */
};

int is_ibft(const unsigned char *bytes, size_t len)
{
	return len >= 4 && (!memcmp(bytes, "iBFT", 4) || !memcmp(bytes, "IBFT", 4) ||
			    !memcmp(bytes, "BIFT", 4));
}

static size_t digits(const char *s)
{
	return strspn(s, "0123456789abcdefABCDEF");
}

/*
 * Skips what comes before the offset: marks of a quotation, the time of a log. Returns the offset
 * with a colon, wherever it is, else the first word.
 */
static const char *line_start(const char *s)
{
	const char *first, *word;

	first = s + strspn(s, "> \t");
	for (word = first; *word; word += strcspn(word, " \t"), word += strspn(word, " \t"))
		if (digits(word) >= 4 && digits(word) <= 16 && word[digits(word)] == ':')
			return word;
	return first;
}

/* Is the first word of a line its offset? Without a colon it is if another word follows. */
static bool is_offset(const struct dump *d, const char *s)
{
	size_t n = digits(s);
	const char *next = s + n + strspn(s + n, " \t");

	if (d->form == FORM_PLAIN || n < 4 || n > 16)
		return false;
	if (s[n] == ':')
		return true;
	if (n < 6 || (s[n] && !isspace((unsigned char)s[n])))
		return false;
	return d->form == FORM_OFFSETS || *next;
}

static void add_word(struct dump_line *line, unsigned long value, size_t size)
{
	size_t i;

	line->word = size;
	for (i = size; i-- && line->nr < WIDTH_MAX;)
		line->bytes[line->nr++] = (unsigned char)(value >> 8 * i);
}

/* Adds a word of @n digits: hex bytes, or octal as od writes bytes and its default, 16 bits. */
static bool take_word(struct dump_line *line, const char *s, size_t n)
{
	char text[17] = "";
	size_t i;

	if (n == 3 || n == 6) {
		memcpy(text, s, n);
		if (strspn(text, "01234567") < n)
			return false;
		add_word(line, strtoul(text, NULL, 8), n / 3);
		return true;
	}
	if (n % 2)
		return false;
	for (i = 0; i < n && n > 16; i += 2) { /* xxd -p */
		memcpy(text, s + i, 2);
		add_word(line, strtoul(text, NULL, 16), 1);
	}
	if (n <= 16) {
		memcpy(text, s, n);
		add_word(line, strtoul(text, NULL, 16), n / 2);
	}
	return true;
}

/* Takes the words of a line up to its text column, which is far away, or not hex, or at @width. */
static void take_words(const struct dump *d, struct dump_line *line, const char *s)
{
	size_t width = d->width ? d->width : WIDTH_MAX, gap, n;

	while (line->nr < width) {
		gap = strspn(s, " \t");
		n = digits(s + gap);
		if (!n || (s[gap + n] && !isspace((unsigned char)s[gap + n])) ||
		    (line->nr && (gap > 2 || (gap == 2 && line->nr >= 16 && !d->width))) ||
		    !take_word(line, s + gap, n))
			return;
		s += gap + n;
	}
}

/* Reverses the bytes of each word. */
static void swap_words(struct dump_line *line)
{
	size_t i, j;

	for (i = 0; line->word > 1 && i + line->word <= line->nr; i += line->word)
		for (j = 0; j < line->word / 2; j++) {
			unsigned char byte = line->bytes[i + j];

			line->bytes[i + j] = line->bytes[i + line->word - 1 - j];
			line->bytes[i + line->word - 1 - j] = byte;
		}
}

static void parse_line(const struct dump *d, const char *s, struct dump_line *line)
{
	*line = (struct dump_line){ .nr = 0 };
	s = line_start(s);
	if (is_offset(d, s)) {
		memcpy(line->offset, s, digits(s));
		s += digits(s);
		s += *s == ':';
	}
	take_words(d, line, s);
}

static int append(struct dump *d, const unsigned char *bytes, size_t nr)
{
	if (nr > d->room - d->len)
		return -EFBIG;
	if (!nr) /* the last offset alone */
		return 0;
	memcpy(d->out + d->len, bytes, nr);
	d->last = d->len;
	d->len += nr;
	return 0;
}

/* Starts the table if the line begins with a signature, in either byte order. */
static int dump_start(struct dump *d, struct dump_line *line)
{
	if (!is_ibft(line->bytes, line->nr)) {
		swap_words(line);
		if (!is_ibft(line->bytes, line->nr))
			return 0;
		d->swapped = true;
	}
	if (*line->offset && strtoul(line->offset, NULL, 16))
		return 0;
	d->form = *line->offset ? FORM_OFFSETS : FORM_PLAIN;
	d->width = line->nr;
	return append(d, line->bytes, line->nr);
}

/* Reads the offset of the second line, and all further ones, in the base that fits. */
static size_t offset_value(struct dump *d, const char *text)
{
	static const int bases[] = { 16, 8, 10 };
	size_t i;

	for (i = 0; !d->base && i < ARRAY_SIZE(bases); i++)
		if (strtoul(text, NULL, bases[i]) == d->len)
			d->base = bases[i];
	return strtoul(text, NULL, d->base ? d->base : 16);
}

/* Fills up to the offset of @line what "*" stands for. Returns 0, 1 at the end, or -errno. */
static int dump_seek(struct dump *d, const struct dump_line *line)
{
	size_t at = offset_value(d, line->offset), n;
	int err = 0;

	if (!at)
		return 1; /* another table */
	while (d->star && d->len < at && !err) {
		n = at - d->len < d->len - d->last ? at - d->len : d->len - d->last;
		err = append(d, d->out + d->last, n);
	}
	d->star = false;
	if (!err && at != d->len)
		err = -EBADMSG;
	return err;
}

static int dump_line_add(struct dump *d, const char *text)
{
	struct dump_line line;
	int err = 0;

	if (d->len && text[strspn(text, "> \t")] == '*') {
		d->star = true;
		return d->form == FORM_PLAIN ? -EBADMSG : 0; /* how many lines? */
	}
	parse_line(d, text, &line);
	if (!d->len)
		return dump_start(d, &line);
	if (d->form == FORM_OFFSETS) {
		if (!*line.offset)
			return 0; /* text between the lines */
		err = dump_seek(d, &line);
	}
	if (err)
		return err;
	if (d->swapped)
		swap_words(&line);
	return append(d, line.bytes, line.nr);
}

ssize_t hex_dump_read(const char *text, size_t len, unsigned char *out, size_t room)
{
	struct dump d = { .out = out, .room = room };
	char line[LINE_MAX];
	const char *eol;
	size_t n;
	int r = 0;

	for (; len && !r; text += n, len -= n) {
		eol = memchr(text, '\n', len);
		n = eol ? (size_t)(eol - text) + 1 : len;
		if (n >= sizeof(line))
			continue;
		memcpy(line, text, n);
		line[n] = '\0';
		line[strcspn(line, "\r\n")] = '\0';
		r = dump_line_add(&d, line);
	}
	if (r < 0)
		return r;
	return d.len ? (ssize_t)d.len : -ENOENT;
}
