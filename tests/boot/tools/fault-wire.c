// SPDX-License-Identifier: GPL-2.0-only
/*
 * Watches the TCP segments between a machine and a port, on its network interface on this host.
 *
 *   fault-wire INTERFACE PORT        prints a line for each segment, until it is killed: TIME LENGTH, "to" or
 *                                    "from" the port, and SYN, or AGAIN if it begins with data sent before
 *   fault-wire INTERFACE PORT reset  waits for a full segment from the machine, which is in the middle of a
 *                                    write, and resets its connection at once; repeats this until a SYN
 *                                    comes. Prints the time of the last segment that it answered with a
 *                                    reset. The exit status is 1 if no segment comes for 120 s.
 */
#include <arpa/inet.h>
#include <err.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct frame {
	struct ethhdr eth;
	struct iphdr ip;
	struct tcphdr tcp;
} __attribute__((packed));

/* Less than a full segment at any MTU, more than a command without data. */
#define FULL 1000
#define SECONDS 120

/* Opens a packet socket whose recv() times out after @seconds; 0: never. */
static int packets(const char *interface, int seconds)
{
	/* ETH_P_ALL: with a single protocol, a bridge would take the packets first. */
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	struct timeval limit = { .tv_sec = seconds };
	int on = 1;
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	at.sll_ifindex = (int)if_nametoindex(interface);
	if (fd < 0 || !at.sll_ifindex || bind(fd, (struct sockaddr *)&at, sizeof(at)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) ||
	    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)))
		err(1, "%s", interface);
	return fd;
}

/*
 * Receives a packet, and sets *@at to the time at which the kernel saw it: on a busy host, two
 * programs that watch the same packets read them at different times.
 */
static ssize_t receive(int fd, void *buf, size_t size, struct timespec *at)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(*at))];
	} control;
	struct iovec data = { buf, size };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	ssize_t len = recvmsg(fd, &message, 0);
	struct cmsghdr *first = len < 0 ? NULL : CMSG_FIRSTHDR(&message);

	if (len >= 0 && (!first || first->cmsg_type != SO_TIMESTAMPNS))
		errx(1, "a packet has no timestamp");
	if (first)
		memcpy(at, CMSG_DATA(first), sizeof(*at));
	return len;
}

/* Both sides send no IP options. */
static bool is_tcp(const struct frame *f, ssize_t len)
{
	return len >= (ssize_t)sizeof(*f) && f->eth.h_proto == htons(ETH_P_IP) && f->ip.ihl == 5 &&
	       f->ip.protocol == IPPROTO_TCP;
}

static int payload(const struct frame *f)
{
	return ntohs(f->ip.tot_len) - (int)sizeof(f->ip) - f->tcp.doff * 4;
}

static void show(struct timespec at, const char *text)
{
	printf("%lld.%06ld%s\n", (long long)at.tv_sec, at.tv_nsec / 1000, text);
	fflush(stdout);
}

/*
 * Checks whether a segment begins with data sent before. @next is the next sequence number of its
 * sender; it holds for one connection at a time.
 */
static bool is_again(const struct frame *f, uint32_t *next)
{
	uint32_t seq = ntohl(f->tcp.seq);
	bool again = !f->tcp.syn && payload(f) > 0 && (int32_t)(seq - *next) < 0;

	if (!again)
		*next = seq + (uint32_t)payload(f) + f->tcp.syn;
	return again;
}

static void show_segment(struct timespec at, const struct frame *f, bool to, uint32_t *next)
{
	const char *what = is_again(f, next) ? " AGAIN" : f->tcp.syn ? " SYN" : "";
	char text[32];

	snprintf(text, sizeof(text), " %d %s%s", payload(f), to ? "to" : "from", what);
	show(at, text);
}

static uint16_t checksum(const void *data, size_t len, uint32_t sum)
{
	const uint8_t *b = data;

	for (size_t i = 0; i < len; i += 2)
		sum += (uint32_t)(b[i] << 8 | b[i + 1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

/*
 * Makes a reset to the sender of @f, with the sequence number that it expects; it ignores any
 * other.
 */
static void make_reset(struct frame *r, const struct frame *f)
{
	uint32_t pseudo = IPPROTO_TCP + sizeof(r->tcp);
	const uint8_t *address = (const uint8_t *)&r->ip.saddr;

	memset(r, 0, sizeof(*r));
	memcpy(r->eth.h_dest, f->eth.h_source, ETH_ALEN);
	memcpy(r->eth.h_source, f->eth.h_dest, ETH_ALEN);
	r->eth.h_proto = f->eth.h_proto;
	r->ip = (struct iphdr){ .version = 4,
				.ihl = 5,
				.ttl = 64,
				.protocol = IPPROTO_TCP,
				.saddr = f->ip.daddr,
				.daddr = f->ip.saddr };
	r->ip.tot_len = htons(sizeof(r->ip) + sizeof(r->tcp));
	r->ip.check = checksum(&r->ip, sizeof(r->ip), 0);
	r->tcp = (struct tcphdr){ .source = f->tcp.dest,
				  .dest = f->tcp.source,
				  .seq = f->tcp.ack_seq,
				  .doff = 5,
				  .rst = 1 };
	for (int i = 0; i < 8; i += 2) /* both addresses */
		pseudo += (uint32_t)(address[i] << 8 | address[i + 1]);
	r->tcp.check = checksum(&r->tcp, sizeof(r->tcp), pseudo);
}

static void reset_sender(int fd, const struct frame *f)
{
	struct frame reset;

	make_reset(&reset, f);
	if (send(fd, &reset, sizeof(reset), 0) != sizeof(reset))
		err(1, "send");
}

int main(int argc, char **argv)
{
	union {
		struct frame frame;
		uint8_t bytes[65536];
	} buf;
	bool reset = argc == 4 && !strcmp(argv[3], "reset");
	struct timespec cut = { 0 }, at;
	uint32_t next[2] = { 0 }; /* from there, to there */
	uint16_t port;
	ssize_t len;
	int fd;

	if (argc != 3 && !reset)
		errx(2, "usage: fault-wire INTERFACE PORT [reset]");
	port = htons((uint16_t)atoi(argv[2]));
	fd = packets(argv[1], reset ? SECONDS : 0);
	while ((len = receive(fd, &buf, sizeof(buf), &at)) > 0) {
		const struct frame *f = &buf.frame;
		bool to = is_tcp(f, len) && f->tcp.dest == port;

		if (!to && (!is_tcp(f, len) || f->tcp.source != port))
			continue;
		if (!reset) {
			show_segment(at, f, to, &next[to]);
		} else if (to && cut.tv_sec && f->tcp.syn) {
			show(cut, "");
			return 0;
		} else if (to && payload(f) >= FULL) {
			/* A segment to the machine may have overtaken the reset: then try again. */
			reset_sender(fd, f);
			cut = at;
		}
	}
	err(1, "no segment to port %s", argv[2]);
}
