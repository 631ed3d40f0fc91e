// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads dracut's netroot= and root=, and the root path of DHCP (RFC 4173 5):
 * iscsi:[user:secret[:ruser:rsecret]@][server]:[proto]:[port][:[iface]:[netdev]]:[LUN]:name
 * RFC 4173 has neither credentials nor iface and netdev; those are dracut's.
 */
#include "cmdline.h"
#include "cmdline_private.h"

/* Does @t begin with @prefix, in either case? iSCSI names compare without case (RFC 7143 4.2.7). */
static bool ibu_netroot_begins(const struct ibu_text *t, const char *prefix)
{
	u32 i;

	for (i = 0; prefix[i]; i++)
		if (i == t->len ||
		    ((t->s[i] >= 'A' && t->s[i] <= 'Z') ? t->s[i] | 0x20 : t->s[i]) != prefix[i])
			return false;
	return true;
}

/* Is @t an iSCSI name of one of the three kinds (RFC 7143 4.2.7.4 to 4.2.7.6)? */
static bool ibu_netroot_is_name(const struct ibu_text *t)
{
	return ibu_netroot_begins(t, "iqn.") || ibu_netroot_begins(t, "eui.") ||
	       ibu_netroot_begins(t, "naa.");
}

/*
 * Splits off the target name, which begins after the last ':' before "iqn.", "eui." or "naa.", as
 * in dracut's net-lib.sh, or is all of the text. Returns false without such a name.
 */
static bool ibu_netroot_split_name(struct ibu_text all, struct ibu_text *head,
				   struct ibu_text *name)
{
	u32 i;

	for (i = all.len; i-- > 0;) {
		*name = (struct ibu_text){ all.s + i + 1, all.len - i - 1 };
		*head = (struct ibu_text){ all.s, i };
		if (all.s[i] == ':' && ibu_netroot_is_name(name))
			return true;
	}
	*name = all;
	*head = (struct ibu_text){ all.s, 0 };
	return ibu_netroot_is_name(&all);
}

/* Cuts at the next ':'. Unlike ibu_cut() it knows no brackets: a secret may contain them. */
static struct ibu_text ibu_netroot_cut_field(struct ibu_text *rest)
{
	struct ibu_text part = { rest->s, 0 };

	while (part.len < rest->len && rest->s[part.len] != ':')
		part.len++;
	rest->s += part.len + (part.len < rest->len);
	rest->len -= part.len + (part.len < rest->len);
	return part;
}

/* Returns false, after an error, if @auth is not one or two pairs; nothing is set then. */
static bool ibu_netroot_take_auth(struct ibu_words *w, struct ibu_target *tgt,
				  const struct ibu_word *word, struct ibu_text auth)
{
	static const unsigned int fields[] = { IBU_TARGET_CHAP_NAME, IBU_TARGET_CHAP_SECRET,
					       IBU_TARGET_REV_CHAP_NAME,
					       IBU_TARGET_REV_CHAP_SECRET };
	struct ibu_text rest = auth, part[ARRAY_SIZE(fields)];
	unsigned int i, n;

	for (n = 0; n < ARRAY_SIZE(fields) && rest.len; n++)
		part[n] = ibu_netroot_cut_field(&rest);
	if (rest.len || n % 2) {
		ibu_target_error(w, tgt, word, &auth,
				 "must be user:secret[:user:secret]; or use iscsi_boot.target=");
		return false;
	}
	for (i = 0; i < n; i++)
		ibu_take_text(w, tgt, word, fields[i], part[i]);
	return true;
}

/* Is the "@" in a target name? As in dracut, fewer than four colons are behind it then. */
static bool ibu_netroot_is_in_name(const struct ibu_text *t, const char *at)
{
	struct ibu_text rest = { at, (u32)(t->s + t->len - at) }, head, name;
	unsigned int i;

	for (i = 0; i < 4; i++) {
		const char *colon = memchr(rest.s, ':', rest.len);

		if (!colon)
			break;
		rest.len -= (u32)(colon + 1 - rest.s);
		rest.s = colon + 1;
	}
	return i < 4 && ibu_netroot_split_name(*t, &head, &name) && name.s < at;
}

/* Returns the length of the credentials with the first "@"; 0: there are none. */
static u32 ibu_netroot_auth_len(const struct ibu_text *t)
{
	const char *at = t->len ? memchr(t->s, '@', t->len) : NULL;

	return at && !ibu_netroot_is_in_name(t, at) ? (u32)(at - t->s) + 1 : 0;
}

/*
 * Removes the credentials before the first "@" from @all and sets them. Returns false, after an
 * error, if they are invalid. What follows may then be a part of them, and must not be shown.
 */
static bool ibu_netroot_cut_auth(struct ibu_words *w, struct ibu_target *tgt,
				 const struct ibu_word *word, struct ibu_text *all)
{
	u32 at = ibu_netroot_auth_len(all);
	struct ibu_text auth = { all->s, at ? at - 1 : 0 };

	all->s += at;
	all->len -= at;
	if (!ibu_netroot_auth_len(all))
		return !auth.len || ibu_netroot_take_auth(w, tgt, word, auth);
	ibu_target_error(w, tgt, word, &auth,
			 "more than one '@'; write it as %%40 in iscsi_boot.target=");
	return false;
}

static void ibu_netroot_take_netdev(struct ibu_words *w, struct ibu_target *tgt,
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

static bool ibu_netroot_is_tcp(const struct ibu_text *proto)
{
	return ibu_is(proto, "6") || ibu_is(proto, "tcp") || ibu_is(proto, "TCP");
}

#define IBU_NETROOT_MAX 9

/* Is it likely that @part begins with credentials, whose '@' is missing? */
static bool ibu_netroot_lacks_at(const struct ibu_text *part, unsigned int n)
{
	struct ibu_addr a;
	unsigned int i;
	u32 number;

	for (i = 1; i < n; i++)
		if (!ibu_address(part[i], &a))
			return true;
	return n > 3 && part[1].len && ibu_number(&part[1], ~0U, &number) && part[2].len &&
	       ibu_number(&part[2], ~0U, &number);
}

/* Is it server:proto or server:proto:port? The rest is left out, as dracut accepts. */
static bool ibu_netroot_is_short(const struct ibu_text *part, unsigned int n)
{
	u32 number;

	return n > 1 &&
	       (ibu_netroot_is_tcp(&part[1]) || !part[1].len ||
		!ibu_number(&part[1], ~0U, &number)) &&
	       (!part[2].len || !ibu_number(&part[2], ~0U, &number));
}

/* Checks the @n fields before the target name. Returns false after it has added an error. */
static bool ibu_netroot_check_fields(struct ibu_words *w, struct ibu_target *tgt,
				     const struct ibu_word *word, const struct ibu_text *part,
				     unsigned int n)
{
	if (ibu_netroot_lacks_at(part, n))
		ibu_target_error(w, tgt, word, part, "is a '@' missing behind user:secret?");
	else if (n < 4 && !part[0].len)
		ibu_target_error(w, tgt, word, part, "no portal before the target name");
	else if (n > 6 || (n < 4 && !ibu_netroot_is_short(part, n)))
		ibu_target_error(w, tgt, word, part,
				 "%u fields, must be server:proto:port[:iface:netdev]:LUN", n);
	else
		return true;
	return false;
}

/*
 * Reads server:proto:port:LUN, with netdev or iface:netdev before the LUN. Returns false, after an
 * error, if these are not the fields of @head; nothing is set then.
 */
static bool ibu_netroot_take_head(struct ibu_words *w, struct ibu_target *tgt,
				  const struct ibu_word *word, struct ibu_text head)
{
	struct ibu_text part[IBU_NETROOT_MAX] = { { 0 } }, rest = head;
	unsigned int n = 0;

	if (ibu_refuse_bare_ip6(w, tgt, word, head))
		return false;
	while (rest.s && n < IBU_NETROOT_MAX)
		part[n++] = ibu_cut(&rest, ':');
	if (!ibu_netroot_check_fields(w, tgt, word, part, n))
		return false;
	ibu_take_host(w, tgt, word, part[0]);
	if (part[1].len && !ibu_netroot_is_tcp(&part[1]))
		ibu_word_diag(w, IBU_WARNING, word, &part[1], "protocol is not 6 (TCP); ignored");
	ibu_take_port(w, tgt, word, part[2]);
	if (n > 4)
		ibu_netroot_take_netdev(w, tgt, word, part[n - 2]);
	ibu_take_lun(w, tgt, word, n > 3 ? part[n - 1] : (struct ibu_text){ NULL, 0 });
	return true;
}

/* Splits off a target name of another kind: the part after server:proto:port:LUN. */
static bool ibu_netroot_split_by_position(struct ibu_text all, struct ibu_text *head,
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
static bool ibu_netroot_split(struct ibu_words *w, struct ibu_target *tgt,
			      const struct ibu_word *word, struct ibu_text all,
			      struct ibu_text *head, struct ibu_text *name)
{
	bool named = ibu_netroot_split_name(all, head, name);

	if (named && name->s != all.s)
		return true;
	if (ibu_refuse_bare_ip6(w, tgt, word, all))
		return false;
	if (!named && ibu_netroot_split_by_position(all, head, name))
		return true;
	ibu_target_error(w, tgt, word, &all,
			 named ? "no portal before the target name" : "no target name");
	return false;
}

/* Reads @all, the value without "iscsi:". */
static int ibu_netroot_read_target(struct ibu_words *w, const struct ibu_word *word,
				   struct ibu_text all)
{
	struct ibu_target *tgt = ibu_add_target(w);
	struct ibu_text head, name;

	if (!tgt)
		return -ENOMEM;
	tgt->takes_shared = ibu_netroot_cut_auth(w, tgt, word, &all);
	if (tgt->takes_shared && ibu_netroot_split(w, tgt, word, all, &head, &name) &&
	    ibu_netroot_take_head(w, tgt, word, head))
		ibu_take_text(w, tgt, word, IBU_TARGET_NAME, name);
	return 0;
}

/* Removes "iscsi:" from @t. Returns whether it was there. */
static bool ibu_netroot_cut_scheme(struct ibu_text *t)
{
	if (!ibu_starts(t, "iscsi:"))
		return false;
	t->s += strlen("iscsi:");
	t->len -= (u32)strlen("iscsi:");
	return true;
}

/* Is @t, which follows "iscsi:", a request for the targets of the firmware? */
static bool ibu_netroot_is_firmware(const struct ibu_text *t)
{
	static const char *const words[] = { "", "ibft", "ibft:", "firmware" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (t->len == strlen(words[i]) && ibu_netroot_begins(t, words[i]))
			return true;
	return false;
}

bool ibu_asks_firmware(const struct ibu_text *value)
{
	struct ibu_text all = *value;

	return ibu_is(value, "iscsi") ||
	       (ibu_netroot_cut_scheme(&all) && ibu_netroot_is_firmware(&all));
}

/*
 * Is @t, which does not begin with "iscsi:", meant as a target? An export of nbd: may have an iSCSI
 * name too (dracut.cmdline(7)).
 */
static bool ibu_netroot_is_misspelled(struct ibu_text t)
{
	if (ibu_starts(&t, "nbd:"))
		return false;
	if (ibu_netroot_begins(&t, "iscsi:"))
		return true;
	for (; t.len; t.s++, t.len--) {
		struct ibu_text next = { t.s + 1, t.len - 1 };

		if ((t.s[0] == ':' || t.s[0] == '@') && ibu_netroot_is_name(&next))
			return true;
	}
	return false;
}

int ibu_read_netroot(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_text all = word->value;
	bool scheme = ibu_netroot_cut_scheme(&all);

	if (ibu_asks_firmware(&word->value)) {
		ibu_want_firmware(w, word);
		return 0;
	}
	if (word->arg)
		ibu_read_root_by_path(w, word);
	if (scheme)
		return ibu_netroot_read_target(w, word, all);
	if (ibu_netroot_is_misspelled(word->value) || ibu_netroot_is_name(&word->value))
		ibu_word_diag(w, IBU_ERROR, word, &word->value,
			      "ignored: a target must begin with iscsi: in lower case");
	return 0;
}

/* dracut writes "iscsi:" in front of the value of iscsiroot=, so it need not be there. */
int ibu_read_iscsiroot(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_text all = word->value;

	if (!all.len)
		return 0;
	if (ibu_netroot_cut_scheme(&all) || !ibu_is(&all, "iscsi")) {
		if (!ibu_netroot_is_firmware(&all))
			return ibu_netroot_read_target(w, word, all);
	}
	ibu_want_firmware(w, word);
	return 0;
}

int ibu_root_path_parse(const char *text, size_t len, struct ibu_params *p, struct ibu_diag *d)
{
	const struct ibu_word word = { .name = "root-path", .value = { text, (u32)len } };
	struct ibu_words w = { .start = text, .place = "dhcp", .hex_lun = true, .p = p, .d = d };
	struct ibu_text all = word.value;
	int err = 0;

	if (ibu_netroot_cut_scheme(&all))
		err = ibu_netroot_read_target(&w, &word, all);
	return err ? err : ibu_finish_targets(&w);
}
