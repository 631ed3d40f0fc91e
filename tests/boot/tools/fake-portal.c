// SPDX-License-Identifier: GPL-2.0-only
/*
 * fake-portal PORT TARGET-PORT LOGINS CLASS DETAIL [ADDRESS]: a portal on 127.0.0.1 that refuses
 * the first LOGINS logins with this status (RFC 7143 11.13.5); a redirection has ADDRESS as
 * TargetAddress. It forwards later connections to TARGET-PORT. It prints a line for each refused
 * login.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEADER 48

static struct sockaddr_in address(const char *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)) };

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return a;
}

/*
 * Reads a Login Request, which the kernel sends in one write: header, then text padded to four
 * bytes.
 */
static int read_request(int fd, uint8_t *header)
{
	uint8_t text[65536];
	size_t len;

	if (recv(fd, header, HEADER, MSG_WAITALL) != HEADER)
		return -1;
	len = ((size_t)header[6] << 8 | header[7]) + 3;
	len -= len % 4;
	return recv(fd, text, len, MSG_WAITALL) == (ssize_t)len ? 0 : -1;
}

static void refuse(int fd, int class, int detail, const char *redirect)
{
	uint8_t request[HEADER], answer[HEADER + 256] = { 0x23 };
	size_t len = 0;

	if (read_request(fd, request))
		return;
	if (redirect)
		len = (size_t)snprintf((char *)answer + HEADER, 250, "TargetAddress=%s", redirect) + 1;
	answer[7] = (uint8_t)len;
	memcpy(answer + 8, request + 8, 6); /* ISID */
	memcpy(answer + 16, request + 16, 4); /* initiator task tag */
	memcpy(answer + 28, request + 24, 4); /* ExpCmdSN and MaxCmdSN: the request's CmdSN */
	memcpy(answer + 32, request + 24, 4);
	answer[36] = (uint8_t)class;
	answer[37] = (uint8_t)detail;
	if (send(fd, answer, HEADER + (len + 3) / 4 * 4, MSG_NOSIGNAL) < 0)
		warn("send");
	printf("refused\n");
	fflush(stdout);
}

/* Copies the data that @from has to @to. Returns 0 at the end of the connection. */
static int forward(int from, int to)
{
	char buf[65536];
	ssize_t n = recv(from, buf, sizeof(buf), 0), sent, m;

	for (sent = 0; sent < n; sent += m) {
		m = send(to, buf + sent, (size_t)(n - sent), MSG_NOSIGNAL);
		if (m <= 0)
			return 0;
	}
	return n > 0;
}

static void relay(int fd, const char *port)
{
	int target = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in to = address(port);
	struct pollfd p[2] = { { .fd = fd, .events = POLLIN }, { .fd = target, .events = POLLIN } };

	if (connect(target, (struct sockaddr *)&to, sizeof(to)))
		err(1, "connect");
	while (poll(p, 2, -1) > 0)
		if ((p[0].revents && !forward(fd, target)) ||
		    (p[1].revents && !forward(target, fd)))
			break;
	close(target);
}

int main(int argc, char **argv)
{
	struct sockaddr_in at;
	int listener = socket(AF_INET, SOCK_STREAM, 0), fd, on = 1;
	long left;

	if (argc < 6)
		errx(2, "usage: fake-portal PORT TARGET-PORT LOGINS CLASS DETAIL [ADDRESS]");
	at = address(argv[1]);
	left = atol(argv[3]);
	signal(SIGCHLD, SIG_IGN);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(listener, (struct sockaddr *)&at, sizeof(at)) || listen(listener, 1024))
		err(1, "port %s", argv[1]);
	while ((fd = accept(listener, NULL, NULL)) >= 0 || errno == EINTR) {
		uint8_t byte;
		/*
		 * The agent first probes the portal with a connection without data, which is no login.
		 */
		ssize_t n = recv(fd, &byte, 1, MSG_PEEK);

		if (n == 1 && left > 0) {
			left--;
			refuse(fd, atoi(argv[4]), atoi(argv[5]), argv[6]);
		} else if (n == 1 && !fork()) {
			relay(fd, argv[2]);
			_exit(0);
		}
		close(fd);
	}
	err(1, "accept");
}
