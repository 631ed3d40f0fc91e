// SPDX-License-Identifier: GPL-2.0-only
/* Sends requests to rtnetlink and receives the replies. */
#include "net/rtnl.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>

/* The most bytes that the kernel puts into one message of a dump. */
#define NL_REPLY_SIZE 32768
/* Time limit in seconds, a safeguard: the kernel replies before the send call returns. */
#define NL_TIMEOUT_S 10

int rtnl_open(struct rtnl *nl)
{
	struct timeval timeout = { .tv_sec = NL_TIMEOUT_S };
	int r;

	nl->seq = 0;
	nl->sock = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!nl->sock)
		return -errno;
	if (mnl_socket_bind(nl->sock, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    setsockopt(mnl_socket_get_fd(nl->sock), SOL_SOCKET, SO_RCVTIMEO, &timeout,
		       sizeof(timeout)) < 0) {
		r = -errno;
		rtnl_close(nl);
		return r;
	}
	return 0;
}

void rtnl_close(struct rtnl *nl)
{
	if (nl->sock)
		mnl_socket_close(nl->sock);
	nl->sock = NULL;
}

struct nlmsghdr *rtnl_request(char buf[NL_REQUEST_SIZE], uint16_t type, uint16_t flags,
			      size_t header, void **extra)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	*extra = mnl_nlmsg_put_extra_header(nlh, header);
	return nlh;
}

static int receive_replies(struct rtnl *nl, char *buf, mnl_cb_t cb, void *data)
{
	unsigned int port = mnl_socket_get_portid(nl->sock);
	ssize_t len;
	int r;

	do {
		len = mnl_socket_recvfrom(nl->sock, buf, NL_REPLY_SIZE);
		if (len < 0)
			return -errno;
		r = mnl_cb_run(buf, (size_t)len, nl->seq, port, cb, data);
	} while (r > 0);
	return r < 0 ? -errno : 0;
}

int rtnl_talk(struct rtnl *nl, struct nlmsghdr *request, mnl_cb_t cb, void *data)
{
	char *buf;
	int r, reopened;

	/* The socket is closed if reopening it below failed before. */
	r = nl->sock ? 0 : rtnl_open(nl);
	if (r < 0)
		return r;
	buf = malloc(NL_REPLY_SIZE);
	if (!buf)
		return -ENOMEM;
	/* Test both bits of NLM_F_DUMP: each alone has another meaning in a change request. */
	if ((request->nlmsg_flags & NLM_F_DUMP) != NLM_F_DUMP)
		request->nlmsg_flags |= NLM_F_ACK; /* marks the end of the replies */
	request->nlmsg_seq = ++nl->seq;
	if (mnl_socket_sendto(nl->sock, request, request->nlmsg_len) < 0)
		r = -errno;
	else
		r = receive_replies(nl, buf, cb, data);
	free(buf);
	if (r != -EINTR)
		return r;
	/* Reopen: the rest of the aborted dump would precede the next reply. */
	rtnl_close(nl);
	reopened = rtnl_open(nl);
	return reopened < 0 ? reopened : r;
}
