// SPDX-License-Identifier: GPL-2.0-only
/* Tests the DNS servers of NICs, resolv.conf and queries. */
#include "tests/unit/parsed.h"

#include "base/cleanup.h"
#include "net/dns.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <netdb.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

static struct ibu_nic nics[3];
static struct plan_nic planned[3];
static struct nic ups[3];
static struct plan plan;
static struct progress progress;

static int make(void **state)
{
	unsigned int i;

	memset(nics, 0, sizeof(nics));
	plan = (struct plan){ .nics = planned, .nr_nics = 3 };
	progress = (struct progress){ .plan = &plan, .nics = ups, .nr_nics = 3 };
	for (i = 0; i < 3; i++) {
		ups[i] = (struct nic){ .plan = &planned[i],
				       .config = &nics[i],
				       .ifindex = (int)i + 2 };
	}
	return 0;
}

static struct ibu_addr addr(const char *text)
{
	struct ibu_addr a;

	assert_int_equal(ibu_addr_parse(text, strlen(text), &a), 0);
	return a;
}

static void assert_resolv_conf(const char *want)
{
	struct name_servers servers;
	AUTO_ARENA arena = NULL;

	dns_servers(&progress, &servers);
	assert_string_equal(dns_resolv_conf(&arena, &servers), want);
}

static void resolv_conf(void **state)
{
	assert_resolv_conf("");
	strcpy(ups[1].lease.domain, "lab.example");
	assert_resolv_conf(""); /* a domain without a server is not written */
	nics[0].primary_dns = addr("10.0.0.1");
	ibu_set(&nics[0].f, IBU_NIC_PRIMARY_DNS);
	ups[1].lease.dns[0] = addr("10.0.0.1");
	ups[1].lease.dns[1] = addr("fd00::1");
	ups[1].lease.nr_dns = 2;
	strcpy(ups[2].lease.domain, "other.example");
	assert_resolv_conf("nameserver 10.0.0.1\nnameserver fd00::1\nsearch lab.example\n");
	/* The servers of a NIC that is not up are not used. */
	ups[1].ifindex = 0;
	assert_resolv_conf("nameserver 10.0.0.1\nsearch other.example\n");
}

/* Link-local servers differ by link; a server on a link that does not exist is omitted. */
static void links_of_servers(void **state)
{
	nics[0].primary_dns = addr("fe80::1");
	nics[1].primary_dns = addr("fe80::1");
	ibu_set(&nics[0].f, IBU_NIC_PRIMARY_DNS);
	ibu_set(&nics[1].f, IBU_NIC_PRIMARY_DNS);
	ups[0].ifindex = (int)if_nametoindex("lo");
	ups[1].ifindex = INT_MAX;
	ups[2].lease.dns[0] = addr("fe00::1"); /* not link-local */
	ups[2].lease.nr_dns = 1;
	assert_resolv_conf("nameserver fe80::1%lo\nnameserver fe00::1\n");
}

static void at_most_three_servers(void **state)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		ups[i].lease.dns[0] = addr("10.0.0.1");
		ups[i].lease.dns[0].b[15] = (u8)(10 + i);
		ups[i].lease.dns[1] = addr("10.0.1.1");
		ups[i].lease.dns[1].b[15] = (u8)(20 + i);
		ups[i].lease.nr_dns = 2;
	}
	assert_resolv_conf("nameserver 10.0.0.10\nnameserver 10.0.1.20\nnameserver 10.0.0.11\n");
}

/*
 * Runs a DNS server on port 53 of a new network namespace, with one A record, 10.1.2.3, and no
 * AAAA.
 */

static int serve(int family, const char *at, int ifindex)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(53) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6,
				   .sin6_port = htons(53),
				   .sin6_scope_id = (uint32_t)ifindex };
	const bool is_v4 = family == AF_INET;
	int fd = socket(family, SOCK_DGRAM, 0);

	inet_pton(family, at, is_v4 ? (void *)&v4.sin_addr : (void *)&v6.sin6_addr);
	if (bind(fd, is_v4 ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6,
		 is_v4 ? sizeof(v4) : sizeof(v6)))
		return -1;
	return fd;
}

/* Returns the question (RFC 1035 4.1), with one record if it asks for an A of "store.lab". */
static void *answer_all(void *data)
{
	static const u8 record[] = { 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 1, 2, 3 };
	static const u8 name[] = "\5store\3lab";
	const int fd = *(const int *)data;
	struct sockaddr_storage from;
	socklen_t from_len = sizeof(from);
	u8 msg[512];
	ssize_t len;

	while ((len = recvfrom(fd, msg, 400, 0, (struct sockaddr *)&from, &from_len)) > 16) {
		bool known = !memcmp(msg + 12, name, sizeof(name));
		size_t end = 12 + strlen((char *)msg + 12) + 5;
		bool is_a = msg[end - 3] == 1;

		msg[2] = 0x84;
		msg[3] = known ? 0 : 3; /* NXDOMAIN */
		memset(msg + 6, 0, 6);
		if (known && is_a) {
			msg[7] = 1;
			memcpy(msg + end, record, sizeof(record));
			end += sizeof(record);
		}
		sendto(fd, msg, end, 0, (struct sockaddr *)&from, from_len);
		from_len = sizeof(from);
	}
	return NULL;
}

static int ask(const struct name_servers *servers, int fd)
{
	struct name_answer answer;
	pthread_t thread;

	pthread_create(&thread, NULL, answer_all, &fd);
	dns_query("store", servers, &answer);
	if (answer.error || answer.nr != 1 || answer.addrs[0].b[15] != 3)
		return 1;
	dns_query("other.lab", servers, &answer);
	return answer.error == EAI_NONAME ? 0 : 2;
}

/* Runs in a child, because the resolver keeps its state. Returns 0, or 77 without a namespace. */
static int ask_at(int family, const char *at, int ifindex)
{
	struct name_servers servers = { .nr = 1, .domain = "lab" };
	int status;

	servers.list[0] = (struct name_server){ addr(at), ifindex };
	if (!fork()) {
		if (unshare(CLONE_NEWNET) || system("ip link set lo up"))
			_exit(77);
		if (ifindex && system("ip addr add fe80::1/64 dev lo nodad"))
			_exit(78);
		_exit(ask(&servers, serve(family, at, ifindex)));
	}
	wait(&status);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

static void asked(void **state)
{
	int r = ask_at(AF_INET, "127.0.0.1", 0);

	if (r == 77)
		skip();
	assert_int_equal(r, 0);
	assert_int_equal(ask_at(AF_INET6, "::1", 0), 0);
	assert_int_equal(ask_at(AF_INET6, "fe80::1", 1), 0); /* lo is the first of a namespace */
}

#define TEST(f) cmocka_unit_test_setup(f, make)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(resolv_conf),
		TEST(links_of_servers),
		TEST(at_most_three_servers),
		TEST(asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
