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

#define WIDTH_MAX 256 /* bytes of a line */
#define LINE_MAX 512 /* of longer lines, 510 characters at a time: whole bytes, also "69 " */

enum form { FORM_UNKNOWN, FORM_OFFSETS, FORM_PLAIN };

struct dump {
	unsigned char *out;
	size_t len, room;
	enum form form;
	char first[20]; /* the offset of the table: that in memory, or 0 */
	int base; /* of the offsets; 0: not known yet */
	size_t width; /* bytes of a line */
	size_t word; /* bytes of its last word */
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

static const char *skip_word(const char *s)
{
	s += strcspn(s, " \t");
	return s + strspn(s, " \t");
}

static bool is_after_prefix(const char *line, const char *word)
{
	while (word > line && isspace((unsigned char)word[-1]))
		word--;
	return word == line || word[-1] == ':' || word[-1] == ']';
}

/*
 * Skips what comes before the offset: marks of a quotation, a byte order mark, the time and the
 * prefixes of a log. Returns the offset with a colon or as hexdump -C has it, wherever it is, else
 * the first word.
 */
static const char *line_start(const char *s)
{
	const char *word;
	size_t n;

	s += strspn(s, "> \t\xef\xbb\xbf");
	if (*s == '[' && strchr(s, ']'))
		s = skip_word(strchr(s, ']'));
	if (digits(s) >= 6 && isspace((unsigned char)s[digits(s)]))
		return s;
	for (word = s; *word; word = skip_word(word)) {
		word += strncmp(word, "0x", 2) ? 0 : 2;
		n = digits(word);
		if ((n >= 4 && n <= 16 && word[n] == ':') ||
		    (n == 8 && !strncmp(word + n, "  ", 2)))
			return word;
	}
	/* Without offsets: the first byte or word of bytes at the start or behind a prefix. */
	for (word = s; *word; word = skip_word(word)) {
		n = digits(word);
		if (n >= 2 && n % 2 == 0 && strchr(" \t", word[n]) && is_after_prefix(s, word))
			return word;
	}
	return s;
}

/*
 * Is the first word of a line its offset? Without a colon it is if another word follows; one of
 * four digits if that is a byte.
 */
static bool is_offset(const struct dump *d, const char *s)
{
	size_t n = digits(s);
	const char *next = s + n + strspn(s + n, " \t");

	if (d->form == FORM_PLAIN || n < 4 || n > 16)
		return false;
	if (*next == ':')
		return true;
	if ((n < 6 && digits(next) != 2) || (s[n] && !isspace((unsigned char)s[n])))
		return false;
	return d->form == FORM_OFFSETS || *next;
}

static void add_word(const struct dump *d, struct dump_line *line, unsigned long value, size_t size)
{
	size_t i;

	line->word = size;
	for (i = 0; i < size && line->nr < WIDTH_MAX; i++)
		line->bytes[line->nr++] =
			(unsigned char)(value >> 8 * (d->swapped ? i : size - 1 - i));
}

/* Adds a word of @n digits: hex bytes, or octal as od writes bytes and its default, 16 bits. */
static bool take_word(const struct dump *d, struct dump_line *line, const char *s, size_t n)
{
	size_t part = n > 16 ? 2 : n; /* xxd -p */
	char text[17] = "";
	size_t i;

	if ((n == 3 || n == 6) && line->word <= 2) {
		memcpy(text, s, n);
		if (strspn(text, "01234567") < n)
			return false;
		add_word(d, line, strtoul(text, NULL, 8), n / 3);
		return true;
	}
	if (n % 2)
		return false;
	for (i = 0; i < n; i += part) {
		memcpy(text, s + i, part);
		add_word(d, line, strtoul(text, NULL, 16), part / 2);
	}
	return true;
}

/*
 * Takes the words of a line up to its text column, which is far away, or not hex, or at @width.
 * Words may be those of C, or have a dash in the middle of the line, as those of the EFI shell.
 */
static void take_words(const struct dump *d, struct dump_line *line, const char *s)
{
	size_t width = d->width ? d->width : WIDTH_MAX, far = 2, gap, n;

	while (line->nr < width) {
		s += line->nr && (*s == ',' || *s == ':');
		gap = strspn(s, " \t");
		s += gap;
		if (line->nr && *s == '-') {
			gap += strspn(++s, " \t");
			s += strspn(s, " \t");
		}
		s += strncmp(s, "0x", 2) ? 0 : 2;
		n = digits(s);
		if (!line->nr && gap > far)
			far = gap;
		if (gap > far && gap + n == 2 * line->word + 1) /* the last word of xxd -e */
			gap = 1;
		if (!n || !strchr(" \t,:-", s[n]) || gap > far ||
		    (gap == 2 && line->nr >= 16 && !d->width) || !take_word(d, line, s, n))
			return;
		s += n;
	}
}

static void parse_line(const struct dump *d, const char *s, struct dump_line *line)
{
	*line = (struct dump_line){ .word = d->word };
	s = line_start(s);
	if (is_offset(d, s)) {
		memcpy(line->offset, s, digits(s));
		s += digits(s);
		if (s[strspn(s, " \t")] == ':')
			s += strspn(s, " \t") + 1;
	}
	take_words(d, line, s);
}

/* Returns 1 if the table is full: what is longer than one can be is cut, as in a file of bytes. */
static int append(struct dump *d, const unsigned char *bytes, size_t nr)
{
	if (nr > d->room - d->len)
		nr = d->room - d->len;
	if (!nr) /* the last offset alone */
		return d->len == d->room;
	memcpy(d->out + d->len, bytes, nr);
	d->last = d->len;
	d->len += nr;
	return d->len == d->room;
}

/* Starts the table if the line begins with a signature, in either byte order. */
static int dump_start(struct dump *d, const char *text, struct dump_line *line)
{
	if (!is_ibft(line->bytes, line->nr)) {
		d->swapped = true;
		parse_line(d, text, line);
		d->swapped = is_ibft(line->bytes, line->nr);
		if (!d->swapped)
			return 0;
	}
	memcpy(d->first, line->offset, sizeof(d->first));
	d->form = *line->offset ? FORM_OFFSETS : FORM_PLAIN;
	d->width = line->nr;
	d->word = line->word;
	return append(d, line->bytes, line->nr);
}

static size_t offset_in(const struct dump *d, const char *text, int base)
{
	return strtoul(text, NULL, base) - strtoul(d->first, NULL, base);
}

/* Reads the offset in the table of the second line, and all further ones, in the base that fits. */
static size_t offset_value(struct dump *d, const char *text)
{
	static const int bases[] = { 16, 8, 10 };
	size_t i;

	for (i = 0; !d->base && i < ARRAY_SIZE(bases); i++)
		if (offset_in(d, text, bases[i]) == d->len)
			d->base = bases[i];
	return offset_in(d, text, d->base ? d->base : 16);
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
	if (!line->nr && at > sizeof(long) && d->len - at < sizeof(long)) /* padded last word */
		d->len = at;
	if (!err && at != d->len)
		err = -EBADMSG;
	return err;
}

static int dump_line_add(struct dump *d, const char *text)
{
	const char *last = strrchr(text, ' ');
	struct dump_line line;
	int err = 0;

	parse_line(d, text, &line);
	if (!d->len)
		return dump_start(d, text, &line);
	if (!line.nr && !strcmp(last ? last + 1 : text, "*")) {
		d->star = true;
		return d->form == FORM_PLAIN ? -EBADMSG : 0; /* how many lines? */
	}
	if (d->form == FORM_OFFSETS) {
		if (!*line.offset)
			return 0; /* text between the lines */
		err = dump_seek(d, &line);
	}
	if (err)
		return err;
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
			n = sizeof(line) - 2;
		memcpy(line, text, n);
		line[n] = '\0';
		line[strcspn(line, "\r\n")] = '\0';
		r = dump_line_add(&d, line);
	}
	if (r < 0)
		return r;
	return d.len ? (ssize_t)d.len : -ENOENT;
}
