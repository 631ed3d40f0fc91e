/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside of the command line parser: a word that was found, and who reads which. */
#ifndef IBU_WORDS_H
#define IBU_WORDS_H

#include "text.h"

/* What is known of the command line so far. */
struct ibu_words {
	const char *start; /* of the text, to tell offsets */
	const char *place; /* for what is told: "cmdline" */
	bool hex_lun; /* a LUN is as in RFC 4173, and not as in dracut's words */
	struct ibu_params *p;
	struct ibu_diag *d;
	/*
	 * The one target that words like iscsi_target_name= describe between them. Its
	 * credentials and transport serve targets of netroot= without their own as well.
	 */
	struct ibu_target flat;
	u32 flat_at; /* where in the order of targets its first word stood */
	bool flat_used;
	bool chap_damaged; /* of its credentials: who shares them is not used either */
	struct ibu_addr dns[2]; /* nameserver= */
	u32 nr_dns;
};

/* One word, name=value. */
struct ibu_word {
	const char *name;
	struct ibu_text value;
	unsigned int arg; /* from the word's row: which attribute it sets */
};

/*
 * Readers return 0 or -ENOMEM; what is bad they tell. Values are never told: they may hold secrets.
 */
int ibu_read_netroot(struct ibu_words *w, const struct ibu_word *word); /* words_netroot.c */
int ibu_read_uri(struct ibu_words *w, const struct ibu_word *word); /* words_uri.c */
int ibu_read_flat_text(struct ibu_words *w, const struct ibu_word *word);
int ibu_read_flat_ip(struct ibu_words *w, const struct ibu_word *word);
int ibu_read_flat_number(struct ibu_words *w, const struct ibu_word *word);
/*
 * After the last word: which CHAP each target asks for, and what is missing for it. 0 or -ENOMEM.
 */
int ibu_finish_targets(struct ibu_words *w);

int ibu_read_ip(struct ibu_words *w, const struct ibu_word *word); /* words_net.c */
int ibu_read_ifname(struct ibu_words *w, const struct ibu_word *word);
int ibu_read_bootif(struct ibu_words *w, const struct ibu_word *word);
int ibu_read_vlan(struct ibu_words *w, const struct ibu_word *word);
int ibu_read_nameserver(struct ibu_words *w, const struct ibu_word *word);
void ibu_finish_nics(struct ibu_words *w);

/*
 * Fields of a target, checked (words_target.c). What is wrong with one cannot be made up for: it is
 * told, and the target is shown but never used.
 */
struct ibu_target *ibu_add_target(struct ibu_words *w); /* NULL without memory */
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
__printf(5, 6) void ibu_target_error(struct ibu_words *w, struct ibu_target *tgt,
				     const struct ibu_word *word, const struct ibu_text *part,
				     const char *fmt, ...);

/* Tells that @word, at @part of it, is bad or odd. */
__printf(5, 6) void ibu_word_diag(struct ibu_words *w, enum ibu_severity severity,
				  const struct ibu_word *word, const struct ibu_text *part,
				  const char *fmt, ...);

__printf(5, 0) void ibu_word_vdiag(struct ibu_words *w, enum ibu_severity severity,
				   const struct ibu_word *word, const struct ibu_text *part,
				   const char *fmt, va_list args);

#endif
