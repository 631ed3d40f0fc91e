// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads dracut's netroot= and root=, and the root path of DHCP (RFC 4173 5):
 * iscsi:[user:secret[:ruser:rsecret]@][server]:[proto]:[port][:[iface]:[netdev]]:[LUN]:name
 * RFC 4173 has neither credentials nor iface and netdev; those are dracut's.
 */
#include "cmdline.h"
#include "cmdline_private.h"

static bool netroot_find(const struct ibu_text *t, const char *what, u32 from, u32 *pos)
{
	u32 len = (u32)strlen(what), i;

	for (i = from; i + len <= t->len; i++) {
		if (!memcmp(t->s + i, what, len)) {
			*pos = i;
			return true;
		}
	}
	return false;
}

/*
 * Splits off the target name, which begins at the last ":iqn.", ":eui." or ":naa.", as in dracut's
 * net-lib.sh. Returns false without such a name.
 */
static bool netroot_split_name(struct ibu_text all, struct ibu_text *head, struct ibu_text *name)
{
	static const char *const kinds[] = { ":iqn.", ":eui.", ":naa." };
	u32 best = 0, pos;
	bool found = false;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		for (pos = 0; netroot_find(&all, kinds[i], pos, &pos); pos++) {
			if (!found || pos > best)
				best = pos;
			found = true;
		}
	}
	if (!found)
		return false;
	*head = (struct ibu_text){ all.s, best };
	*name = (struct ibu_text){ all.s + best + 1, all.len - best - 1 };
	return true;
}

static void netroot_take_auth(struct ibu_words *w, struct ibu_target *tgt,
			      const struct ibu_word *word, struct ibu_text auth)
{
	static const unsigned int fields[] = { IBU_TARGET_CHAP_NAME, IBU_TARGET_CHAP_SECRET,
					       IBU_TARGET_REV_CHAP_NAME,
					       IBU_TARGET_REV_CHAP_SECRET };
	struct ibu_text rest = auth, part;
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(fields) && rest.len; n++) {
		/* Not ibu_cut(), which skips brackets: a secret may contain them. */
		for (part = (struct ibu_text){ rest.s, 0 };
		     part.len < rest.len && rest.s[part.len] != ':';)
			part.len++;
		rest.s += part.len + (part.len < rest.len);
		rest.len -= part.len + (part.len < rest.len);
		ibu_take_text(w, tgt, word, fields[n], part);
	}
	if (rest.len || n % 2)
		ibu_target_error(w, tgt, word, &auth,
				 "must be user:secret[:user:secret]; or use iscsi_boot.target=");
}

/* Removes the credentials before the first "@" from @head and sets them. */
static void netroot_cut_auth(struct ibu_words *w, struct ibu_target *tgt,
			     const struct ibu_word *word, struct ibu_text *head)
{
	u32 at;

	if (!netroot_find(head, "@", 0, &at))
		return;
	if (at)
		netroot_take_auth(w, tgt, word, (struct ibu_text){ head->s, at });
	head->s += at + 1;
	head->len -= at + 1;
}

static void netroot_take_netdev(struct ibu_words *w, struct ibu_target *tgt,
				const struct ibu_word *word, struct ibu_text name)
{
	if (ibu_valid_ifname(&name))
		tgt->nic_hint = name;
	else if (name.len)
		ibu_word_diag(w, IBU_WARNING, word, &name, "not a network device name");
}

#define NETROOT_MAX 7

/* Reads server:proto:port:LUN, with netdev or iface:netdev before the LUN. */
static void netroot_take_head(struct ibu_words *w, struct ibu_target *tgt,
			      const struct ibu_word *word, struct ibu_text head)
{
	struct ibu_text part[NETROOT_MAX], rest = head;
	unsigned int n = 0;

	while (rest.s && n < NETROOT_MAX)
		part[n++] = ibu_cut(&rest, ':');
	if (n < 4 || n > 6) {
		ibu_target_error(w, tgt, word, &head,
				 "%u fields, must be server:proto:port[:iface:netdev]:LUN", n);
		return;
	}
	ibu_take_host(w, tgt, word, part[0]);
	if (part[1].len && !ibu_is(&part[1], "6"))
		ibu_word_diag(w, IBU_WARNING, word, &part[1], "protocol is not 6 (TCP); ignored");
	ibu_take_port(w, tgt, word, part[2]);
	if (n > 4)
		netroot_take_netdev(w, tgt, word, part[n - 2]);
	ibu_take_lun(w, tgt, word, part[n - 1]);
}

/* Splits off a target name of another kind: the part after server:proto:port:LUN. */
static bool netroot_split_by_position(struct ibu_text all, struct ibu_text *head,
				      struct ibu_text *name)
{
	struct ibu_text rest = all;
	int i;

	for (i = 0; i < 4 && rest.s; i++)
		ibu_cut(&rest, ':');
	if (!rest.s)
		return false;
	*head = (struct ibu_text){ all.s, (u32)(rest.s - all.s) - 1 };
	*name = rest;
	return true;
}

static int netroot_read_target(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_text all = { word->value.s + 6, word->value.len - 6 }, head, name;
	struct ibu_target *tgt = ibu_add_target(w);

	if (!tgt)
		return -ENOMEM;
	tgt->takes_shared = true;
	if (!netroot_split_name(all, &head, &name) &&
	    !netroot_split_by_position(all, &head, &name)) {
		ibu_target_error(w, tgt, word, &all, "no target name");
		return 0;
	}
	ibu_take_text(w, tgt, word, IBU_TARGET_NAME, name);
	netroot_cut_auth(w, tgt, word, &head);
	netroot_take_head(w, tgt, word, head);
	return 0;
}

int ibu_read_netroot(struct ibu_words *w, const struct ibu_word *word)
{
	/* "iscsi" without a target requests the targets of the firmware. */
	if (ibu_is(&word->value, "iscsi") || ibu_is(&word->value, "iscsi:")) {
		w->p->firmware_wanted = true;
		return 0;
	}
	return ibu_starts(&word->value, "iscsi:") ? netroot_read_target(w, word) : 0;
}

int ibu_root_path_parse(const char *text, size_t len, struct ibu_params *p, struct ibu_diag *d)
{
	const struct ibu_word word = { .name = "root-path", .value = { text, (u32)len } };
	struct ibu_words w = { .start = text, .place = "dhcp", .hex_lun = true, .p = p, .d = d };
	int err = 0;

	if (ibu_starts(&word.value, "iscsi:"))
		err = netroot_read_target(&w, &word);
	return err ? err : ibu_finish_targets(&w);
}
