/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Makes a KUnit suite of a file of tests/unit/kmod: Kbuild forces this header into it (-include) and
 * defines UNIT_SUITE. The file's main() gets another name and fills the list of tests.
 */
#ifndef TESTS_KUNIT_UNIT_SUITE_H
#define TESTS_KUNIT_UNIT_SUITE_H

#include "cmocka.h"

#define main unit_main
static int unit_main(void);

static const void *unit_gen(const void *prev, char *desc)
{
	return unit_next(prev, desc, unit_main);
}

static struct kunit_case unit_cases[] = {
	KUNIT_CASE_PARAM(unit_run, unit_gen),
	{}
};

static struct kunit_suite unit_suite = {
	.name = "iscsi-boot-" __stringify(UNIT_SUITE),
	.test_cases = unit_cases,
};

kunit_test_suite(unit_suite);

#endif
