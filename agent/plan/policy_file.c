// SPDX-License-Identifier: GPL-2.0-only
/* Reads the policy from /etc/iscsi-boot-agent.conf. */
#include "plan/policy_private.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "kmod/core/attrs.h"

#define CONF "/etc/iscsi-boot-agent.conf"

static void trim(struct ibu_text *t)
{
	while (t->len && isspace((unsigned char)t->s[0])) {
		t->s++;
		t->len--;
	}
	while (t->len && isspace((unsigned char)t->s[t->len - 1]))
		t->len--;
}

/* Cuts the text before the next blank off @line; empty at its end. */
static struct ibu_text conf_next_word(struct ibu_text *line)
{
	struct ibu_text word;

	trim(line);
	word = *line;
	while (line->len && !isspace((unsigned char)line->s[0])) {
		line->s++;
		line->len--;
	}
	word.len -= line->len;
	return word;
}

/* Reads "[target NAME]" or "[target NAME lun N]". Returns the level of the lines below it. */
static enum policy_level read_section(struct policy_source *src, struct ibu_text line)
{
	struct ibu_text inside = { line.s + 1, line.len - 1 }, kind, name, lun, number;
	bool closed = line.s[line.len - 1] == ']';
	long n = -1;

	inside.len -= closed;
	kind = conf_next_word(&inside);
	name = conf_next_word(&inside);
	lun = conf_next_word(&inside);
	number = conf_next_word(&inside);
	if (!closed || !ibu_is(&kind, "target") || !name.len || inside.len ||
	    (lun.len && (!ibu_is(&lun, "lun") || policy_number(&number, &n) || n < 0))) {
		ibu_diag_add(src->diag, IBU_WARNING, src->place, "line", src->offset,
			     "must be [target NAME] or [target NAME lun N]; section ignored");
		return LEVEL_OTHER;
	}
	if (src->scope &&
	    (!ibu_text_eq(&name, src->scope->target) || (lun.len && n != src->scope->lun)))
		return LEVEL_OTHER;
	return lun.len ? LEVEL_LUN : LEVEL_TARGET;
}

static void read_conf_line(struct policy_source *src, struct ibu_text line,
			   enum policy_level *level)
{
	struct ibu_text key, value;
	const char *equals;

	trim(&line);
	if (!line.len || line.s[0] == '#')
		return;
	if (line.s[0] == '[') {
		*level = read_section(src, line);
		return;
	}
	equals = memchr(line.s, '=', line.len);
	if (!equals) {
		ibu_diag_add(src->diag, IBU_WARNING, src->place, "line", src->offset,
			     "must be KEY=VALUE");
		return;
	}
	key = (struct ibu_text){ line.s, (u32)(equals - line.s) };
	value = (struct ibu_text){ equals + 1, line.len - key.len - 1 };
	trim(&key);
	trim(&value);
	policy_set_key(src, *level, false, &key, &value);
}

static void read_conf_text(struct policy_source *src, const char *text, size_t len)
{
	const char *end = text + len, *eol;
	enum policy_level level = LEVEL_ALL;
	char place[sizeof(CONF) + 16];
	unsigned int n;

	src->place = place;
	for (n = 1; text < end; n++, text = eol + 1) {
		eol = memchr(text, '\n', (size_t)(end - text));
		if (!eol)
			eol = end;
		snprintf(place, sizeof(place), CONF ":%u", n);
		read_conf_line(src, (struct ibu_text){ text, (u32)(eol - text) }, &level);
	}
	src->place = CONF;
}

int policy_read_file(struct policy_source *src, const char *root)
{
	AUTO_ARENA arena = NULL;
	ssize_t len;
	char *text;

	src->place = CONF;
	src->offset = IBU_NO_OFFSET;
	len = file_read(&arena, &text, "%s" CONF, root);
	if (len == -ENOENT || len == -ENOMEM)
		return len == -ENOMEM ? -ENOMEM : 0;
	if (len < 0) {
		ibu_diag_add(src->diag, IBU_WARNING, CONF, "file", IBU_NO_OFFSET,
			     "cannot be read: %s", strerror((int)-len));
		return 0;
	}
	read_conf_text(src, text, (size_t)len);
	return 0;
}
