// SPDX-License-Identifier: GPL-2.0-only
/* UDP sockets that renew leases. They never change the device: it has its address already. */
#include "lease/lease_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/ip_addr.h"
#include "lease/dhcp4.h"
#include "lease/dhcp6.h"

static int bind_to_client_port(int fd, const struct lease_record *r, bool to_addr)
{
	struct sockaddr_in at4 = { .sin_family = AF_INET, .sin_port = htons(DHCP4_CLIENT_PORT) };
	const struct sockaddr_in6 any6 = { .sin6_family = AF_INET6,
					   .sin6_port = htons(DHCP6_CLIENT_PORT) };

	if (!ibu_addr_is_v4(&r->ip))
		return bind(fd, (const struct sockaddr *)&any6, sizeof(any6));
	if (to_addr)
		memcpy(&at4.sin_addr, r->ip.b + ADDR_V4_AT, 4);
	return bind(fd, (const struct sockaddr *)&at4, sizeof(at4));
}

int lease_socket_open(const struct lease_record *r, bool to_addr)
{
	const bool v4 = ibu_addr_is_v4(&r->ip);
	const socklen_t name_len = (socklen_t)strlen(r->ifname);
	const int on = 1, off = 0;
	int fd = socket(addr_family(&r->ip), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), err;

	if (fd < 0)
		return -errno;
	/* Other clients may use the port on other devices. */
	if (!setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) &&
	    !setsockopt(fd, SOL_SOCKET, SO_BROADCAST, v4 ? &on : &off, sizeof(on)) &&
	    !setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, r->ifname, name_len) &&
	    (v4 || !setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on))) &&
	    !bind_to_client_port(fd, r, to_addr))
		return fd;
	err = errno;
	close(fd);
	return -err;
}

/* Sets the source address, which the route would else choose. */
static int send4(int fd, const struct lease_record *r, bool to_all, const void *buf, size_t len)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(DHCP4_SERVER_PORT),
				  .sin_addr.s_addr = INADDR_BROADCAST };
	union {
		struct cmsghdr head;
		char space[CMSG_SPACE(sizeof(struct in_pktinfo))];
	} control = { 0 };
	struct iovec data = { (void *)(uintptr_t)buf, len };
	struct msghdr m = { .msg_name = &to,
			    .msg_namelen = sizeof(to),
			    .msg_iov = &data,
			    .msg_iovlen = 1,
			    .msg_control = &control,
			    .msg_controllen = sizeof(control.space) };
	struct in_pktinfo from = { 0 };

	memcpy(&from.ipi_spec_dst, r->ip.b + ADDR_V4_AT, 4);
	control.head = (struct cmsghdr){ .cmsg_len = CMSG_LEN(sizeof(from)),
					 .cmsg_level = IPPROTO_IP,
					 .cmsg_type = IP_PKTINFO };
	memcpy(CMSG_DATA(&control.head), &from, sizeof(from));
	if (!to_all && !ibu_addr_is_null(&r->server))
		memcpy(&to.sin_addr, r->server.b + ADDR_V4_AT, 4);
	return sendmsg(fd, &m, 0) < 0 ? -errno : 0;
}

static int send6(int fd, const struct lease_record *r, const void *buf, size_t len)
{
	struct sockaddr_in6 to = { .sin6_family = AF_INET6,
				   .sin6_port = htons(DHCP6_SERVER_PORT),
				   .sin6_scope_id = if_nametoindex(r->ifname) };

	if (!to.sin6_scope_id)
		return -ENODEV;
	inet_pton(AF_INET6, DHCP6_SERVERS, &to.sin6_addr);
	return sendto(fd, buf, len, 0, (const struct sockaddr *)&to, sizeof(to)) < 0 ? -errno : 0;
}

int lease_socket_send(int fd, const struct lease_record *r, bool to_all, const void *buf,
		      size_t len)
{
	int err;

	if (!ibu_addr_is_v4(&r->ip))
		return send6(fd, r, buf, len);
	err = send4(fd, r, to_all, buf, len);
	return err && !to_all ? send4(fd, r, true, buf, len) : err; /* no route to the server */
}
