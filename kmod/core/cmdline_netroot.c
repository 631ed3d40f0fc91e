// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads dracut's netroot= and root=, and the root path of DHCP (RFC 4173 5):
 * iscsi:[user:secret[:ruser:rsecret]@][server]:[proto]:[port][:[iface]:[netdev]]:[LUN]:name
 * RFC 4173 has neither credentials nor iface and netdev; those are dracut's.
 */
#include "cmdline.h"
#include "cmdline_private.h"

/* Does @t begin with @prefix, in either case? iSCSI names compare without case (RFC 7143 4.2.7). */
static bool netroot_begins(const struct ibu_text *t, const char *prefix)
{
	u32 i;

	for (i = 0; prefix[i]; i++)
		if (i == t->len ||
		    ((t->s[i] >= 'A' && t->s[i] <= 'Z') ? t->s[i] | 0x20 : t->s[i]) != prefix[i])
			return false;
	return true;
}

/* Is @t an iSCSI name of one of the three kinds (RFC 7143 4.2.7.4 to 4.2.7.6)? */
static bool netroot_is_name(const struct ibu_text *t)
{
	return netroot_begins(t, "iqn.") || netroot_begins(t, "eui.") || netroot_begins(t, "naa.");
}

/*
 * Splits off the target name, which begins after the last ':' before "iqn.", "eui." or "naa.", as
 * in dracut's net-lib.sh, or is all of the text. Returns false without such a name.
 */
static bool netroot_split_name(struct ibu_text all, struct ibu_text *head, struct ibu_text *name)
{
	u32 i;

	for (i = all.len; i-- > 0;) {
		*name = (struct ibu_text){ all.s + i + 1, all.len - i - 1 };
		*head = (struct ibu_text){ all.s, i };
		if (all.s[i] == ':' && netroot_is_name(name))
			return true;
	}
	*name = all;
	*head = (struct ibu_text){ all.s, 0 };
	return netroot_is_name(&all);
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

/* Returns the length of the credentials with the first "@"; 0: there is no "@". */
static u32 netroot_auth_len(const struct ibu_text *t)
{
	const char *at = t->len ? memchr(t->s, '@', t->len) : NULL;

	return at ? (u32)(at - t->s) + 1 : 0;
}

/* Removes the credentials before the first "@" from @head and sets them. */
static void netroot_cut_auth(struct ibu_words *w, struct ibu_target *tgt,
			     const struct ibu_word *word, struct ibu_text *head)
{
	u32 at = netroot_auth_len(head);

	if (!at)
		return;
	if (at > 1)
		netroot_take_auth(w, tgt, word, (struct ibu_text){ head->s, at - 1 });
	head->s += at;
	head->len -= at;
}

static void netroot_take_netdev(struct ibu_words *w, struct ibu_target *tgt,
				const struct ibu_word *word, struct ibu_text name)
{
	if (!name.len)
		return;
	if (!ibu_valid_ifname(&name))
		ibu_word_diag(w, IBU_WARNING, word, &name, "not a network device name");
	else if (tgt->nic_hint.len && !ibu_text_eq(&tgt->nic_hint, &name))
		ibu_word_diag(w, IBU_WARNING, word, &name,
			      "ignored: the zone of the address names another device");
	else
		tgt->nic_hint = name;
}

#define NETROOT_MAX 7

/* Reads server:proto:port:LUN, with netdev or iface:netdev before the LUN. */
static void netroot_take_head(struct ibu_words *w, struct ibu_target *tgt,
			      const struct ibu_word *word, struct ibu_text head)
{
	struct ibu_text part[NETROOT_MAX], rest = head;
	unsigned int n = 0;

	if (ibu_refuse_bare_ip6(w, tgt, word, head))
		return;
	while (rest.s && n < NETROOT_MAX)
		part[n++] = ibu_cut(&rest, ':');
	if (!head.len || (n < 4 && !part[0].len)) {
		ibu_target_error(w, tgt, word, &head, "no portal before the target name");
		return;
	}
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

/*
 * Splits @all into @head, which is all but the target name, and @name. Returns false after it has
 * added an error.
 */
static bool netroot_split(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
			  struct ibu_text all, struct ibu_text *head, struct ibu_text *name)
{
	const u32 auth = netroot_auth_len(&all);
	struct ibu_text rest = { all.s + auth, all.len - auth };

	if (netroot_split_name(all, head, name))
		return true;
	if (ibu_refuse_bare_ip6(w, tgt, word, rest))
		return false;
	if (netroot_is_name(&rest)) {
		ibu_target_error(w, tgt, word, &rest, "no portal before the target name");
		return false;
	}
	if (!netroot_split_by_position(rest, head, name)) {
		ibu_target_error(w, tgt, word, &all, "no target name");
		return false;
	}
	*head = (struct ibu_text){ all.s, auth + head->len };
	return true;
}

static int netroot_read_target(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_text all = { word->value.s + 6, word->value.len - 6 }, head, name;
	struct ibu_target *tgt = ibu_add_target(w);

	if (!tgt)
		return -ENOMEM;
	tgt->takes_shared = true;
	if (!netroot_split(w, tgt, word, all, &head, &name))
		return 0;
	ibu_take_text(w, tgt, word, IBU_TARGET_NAME, name);
	netroot_cut_auth(w, tgt, word, &head);
	netroot_take_head(w, tgt, word, head);
	return 0;
}

/* Does it request the targets of the firmware: "iscsi" without a target, or "iscsi:ibft"? */
static bool netroot_is_firmware(const struct ibu_text *value)
{
	static const char *const words[] = { "", ":", ":ibft", ":ibft:", ":firmware" };
	struct ibu_text rest = { value->s + 5, value->len - 5 };
	unsigned int i;

	if (!ibu_starts(value, "iscsi"))
		return false;
	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (rest.len == strlen(words[i]) && netroot_begins(&rest, words[i]))
			return true;
	return false;
}

int ibu_read_netroot(struct ibu_words *w, const struct ibu_word *word)
{
	if (netroot_is_firmware(&word->value)) {
		w->p->firmware_wanted = true;
		return 0;
	}
	if (word->arg)
		ibu_read_root_by_path(w, word);
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
