// SPDX-License-Identifier: GPL-2.0-only
/* Checks the syntax of iSCSI names. */
#include "iscsi/iscsi_name.h"

static bool is_strict(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':';
}

static bool is_tolerated(char c)
{
	return (c >= 'A' && c <= 'Z') || c == '_' || c == '@';
}

/* The digits of eui. and naa. names may be upper case (RFC 7143 4.2.7.5, 4.2.7.6). */
static bool is_hex_name(const struct ibu_text *name)
{
	return name->len > 4 && (!memcmp(name->s, "eui.", 4) || !memcmp(name->s, "naa.", 4));
}

enum iscsi_name_syntax iscsi_name_check(const struct ibu_text *name)
{
	enum iscsi_name_syntax syntax = ISCSI_NAME_STRICT;
	u32 i;

	if (!name->len || name->len > IBU_ISCSI_NAME_MAX)
		return ISCSI_NAME_INVALID;
	for (i = 0; i < name->len; i++) {
		if (name->s[i] >= 'A' && name->s[i] <= 'F' && is_hex_name(name))
			continue;
		if (is_tolerated(name->s[i]))
			syntax = ISCSI_NAME_TOLERATED;
		else if (!is_strict(name->s[i]))
			return ISCSI_NAME_INVALID;
	}
	return syntax;
}

bool iscsi_name_is_valid(const struct ibu_text *name)
{
	return iscsi_name_check(name) != ISCSI_NAME_INVALID;
}
