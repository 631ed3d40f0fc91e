// SPDX-License-Identifier: GPL-2.0-only
/*
 * fault-close ADDRESS PORT: a target that listens before it knows its LUNs. It closes connections
 * after the initiator gave them to its kernel and before it set their parameters. iscsid, which
 * slow-calls.c slows down, does that between 50 and 750 ms after it has connected. Prints for each
 * connection the microseconds until its end, and why: "login", "closed", or "gone" if the initiator
 * closed it.
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

#define CLOSE_US 300000

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
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void serve(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	long from = us();
	int events = poll(&p, 1, CLOSE_US / 1000);
	const char *end = "closed";
	char first;

	if (events > 0)
		end = recv(fd, &first, 1, 0) == 1 ? "login" : "gone";
	close(fd);
	printf("%ld %s\n", us() - from, end);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	int fd, listener;

	if (argc != 3)
		errx(2, "usage: fault-close ADDRESS PORT");
	listener = listen_at(argv[1], argv[2]);
	for (;;) {
		fd = accept(listener, NULL, NULL);
		if (fd < 0)
			err(1, "accept");
		serve(fd);
	}
}
