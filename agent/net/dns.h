/* SPDX-License-Identifier: GPL-2.0-only */
/* DNS: portals that are given by name, /run/iscsi-boot/resolv.conf, and the machine's own name. */
#ifndef AGENT_NET_DNS_H
#define AGENT_NET_DNS_H

#include "loop/path.h"

/* As many as a resolver asks: MAXNS of glibc and musl. */
#define DNS_SERVERS_MAX 3

struct name_servers {
	struct name_server {
		struct ibu_addr addr;
		int ifindex; /* of the link that a link-local one is on; 0: any other */
	} list[DNS_SERVERS_MAX];
	unsigned int nr;
	char domain[IBU_TEXT_MAX + 1]; /* for names without a dot; empty: none */
};

/* Of all NICs of the plan that are up, in their order. */
void dns_servers(const struct progress *progress, struct name_servers *servers);
/* As resolv.conf(5) has it; empty without servers. NULL without memory. */
char *dns_resolv_conf(void **arena, const struct name_servers *servers);

#define DNS_ADDRS_MAX 16

struct name_answer {
	int error; /* of getaddrinfo(); 0: there is an address */
	struct ibu_addr addrs[DNS_ADDRS_MAX]; /* the best first; more of them are left out */
	unsigned int nr;
};

/* Asks @servers, or as the image's resolv.conf says where there are none. Takes its time. */
void dns_query(const char *name, const struct name_servers *servers, struct name_answer *answer);

#endif
