// SPDX-License-Identifier: GPL-2.0-only
/*
 * Preloaded into iscsid: each message to the kernel waits while the file SLOW exists. So there is a
 * known time between iscsid's requests, such as between a connection's bind and its parameters.
 */
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SLOW "/run/iscsid-is-slow"
#define DELAY_US 50000

ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
	if (!access(SLOW, F_OK))
		usleep(DELAY_US);
	return syscall(SYS_sendmsg, fd, m, flags);
}
