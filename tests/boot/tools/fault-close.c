// SPDX-License-Identifier: GPL-2.0-only
/*
 * fault-close ADDRESS PORT: a target that listens before it knows its LUNs. It closes connections after the
 * initiator gave them to its kernel and before it set their parameters, which is shortly before it sends the
 * first Login Request. So it measures how long the initiator takes until then, and closes the next connections
 * after a random part of that time. Prints for each connection the microseconds until its end, and why: "login",
 * "closed", or "gone" if the initiator closed it.
 */
#include <arpa/inet.h>
#include <err.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define LOGIN_US 5000000 /* an initiator that takes longer is not waited for */

static int listen_at(const char *address, const char *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0 || inet_pton(AF_INET, address, &at.sin_addr) != 1 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(fd, (struct sockaddr *)&at, sizeof(at)) || listen(fd, 16))
		err(1, "%s:%s", address, port);
	return fd;
}

static long us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec % 1000 * 1000000 + now.tv_nsec / 1000;
}

/* Returns the time until a Login Request came, or 0: none came within @wait. Both in microseconds. */
static long serve(int fd, long wait)
{
	const struct timespec limit = { wait / 1000000, wait % 1000000 * 1000 };
	struct pollfd p = { .fd = fd, .events = POLLIN };
	long from = us(), took;
	int events = ppoll(&p, 1, &limit, NULL);
	const char *end = "closed";
	char first;

	took = us() - from;
	if (events > 0)
		end = recv(fd, &first, 1, 0) == 1 ? "login" : "gone";
	close(fd);
	printf("%ld %s\n", took, end);
	fflush(stdout);
	return *end == 'l' ? took : 0;
}

int main(int argc, char **argv)
{
	long took, usual = 0;
	int fd, listener;

	if (argc != 3)
		errx(2, "usage: fault-close ADDRESS PORT");
	srandom((unsigned int)getpid());
	listener = listen_at(argv[1], argv[2]);
	for (;;) {
		fd = accept(listener, NULL, NULL);
		if (fd < 0)
			err(1, "accept");
		took = serve(fd, usual ? random() % usual : LOGIN_US);
		if (took > 0)
			usual = took;
	}
}
