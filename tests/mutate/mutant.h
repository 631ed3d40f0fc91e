/* SPDX-License-Identifier: GPL-2.0-only */
/* Included first into the sources that enumerate has wrapped. */
#ifndef TESTS_MUTANT_H
#define TESTS_MUTANT_H

/* 2n: condition n is forced to false; 2n + 1: to true; -1: no condition is forced. */
extern int ibu_mutant;

#define IBU_MUTANT(n, e) \
	(ibu_mutant == 2 * (n) ? 0 : ibu_mutant == 2 * (n) + 1 ? 1 : ((e) ? 1 : 0))

#endif
