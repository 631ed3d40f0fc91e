// SPDX-License-Identifier: GPL-2.0-only
#include "backoff.h"

const struct backoff backoff_silent = { .first_ms = 250, .most_ms = 8000 };
const struct backoff backoff_busy = { .first_ms = 2000, .most_ms = 3000 };

unsigned int backoff_ms(const struct backoff *b, unsigned int failures, unsigned int random)
{
	unsigned int longest = b->first_ms;

	while (--failures && longest < b->most_ms)
		longest = longest > b->most_ms / 2 ? b->most_ms : 2 * longest;
	return random % longest + 1;
}
