// SPDX-License-Identifier: GPL-2.0-only
/* Computes the pause before the next attempt. */
#include "base/backoff.h"

const struct backoff backoff_silent = { .first_ms = 250, .most_ms = 8000 };
const struct backoff backoff_busy = {
	.first_ms = 2000,
	.most_ms = 8000,
	.patience = 60,
	.least_ms = 1000,
};

unsigned int backoff_ms(const struct backoff *b, unsigned int failures, unsigned int random)
{
	unsigned int n, longest = b->first_ms;

	for (n = 1; n < failures && n < b->patience && longest > b->least_ms; n++)
		longest = longest / 2 > b->least_ms ? longest / 2 : b->least_ms;
	for (n = b->patience ? b->patience : 1; n < failures && longest < b->most_ms; n++)
		longest = longest > b->most_ms / 2 ? b->most_ms : 2 * longest;
	return random % longest + 1;
}
