// SPDX-License-Identifier: GPL-2.0-only
/* Splits the kernel command line into parameters and calls the reader of each. */
#include "cmdline.h"
#include "cmdline_private.h"

static int ibu_cmdline_read_firmware(struct ibu_words *w, const struct ibu_word *word)
{
	if (ibu_is_off(&word->value))
		w->p->firmware_wanted = false;
	else
		ibu_want_firmware(w, word);
	return 0;
}

static int ibu_cmdline_read_initiator(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_root *root = &w->p->root;

	if (!word->value.len || word->value.len > IBU_ISCSI_NAME_MAX) {
		ibu_word_diag(w, IBU_ERROR, word, &word->value, "%u bytes, must be %u to %u",
			      word->value.len, 1, IBU_ISCSI_NAME_MAX);
		return 0;
	}
	root->initiator_name = word->value;
	root->initiator_source = IBU_FROM_CMDLINE;
	ibu_set(&root->f, IBU_ROOT_INITIATOR_NAME);
	ibu_set(&root->f, IBU_ROOT_INITIATOR_SOURCE);
	return 0;
}

static int ibu_cmdline_read_no_firmware(struct ibu_words *w, const struct ibu_word *word)
{
	w->p->firmware_refused = true;
	return 0;
}

static int ibu_cmdline_unsupported(struct ibu_words *w, const struct ibu_word *word)
{
	ibu_word_diag(w, IBU_WARNING, word, &word->value, "not supported; ignored");
	return 0;
}

/* No program has a LUN among its separate parameters, but users write one. */
static int ibu_cmdline_read_flat_lun(struct ibu_words *w, const struct ibu_word *word)
{
	ibu_word_diag(w, IBU_WARNING, word, &word->value,
		      "not supported; ignored: a LUN belongs in netroot= or iscsi_boot.target=");
	return 0;
}

/* The agent's policy reads this parameter (agent/plan/policy_cmdline.c). */
static int ibu_cmdline_leave_to_agent(struct ibu_words *w, const struct ibu_word *word)
{
	return 0;
}

/* The readers of parameters, by the number that a row has: many rows share one. */
enum ibu_cmdline_reader {
	IBU_READ_URI,
	IBU_READ_NETROOT,
	IBU_READ_ISCSIROOT,
	IBU_READ_FIRMWARE,
	IBU_READ_NO_FIRMWARE,
	IBU_READ_INITIATOR,
	IBU_READ_FLAT_TEXT,
	IBU_READ_FLAT_IP,
	IBU_READ_FLAT_NUMBER,
	IBU_READ_IP,
	IBU_READ_IP6,
	IBU_READ_BOOTDEV,
	IBU_READ_USE_BOOTIF,
	IBU_LEAVE_TO_AGENT,
	IBU_READ_LONE,
	IBU_READ_IFNAME,
	IBU_READ_BOOTIF,
	IBU_READ_VLAN,
	IBU_READ_NAMESERVER,
	IBU_READ_BOND,
	IBU_READ_TEAM,
	IBU_READ_BRIDGE,
	IBU_UNSUPPORTED,
	IBU_READ_FLAT_LUN,
};

static int (*const ibu_cmdline_readers[])(struct ibu_words *w, const struct ibu_word *word) = {
	[IBU_READ_URI] = ibu_read_uri,
	[IBU_READ_NETROOT] = ibu_read_netroot,
	[IBU_READ_ISCSIROOT] = ibu_read_iscsiroot,
	[IBU_READ_FIRMWARE] = ibu_cmdline_read_firmware,
	[IBU_READ_NO_FIRMWARE] = ibu_cmdline_read_no_firmware,
	[IBU_READ_INITIATOR] = ibu_cmdline_read_initiator,
	[IBU_READ_FLAT_TEXT] = ibu_read_flat_text,
	[IBU_READ_FLAT_IP] = ibu_read_flat_ip,
	[IBU_READ_FLAT_NUMBER] = ibu_read_flat_number,
	[IBU_READ_IP] = ibu_read_ip,
	[IBU_READ_IP6] = ibu_read_ip6,
	[IBU_READ_BOOTDEV] = ibu_read_bootdev,
	[IBU_READ_USE_BOOTIF] = ibu_read_use_bootif,
	[IBU_LEAVE_TO_AGENT] = ibu_cmdline_leave_to_agent,
	[IBU_READ_LONE] = ibu_read_lone,
	[IBU_READ_IFNAME] = ibu_read_ifname,
	[IBU_READ_BOOTIF] = ibu_read_bootif,
	[IBU_READ_VLAN] = ibu_read_vlan,
	[IBU_READ_NAMESERVER] = ibu_read_nameserver,
	[IBU_READ_BOND] = ibu_read_bond,
	[IBU_READ_TEAM] = ibu_read_team,
	[IBU_READ_BRIDGE] = ibu_read_bridge,
	[IBU_UNSUPPORTED] = ibu_cmdline_unsupported,
	[IBU_READ_FLAT_LUN] = ibu_cmdline_read_flat_lun,
};

/* All parameters and their readers, as docs/user/cmdline.md describes. A name may end in '*'. */
static const struct ibu_cmdline_param {
	const char *name;
	u8 reader; /* enum ibu_cmdline_reader */
	u8 arg; /* the attribute that it sets; of others, see the row */
} cmdline_params[] = {
	{ "iscsi_boot.target", IBU_READ_URI, 0 },
	{ "netroot", IBU_READ_NETROOT, 0 },
	{ "root", IBU_READ_NETROOT, 1 }, /* 1: it may be a by-path name of udev */
	{ "iscsiroot", IBU_READ_ISCSIROOT, 0 },
	{ "rd.iscsi.firmware", IBU_READ_FIRMWARE, 0 },
	{ "rd.iscsi.ibft", IBU_READ_FIRMWARE, 0 },
	{ "iscsi_firmware", IBU_READ_FIRMWARE, 0 },
	{ "iscsi_auto", IBU_READ_FIRMWARE, 0 },
	{ "iscsi_noibft", IBU_READ_NO_FIRMWARE, 0 },
	/* Groups of names: dracut; Debian and old dracut; genkernel; make-initrd. */
	{ "iscsi_boot.initiator", IBU_READ_INITIATOR, 0 },
	{ "rd.iscsi.initiator", IBU_READ_INITIATOR, 0 },
	{ "rd.initiatorname", IBU_READ_INITIATOR, 0 },
	{ "iscsi_initiator", IBU_READ_INITIATOR, 0 },
	{ "iscsi_initiatorname", IBU_READ_INITIATOR, 0 },
	{ "ISCSI_INITIATOR", IBU_READ_INITIATOR, 0 },
	{ "rd.iscsi.target.name", IBU_READ_FLAT_TEXT, IBU_TARGET_NAME },
	{ "iscsi_target_name", IBU_READ_FLAT_TEXT, IBU_TARGET_NAME },
	{ "iscsi_target", IBU_READ_FLAT_TEXT, IBU_TARGET_NAME },
	{ "ISCSI_TARGET_NAME", IBU_READ_FLAT_TEXT, IBU_TARGET_NAME },
	{ "rd.iscsi.target.ip", IBU_READ_FLAT_IP, IBU_TARGET_IP_ADDR },
	{ "iscsi_target_ip", IBU_READ_FLAT_IP, IBU_TARGET_IP_ADDR },
	{ "iscsi_address", IBU_READ_FLAT_IP, IBU_TARGET_IP_ADDR },
	{ "ISCSI_TARGET_IP", IBU_READ_FLAT_IP, IBU_TARGET_IP_ADDR },
	{ "rd.iscsi.target.port", IBU_READ_FLAT_NUMBER, IBU_TARGET_PORT },
	{ "iscsi_target_port", IBU_READ_FLAT_NUMBER, IBU_TARGET_PORT },
	{ "iscsi_port", IBU_READ_FLAT_NUMBER, IBU_TARGET_PORT },
	{ "ISCSI_TARGET_PORT", IBU_READ_FLAT_NUMBER, IBU_TARGET_PORT },
	{ "rd.iscsi.target.group", IBU_READ_FLAT_NUMBER, IBU_TARGET_TPGT },
	{ "iscsi_target_group", IBU_READ_FLAT_NUMBER, IBU_TARGET_TPGT },
	{ "iscsi_tgpt", IBU_READ_FLAT_NUMBER, IBU_TARGET_TPGT },
	{ "ISCSI_TARGET_GROUP", IBU_READ_FLAT_NUMBER, IBU_TARGET_TPGT },
	{ "rd.iscsi.username", IBU_READ_FLAT_TEXT, IBU_TARGET_CHAP_NAME },
	{ "iscsi_username", IBU_READ_FLAT_TEXT, IBU_TARGET_CHAP_NAME },
	{ "ISCSI_USERNAME", IBU_READ_FLAT_TEXT, IBU_TARGET_CHAP_NAME },
	{ "rd.iscsi.password", IBU_READ_FLAT_TEXT, IBU_TARGET_CHAP_SECRET },
	{ "iscsi_password", IBU_READ_FLAT_TEXT, IBU_TARGET_CHAP_SECRET },
	{ "ISCSI_PASSWORD", IBU_READ_FLAT_TEXT, IBU_TARGET_CHAP_SECRET },
	{ "rd.iscsi.in.username", IBU_READ_FLAT_TEXT, IBU_TARGET_REV_CHAP_NAME },
	{ "iscsi_in_username", IBU_READ_FLAT_TEXT, IBU_TARGET_REV_CHAP_NAME },
	{ "iscsi_username_in", IBU_READ_FLAT_TEXT, IBU_TARGET_REV_CHAP_NAME },
	{ "ISCSI_IN_USERNAME", IBU_READ_FLAT_TEXT, IBU_TARGET_REV_CHAP_NAME },
	{ "rd.iscsi.in.password", IBU_READ_FLAT_TEXT, IBU_TARGET_REV_CHAP_SECRET },
	{ "iscsi_in_password", IBU_READ_FLAT_TEXT, IBU_TARGET_REV_CHAP_SECRET },
	{ "iscsi_password_in", IBU_READ_FLAT_TEXT, IBU_TARGET_REV_CHAP_SECRET },
	{ "ISCSI_IN_PASSWORD", IBU_READ_FLAT_TEXT, IBU_TARGET_REV_CHAP_SECRET },
	{ "rd.iscsi.transport", IBU_READ_FLAT_TEXT, IBU_TARGET_TRANSPORT },
	{ "ip", IBU_READ_IP, 0 },
	{ "ip6", IBU_READ_IP6, 0 },
	{ "bootdev", IBU_READ_BOOTDEV, 0 },
	{ "rd.bootif", IBU_READ_USE_BOOTIF, 0 },
	{ "gk.net.iface", IBU_READ_BOOTDEV, 0 },
	{ "gk.net.routes", IBU_LEAVE_TO_AGENT, 0 },
	{ "gk.net.gw", IBU_READ_LONE, IBU_LONE_GATEWAY },
	{ "gateway", IBU_READ_LONE, IBU_LONE_GATEWAY },
	{ "netmask", IBU_READ_LONE, IBU_LONE_MASK },
	{ "hostname", IBU_READ_LONE, IBU_LONE_HOSTNAME },
	{ "mtu", IBU_READ_LONE, IBU_LONE_MTU },
	{ "ksdevice", IBU_READ_LONE, IBU_LONE_DEVICE },
	{ "ifname", IBU_READ_IFNAME, 0 },
	{ "BOOTIF", IBU_READ_BOOTIF, 0 },
	{ "vlan", IBU_READ_VLAN, 0 },
	{ "nameserver", IBU_READ_NAMESERVER, 0 },
	{ "bond", IBU_READ_BOND, 0 },
	{ "team", IBU_READ_TEAM, 0 },
	{ "bridge", IBU_READ_BRIDGE, 0 },
	{ "ifcfg", IBU_UNSUPPORTED, 0 },
	{ "rd.peerdns", IBU_UNSUPPORTED, 0 },
	{ "rd.neednet", IBU_LEAVE_TO_AGENT, 0 },
	{ "gk.net.*", IBU_UNSUPPORTED, 0 },
	{ "rd.net.*", IBU_UNSUPPORTED, 0 },
	{ "rd.iscsi.param", IBU_LEAVE_TO_AGENT, 0 },
	{ "iscsi_param", IBU_LEAVE_TO_AGENT, 0 },
	{ "rd.iscsi.bypass", IBU_LEAVE_TO_AGENT, 0 },
	{ "rd.iscsi.*", IBU_UNSUPPORTED, 0 }, /* waitnet, testroute, mp, login_retry_max */
	{ "iscsi_debug", IBU_UNSUPPORTED, 0 },
	{ "iscsi_lun", IBU_READ_FLAT_LUN, 0 },
	{ "iscsi_target_lun", IBU_READ_FLAT_LUN, 0 },
	{ "iscsi_auto_skip_initramfs_networking", IBU_UNSUPPORTED, 0 },
	{ "iscsi", IBU_UNSUPPORTED, 0 },
};

/*
 * The rows of the table by name, so that the time for a word does not depend on their number. Rows
 * count from 1; 0 ends a list.
 */
#define IBU_CMDLINE_BUCKETS 64

struct ibu_cmdline_index {
	u8 first[IBU_CMDLINE_BUCKETS];
	u8 wild; /* the first of the names that end in '*' */
	u8 next[ARRAY_SIZE(cmdline_params)];
};

static_assert(ARRAY_SIZE(cmdline_params) < 256, "a row fits in a byte of the index");

static unsigned int ibu_cmdline_bucket(const char *name, size_t len)
{
	return (len + 7u * (u8)name[0] + 3u * (u8)name[len - 1]) % IBU_CMDLINE_BUCKETS;
}

static void ibu_cmdline_build_index(struct ibu_cmdline_index *index)
{
	unsigned int i = ARRAY_SIZE(cmdline_params);
	u8 *list;

	memset(index, 0, sizeof(*index));
	while (i--) {
		const char *name = cmdline_params[i].name;
		size_t len = strlen(name);

		list = &index->first[ibu_cmdline_bucket(name, len)];
		if (name[len - 1] == '*')
			list = &index->wild;
		index->next[i] = *list;
		*list = (u8)(i + 1);
	}
}

/* Returns the row for @name, or NULL. */
static const struct ibu_cmdline_param *ibu_cmdline_find(const struct ibu_cmdline_index *index,
							const struct ibu_text *name)
{
	const struct ibu_cmdline_param *row;
	unsigned int i;

	if (!name->len)
		return NULL;
	for (i = index->first[ibu_cmdline_bucket(name->s, name->len)]; i; i = index->next[i - 1]) {
		row = &cmdline_params[i - 1];
		if (ibu_is(name, row->name))
			return row;
	}
	for (i = index->wild; i; i = index->next[i - 1]) {
		size_t len = strlen(cmdline_params[i - 1].name);

		row = &cmdline_params[i - 1];
		if (name->len >= len && !memcmp(name->s, row->name, len - 1))
			return row;
	}
	return NULL;
}

/* Removes the entry that a word has added beyond the limit. The first time this is reported. */
static void ibu_cmdline_enforce_limits(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_params *p = w->p;

	if (p->nr_nics > IBU_NICS_MAX) {
		memset(&p->nics[--p->nr_nics], 0, sizeof(*p->nics));
		if (!w->nics_cut)
			ibu_word_diag(w, IBU_ERROR, word, &word->value,
				      "more than %u NICs; the further ones are ignored",
				      IBU_NICS_MAX);
		w->nics_cut = true;
	}
	if (p->nr_targets > IBU_TARGETS_MAX) {
		memset(&p->targets[--p->nr_targets], 0, sizeof(*p->targets));
		if (!w->targets_cut)
			ibu_word_diag(w, IBU_ERROR, word, &word->value,
				      "more than %u targets; the further ones are ignored",
				      IBU_TARGETS_MAX);
		w->targets_cut = true;
	}
}

#define IBU_CMDLINE_NAME_SHOWN 32

/*
 * Copies the name of a parameter, for diagnostics, if @row stands for several. The copy ends in '*'
 * where the name is long or has a byte that no parameter has: after such a byte, a value may be
 * meant.
 */
static const char *ibu_cmdline_shown_name(const struct ibu_cmdline_param *row,
					  const struct ibu_text *name,
					  char shown[IBU_CMDLINE_NAME_SHOWN + 2])
{
	u32 i;

	if (row->name[strlen(row->name) - 1] != '*')
		return row->name;
	for (i = 0; i < name->len && i < IBU_CMDLINE_NAME_SHOWN; i++) {
		char c = name->s[i];

		if (c != '.' && c != '-' && c != '_' && !(c >= '0' && c <= '9') &&
		    !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z'))
			break;
		shown[i] = c;
	}
	if (i < name->len)
		shown[i++] = '*';
	shown[i] = '\0';
	return shown;
}

static int ibu_cmdline_read_word(struct ibu_words *w, const struct ibu_cmdline_index *index,
				 const struct ibu_text *name, const struct ibu_text *value)
{
	const struct ibu_cmdline_param *row = ibu_cmdline_find(index, name);
	char shown[IBU_CMDLINE_NAME_SHOWN + 2];
	struct ibu_word word;
	int err;

	if (!row)
		return 0;
	w->stacked |= ibu_is(name, "bond") || ibu_is(name, "team") || ibu_is(name, "bridge");
	word = (struct ibu_word){ ibu_cmdline_shown_name(row, name, shown), *value, row->arg };
	err = ibu_cmdline_readers[row->reader](w, &word);
	ibu_cmdline_enforce_limits(w, &word);
	return err;
}

static bool ibu_cmdline_is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/*
 * Cuts off the next parameter as next_arg() of lib/cmdline.c does: blanks between double quotes do
 * not end it. Quotes are removed around the whole parameter or the whole value, never inside.
 */
static struct ibu_text ibu_cmdline_cut_word(const char **s, const char *end)
{
	struct ibu_text word;
	bool quoted = false;

	while (*s < end && ibu_cmdline_is_blank(**s))
		(*s)++;
	word.s = *s;
	while (*s < end && (quoted || !ibu_cmdline_is_blank(**s))) {
		if (**s == '"')
			quoted = !quoted;
		(*s)++;
	}
	word.len = (u32)(*s - word.s);
	return word;
}

static bool ibu_cmdline_strip_opening_quote(struct ibu_text *t)
{
	if (!t->len || t->s[0] != '"')
		return false;
	t->s++;
	t->len--;
	return true;
}

static void ibu_cmdline_strip_closing_quote(struct ibu_text *t)
{
	if (t->len && t->s[t->len - 1] == '"')
		t->len--;
}

/* Splits @word at its '='. Without a '=' the value is empty and points to the end of @word. */
static void ibu_cmdline_split_word(struct ibu_text word, struct ibu_text *name,
				   struct ibu_text *value)
{
	bool whole = ibu_cmdline_strip_opening_quote(&word);
	u32 i;

	if (whole)
		ibu_cmdline_strip_closing_quote(&word);
	for (i = 0; i < word.len && word.s[i] != '='; i++)
		;
	*name = (struct ibu_text){ word.s, i };
	if (i < word.len)
		i++;
	*value = (struct ibu_text){ word.s + i, word.len - i };
	if (ibu_cmdline_strip_opening_quote(value) && !whole)
		ibu_cmdline_strip_closing_quote(value);
}

bool ibu_next_word(const char **s, const char *end, struct ibu_text *name, struct ibu_text *value)
{
	struct ibu_text word = ibu_cmdline_cut_word(s, end);

	ibu_cmdline_split_word(word, name, value);
	return word.len;
}

int ibu_cmdline_parse(char *text, size_t len, struct ibu_params *p, struct ibu_diag *d)
{
	struct ibu_words w = { .start = text, .place = "cmdline", .p = p, .d = d };
	const char *s = text, *end = text + strnlen(text, len);
	struct ibu_cmdline_index index;
	struct ibu_text name, value;
	int err;

	ibu_cmdline_build_index(&index);
	while (ibu_next_word(&s, end, &name, &value)) {
		err = ibu_cmdline_read_word(&w, &index, &name, &value);
		if (err)
			return err;
		ibu_let_others_run();
	}
	err = ibu_finish_nics(&w);
	return err ? err : ibu_finish_targets(&w);
}
