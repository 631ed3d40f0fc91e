// SPDX-License-Identifier: GPL-2.0-only
/* Checks host and domain names that come from DHCP, firmware or the command line. */
#include "base/hostname.h"

#include <string.h>

#include "kmod/core/params.h"

#define NAME_MAX_STRICT 253
#define LABEL_MAX 63

bool hostname_is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool hostname_has_valid_chars(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!hostname_is_alnum(s[i]) && (!i || (s[i] != '-' && s[i] != '.')))
			return false;
	return len && len <= IBU_TEXT_MAX;
}

static bool is_valid_label(const char *s, size_t len)
{
	return len && len <= LABEL_MAX && s[0] != '-' && s[len - 1] != '-';
}

bool hostname_is_valid(const char *s, size_t len)
{
	const char *end = s + len, *dot;

	if (len > NAME_MAX_STRICT || !hostname_has_valid_chars(s, len))
		return false;
	for (; (dot = memchr(s, '.', (size_t)(end - s))); s = dot + 1)
		if (!is_valid_label(s, (size_t)(dot - s)))
			return false;
	return is_valid_label(s, (size_t)(end - s));
}
