/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of cmocka that tests/unit uses, made of KUnit. unit_suite.h makes a suite of a file there;
 * the parameters of that suite are the tests of the file, unchanged.
 */
#ifndef TESTS_KUNIT_CMOCKA_H
#define TESTS_KUNIT_CMOCKA_H

#include <kunit/test.h>
#include <linux/slab.h>
#include <linux/string.h>

/* Of the test that runs; KUnit runs one at a time. */
static struct kunit *unit_test;

struct CMUnitTest {
	const char *name;
	void (*run)(void **state);
};

static struct CMUnitTest unit_tests[64];
static size_t nr_unit_tests;

#define cmocka_unit_test(function) { #function, function }
#define cmocka_run_group_tests_name(name, tests, setup, teardown) \
	unit_list(tests, ARRAY_SIZE(tests))

static int unit_list(const struct CMUnitTest *tests, size_t count)
{
	if (WARN_ON(count > ARRAY_SIZE(unit_tests)))
		return -ENOSPC;
	nr_unit_tests = count;
	memcpy(unit_tests, tests, count * sizeof(*tests));
	return 0;
}

#define fail_msg(...) KUNIT_ASSERT_TRUE_MSG(unit_test, false, __VA_ARGS__)
#define assert_true(x) KUNIT_ASSERT_TRUE(unit_test, !!(x))
#define assert_false(x) KUNIT_ASSERT_FALSE(unit_test, !!(x))
#define assert_null(p) KUNIT_ASSERT_PTR_EQ(unit_test, (const void *)(p), (const void *)NULL)
#define assert_ptr_equal(a, b) KUNIT_ASSERT_PTR_EQ(unit_test, (const void *)(a), (const void *)(b))
#define assert_non_null(p) KUNIT_ASSERT_PTR_NE(unit_test, (const void *)(p), (const void *)NULL)
#define assert_int_equal(a, b) KUNIT_ASSERT_EQ(unit_test, (u64)(a), (u64)(b))
#define assert_string_equal(a, b) KUNIT_ASSERT_STREQ(unit_test, (const char *)(a), (const char *)(b))
#define assert_memory_equal(a, b, n) KUNIT_ASSERT_EQ(unit_test, memcmp(a, b, n), 0)

#define print_message(...) no_printk(__VA_ARGS__)

#define malloc(size) kvmalloc(size, GFP_KERNEL)
#define calloc(n, size) kvcalloc(n, size, GFP_KERNEL)
#define free(p) kvfree(p)
#define strdup(s) kstrdup(s, GFP_KERNEL)

/* The parameter after @prev; @main_function fills the list. */
static const void *unit_next(const void *prev, char *desc, int (*main_function)(void))
{
	const struct CMUnitTest *next = prev;

	if (!next)
		main_function();
	next = next ? next + 1 : unit_tests;
	if (next == unit_tests + nr_unit_tests)
		return NULL;
	strscpy(desc, next->name, KUNIT_PARAM_DESC_SIZE);
	return next;
}

static void unit_run(struct kunit *test)
{
	const struct CMUnitTest *this = test->param_value;

	unit_test = test;
	this->run(NULL);
}

#endif
