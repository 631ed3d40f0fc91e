/* SPDX-License-Identifier: GPL-2.0-only */
/* Syntax of iSCSI names (RFC 7143 4.2.7). */
#ifndef AGENT_ISCSI_ISCSI_NAME_H
#define AGENT_ISCSI_ISCSI_NAME_H

#include <stdbool.h>

#include "kmod/core/params.h"

/* The rule as text for messages. */
#define ISCSI_NAME_RULE "a name of 1 to 223 characters a-z 0-9 . - : (RFC 7143 4.2.7.2)"

enum iscsi_name_syntax {
	ISCSI_NAME_STRICT, /* as RFC 7143 4.2.7.2 requires */
	ISCSI_NAME_TOLERATED, /* also A-Z or _: some targets have such names, compared by bytes */
	ISCSI_NAME_INVALID,
};

/* Checks length and characters of @name. Names later reach shells and files. */
enum iscsi_name_syntax iscsi_name_check(const struct ibu_text *name);
/* Returns true if @name is strict or tolerated. */
bool iscsi_name_is_valid(const struct ibu_text *name);

#endif
