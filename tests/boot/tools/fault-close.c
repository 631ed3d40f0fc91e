// SPDX-License-Identifier: GPL-2.0-only
/*
 * fault-close ADDRESS PORT: a target that listens before it knows its LUNs. It closes each connection once
 * the first bytes of a login have come, so after the initiator gave the connection to its kernel and before
 * it set the parameters. Prints a line for each such connection.
 */
#include <arpa/inet.h>
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

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

int main(int argc, char **argv)
{
	char login[48];
	int fd, listener;

	if (argc != 3)
		errx(2, "usage: fault-close ADDRESS PORT");
	listener = listen_at(argv[1], argv[2]);
	for (;;) {
		fd = accept(listener, NULL, NULL);
		if (fd < 0)
			err(1, "accept");
		if (recv(fd, login, sizeof(login), MSG_WAITALL) == (ssize_t)sizeof(login)) {
			puts("closed");
			fflush(stdout);
		}
		close(fd);
	}
}
