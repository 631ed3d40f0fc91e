// SPDX-License-Identifier: GPL-2.0-only
/* Reads iscsi_boot.target=iscsi://[user[:secret]@]host[:port]/name[/lun][?key=value,...] */
#include "attrs.h"
#include "cmdline_private.h"

/* Decodes percent-escapes in place (RFC 3986 2.1). -EINVAL for an invalid one or a NUL. */
static int ibu_uri_decode(struct ibu_text *t)
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
		high = ibu_hex_digit(t->s[i + 1]);
		low = ibu_hex_digit(t->s[i + 2]);
		if (high < 0 || low < 0 || !(high | low))
			return -EINVAL;
		out[n++] = (char)(high << 4 | low);
		i += 2;
	}
	t->len = n;
	return 0;
}

static void ibu_uri_take_encoded(struct ibu_words *w, struct ibu_target *tgt,
				 const struct ibu_word *word, unsigned int field,
				 struct ibu_text value)
{
	struct ibu_text whole = value;

	if (ibu_uri_decode(&value))
		ibu_target_error(w, tgt, word, &whole,
				 "%s: %% must be followed by two hex digits other than 00",
				 ibu_classes[IBU_CLASS_TARGET].attrs[field].name);
	else
		ibu_take_text(w, tgt, word, field, value);
}

/* Returns the position of the first byte of @t that is in @chars, or the length of @t. */
static u32 ibu_uri_first_of(const struct ibu_text *t, const char *chars)
{
	u32 i;

	for (i = 0; i < t->len; i++)
		if (strchr(chars, t->s[i]))
			break;
	return i;
}

static void ibu_uri_take_userinfo(struct ibu_words *w, struct ibu_target *tgt,
				  const struct ibu_word *word, struct ibu_text info)
{
	struct ibu_text user = { info.s, ibu_uri_first_of(&info, ":") };

	if (user.len < info.len)
		ibu_uri_take_encoded(w, tgt, word, IBU_TARGET_CHAP_SECRET,
				     (struct ibu_text){ info.s + user.len + 1,
							info.len - user.len - 1 });
	ibu_uri_take_encoded(w, tgt, word, IBU_TARGET_CHAP_NAME, user);
}

/* Decodes the "%25" before the zone of an address (RFC 6874 2) in place; a plain "%" is kept. */
static struct ibu_text ibu_uri_decode_zone(struct ibu_text host)
{
	u32 at = ibu_uri_first_of(&host, "%");
	char *s = (char *)host.s + at;

	if (host.len - at < 3 || s[1] != '2' || s[2] != '5')
		return host;
	memmove(s + 1, s + 3, host.len - at - 3);
	host.len -= 2;
	return host;
}

static void ibu_uri_take_authority(struct ibu_words *w, struct ibu_target *tgt,
				   const struct ibu_word *word, struct ibu_text authority)
{
	u32 at = ibu_uri_first_of(&authority, "@");
	struct ibu_text host;

	if (at < authority.len) {
		ibu_uri_take_userinfo(w, tgt, word, (struct ibu_text){ authority.s, at });
		authority.s += at + 1;
		authority.len -= at + 1;
	}
	if (ibu_refuse_bare_ip6(w, tgt, word, authority))
		return;
	host = ibu_uri_decode_zone(ibu_cut(&authority, ':'));
	ibu_take_host(w, tgt, word, host);
	ibu_take_port(w, tgt, word, authority);
}

static void ibu_uri_take_nic(struct ibu_words *w, struct ibu_target *tgt,
			     const struct ibu_word *word, struct ibu_text value)
{
	u8 mac[6];

	if (ibu_valid_ifname(&value) || (value.len && !ibu_mac_parse(value.s, value.len, mac)))
		tgt->nic_hint = value;
	else
		ibu_target_error(w, tgt, word, &value,
				 "nic must be a device name or a MAC address");
}

static void ibu_uri_take_secret_file(struct ibu_words *w, struct ibu_target *tgt,
				     const struct ibu_word *word, struct ibu_text value)
{
	if (!value.len || value.s[0] != '/')
		ibu_target_error(w, tgt, word, &value, "secret-file must be an absolute path");
	else
		ibu_uri_take_encoded(w, tgt, word, IBU_TARGET_SECRET_FILE, value);
}

static void ibu_uri_take_key(struct ibu_words *w, struct ibu_target *tgt,
			     const struct ibu_word *word, struct ibu_text pair)
{
	struct ibu_text key = ibu_cut(&pair, '=');

	if (ibu_is(&key, "rev-user"))
		ibu_uri_take_encoded(w, tgt, word, IBU_TARGET_REV_CHAP_NAME, pair);
	else if (ibu_is(&key, "rev-secret"))
		ibu_uri_take_encoded(w, tgt, word, IBU_TARGET_REV_CHAP_SECRET, pair);
	else if (ibu_is(&key, "secret-file"))
		ibu_uri_take_secret_file(w, tgt, word, pair);
	else if (ibu_is(&key, "tpgt"))
		ibu_take_tpgt(w, tgt, word, pair);
	else if (ibu_is(&key, "nic"))
		ibu_uri_take_nic(w, tgt, word, pair);
	else /* an error, because it may be a misspelled rev-user or rev-secret */
		ibu_target_error(w, tgt, word, &key,
				 "unknown key; known: rev-user rev-secret secret-file tpgt nic");
}

static void ibu_uri_take_keys(struct ibu_words *w, struct ibu_target *tgt,
			      const struct ibu_word *word, struct ibu_text keys)
{
	while (keys.len) {
		struct ibu_text pair = { keys.s, ibu_uri_first_of(&keys, ",&") };
		u32 used = pair.len + (pair.len < keys.len);

		keys.s += used;
		keys.len -= used;
		ibu_uri_take_key(w, tgt, word, pair);
	}
}

int ibu_read_uri(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_target *tgt = ibu_add_target(w);
	struct ibu_text rest = word->value, part;

	if (!tgt)
		return -ENOMEM;
	if (!ibu_starts(&rest, "iscsi://")) {
		ibu_target_error(w, tgt, word, &rest, "must begin with iscsi://");
		return 0;
	}
	rest.s += 8;
	rest.len -= 8;
	part = (struct ibu_text){ rest.s, ibu_uri_first_of(&rest, "?") };
	rest.s += part.len + (part.len < rest.len);
	rest.len -= part.len + (part.len < rest.len);
	ibu_uri_take_keys(w, tgt, word, rest);
	ibu_uri_take_authority(w, tgt, word, ibu_cut(&part, '/'));
	ibu_uri_take_encoded(w, tgt, word, IBU_TARGET_NAME, ibu_cut(&part, '/'));
	ibu_take_lun(w, tgt, word, part);
	return 0;
}
