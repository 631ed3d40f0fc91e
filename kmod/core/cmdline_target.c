// SPDX-License-Identifier: GPL-2.0-only
/* Sets and checks the fields of a target, and completes all targets after the last parameter. */
#include "attrs.h"
#include "cmdline_private.h"
#include "portal.h"

static void ibu_cmdline_set_target(struct ibu_target *tgt, unsigned int field)
{
	ibu_set(&tgt->f, field);
	tgt->f.from_cmdline |= BIT_ULL(field);
}

struct ibu_target *ibu_add_target(struct ibu_words *w)
{
	struct ibu_target *tgt = ibu_params_add_target(w->p);

	if (tgt) {
		tgt->source = IBU_FROM_CMDLINE;
		ibu_set(&tgt->f, IBU_TARGET_SOURCE);
	}
	return tgt;
}

void ibu_target_error(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
		      const struct ibu_text *part, const char *fmt, ...)
{
	va_list args;

	tgt->unsound = true;
	va_start(args, fmt);
	ibu_word_vdiag(w, IBU_ERROR, word, part, fmt, args);
	va_end(args);
}

static struct ibu_text *ibu_cmdline_text_member(struct ibu_target *tgt, unsigned int field)
{
	const struct ibu_class *class = &ibu_classes[IBU_CLASS_TARGET];

	return (struct ibu_text *)((u8 *)tgt + class->attrs[field].offset);
}

void ibu_take_text(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
		   unsigned int field, struct ibu_text value)
{
	u32 max = field == IBU_TARGET_NAME ? IBU_ISCSI_NAME_MAX : IBU_TEXT_MAX;

	if (value.len > max) {
		ibu_target_error(w, tgt, word, &value, "%s has %u bytes, at most %u are allowed",
				 ibu_classes[IBU_CLASS_TARGET].attrs[field].name, value.len, max);
		return;
	}
	*ibu_cmdline_text_member(tgt, field) = value;
	ibu_cmdline_set_target(tgt, field);
	if (!value.len) { /* clears the value of an earlier parameter */
		tgt->f.set &= ~BIT_ULL(field);
		tgt->f.from_cmdline &= ~BIT_ULL(field);
	}
}

void ibu_take_port(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
		   struct ibu_text value)
{
	if (!value.len)
		return;
	if (ibu_number(&value, 65535, &tgt->port) || !tgt->port)
		ibu_target_error(w, tgt, word, &value, "the port must be a number from 1 to 65535");
	else
		ibu_cmdline_set_target(tgt, IBU_TARGET_PORT);
}

void ibu_take_tpgt(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
		   struct ibu_text value)
{
	if (ibu_number(&value, 65535, &tgt->tpgt))
		ibu_target_error(w, tgt, word, &value, "tpgt must be a number from 0 to 65535");
	else
		ibu_cmdline_set_target(tgt, IBU_TARGET_TPGT);
}

/*
 * Is @t a host name? A name whose last label is a number is taken for a mistyped address, which
 * resolvers interpret in different ways.
 */
static bool ibu_cmdline_is_hostname(const struct ibu_text *t)
{
	bool number = true;
	u32 i;

	for (i = 0; i < t->len; i++) {
		char c = t->s[i];

		if (c == '.')
			number = true;
		else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-')
			number = false;
		else if (c < '0' || c > '9')
			return false;
	}
	return !number && t->len <= IBU_TEXT_MAX && t->s[0] != '-';
}

/*
 * The zone of an address (RFC 4007 11) names the NIC. It also decides if another part of the
 * parameter names a NIC, as a link-local address is valid on that link only.
 */
static void ibu_cmdline_take_zone(struct ibu_words *w, struct ibu_target *tgt,
				  const struct ibu_word *word, struct ibu_text zone)
{
	u32 number;

	if (!zone.s)
		return;
	if (ibu_addr_is_v4(&tgt->ip))
		ibu_target_error(w, tgt, word, &zone, "an IPv4 address has no zone");
	else if (!ibu_valid_ifname(&zone) || !ibu_number(&zone, ~0U, &number))
		ibu_target_error(w, tgt, word, &zone, "the zone must be a network device name");
	else
		tgt->nic_hint = zone;
}

/* The last value counts: an address replaces a host name, and the other way round. */
void ibu_take_host(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
		   struct ibu_text value)
{
	const u64 both = BIT_ULL(IBU_TARGET_IP_ADDR) | BIT_ULL(IBU_TARGET_HOST);
	struct ibu_text zone;
	const char *fault;

	tgt->f.set &= ~both;
	tgt->f.from_cmdline &= ~both;
	if (!value.len) {
		ibu_target_error(w, tgt, word, &value, "no portal");
	} else if (!ibu_split_zone(value, &tgt->ip, &zone) && !ibu_addr_is_null(&tgt->ip)) {
		ibu_cmdline_set_target(tgt, IBU_TARGET_IP_ADDR);
		ibu_cmdline_take_zone(w, tgt, word, zone);
		fault = ibu_portal_fault(&tgt->ip);
		if (fault)
			ibu_target_error(w, tgt, word, &value, "the portal %s", fault);
	} else if (ibu_cmdline_is_hostname(&value)) {
		tgt->host = value;
		ibu_cmdline_set_target(tgt, IBU_TARGET_HOST);
	} else {
		ibu_target_error(w, tgt, word, &value,
				 "the portal is neither an address nor a host name");
	}
}

bool ibu_refuse_bare_ip6(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
			 struct ibu_text host)
{
	if (!ibu_begins_with_ip6(&host))
		return false;
	ibu_target_error(w, tgt, word, &host, "an IPv6 address needs brackets: [ADDRESS]");
	return true;
}

/* Reads 0x and 16 hex digits, as in udev's by-path names for LUNs from 256 on. */
static int ibu_cmdline_lun_bytes(const struct ibu_text *t, u8 lun[8])
{
	u32 i;

	if (t->len != 18 || !ibu_starts(t, "0x"))
		return -EINVAL;
	for (i = 0; i < 16; i++) {
		int d = ibu_hex_digit(t->s[2 + i]);

		if (d < 0)
			return -EINVAL;
		lun[i / 2] = (u8)(lun[i / 2] << 4 | d);
	}
	return 0;
}

/* Reads RFC 4173 5: up to four groups of up to four hex digits, separated by '-'. */
static int ibu_cmdline_lun_groups(const struct ibu_text *t, u8 lun[8])
{
	struct ibu_text rest = *t, group;
	u8 out[8] = { 0 };
	unsigned int i, n;

	for (n = 0; rest.s; n++) {
		u32 value = 0;

		group = ibu_cut(&rest, '-');
		if (n == 4 || !group.len || group.len > 4)
			return -EINVAL;
		for (i = 0; i < group.len; i++) {
			if (ibu_hex_digit(group.s[i]) < 0)
				return -EINVAL;
			value = value << 4 | (u32)ibu_hex_digit(group.s[i]);
		}
		out[2 * n] = (u8)(value >> 8);
		out[2 * n + 1] = (u8)value;
	}
	memcpy(lun, out, 8);
	return 0;
}

int ibu_lun_parse(const struct ibu_text *t, bool hex, u8 lun[8])
{
	u32 number;

	if (!t->len)
		return -EINVAL;
	if (hex || memchr(t->s, '-', t->len))
		return ibu_cmdline_lun_groups(t, lun);
	if (!ibu_cmdline_lun_bytes(t, lun))
		return 0;
	/*
	 * Decimal as in dracut and Debian. RFC 4173 requires hex, but only for root paths of DHCP.
	 */
	return ibu_number(t, 16383, &number) ? -EINVAL : ibu_lun_from_number(number, lun);
}

void ibu_take_lun(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
		  struct ibu_text value)
{
	/* RFC 4173 5: an empty LUN of a root path is 0. In dracut it means all LUNs. */
	if (!value.len && w->hex_lun)
		value = (struct ibu_text){ "0", 1 };
	else if (!value.len)
		return;
	if (!ibu_lun_parse(&value, w->hex_lun, tgt->lun))
		ibu_cmdline_set_target(tgt, IBU_TARGET_LUN);
	else
		ibu_target_error(w, tgt, word, &value,
				 "LUN must be 0 to 16383, 0x and 16 hex digits, or RFC 4173 hex");
}

/*
 * The separate parameters that describe one target together, of dracut, Debian, genkernel and
 * make-initrd.
 */

/*
 * Notes that @word describes the target. An empty value only clears the value of an earlier
 * parameter.
 */
static void ibu_cmdline_flat_word(struct ibu_words *w, const struct ibu_word *word)
{
	if (!w->flat_used && word->value.len) {
		w->flat_at = w->p->nr_targets;
		w->flat_used = true;
	}
	if (w->flat.f.from_cmdline & BIT_ULL(word->arg))
		ibu_word_diag(w, IBU_WARNING, word, &word->value,
			      "repeated; the last value is used");
}

int ibu_read_flat_text(struct ibu_words *w, const struct ibu_word *word)
{
	ibu_cmdline_flat_word(w, word);
	ibu_take_text(w, &w->flat, word, word->arg, word->value);
	/*
	 * Targets of netroot= may share these credentials, and are then not used either. Other
	 * fields affect only this target.
	 */
	if (word->arg >= IBU_TARGET_CHAP_NAME && word->arg <= IBU_TARGET_REV_CHAP_SECRET &&
	    word->value.len > IBU_TEXT_MAX)
		w->chap_damaged = true;
	return 0;
}

/* Is @t ADDRESS:PORT or HOST:PORT, rather than an IPv6 address? */
static bool ibu_cmdline_has_port(struct ibu_text t)
{
	struct ibu_text rest = t, host = ibu_cut(&rest, ':');
	u32 port;

	return host.len && rest.s && !ibu_number(&rest, 65535, &port);
}

int ibu_read_flat_ip(struct ibu_words *w, const struct ibu_word *word)
{
	if (!word->value.len)
		return 0;
	ibu_cmdline_flat_word(w, word);
	w->flat.nic_hint = (struct ibu_text){ 0 }; /* the zone of an earlier address */
	if (ibu_cmdline_has_port(word->value))
		ibu_target_error(w, &w->flat, word, &word->value,
				 "the port belongs in iscsi_target_port=");
	else
		ibu_take_host(w, &w->flat, word, word->value);
	return 0;
}

int ibu_read_flat_number(struct ibu_words *w, const struct ibu_word *word)
{
	ibu_cmdline_flat_word(w, word);
	if (!word->value.len)
		return 0;
	if (word->arg == IBU_TARGET_PORT)
		ibu_take_port(w, &w->flat, word, word->value);
	else
		ibu_take_tpgt(w, &w->flat, word, word->value);
	return 0;
}

/* After the last parameter. */

static bool ibu_cmdline_half_pair(const struct ibu_target *tgt, unsigned int name,
				  unsigned int secret)
{
	return ibu_has(&tgt->f, name) != ibu_has(&tgt->f, secret);
}

static void ibu_cmdline_finish_target(struct ibu_words *w, struct ibu_target *tgt,
				      const char *place)
{
	bool file = ibu_has(&tgt->f, IBU_TARGET_SECRET_FILE);
	bool user = ibu_has(&tgt->f, IBU_TARGET_CHAP_NAME);
	bool reverse = ibu_has(&tgt->f, IBU_TARGET_REV_CHAP_NAME);
	const char *fault = NULL;

	/* A target without a name is valid: the agent asks the portal for it. */
	if (!ibu_has(&tgt->f, IBU_TARGET_IP_ADDR) && !ibu_has(&tgt->f, IBU_TARGET_HOST))
		fault = "no portal";
	else if (file ? !user :
			ibu_cmdline_half_pair(tgt, IBU_TARGET_CHAP_NAME, IBU_TARGET_CHAP_SECRET))
		fault = "CHAP needs both a user and a secret";
	else if (file && reverse ? 0 :
				   ibu_cmdline_half_pair(tgt, IBU_TARGET_REV_CHAP_NAME,
							 IBU_TARGET_REV_CHAP_SECRET))
		fault = "reverse CHAP needs both a user and a secret";
	else if (reverse && !user)
		fault = "reverse CHAP needs CHAP as well";
	tgt->chap_type = user ? (reverse ? 2 : 1) : 0;
	ibu_cmdline_set_target(tgt, IBU_TARGET_CHAP_TYPE);
	/* A parameter that made the target unusable has its own diagnostic. */
	if (fault && !tgt->unsound) {
		ibu_diag_add(w->d, IBU_ERROR, place, "target", IBU_NO_OFFSET,
			     "%s; the target is not used", fault);
		tgt->unsound = true;
	}
}

/*
 * Copies the CHAP name and secret of one direction from w->flat to @tgt, if it has neither. Returns
 * whether it had neither.
 */
static bool ibu_cmdline_share_pair(const struct ibu_words *w, struct ibu_target *tgt,
				   unsigned int name, unsigned int secret)
{
	const struct ibu_class *class = &ibu_classes[IBU_CLASS_TARGET];
	const unsigned int fields[] = { name, secret };
	unsigned int i;

	if (ibu_has(&tgt->f, name) || ibu_has(&tgt->f, secret))
		return false;
	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		if (ibu_has(&w->flat.f, fields[i])) {
			ibu_attr_copy(class, fields[i], tgt, &w->flat);
			ibu_cmdline_set_target(tgt, fields[i]);
		}
	}
	return true;
}

/* Copies the shared credentials and transport to a target of netroot= that has none. */
static void ibu_cmdline_share_flat(const struct ibu_words *w, struct ibu_target *tgt)
{
	bool forward = ibu_cmdline_share_pair(w, tgt, IBU_TARGET_CHAP_NAME, IBU_TARGET_CHAP_SECRET);
	bool reverse = ibu_cmdline_share_pair(w, tgt, IBU_TARGET_REV_CHAP_NAME,
					      IBU_TARGET_REV_CHAP_SECRET);

	if ((forward || reverse) && w->chap_damaged)
		tgt->unsound = true;
	if (ibu_has(&w->flat.f, IBU_TARGET_TRANSPORT)) {
		tgt->transport = w->flat.transport;
		ibu_cmdline_set_target(tgt, IBU_TARGET_TRANSPORT);
	}
}

/*
 * Inserts the target that the separate parameters describe in its place. Without a name or portal
 * they are only credentials for other targets.
 */
static int ibu_cmdline_finish_flat(struct ibu_words *w)
{
	const u64 named = BIT_ULL(IBU_TARGET_NAME) | BIT_ULL(IBU_TARGET_IP_ADDR) |
			  BIT_ULL(IBU_TARGET_HOST);
	struct ibu_target *tgt;

	if (!w->flat_used)
		return 0;
	if (!(w->flat.f.set & named) && !w->flat.unsound) {
		if (!w->p->nr_targets && !w->p->root_disk.source)
			ibu_diag_add(w->d, IBU_WARNING, "cmdline", "target", IBU_NO_OFFSET,
				     "target parameters without target name or portal");
		return 0;
	}
	if (!ibu_add_target(w))
		return -ENOMEM;
	tgt = &w->p->targets[w->flat_at];
	memmove(tgt + 1, tgt, (w->p->nr_targets - 1 - w->flat_at) * sizeof(*tgt));
	*tgt = w->flat;
	tgt->source = IBU_FROM_CMDLINE;
	ibu_set(&tgt->f, IBU_TARGET_SOURCE);
	return 0;
}

int ibu_finish_targets(struct ibu_words *w)
{
	struct ibu_target *root_disk = &w->p->root_disk;
	char place[32];
	u32 i;
	int err;

	for (i = 0; i < w->p->nr_targets; i++)
		if (w->p->targets[i].takes_shared)
			ibu_cmdline_share_flat(w, &w->p->targets[i]);
	if (root_disk->source) {
		ibu_cmdline_share_flat(w, root_disk);
		snprintf(place, sizeof(place), "%s.root", w->place);
		ibu_cmdline_finish_target(w, root_disk, place);
	}
	err = ibu_cmdline_finish_flat(w);
	for (i = 0; i < w->p->nr_targets && !err; i++) {
		snprintf(place, sizeof(place), "%s.target%u", w->place, i);
		ibu_cmdline_finish_target(w, &w->p->targets[i], place);
	}
	return err;
}
