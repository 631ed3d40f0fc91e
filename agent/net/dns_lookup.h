/* SPDX-License-Identifier: GPL-2.0-only */
/* Resolves a host name in a child process, because the C library's resolver blocks. */
#ifndef AGENT_NET_DNS_LOOKUP_H
#define AGENT_NET_DNS_LOOKUP_H

#include "base/task.h"
#include "net/dns.h"

struct dns_lookup {
	struct name_answer *answer; /* shared with the child; valid once the lookup has ended */
	struct task task; /* its pidfd tells the end */
	/* Arguments of the child: */
	char name[IBU_TEXT_MAX + 1];
	struct name_servers servers;
};

/*
 * Starts to resolve @name, by the servers of all NICs that are up. @lookup is zeroed before the
 * first use. Returns 0 or -errno.
 */
int dns_lookup_start(struct dns_lookup *lookup, const struct progress *progress,
		     const struct ibu_text *name);
/* Returns true once after the lookup has ended. */
bool dns_lookup_has_ended(struct dns_lookup *lookup);
/* Stops the lookup, if it runs, and frees the answer. @lookup may be zeroed. */
void dns_lookup_free(struct dns_lookup *lookup);

#endif
