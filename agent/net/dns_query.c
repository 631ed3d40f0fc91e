// SPDX-License-Identifier: GPL-2.0-only
/* Collects the DNS servers of all NICs, and asks them for the addresses of a name. */
#include "net/dns.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>

#include "base/ip_addr.h"
#include "base/arena.h"

#define DNS_PORT 53

static void add_dns_server(struct name_servers *s, const struct nic *nic, const struct ibu_addr *a)
{
	const struct name_server new = { *a, addr_is_link_local(a) ? nic->ifindex : 0 };
	unsigned int i;

	for (i = 0; i < s->nr; i++)
		if (!memcmp(&s->list[i], &new, sizeof(new)))
			return;
	if (s->nr < DNS_SERVERS_MAX && !ibu_addr_is_null(a))
		s->list[s->nr++] = new;
}

void dns_servers(const struct progress *progress, struct name_servers *servers)
{
	const struct nic *nic;
	unsigned int i;

	*servers = (struct name_servers){ .nr = 0 };
	for (nic = progress->nics; nic < progress->nics + progress->nr_nics; nic++) {
		if (!nic->ifindex)
			continue;
		if (ibu_has(&nic->config->f, IBU_NIC_PRIMARY_DNS))
			add_dns_server(servers, nic, &nic->config->primary_dns);
		if (ibu_has(&nic->config->f, IBU_NIC_SECONDARY_DNS))
			add_dns_server(servers, nic, &nic->config->secondary_dns);
		for (i = 0; i < nic->lease.nr_dns; i++)
			add_dns_server(servers, nic, &nic->lease.dns[i]);
		if (!*servers->domain)
			memcpy(servers->domain, nic->lease.domain, sizeof(servers->domain));
	}
}

char *dns_resolv_conf(void **arena, const struct name_servers *servers)
{
	char ip[IBU_ADDR_STRLEN], link[IF_NAMESIZE], *text = arena_printf(arena, "%s", "");
	const struct name_server *s;
	unsigned int i;

	for (i = 0; i < servers->nr && text; i++) {
		s = &servers->list[i];
		ibu_addr_print(&s->addr, ip);
		if (!s->ifindex)
			text = arena_printf(arena, "%snameserver %s\n", text, ip);
		else if (if_indextoname((unsigned int)s->ifindex, link))
			text = arena_printf(arena, "%snameserver %s%%%s\n", text, ip, link);
	}
	if (text && servers->nr && *servers->domain)
		text = arena_printf(arena, "%ssearch %s\n", text, servers->domain);
	return text;
}

/* The query, in a child process */

/* resolv.h has a list for IPv4 servers and, as an extension of glibc, one for IPv6 servers. */
static void set_dns_server(unsigned int i, const struct name_server *s)
{
	const struct ibu_addr *a = &s->addr;
	struct sockaddr_in *v4 = &_res.nsaddr_list[i];
	struct sockaddr_in6 *v6;

	if (ibu_addr_is_v4(a)) {
		*v4 = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(DNS_PORT) };
		memcpy(&v4->sin_addr, a->b + 12, 4);
		return;
	}
	v6 = calloc(1, sizeof(*v6)); /* freed when the child exits */
	if (!v6)
		return;
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(DNS_PORT);
	memcpy(&v6->sin6_addr, a->b, 16);
	v6->sin6_scope_id = (uint32_t)s->ifindex;
	v4->sin_family = 0;
	_res._u._ext.nsaddrs[i] = v6;
}

static int set_resolver(const struct name_servers *servers)
{
	unsigned int i;

	if (*servers->domain)
		setenv("LOCALDOMAIN", servers->domain, 1);
	if (res_init())
		return -1;
	_res.retrans = 2; /* s */
	_res.retry = 3;
	if (!servers->nr)
		return 0;
	for (i = 0; i < servers->nr; i++)
		set_dns_server(i, &servers->list[i]);
	_res.nscount = (int)servers->nr;
	return 0;
}

static void add_answer(struct name_answer *answer, const struct addrinfo *info)
{
	const void *sa = info->ai_addr;
	struct ibu_addr a = { { [10] = 0xff, [11] = 0xff } };

	if (info->ai_family == AF_INET)
		memcpy(a.b + 12, &((const struct sockaddr_in *)sa)->sin_addr, 4);
	else if (info->ai_family == AF_INET6)
		memcpy(a.b, &((const struct sockaddr_in6 *)sa)->sin6_addr, 16);
	if (answer->nr < DNS_ADDRS_MAX && !ibu_addr_is_null(&a))
		answer->addrs[answer->nr++] = a;
}

void dns_query(const char *name, const struct name_servers *servers, struct name_answer *answer)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *list = NULL, *info;

	answer->error = EAI_MEMORY;
	answer->nr = 0;
	if (set_resolver(servers))
		return;
	answer->error = getaddrinfo(name, NULL, &hints, &list);
	if (answer->error)
		return;
	for (info = list; info; info = info->ai_next)
		add_answer(answer, info);
	freeaddrinfo(list);
	if (!answer->nr)
		answer->error = EAI_NONAME;
}
