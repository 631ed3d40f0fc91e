// SPDX-License-Identifier: GPL-2.0-only
/*
 * fault-close ADDRESS PORT: a target that listens before it knows its LUNs. It closes connections after the
 * initiator gave them to its kernel and before it set their parameters, which is shortly before it sends the
 * first Login Request. So it measures how long the initiator takes until then, and closes the next connections
 * up to SPAN_MS earlier. Prints for each connection the milliseconds until its end, and who was first: "login",
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

#define SPAN_MS 24
#define LOGIN_MS 5000 /* an initiator that takes longer is not waited for */

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

static int ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int)(now.tv_sec % 100000 * 1000 + now.tv_nsec / 1000000);
}

/* Returns the time until a Login Request came, or 0: none came within @wait ms. */
static int serve(int fd, int wait)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int from = ms(), events = poll(&p, 1, wait), took = ms() - from;
	char first;
	const char *end = events <= 0 ? "closed" : recv(fd, &first, 1, 0) == 1 ? "login" : "gone";

	printf("%d %s\n", took, end);
	fflush(stdout);
	close(fd);
	return *end == 'l' ? took : 0;
}

int main(int argc, char **argv)
{
	int fd, listener, took, usual = 0;

	if (argc != 3)
		errx(2, "usage: fault-close ADDRESS PORT");
	srandom((unsigned int)getpid());
	listener = listen_at(argv[1], argv[2]);
	for (;;) {
		fd = accept(listener, NULL, NULL);
		if (fd < 0)
			err(1, "accept");
		took = usual - (int)(random() % SPAN_MS) - 1;
		took = serve(fd, !usual ? LOGIN_MS : took > 0 ? took : 0);
		if (took)
			usual = took;
	}
}
