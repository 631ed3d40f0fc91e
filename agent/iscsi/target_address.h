/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads TargetAddress of redirects and of SendTargets. */
#ifndef AGENT_ISCSI_TARGET_ADDRESS_H
#define AGENT_ISCSI_TARGET_ADDRESS_H

#include "iscsi/login_state.h"

/*
 * Reads "HOST[:PORT][,GROUP]" (RFC 7143 13.8) into host and port of @to; an IPv6 address may lack
 * its brackets. Returns false if @text is not of this form; @to is then undefined.
 */
bool target_address_read(struct login_redirect *to, const char *text);

#endif
