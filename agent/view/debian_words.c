// SPDX-License-Identifier: GPL-2.0-only
/* Reads Debian's /etc/iscsi/iscsi.initramfs as parameters of the kernel command line. */
#include "view/debian_words.h"

#include <strings.h>

#include "base/cleanup.h"
#include "kmod/core/cmdline.h"
#include "kmod/core/text.h"

#define FILE_SIZE_MAX (64 * 1024)
#define PORTALS_MAX 64
#define BLANKS " \t\r\n"

/*
 * The variables that open-iscsi's scripts/local-top/iscsi reads (README.Debian, "Root on iSCSI").
 * Its parameters of the command line have the same names in lower case.
 */
enum variable { AUTO, INITIATOR, NAME, IP, PORT, GROUP, USER, SECRET, IN_USER, IN_SECRET, NR_VARS };

static const struct {
	const char *name, *dracut;
} variables[NR_VARS] = {
	[AUTO] = { "ISCSI_AUTO", "rd.iscsi.firmware" },
	[INITIATOR] = { "ISCSI_INITIATOR", "rd.iscsi.initiator" },
	[NAME] = { "ISCSI_TARGET_NAME", "rd.iscsi.target.name" },
	[IP] = { "ISCSI_TARGET_IP", "rd.iscsi.target.ip" },
	[PORT] = { "ISCSI_TARGET_PORT", "rd.iscsi.target.port" },
	[GROUP] = { "ISCSI_TARGET_GROUP", "rd.iscsi.target.group" },
	[USER] = { "ISCSI_USERNAME", "rd.iscsi.username" },
	[SECRET] = { "ISCSI_PASSWORD", "rd.iscsi.password" },
	[IN_USER] = { "ISCSI_IN_USERNAME", "rd.iscsi.in.username" },
	[IN_SECRET] = { "ISCSI_IN_PASSWORD", "rd.iscsi.in.password" },
};

struct value {
	const char *text; /* NULL: not set, or empty */
	const char *place;
	bool later; /* the command line sets it, to @text */
};

struct debian_file {
	struct cmdline_text *out;
	void **arena; /* of the view: for places */
	void *scratch;
	const char *name;
	const char *s, *end; /* what was not read yet */
	char *words; /* room for the words, which are shorter than what was read for them */
	unsigned int line;
	bool complained; /* about something that is no assignment; once is enough */
	struct value value[NR_VARS];
	bool damaged[NR_VARS];
	bool targets_later; /* the command line names targets */
};

/* The file: assignments, comments and quotes of a shell */

static char *line_place(struct debian_file *f)
{
	return arena_printf(f->arena, "%s:%u", f->name, f->line);
}

/*
 * Reads a word up to a blank or an operator, without its quotes, to @word. Returns 0, or -EINVAL
 * for an open quote or what only a shell can evaluate.
 */
static int read_word(struct debian_file *f, char **word)
{
	char quote = '\0', c, *out = f->words;
	int err = 0;

	for (; f->s < f->end; f->s++) {
		c = *f->s;
		if (c == quote && quote) {
			quote = '\0';
		} else if (!quote && (c == '"' || c == '\'')) {
			quote = c;
		} else if (quote != '\'' && c == '\\' && f->end - f->s > 1 &&
			   (!quote || strchr("$`\"\\\n", f->s[1]))) {
			f->s++;
			if (*f->s != '\n') /* else the line continues */
				*out++ = *f->s;
		} else {
			if (!quote && strchr(BLANKS ";&|<>()", c))
				break;
			if (quote != '\'' && (c == '$' || c == '`'))
				err = -EINVAL;
			*out++ = c;
		}
	}
	*out++ = '\0';
	*word = f->words;
	f->words = out;
	return quote ? -EINVAL : err;
}

/* Moves to the next word, behind blanks, operators and comments. */
static void skip_blanks(struct debian_file *f)
{
	bool comment = false;

	for (; f->s < f->end; f->s++) {
		comment = (comment || *f->s == '#') && *f->s != '\n';
		if (!comment && !strchr(BLANKS ";&|<>()", *f->s))
			return;
		f->line += *f->s == '\n';
	}
}

static void assign_text(struct debian_file *f, const char *word)
{
	if (strcmp(word, "export") == 0 || !*word || f->complained)
		return;
	f->complained = true;
	ibu_diag_add(f->out->diag, IBU_WARNING, f->name, "file", IBU_NO_OFFSET,
		     "line %u: only assignments are read; ignored", f->line);
}

static int assign(struct debian_file *f, const char *word, bool bad)
{
	const char *equals = strchr(word, '=');
	struct ibu_text name = { word, equals ? (u32)(equals - word) : 0 };
	unsigned int i;
	char *place;

	if (!equals)
		assign_text(f, word);
	for (i = 0; i < NR_VARS && !ibu_is(&name, variables[i].name); i++)
		;
	if (i == NR_VARS || !equals)
		return 0;
	place = line_place(f);
	if (!place)
		return -ENOMEM;
	f->value[i] = (struct value){ .text = equals[1] ? equals + 1 : NULL, .place = place };
	f->damaged[i] = bad;
	if (bad)
		ibu_diag_add(f->out->diag, IBU_ERROR, place, variables[i].name, IBU_NO_OFFSET,
			     "only plain text in closed quotes is read; the value is not used");
	return 0;
}

static int read_assignments(struct debian_file *f)
{
	const char *from;
	char *word;
	int err = 0;

	f->words = arena_alloc(&f->scratch, (size_t)(f->end - f->s) + 2);
	if (!f->words)
		return -ENOMEM;
	for (skip_blanks(f); f->s < f->end && !err; skip_blanks(f)) {
		from = f->s;
		err = read_word(f, &word);
		err = assign(f, word, err);
		for (; from < f->s; from++)
			f->line += *from == '\n';
	}
	return err;
}

/* What the command line sets */

static bool is_variable(unsigned int i, const struct ibu_text *name)
{
	return ibu_is(name, variables[i].dracut) ||
	       (name->len == strlen(variables[i].name) &&
		!strncasecmp(name->s, variables[i].name, name->len));
}

static bool names_target(const struct ibu_text *name, const struct ibu_text *value)
{
	if (ibu_is(name, "iscsiroot")) /* dracut's, which needs no prefix */
		return value->len && !ibu_is(value, "iscsi") && !ibu_is(value, "iscsi:");
	return ibu_is(name, "iscsi_boot.target") ||
	       ((ibu_is(name, "netroot") || ibu_is(name, "root")) && ibu_starts(value, "iscsi:") &&
		value->len > strlen("iscsi:"));
}

static int read_later(struct debian_file *f, const char *later)
{
	const char *s = later, *end = s + strlen(s);
	struct ibu_text name, value;
	unsigned int i;

	while (ibu_next_word(&s, end, &name, &value)) {
		f->targets_later |= names_target(&name, &value);
		for (i = 0; i < NR_VARS; i++) {
			if (!is_variable(i, &name))
				continue;
			f->value[i].later = true;
			f->damaged[i] = false;
			f->value[i].text = arena_text(&f->scratch, value.s, value.len);
			if (!f->value[i].text)
				return -ENOMEM;
		}
	}
	return 0;
}

/* The parameters */

/* A parameter cannot hold a double quote. */
static void check_quotes(struct debian_file *f)
{
	unsigned int i;

	for (i = 0; i < NR_VARS; i++) {
		if (f->value[i].later || !f->value[i].text || !strchr(f->value[i].text, '"'))
			continue;
		f->damaged[i] = true;
		ibu_diag_add(f->out->diag, IBU_ERROR, f->value[i].place, variables[i].name,
			     IBU_NO_OFFSET, "a double quote is not supported here; use %s",
			     "iscsi_boot.target= on the command line");
	}
}

/*
 * Drops damaged values. Of credentials it leaves a name without a secret: their target is then not
 * used, because it must not be logged in to with less than was configured.
 */
static void drop_damaged(struct debian_file *f)
{
	unsigned int i;

	for (i = 0; i < USER; i++)
		if (f->damaged[i])
			f->value[i].text = NULL;
	for (i = USER; i < NR_VARS; i += 2) {
		if (!f->damaged[i] && !f->damaged[i + 1])
			continue;
		f->value[i + 1].text = NULL;
		if (f->damaged[i] || !f->value[i].text)
			f->value[i].text = "?";
		if (!f->value[i].place)
			f->value[i].place = f->value[i + 1].place;
	}
}

static int put_word(struct debian_file *f, unsigned int i, const char *word)
{
	return word ? cmdline_text_add(f->out, f->value[i].place, word, strlen(word)) : -ENOMEM;
}

/* Appends the variable as the parameter of the same name, which kmod/core/cmdline.c reads. */
static int put_variable(struct debian_file *f, unsigned int i, const char *text)
{
	if (!text || !*text || f->value[i].later)
		return 0;
	if (i == AUTO)
		return put_word(f, i, "iscsi_auto");
	return put_word(f, i, arena_printf(&f->scratch, "%s=\"%s\"", variables[i].name, text));
}

/* A further portal is one more target, which shares the credentials (cmdline_target.c). */
static int put_portal(struct debian_file *f, const char *host)
{
	const char *port = f->value[PORT].text;
	bool bare = strchr(host, ':') && *host != '[';

	return put_word(f, IP,
			arena_printf(&f->scratch, "netroot=\"iscsi:%s%s%s::%s::%s\"",
				     bare ? "[" : "", host, bare ? "]" : "", port ? port : "",
				     f->value[NAME].text));
}

static int put_portals(struct debian_file *f)
{
	char *all, *host, *save = NULL;
	int err = 0, nr = 1;

	if (f->value[IP].later)
		return 0;
	all = arena_text(&f->scratch, f->value[IP].text, strlen(f->value[IP].text));
	host = all ? strtok_r(all, BLANKS, &save) : NULL;
	if (host)
		err = put_variable(f, IP, host);
	while (host && !err && (host = strtok_r(NULL, BLANKS, &save)) && nr++ < PORTALS_MAX)
		err = put_portal(f, host);
	if (host && !err)
		ibu_diag_add(f->out->diag, IBU_ERROR, f->value[IP].place, variables[IP].name,
			     IBU_NO_OFFSET, "more than %d portals; the rest is ignored",
			     PORTALS_MAX);
	return all ? err : -ENOMEM;
}

static int put_variables(struct debian_file *f, unsigned int from, unsigned int to)
{
	int err = 0;

	for (; from <= to && !err; from++)
		if (from != IP)
			err = put_variable(f, from, f->value[from].text);
	return err;
}

/*
 * As in Debian, a target needs name and portal, from either place. Targets of the command line
 * replace that of the file, but use its credentials.
 */
static int put_all(struct debian_file *f)
{
	bool target = !f->targets_later && f->value[NAME].text && f->value[IP].text;
	int err = put_variables(f, AUTO, INITIATOR);

	if (!err && (target || f->targets_later))
		err = put_variables(f, USER, IN_SECRET);
	if (!err && target)
		err = put_variables(f, NAME, GROUP);
	if (!err && target)
		err = put_portals(f);
	return err;
}

int debian_words_add(struct cmdline_text *t, void **arena, const char *file, const char *s,
		     size_t len, const char *later)
{
	struct debian_file f = {
		.out = t, .arena = arena, .name = file, .s = s, .end = s + len, .line = 1
	};
	int err = len > FILE_SIZE_MAX ? -EFBIG : read_assignments(&f);

	if (!err)
		err = read_later(&f, later);
	if (!err) {
		check_quotes(&f);
		drop_damaged(&f);
		err = put_all(&f);
	}
	arena_free(&f.scratch);
	if (err != -EFBIG)
		return err;
	ibu_diag_add(t->diag, IBU_ERROR, file, "file", IBU_NO_OFFSET,
		     "larger than 64 KiB; ignored");
	return 0;
}
