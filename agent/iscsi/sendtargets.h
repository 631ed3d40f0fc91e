/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads the response to SendTargets (RFC 7143 appendix C). No I/O. */
#ifndef AGENT_ISCSI_SENDTARGETS_H
#define AGENT_ISCSI_SENDTARGETS_H

#include <stdbool.h>
#include <stddef.h>

#include "kmod/core/params.h"

/* The target chosen from a response. */
struct discovered {
	char name[IBU_ISCSI_NAME_MAX + 1]; /* valid by iscsi_name_is_valid() */
	long tpgt; /* portal group of the queried portal; -1: not in the response */
	/* Addresses of the target with the port of the portal, if none is that of the portal. */
	struct ibu_addr elsewhere[4];
	unsigned int nr_elsewhere;
	unsigned int others; /* number of further targets in the response */
};

/*
 * Chooses from @text, the whole response of @len bytes: the first target that has the address
 * @portal and @port, or 0.0.0.0 or :: and @port, or no address; else the first target. Returns
 * false if no target has a valid name.
 */
bool discovery_choose(const char *text, size_t len, const char *portal, unsigned int port,
		      struct discovered *found);

#endif
