// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads root=/dev/disk/by-path/[PARENT-]ip-ADDRESS:PORT-iscsi-NAME-lun-LUN[-partN], the name that
 * systemd's udev-builtin-path_id.c makes for a disk of an iSCSI session.
 */
#include "cmdline.h"
#include "cmdline_private.h"

/* Returns the position of the first or last @what in @t; -1 without one. */
static long ibu_by_path_find(const struct ibu_text *t, const char *what, bool last)
{
	const u32 len = (u32)strlen(what);
	long found = -1;
	u32 i;

	for (i = 0; i + len <= t->len && (last || found < 0); i++)
		if (!memcmp(t->s + i, what, len))
			found = i;
	return found;
}

/* Splits @rest at the first or last @what; both are unchanged without it. */
static bool ibu_by_path_split(struct ibu_text *rest, const char *what, bool last,
			      struct ibu_text *head)
{
	const u32 len = (u32)strlen(what);
	long at = ibu_by_path_find(rest, what, last);

	if (at < 0)
		return false;
	*head = (struct ibu_text){ rest->s, (u32)at };
	*rest = (struct ibu_text){ rest->s + at + len, rest->len - (u32)at - len };
	return true;
}

/* Removes "-partN" from the end, or "-part/by-..." of newer udev (rules of systemd 255). */
static void ibu_by_path_cut_partition(struct ibu_text *t)
{
	struct ibu_text digits = *t, head;
	u32 number;

	if (ibu_by_path_split(&digits, "-part/", false, &head) ||
	    (ibu_by_path_split(&digits, "-part", true, &head) &&
	     !ibu_number(&digits, ~0U, &number)))
		*t = head;
}

/* The parts of the name. Those that are missing are empty. */
struct ibu_by_path {
	struct ibu_text host, port, name, lun;
};

/* Splits the value of root=. Returns false if it is anything else. */
static bool ibu_by_path_parts(struct ibu_text value, struct ibu_by_path *b)
{
	struct ibu_text rest = value, parent;

	if (ibu_starts(&rest, "block:")) /* dracut's name of the kind */
		rest = (struct ibu_text){ rest.s + 6, rest.len - 6 };
	if (!ibu_starts(&rest, "/dev/disk/by-path/"))
		return false;
	rest = (struct ibu_text){ rest.s + 18, rest.len - 18 };
	if (ibu_starts(&rest, "ip-"))
		rest = (struct ibu_text){ rest.s + 3, rest.len - 3 };
	else if (!ibu_by_path_split(&rest, "-ip-", false, &parent)) /* of an adapter: pci-... */
		return false;
	if (!ibu_by_path_split(&rest, "-iscsi-", false, &b->host))
		return false;
	ibu_by_path_cut_partition(&rest);
	b->port = b->host;
	/* udev writes an IPv6 address without brackets, so the port is behind the last colon. */
	if (b->host.len && b->host.s[b->host.len - 1] == ']')
		b->port = (struct ibu_text){ b->host.s + b->host.len, 0 };
	else if (!ibu_by_path_split(&b->port, ":", true, &b->host))
		b->port = (struct ibu_text){ b->host.s + b->host.len, 0 };
	b->lun = rest;
	if (!ibu_by_path_split(&b->lun, "-lun-", true, &b->name)) {
		b->name = rest;
		b->lun = (struct ibu_text){ rest.s + rest.len, 0 };
	}
	return true;
}

void ibu_read_root_by_path(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_target *tgt = &w->p->root_disk;
	struct ibu_by_path b;

	*tgt = (struct ibu_target){ 0 }; /* the last root= counts */
	if (!ibu_by_path_parts(word->value, &b))
		return;
	*tgt = (struct ibu_target){ .source = IBU_FROM_CMDLINE, .takes_shared = true };
	ibu_set(&tgt->f, IBU_TARGET_SOURCE);
	ibu_take_text(w, tgt, word, IBU_TARGET_NAME, b.name);
	ibu_take_host(w, tgt, word, b.host);
	ibu_take_port(w, tgt, word, b.port);
	ibu_take_lun(w, tgt, word, b.lun);
	if (!b.name.len)
		ibu_target_error(w, tgt, word, &b.name, "no target name");
	else if (!b.lun.len)
		ibu_target_error(w, tgt, word, &b.lun, "no LUN at the end: -lun-N");
}

void ibu_by_path_parse(struct ibu_text value, struct ibu_params *p)
{
	struct ibu_word word = { .name = "root", .value = value };
	struct ibu_diag d = { 0 };
	struct ibu_words w = { .start = value.s, .place = "cmdline", .p = p, .d = &d };

	ibu_read_root_by_path(&w, &word);
	ibu_diag_free(&d);
}
