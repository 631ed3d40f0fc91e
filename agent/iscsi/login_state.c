// SPDX-License-Identifier: GPL-2.0-only
/* Records why a login failed. */
#include "iscsi/login_state.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct verdict login_phase_broken = { STATUS_REFUSED, NEXT_NONE, FAILURE_OTHER };

/* Copies @from with all but printable ASCII as \xHH; ends with "..." where it is cut off. */
static void print_escaped(char *to, size_t size, const char *from)
{
	char *end = to + size - sizeof("...");

	for (; *from; from++) {
		bool plain = *from >= ' ' && *from <= '~' && *from != '\\';

		if (to + (plain ? 1 : 4) > end) {
			memcpy(to, "...", sizeof("..."));
			return;
		}
		if (plain)
			*to++ = *from;
		else
			to += sprintf(to, "\\x%02x", (unsigned char)*from);
	}
	*to = '\0';
}

void login_phase_refuse(struct login_phase *x, const struct verdict *verdict, const char *fmt, ...)
{
	char text[sizeof(x->answer)] = "";
	va_list args;
	int len = 0;

	if (x->failed)
		return;
	if (x->rounds)
		len = snprintf(text, sizeof(text), "login response %u: ", x->rounds);
	va_start(args, fmt);
	vsnprintf(text + len, sizeof(text) - (size_t)len, fmt, args);
	va_end(args);
	print_escaped(x->answer, sizeof(x->answer), text);
	x->verdict = *verdict;
	x->failed = true;
}
