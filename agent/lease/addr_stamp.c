// SPDX-License-Identifier: GPL-2.0-only
/* Asks the kernel when an address was set, by rtnetlink; the program has no libmnl. */
#include "lease/addr_stamp.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/deadline.h"
#include "base/ip_addr.h"

/* The address that is looked for, and its time. */
struct addr_stamp {
	int ifindex;
	const struct ibu_addr *ip;
	bool found;
	__u32 stamp; /* in 1/100 s since the kernel started; wraps after 497 days */
};

static int ask_addresses(int fd, unsigned char family)
{
	const struct timeval limit = { .tv_sec = 1 };
	struct {
		struct nlmsghdr head;
		struct ifaddrmsg addr;
	} request = { { .nlmsg_len = sizeof(request),
			.nlmsg_type = RTM_GETADDR,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		      { .ifa_family = family } };

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) ||
	    send(fd, &request, sizeof(request), 0) < 0)
		return -errno;
	return 0;
}

/* RTA_NEXT() without its conversions of signs. */
static const struct rtattr *next_attr(const struct rtattr *a, int *len)
{
	*len -= (int)RTA_ALIGN(a->rta_len);
	return (const struct rtattr *)((const char *)a + RTA_ALIGN(a->rta_len));
}

static void read_stamp(struct addr_stamp *s, const struct nlmsghdr *head)
{
	const struct ifaddrmsg *addr = NLMSG_DATA(head);
	const struct ifa_cacheinfo *cache = NULL;
	const struct rtattr *a = IFA_RTA(addr);
	const bool v4 = ibu_addr_is_v4(s->ip);
	const size_t at = v4 ? ADDR_V4_AT : 0;
	int len = (int)IFA_PAYLOAD(head);
	bool same = false;

	for (; RTA_OK(a, len); a = next_attr(a, &len))
		if (a->rta_type == IFA_CACHEINFO && RTA_PAYLOAD(a) >= sizeof(*cache))
			cache = RTA_DATA(a);
		else if (a->rta_type == (v4 ? IFA_LOCAL : IFA_ADDRESS))
			same = RTA_PAYLOAD(a) == sizeof(s->ip->b) - at &&
			       !memcmp(RTA_DATA(a), s->ip->b + at, sizeof(s->ip->b) - at);
	if ((int)addr->ifa_index != s->ifindex || !same || !cache)
		return;
	s->found = true;
	s->stamp = cache->tstamp;
}

/* Reads one part of the dump. Returns 1: more follows; 0: the end; or -errno. */
static int read_addresses(struct addr_stamp *s, int fd)
{
	char buf[32768] __attribute__((aligned(NLMSG_ALIGNTO)));
	ssize_t got = recv(fd, buf, sizeof(buf), 0);
	const struct nlmsghdr *head = (const struct nlmsghdr *)buf;
	unsigned int len = got > 0 ? (unsigned int)got : 0;

	if (got < 0)
		return -errno;
	for (; NLMSG_OK(head, len); head = NLMSG_NEXT(head, len)) {
		if (head->nlmsg_type == NLMSG_DONE || head->nlmsg_type == NLMSG_ERROR)
			return 0;
		if (head->nlmsg_type == RTM_NEWADDR &&
		    head->nlmsg_len >= NLMSG_LENGTH(sizeof(struct ifaddrmsg)))
			read_stamp(s, head);
	}
	return got > 0;
}

int addr_stamp_read(int ifindex, const struct ibu_addr *ip, unsigned int *since_s)
{
	AUTO_FD fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	struct addr_stamp s = { .ifindex = ifindex, .ip = ip };
	const int64_t now = now_ns();
	int r = fd < 0 ? -errno : ask_addresses(fd, addr_family(ip));

	if (r)
		return r;
	while ((r = read_addresses(&s, fd)) > 0)
		;
	if (r < 0 || !s.found)
		return r < 0 ? r : -ENOENT;
	*since_s = (unsigned int)((now - (int64_t)((__u32)(now / 10000000) - s.stamp) * 10000000) /
				  1000000000);
	return 0;
}
