// SPDX-License-Identifier: GPL-2.0-only
/* Tests that pauses are spread over a span that doubles up to its limit. */
#include "tests/unit/root.h"

#include "base/backoff.h"

#include <limits.h>

static const struct backoff backoff = { .first_ms = 250, .most_ms = 7000 };

/* Returns the longest pause; asserts that the shortest is 1 ms. */
static unsigned int longest(const struct backoff *b, unsigned int failures)
{
	unsigned int random, ms, most = 0;

	for (random = 0; random < 2 * b->most_ms; random++) {
		ms = backoff_ms(b, failures, random);
		assert_true(ms >= 1);
		most = ms > most ? ms : most;
	}
	assert_int_equal(backoff_ms(b, failures, 0), 1);
	return most;
}

static void doubles_up_to_its_limit(void **state)
{
	static const unsigned int want[] = { 250, 500, 1000, 2000, 4000, 7000, 7000 };
	unsigned int i;

	for (i = 0; i < sizeof(want) / sizeof(*want); i++)
		assert_int_equal(longest(&backoff, i + 1), want[i]);
	assert_int_equal(longest(&backoff, UINT_MAX), 7000);
}

static void halves_before_it_doubles(void **state)
{
	static const struct backoff b = {
		.first_ms = 900, .most_ms = 1500, .patience = 5, .least_ms = 300
	};
	static const unsigned int want[] = { 900, 450, 300, 300, 300, 600, 1200, 1500, 1500 };
	unsigned int i;

	for (i = 0; i < sizeof(want) / sizeof(*want); i++)
		assert_int_equal(longest(&b, i + 1), want[i]);
	assert_int_equal(longest(&b, UINT_MAX), 1500);
}

static void limits_of_the_type(void **state)
{
	const struct backoff b = { .first_ms = UINT_MAX / 2, .most_ms = UINT_MAX };

	assert_int_equal(backoff_ms(&b, 9, UINT_MAX - 1), UINT_MAX);
	assert_int_equal(backoff_ms(&b, 9, UINT_MAX), 1);
}

/* Each tenth of the span gets a tenth of the pauses. */
static void is_spread_equally(void **state)
{
	unsigned int tenths[10] = { 0 }, random = 1, i;

	for (i = 0; i < 100000; i++) {
		random = random * 1664525 + 1013904223; /* generator of Numerical Recipes */
		tenths[(backoff_ms(&backoff, 3, random >> 1) - 1) / 100]++;
	}
	for (i = 0; i < 10; i++)
		assert_in_range(tenths[i], 9500, 10500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(doubles_up_to_its_limit),
		cmocka_unit_test(halves_before_it_doubles),
		cmocka_unit_test(limits_of_the_type),
		cmocka_unit_test(is_spread_equally),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
