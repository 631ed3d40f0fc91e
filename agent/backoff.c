// SPDX-License-Identifier: GPL-2.0-only
#include "backoff.h"

unsigned int backoff_ms(const struct backoff *b, unsigned int failures, unsigned int random)
{
	unsigned int longest = b->first_ms;

	while (--failures && longest < b->most_ms)
		longest = longest > b->most_ms / 2 ? b->most_ms : 2 * longest;
	return random % longest + 1;
}
