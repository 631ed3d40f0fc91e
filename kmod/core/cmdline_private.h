/* SPDX-License-Identifier: GPL-2.0-only */
/* Internals of the command-line parser: its state, and the readers of each parameter. */
#ifndef IBU_CMDLINE_PRIVATE_H
#define IBU_CMDLINE_PRIVATE_H

#include "bond.h"
#include "text.h"

/* One kernel command-line parameter, name=value. */
struct ibu_word {
	const char *name; /* as in the table of cmdline.c; as typed if a row stands for several */
	struct ibu_text value;
	unsigned int arg; /* from the table of cmdline.c: the attribute that it sets */
};

/* The parameters that complete an ip=ADDR: of Anaconda, and gk.net.gw= of genkernel. */
enum ibu_lone {
	IBU_LONE_GATEWAY,
	IBU_LONE_MASK,
	IBU_LONE_HOSTNAME,
	IBU_LONE_MTU,
	IBU_LONE_DEVICE,
	IBU_NR_LONE
};

/* The parser's state, after the parameters read so far. */
struct ibu_words {
	const char *start; /* of the text, for the offsets of diagnostics */
	const char *place; /* in diagnostics: "cmdline" or "dhcp" */
	bool hex_lun; /* a LUN is hex as in RFC 4173, not decimal as in dracut */
	struct ibu_params *p;
	struct ibu_diag *d;
	u32 flat_at; /* its place in the order of targets: that of its first parameter */
	bool flat_used;
	bool chap_damaged; /* its credentials are damaged: a target that shares them is not used */
	u32 nr_dns;
	struct ibu_text primary; /* bootdev=, gk.net.iface=: the device of an ip= without one */
	bool no_bootif; /* rd.bootif=0 */
	bool stacked; /* there is a bond=, team= or bridge=, whose members need no address */
	u32 lone; /* 1 + number of the NIC of an ip=ADDR; 0: none */
	bool nics_cut; /* there were more than IBU_NICS_MAX */
	bool targets_cut; /* there were more than IBU_TARGETS_MAX */
	/*
	 * The one target that separate parameters such as iscsi_target_name= describe together. Its
	 * credentials and transport also apply to targets of netroot= that have none.
	 */
	struct ibu_target flat;
	struct ibu_addr dns[2]; /* nameserver= */
	struct ibu_text dns_zone[2]; /* the device of a link-local one; empty: any */
	struct ibu_bonds_seen bonds; /* bond= */
	struct ibu_word lone_words[IBU_NR_LONE];
};

/*
 * Readers of parameters. They return 0 or -ENOMEM. Invalid values add a diagnostic, which never
 * contains the value, as it may be a secret.
 */

/* Notes that @word asks for the targets and NICs of the firmware. */
static inline void ibu_want_firmware(struct ibu_words *w, const struct ibu_word *word)
{
	w->p->firmware_wanted = true;
	w->p->firmware_word = word->name;
	w->p->firmware_at = (size_t)(word->value.s - w->start);
}

/* cmdline_netroot.c */
int ibu_read_netroot(struct ibu_words *w, const struct ibu_word *word);
int ibu_read_iscsiroot(struct ibu_words *w, const struct ibu_word *word);

/*
 * cmdline_by_path.c: takes the target from a by-path name of udev as p->root_disk. It may be one
 * that the firmware or other parameters describe, so the merge decides whether to add it.
 */
void ibu_read_root_by_path(struct ibu_words *w, const struct ibu_word *word);

/* cmdline_uri.c */
int ibu_read_uri(struct ibu_words *w, const struct ibu_word *word);

/* cmdline_target.c: the separate parameters that describe one target together */
int ibu_read_flat_text(struct ibu_words *w, const struct ibu_word *word);
int ibu_read_flat_ip(struct ibu_words *w, const struct ibu_word *word);
int ibu_read_flat_number(struct ibu_words *w, const struct ibu_word *word);

/*
 * Completes all targets after the last parameter: shared credentials, the type of CHAP, and whether
 * something is missing. Returns 0 or -ENOMEM.
 */
int ibu_finish_targets(struct ibu_words *w);

/* cmdline_ip.c */
int ibu_read_ip(struct ibu_words *w, const struct ibu_word *word);
int ibu_read_ip6(struct ibu_words *w, const struct ibu_word *word);

/* cmdline_net.c */
int ibu_read_ifname(struct ibu_words *w, const struct ibu_word *word);
int ibu_read_bootif(struct ibu_words *w, const struct ibu_word *word);
int ibu_read_vlan(struct ibu_words *w, const struct ibu_word *word);
int ibu_read_nameserver(struct ibu_words *w, const struct ibu_word *word);
int ibu_read_use_bootif(struct ibu_words *w, const struct ibu_word *word);
int ibu_read_bootdev(struct ibu_words *w, const struct ibu_word *word);
int ibu_read_lone(struct ibu_words *w, const struct ibu_word *word);

/* cmdline_bond.c: bond= is checked, bridge= and team= are refused */
int ibu_read_bond(struct ibu_words *w, const struct ibu_word *word);
int ibu_read_bridge(struct ibu_words *w, const struct ibu_word *word);
int ibu_read_team(struct ibu_words *w, const struct ibu_word *word);

/* Completes all NICs after the last parameter. Returns 0 or -ENOMEM. */
int ibu_finish_nics(struct ibu_words *w);

/* Appends a target of the command line to w->p. Returns it, or NULL if there is no memory. */
struct ibu_target *ibu_add_target(struct ibu_words *w);

/*
 * Check @value and set one attribute of @tgt (cmdline_target.c). After an invalid value the target
 * is still shown, but never used. ibu_take_text() clears the attribute if @value is empty, and the
 * port is unchanged by an empty one. An empty LUN leaves the target without a LUN, which means all
 * its disks; in a root path of DHCP it is 0. The zone of an address becomes the target's NIC.
 */
void ibu_take_text(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
		   unsigned int field, struct ibu_text value);
void ibu_take_host(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
		   struct ibu_text value);
void ibu_take_port(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
		   struct ibu_text value);
void ibu_take_tpgt(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
		   struct ibu_text value);
void ibu_take_lun(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
		  struct ibu_text value);

/*
 * Adds an error and returns true if @host begins with an IPv6 address without brackets, which must
 * not be cut at a colon.
 */
bool ibu_refuse_bare_ip6(struct ibu_words *w, struct ibu_target *tgt, const struct ibu_word *word,
			 struct ibu_text host);

/*
 * Reads a LUN: 0x and 16 digits, RFC 4173 hex groups, or a decimal number, which @hex forbids.
 * Returns 0, or -EINVAL if @t is invalid or empty.
 */
int ibu_lun_parse(const struct ibu_text *t, bool hex, u8 lun[8]);

/* Adds an error about @part of @word, and marks @tgt so that it is never used. */
__printf(5, 6) void ibu_target_error(struct ibu_words *w, struct ibu_target *tgt,
				     const struct ibu_word *word, const struct ibu_text *part,
				     const char *fmt, ...);

/*
 * Adds a diagnostic about @word, with the offset of @part, which lies in its value. If @part->s is
 * NULL, the offset is that of the value (cmdline_diag.c).
 */
__printf(5, 6) void ibu_word_diag(struct ibu_words *w, enum ibu_severity severity,
				  const struct ibu_word *word, const struct ibu_text *part,
				  const char *fmt, ...);
__printf(5, 0) void ibu_word_vdiag(struct ibu_words *w, enum ibu_severity severity,
				   const struct ibu_word *word, const struct ibu_text *part,
				   const char *fmt, va_list args);

#endif
