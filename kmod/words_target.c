// SPDX-License-Identifier: GPL-2.0-only
/* Words that name a target: dracut's netroot=, Debian's iscsi_*, and our own URI. */
#include "attrs.h"
#include "words.h"

static void set_target(struct ibu_target *tgt, unsigned int field)
{
	ibu_set(&tgt->f, field);
	tgt->f.from_cmdline |= BIT_ULL(field);
}

static struct ibu_target *add_target(struct ibu_words *w)
{
	struct ibu_target *tgt = ibu_params_add_target(w->p);

	if (tgt) {
		tgt->source = IBU_FROM_CMDLINE;
		ibu_set(&tgt->f, IBU_TARGET_SOURCE);
	}
	return tgt;
}

/* What is wrong with a target cannot be made up for: it is shown, and never used. */
#define spoil(w, tgt, word, part, ...)                                \
	do {                                                          \
		(tgt)->unsound = true;                                \
		ibu_word_diag(w, IBU_ERROR, word, part, __VA_ARGS__); \
	} while (0)

static struct ibu_text *text_member(struct ibu_target *tgt, unsigned int field)
{
	const struct ibu_class *class = &ibu_classes[IBU_CLASS_TARGET];

	return (struct ibu_text *)((u8 *)tgt + class->attrs[field].offset);
}

/* One text attribute, whose length is checked; an empty one is left out. */
static void take_text(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
		      unsigned int field, struct ibu_text value)
{
	u32 max = field == IBU_TARGET_NAME ? IBU_ISCSI_NAME_MAX : IBU_TEXT_MAX;

	if (value.len > max) {
		spoil(w, tgt, word, &value, "%s of %u bytes, at most %u are allowed",
		      ibu_classes[IBU_CLASS_TARGET].attrs[field].name, value.len, max);
		return;
	}
	*text_member(tgt, field) = value;
	set_target(tgt, field);
	if (!value.len) { /* given empty, perhaps after one that was not: none */
		tgt->f.set &= ~BIT_ULL(field);
		tgt->f.from_cmdline &= ~BIT_ULL(field);
	}
}

static void take_port(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
		      struct ibu_text value)
{
	if (!value.len)
		return;
	if (ibu_number(&value, 65535, &tgt->port) || !tgt->port)
		spoil(w, tgt, word, &value, "the port is not a number from 1 to 65535");
	else
		set_target(tgt, IBU_TARGET_PORT);
}

static bool is_hostname(const struct ibu_text *t)
{
	u32 i;

	for (i = 0; i < t->len; i++) {
		char c = t->s[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '.' || c == '-'))
			return false;
	}
	return t->len && t->len <= IBU_TEXT_MAX && t->s[0] != '-';
}

static void take_host(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
		      struct ibu_text value)
{
	if (!ibu_address(value, &tgt->ip) && !ibu_addr_is_null(&tgt->ip)) {
		set_target(tgt, IBU_TARGET_IP_ADDR);
	} else if (is_hostname(&value)) {
		tgt->host = value;
		set_target(tgt, IBU_TARGET_HOST);
	} else {
		spoil(w, tgt, word, &value, "the portal is neither an address nor a host name");
	}
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* 0x and the 16 digits that udev's by-path names show from 256 on. */
static int lun_bytes(const struct ibu_text *t, u8 lun[8])
{
	u32 i;

	if (t->len != 18 || !ibu_starts(t, "0x"))
		return -EINVAL;
	for (i = 0; i < 16; i++) {
		int d = hex_digit(t->s[2 + i]);

		if (d < 0)
			return -EINVAL;
		lun[i / 2] = (u8)(lun[i / 2] << 4 | d);
	}
	return 0;
}

/* Decimal, as dracut and Debian read it (RFC 4173 says hex, but not in these words). */
static void take_lun(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
		     struct ibu_text value)
{
	u32 number = 0;

	if (!lun_bytes(&value, tgt->lun) || !value.len ||
	    (!ibu_number(&value, 16383, &number) && !ibu_lun_from_number(number, tgt->lun)))
		set_target(tgt, IBU_TARGET_LUN);
	else
		spoil(w, tgt, word, &value, "the LUN is neither 0 to 16383 nor 0x and 16 digits");
}

/* Debian's iscsi_* words describe one target between them. */

static int flat_target(struct ibu_words *w, struct ibu_target **tgt)
{
	if (!w->flat_target) {
		if (!add_target(w))
			return -ENOMEM;
		w->flat_target = w->p->nr_targets;
	}
	*tgt = &w->p->targets[w->flat_target - 1];
	return 0;
}

static int flat_word(struct ibu_words *w, const struct ibu_word *word, struct ibu_target **tgt)
{
	int err = flat_target(w, tgt);

	if (!err && (*tgt)->f.from_cmdline & BIT_ULL(word->arg))
		ibu_word_diag(w, IBU_WARNING, word, &word->value, "given again, the last counts");
	return err;
}

int ibu_read_flat_text(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_target *tgt;
	int err = flat_word(w, word, &tgt);

	if (!err)
		take_text(w, tgt, word, word->arg, word->value);
	return err;
}

int ibu_read_flat_ip(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_target *tgt;
	int err = flat_word(w, word, &tgt);

	if (!err)
		take_host(w, tgt, word, word->value);
	return err;
}

int ibu_read_flat_number(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_target *tgt;
	int err = flat_word(w, word, &tgt);

	if (err)
		return err;
	if (word->arg == IBU_TARGET_PORT) {
		take_port(w, tgt, word, word->value);
	} else if (word->value.len) {
		if (ibu_number(&word->value, 65535, &tgt->tpgt))
			spoil(w, tgt, word, &word->value, "not a number from 0 to 65535");
		else
			set_target(tgt, IBU_TARGET_TPGT);
	}
	return 0;
}

/*
 * dracut's
 * iscsi:[user:secret[:ruser:rsecret]@][server]:[proto]:[port][:[iface]:[netdev]]:[LUN]:name
 */

static bool find(const struct ibu_text *t, const char *what, u32 from, u32 *pos)
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

/* The name begins at the last ":iqn.", ":eui." or ":naa.", as in dracut's net-lib.sh. */
static bool split_name(struct ibu_text all, struct ibu_text *head, struct ibu_text *name)
{
	static const char *const kinds[] = { ":iqn.", ":eui.", ":naa." };
	u32 best = 0, pos;
	bool found = false;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		for (pos = 0; find(&all, kinds[i], pos, &pos); pos++) {
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

static void take_auth(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
		      struct ibu_text auth)
{
	static const unsigned int fields[] = { IBU_TARGET_CHAP_NAME, IBU_TARGET_CHAP_SECRET,
					       IBU_TARGET_REV_CHAP_NAME,
					       IBU_TARGET_REV_CHAP_SECRET };
	struct ibu_text rest = auth, part;
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(fields) && rest.len; n++) {
		/* No brackets here: a secret may hold them. */
		for (part = (struct ibu_text){ rest.s, 0 };
		     part.len < rest.len && rest.s[part.len] != ':';)
			part.len++;
		rest.s += part.len + (part.len < rest.len);
		rest.len -= part.len + (part.len < rest.len);
		take_text(w, tgt, word, fields[n], part);
	}
	if (rest.len || n % 2)
		spoil(w, tgt, word, &auth,
		      "credentials are user:secret or user:secret:user:secret; a ':' or '@' in one needs iscsi_boot.target=");
}

/* What stands before the first @, if there is one, is credentials. */
static void cut_auth(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
		     struct ibu_text *head)
{
	u32 at;

	if (!find(head, "@", 0, &at))
		return;
	if (at)
		take_auth(w, tgt, word, (struct ibu_text){ head->s, at });
	head->s += at + 1;
	head->len -= at + 1;
}

static bool is_netdev_name(const struct ibu_text *t)
{
	return t->len && t->len < 16 && !memchr(t->s, '/', t->len) && !memchr(t->s, '[', t->len);
}

static void take_netdev(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
			struct ibu_text name)
{
	if (is_netdev_name(&name))
		tgt->nic_hint = name;
	else if (name.len)
		ibu_word_diag(w, IBU_WARNING, word, &name, "not a network device's name");
}

#define NETROOT_MAX 7

/* server:proto:port:LUN, with netdev or iface:netdev before the LUN. */
static void take_head(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
		      struct ibu_text head)
{
	struct ibu_text part[NETROOT_MAX], rest = head;
	unsigned int n = 0;

	while (rest.s && n < NETROOT_MAX)
		part[n++] = ibu_cut(&rest, ':');
	if (n < 4 || n > 6) {
		spoil(w, tgt, word, &head, "%u fields, not server:proto:port[:iface:netdev]:LUN",
		      n);
		return;
	}
	take_host(w, tgt, word, part[0]);
	if (part[1].len && !ibu_is(&part[1], "6"))
		ibu_word_diag(w, IBU_WARNING, word, &part[1], "protocol is not 6 (TCP), ignored");
	take_port(w, tgt, word, part[2]);
	if (n > 4)
		take_netdev(w, tgt, word, part[n - 2]);
	take_lun(w, tgt, word, part[n - 1]);
}

/* server:proto:port:LUN:name for a name that is not iqn., eui. or naa. */
static bool split_by_position(struct ibu_text all, struct ibu_text *head, struct ibu_text *name)
{
	struct ibu_text rest = all;
	int i;

	for (i = 0; i < 4 && rest.s; i++)
		ibu_cut(&rest, ':');
	if (!rest.s || !rest.len)
		return false;
	*head = (struct ibu_text){ all.s, (u32)(rest.s - all.s) - 1 };
	*name = rest;
	return true;
}

static int read_iscsi_root(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_text all = { word->value.s + 6, word->value.len - 6 }, head, name;
	struct ibu_target *tgt = add_target(w);

	if (!tgt)
		return -ENOMEM;
	if (!split_name(all, &head, &name) && !split_by_position(all, &head, &name)) {
		spoil(w, tgt, word, &all, "no target name in it");
		return 0;
	}
	take_text(w, tgt, word, IBU_TARGET_NAME, name);
	cut_auth(w, tgt, word, &head);
	take_head(w, tgt, word, head);
	return 0;
}

int ibu_read_netroot(struct ibu_words *w, const struct ibu_word *word)
{
	/* "iscsi" alone asks for what firmware or DHCP names. */
	if (ibu_is(&word->value, "iscsi") || ibu_is(&word->value, "iscsi:")) {
		w->p->firmware_wanted = true;
		return 0;
	}
	if (ibu_starts(&word->value, "iscsi:"))
		return read_iscsi_root(w, word);
	return 0;
}

int ibu_read_root(struct ibu_words *w, const struct ibu_word *word)
{
	return ibu_read_netroot(w, word);
}

/* iscsi_boot.target=iscsi://[user[:secret]@]host[:port]/name[/lun][?key=value,key=value] */

/* RFC 3986 2.1, in place. -EINVAL for a broken escape, or one of a NUL. */
static int decode(struct ibu_text *t)
{
	char *out = (char *)t->s;
	u32 i, n = 0;

	for (i = 0; i < t->len; i++) {
		int high, low;

		if (t->s[i] != '%') {
			out[n++] = t->s[i];
			continue;
		}
		if (t->len - i < 3)
			return -EINVAL;
		high = hex_digit(t->s[i + 1]);
		low = hex_digit(t->s[i + 2]);
		if (high < 0 || low < 0 || !(high | low))
			return -EINVAL;
		out[n++] = (char)(high << 4 | low);
		i += 2;
	}
	t->len = n;
	return 0;
}

static void take_encoded(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
			 unsigned int field, struct ibu_text value)
{
	struct ibu_text whole = value;

	if (decode(&value))
		spoil(w, tgt, word, &whole,
		      "%s: a %% is not followed by two hex digits, or is %%00",
		      ibu_classes[IBU_CLASS_TARGET].attrs[field].name);
	else
		take_text(w, tgt, word, field, value);
}

/* The first of @chars in @t, or its end. */
static u32 first_of(const struct ibu_text *t, const char *chars)
{
	u32 i;

	for (i = 0; i < t->len; i++)
		if (strchr(chars, t->s[i]))
			break;
	return i;
}

static void take_userinfo(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
			  struct ibu_text info)
{
	struct ibu_text user = { info.s, first_of(&info, ":") };

	if (user.len < info.len)
		take_encoded(w, tgt, word, IBU_TARGET_CHAP_SECRET,
			     (struct ibu_text){ info.s + user.len + 1, info.len - user.len - 1 });
	take_encoded(w, tgt, word, IBU_TARGET_CHAP_NAME, user);
}

static void take_authority(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
			   struct ibu_text authority)
{
	u32 at = first_of(&authority, "@");
	struct ibu_text host;

	if (at < authority.len) {
		take_userinfo(w, tgt, word, (struct ibu_text){ authority.s, at });
		authority.s += at + 1;
		authority.len -= at + 1;
	}
	host = ibu_cut(&authority, ':');
	take_host(w, tgt, word, host);
	take_port(w, tgt, word, authority);
}

static void take_tpgt(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
		      struct ibu_text value)
{
	if (ibu_number(&value, 65535, &tgt->tpgt))
		spoil(w, tgt, word, &value, "tpgt is not a number from 0 to 65535");
	else
		set_target(tgt, IBU_TARGET_TPGT);
}

static void take_key(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
		     struct ibu_text pair)
{
	struct ibu_text key = ibu_cut(&pair, '=');

	if (ibu_is(&key, "rev-user"))
		take_encoded(w, tgt, word, IBU_TARGET_REV_CHAP_NAME, pair);
	else if (ibu_is(&key, "rev-secret"))
		take_encoded(w, tgt, word, IBU_TARGET_REV_CHAP_SECRET, pair);
	else if (ibu_is(&key, "secret-file"))
		take_encoded(w, tgt, word, IBU_TARGET_SECRET_FILE, pair);
	else if (ibu_is(&key, "tpgt"))
		take_tpgt(w, tgt, word, pair);
	else if (ibu_is(&key, "nic"))
		tgt->nic_hint = pair;
	else
		ibu_word_diag(w, IBU_WARNING, word, &key,
			      "unknown key; known: rev-user rev-secret secret-file tpgt nic");
}

static void take_keys(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
		      struct ibu_text keys)
{
	while (keys.len) {
		struct ibu_text pair = { keys.s, first_of(&keys, ",&") };
		u32 used = pair.len + (pair.len < keys.len);

		keys.s += used;
		keys.len -= used;
		take_key(w, tgt, word, pair);
	}
}

int ibu_read_uri(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_target *tgt = add_target(w);
	struct ibu_text rest = word->value, part;

	if (!tgt)
		return -ENOMEM;
	if (!ibu_starts(&rest, "iscsi://")) {
		spoil(w, tgt, word, &rest, "does not begin with iscsi://");
		return 0;
	}
	rest.s += 8;
	rest.len -= 8;
	part = (struct ibu_text){ rest.s, first_of(&rest, "?") };
	rest.s += part.len + (part.len < rest.len);
	rest.len -= part.len + (part.len < rest.len);
	take_keys(w, tgt, word, rest);
	take_authority(w, tgt, word, ibu_cut(&part, '/'));
	if (part.s)
		take_encoded(w, tgt, word, IBU_TARGET_NAME, ibu_cut(&part, '/'));
	take_lun(w, tgt, word, part);
	return 0;
}

/* After the last word. */

static bool half(const struct ibu_target *tgt, unsigned int name, unsigned int secret)
{
	return ibu_has(&tgt->f, name) != ibu_has(&tgt->f, secret);
}

static void finish_target(struct ibu_words *w, struct ibu_target *tgt, u32 number)
{
	bool file = ibu_has(&tgt->f, IBU_TARGET_SECRET_FILE);
	bool user = ibu_has(&tgt->f, IBU_TARGET_CHAP_NAME);
	bool reverse = ibu_has(&tgt->f, IBU_TARGET_REV_CHAP_NAME);
	const char *fault = NULL;
	char place[32];

	if (!ibu_has(&tgt->f, IBU_TARGET_NAME))
		fault = "it has no target name";
	else if (!ibu_has(&tgt->f, IBU_TARGET_IP_ADDR) && !ibu_has(&tgt->f, IBU_TARGET_HOST))
		fault = "it has no portal";
	else if (file ? !user : half(tgt, IBU_TARGET_CHAP_NAME, IBU_TARGET_CHAP_SECRET))
		fault = "CHAP needs both a user and a secret";
	else if (!file && half(tgt, IBU_TARGET_REV_CHAP_NAME, IBU_TARGET_REV_CHAP_SECRET))
		fault = "reverse CHAP needs both a user and a secret";
	else if (reverse && !user)
		fault = "reverse CHAP needs CHAP as well";
	tgt->chap_type = user ? (reverse ? 2 : 1) : 0;
	set_target(tgt, IBU_TARGET_CHAP_TYPE);
	/* What a word was spoiled by is told already. */
	if (fault && !tgt->unsound) {
		snprintf(place, sizeof(place), "cmdline.target%u", number);
		ibu_diag_add(w->d, IBU_ERROR, place, "target", IBU_NO_OFFSET,
			     "%s, so it is not used", fault);
		tgt->unsound = true;
	}
}

void ibu_finish_targets(struct ibu_words *w)
{
	u32 i;

	for (i = 0; i < w->p->nr_targets; i++)
		finish_target(w, &w->p->targets[i], i);
}
