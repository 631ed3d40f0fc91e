// SPDX-License-Identifier: GPL-2.0-only
/* Checks bond=; the agent creates the bond, and the view does not show it. */
#include "bond.h"
#include "cmdline_private.h"

struct ibu_bond_word {
	struct ibu_words *w;
	const struct ibu_word *word;
};

static void ibu_bond_word_diag(void *data, const struct ibu_text *part, const char *reason)
{
	const struct ibu_bond_word *b = data;

	ibu_word_diag(b->w, IBU_ERROR, b->word, part, "%s", reason);
}

int ibu_read_bond(struct ibu_words *w, const struct ibu_word *word)
{
	struct ibu_bond_word b = { w, word };
	struct ibu_bond bond;

	ibu_bond_parse(word->value, &w->bonds, &bond, ibu_bond_word_diag, &b);
	return 0;
}

int ibu_read_bridge(struct ibu_words *w, const struct ibu_word *word)
{
	ibu_word_diag(w, IBU_WARNING, word, &word->value,
		      "not supported, ignored; use ip=...:NIC:..., and no bridge with this NIC");
	return 0;
}

int ibu_read_team(struct ibu_words *w, const struct ibu_word *word)
{
	ibu_word_diag(w, IBU_WARNING, word, &word->value,
		      "not supported, ignored; use bond=NAME:NICS:mode=802.3ad or another mode");
	return 0;
}
