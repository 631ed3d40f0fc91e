// SPDX-License-Identifier: GPL-2.0-only
/*
 * lacp TAP PORT...: a switch whose ports are one LACP channel (IEEE 802.1AX), for hosts whose kernel
 * has no bonding. Each PORT is a device with a machine at its other end; TAP is the network behind
 * the switch. A port passes frames only while the machine collects and distributes on it. Each LACPDU
 * is answered, so no timer is needed. Prints "ready", and a line for each port that joins.
 */
#include <err.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/ethernet.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* The index of a device by name; <net/if.h> collides with <linux/if.h>. */
unsigned int if_nametoindex(const char *name);

#define PORTS 4
/* Offsets in an LACPDU from the Ethernet header on: the information of actor and partner. */
#define ACTOR 16
#define PARTNER 36
#define INFO 20
#define STATE (ACTOR + 16)
#define PDU 124
/* Actor states: activity, short timeout, aggregation, synchronization, collecting, distributing. */
#define ALL_STATES 0x3f
#define PASSES 0x30

static struct port {
	int fd;
	bool joined;
} ports[PORTS];
static struct pollfd fds[PORTS + 1];

static int tap(const char *name)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr) < 0)
		err(1, "%s", name);
	return fd;
}

static int port_open(const char *name)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET,
				  .sll_protocol = __builtin_bswap16(ETH_P_ALL),
				  .sll_ifindex = (int)if_nametoindex(name) };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, at.sll_protocol), on = 1;

	if (fd < 0 || !at.sll_ifindex || bind(fd, (struct sockaddr *)&at, sizeof(at)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on)))
		err(1, "%s", name);
	return fd;
}

/* A frame that the other side cannot accept is dropped, as on a wire. */
static void pass(int fd, const uint8_t *frame, ssize_t len)
{
	if (write(fd, frame, (size_t)len) < 0)
		return;
}

static bool is_lacpdu(const uint8_t *frame, ssize_t len)
{
	return len >= PDU && frame[12] == 0x88 && frame[13] == 0x09 && frame[14] == 1;
}

/* Answers with the own information as actor and that of the machine as partner. */
static void answer(unsigned int n, const uint8_t *frame)
{
	static const uint8_t to[] = { 0x01, 0x80, 0xc2, 0, 0,	 2,    0x02, 0,
				      0,    0,	  0,	1, 0x88, 0x09, 1,    1 };
	uint8_t pdu[PDU] = { 0 };
	/* type, length, system priority, system, key, port priority, port, state */
	const uint8_t own[INFO] = { 1,	       INFO, 0x80, 0, 0x02, 0,	  0, 0,
				    0,	       1,    0,	   1, 0,    0xff, 0, (uint8_t)(n + 1),
				    ALL_STATES };
	bool joined = (frame[STATE] & PASSES) == PASSES;

	memcpy(pdu, to, sizeof(to));
	memcpy(pdu + ACTOR, own, sizeof(own));
	memcpy(pdu + PARTNER, frame + ACTOR, INFO);
	pdu[PARTNER] = 2;
	pdu[PARTNER + INFO] = 3; /* collector information */
	pdu[PARTNER + INFO + 1] = 16;
	pass(ports[n].fd, pdu, sizeof(pdu));
	if (joined && !ports[n].joined)
		printf("port %u joined\n", n);
	ports[n].joined = joined;
}

int main(int argc, char **argv)
{
	unsigned int n, nr = 0, last = 0;
	uint8_t frame[65536];
	ssize_t len;

	if (argc < 3 || argc > PORTS + 2)
		errx(2, "usage: lacp TAP PORT...");
	for (; nr + 2 < (unsigned int)argc; nr++) {
		ports[nr].fd = port_open(argv[nr + 2]);
		fds[nr] = (struct pollfd){ ports[nr].fd, POLLIN, 0 };
	}
	fds[nr] = (struct pollfd){ tap(argv[1]), POLLIN, 0 };
	setlinebuf(stdout);
	puts("ready");
	while (poll(fds, nr + 1, -1) > 0) {
		for (n = 0; n <= nr; n++) {
			if (!(fds[n].revents & POLLIN))
				continue;
			len = read(fds[n].fd, frame, sizeof(frame));
			if (len < ETH_HLEN)
				continue;
			if (n < nr && is_lacpdu(frame, len))
				answer(n, frame);
			else if (n < nr && ports[n].joined)
				pass(fds[nr].fd, frame, len);
			else if (n == nr && ports[last].joined)
				pass(ports[last].fd, frame, len);
			if (n < nr && ports[n].joined)
				last = n;
		}
	}
	return 1;
}
