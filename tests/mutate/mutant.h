/* SPDX-License-Identifier: GPL-2.0-only */
/* Included before everything into the sources that enumerate has wrapped. */
#ifndef TESTS_MUTANT_H
#define TESTS_MUTANT_H

/* 2n: condition n is forced false; 2n + 1: true; -1: all are as written. */
extern int ibu_mutant;

#define IBU_MUTANT(n, e) \
	(ibu_mutant == 2 * (n) ? 0 : ibu_mutant == 2 * (n) + 1 ? 1 : ((e) ? 1 : 0))

#endif
