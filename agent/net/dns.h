/* SPDX-License-Identifier: GPL-2.0-only */
/* DNS: resolves portals given by name and writes /run/iscsi-boot/resolv.conf. */
#ifndef AGENT_NET_DNS_H
#define AGENT_NET_DNS_H

#include "loop/path.h"

/* The most servers that a resolver asks: MAXNS of glibc and musl. */
#define DNS_SERVERS_MAX 3

struct name_servers {
	struct name_server {
		struct ibu_addr addr;
		int ifindex; /* of a link-local server's link; 0 for any other server */
	} list[DNS_SERVERS_MAX];
	unsigned int nr;
	char domain[IBU_TEXT_MAX + 1]; /* appended to names without a dot; empty: none */
};

/* Collects the servers and the domain of all NICs that are up, in the plan's order. */
void dns_servers(const struct progress *progress, struct name_servers *servers);
/*
 * Returns the text of a resolv.conf(5) in @arena: empty if there are no servers, NULL without
 * memory.
 */
char *dns_resolv_conf(void **arena, const struct name_servers *servers);

#define DNS_ADDRS_MAX 16

struct name_answer {
	int error; /* EAI_* of getaddrinfo(); 0: there is an address */
	struct ibu_addr addrs[DNS_ADDRS_MAX]; /* the best first; excess ones are dropped */
	unsigned int nr;
};

/*
 * Resolves @name into @answer. Asks @servers, or those of the image's resolv.conf if there are
 * none. Blocks, and changes the resolver's state of the process: call it in a child.
 */
void dns_query(const char *name, const struct name_servers *servers, struct name_answer *answer);

#endif
