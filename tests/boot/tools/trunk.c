// SPDX-License-Identifier: GPL-2.0-only
/*
 * trunk TAP VLAN ACCESS: a switch port that carries VLAN tagged (on TAP) and the same network
 * untagged (on ACCESS), for hosts whose kernel has no 8021q. Drops frames without that tag. Prints
 * "ready".
 */
#include <err.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define MACS 12 /* the addresses before the tag */
#define TAG 4

static int tap(const char *name)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr) < 0)
		err(1, "%s", name);
	return fd;
}

/*
 * A frame that the other side cannot accept, for example because it is down, is dropped, as on a
 * wire.
 */
static void pass(int fd, const uint8_t *frame, ssize_t len)
{
	if (write(fd, frame, (size_t)len) < 0)
		return;
}

int main(int argc, char **argv)
{
	uint8_t buf[TAG + 65536], *frame = buf + TAG, tag[TAG] = { 0x81 };
	struct pollfd p[2] = { { .events = POLLIN }, { .events = POLLIN } };
	ssize_t len;

	if (argc != 4)
		errx(2, "usage: trunk TAP VLAN ACCESS");
	p[0].fd = tap(argv[1]);
	p[1].fd = tap(argv[3]);
	tag[2] = (uint8_t)(atoi(argv[2]) >> 8);
	tag[3] = (uint8_t)atoi(argv[2]);
	puts("ready");
	fflush(stdout);
	while (poll(p, 2, -1) > 0) {
		if (p[0].revents & POLLIN) {
			len = read(p[0].fd, frame, 65536);
			/*
			 * The sender may set the priority in the tag, so those bits are not
			 * compared.
			 */
			if (len > MACS + TAG && !memcmp(frame + MACS, tag, 2) &&
			    (frame[MACS + 2] & 0xf) == tag[2] && frame[MACS + 3] == tag[3]) {
				memmove(frame + TAG, frame, MACS);
				pass(p[1].fd, frame + TAG, len - TAG);
			}
		}
		if (p[1].revents & POLLIN) {
			len = read(p[1].fd, frame, 65536);
			if (len > MACS) {
				memmove(buf, frame, MACS);
				memcpy(buf + MACS, tag, TAG);
				pass(p[0].fd, buf, len + TAG);
			}
		}
		if ((p[0].revents | p[1].revents) & (POLLERR | POLLHUP))
			return 1;
	}
	return 1;
}
