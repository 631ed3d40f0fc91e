// SPDX-License-Identifier: GPL-2.0-only
/*
 * fault-hold ADDRESS PORT: a target that accepts connections and never answers. Prints "login" for
 * each connection on which a request arrives.
 */
#include <arpa/inet.h>
#include <err.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS 256

static int hold_at(const char *address, const char *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0 || inet_pton(AF_INET, address, &at.sin_addr) != 1 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(fd, (struct sockaddr *)&at, sizeof(at)) || listen(fd, 16))
		err(1, "%s:%s", address, port);
	return fd;
}

/* Returns false if the initiator has closed the connection. */
static int hold_receive(int fd)
{
	char bytes[1024];

	if (recv(fd, bytes, sizeof(bytes), 0) <= 0)
		return 0;
	puts("login");
	fflush(stdout);
	return 1;
}

int main(int argc, char **argv)
{
	struct pollfd fds[CONNECTIONS];
	nfds_t nr = 1, i;

	if (argc != 3)
		errx(2, "usage: fault-hold ADDRESS PORT");
	fds[0] = (struct pollfd){ .fd = hold_at(argv[1], argv[2]), .events = POLLIN };
	while (poll(fds, nr, -1) > 0) {
		for (i = nr - 1; i; i--)
			if (fds[i].revents && !hold_receive(fds[i].fd)) {
				close(fds[i].fd);
				fds[i] = fds[--nr];
			}
		if (!fds[0].revents)
			continue;
		if (nr == CONNECTIONS)
			errx(1, "too many connections");
		fds[nr++] =
			(struct pollfd){ .fd = accept(fds[0].fd, NULL, NULL), .events = POLLIN };
	}
	err(1, "poll");
}
