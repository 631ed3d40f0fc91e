// SPDX-License-Identifier: GPL-2.0-only
#include "transport.h"

#include <assert.h>
#include <errno.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cleanup.h"
#include "sysfs.h"

#define GROUP_ISCSID 1
#define RECEIVE_BUFFER (4 * 1024 * 1024)

enum event {
	EVENT_DESTROY_CONN = 14,
	EVENT_SET_PARAM = 16,
	EVENT_STOP_CONN = 18,
	EVENT_SEND_PDU = 19,
	EVENT_DESTROY_SESSION_ASYNC = 43, /* since Linux 5.6 */
	EVENT_RECV_PDU = 101,
	EVENT_IF_ERROR = 103,
};

#define STOP_CONN_TERM 1

/* struct iscsi_uevent: the same on all 64-bit machines, and on 32-bit ones if aligned so. */
struct event_message {
	uint32_t type;
	uint32_t iferror; /* a negative errno */
	uint64_t handle;
	uint32_t sid;
	uint32_t cid;
	uint32_t words[4]; /* of the request */
	union {
		int32_t retcode;
		struct {
			uint32_t sid, cid;
		};
	} r;
	uint64_t pad;
} __attribute__((aligned(8)));

static_assert(sizeof(struct event_message) == 56, "struct iscsi_uevent");

#define PDU_HEADER 48
#define NOP_OUT_IMMEDIATE 0x40
#define NOP_IN 0x20
#define OPCODE_MASK 0x3f
#define FINAL 0x80

struct message {
	struct nlmsghdr nlh;
	struct event_message ev;
	unsigned char data[PDU_HEADER];
};

int transport_open(struct transport *t)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = GROUP_ISCSID };
	AUTO_ARENA arena = NULL;
	socklen_t addr_len = sizeof(addr);
	int r, size = RECEIVE_BUFFER;
	char *handle;
	ssize_t len;

	t->fd = -1;
	len = sysfs_read(&arena, &handle, "/sys/class/iscsi_transport/tcp/handle");
	if (len < 0)
		return (int)len;
	t->handle = strtoull(handle, NULL, 10);
	t->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ISCSI);
	if (t->fd < 0)
		return -errno;
	(void)setsockopt(t->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (!bind(t->fd, (struct sockaddr *)&addr, sizeof(addr)) &&
	    !getsockname(t->fd, (struct sockaddr *)&addr, &addr_len)) {
		t->port = addr.nl_pid;
		return 0;
	}
	r = -errno;
	transport_close(t);
	return r;
}

void transport_close(struct transport *t)
{
	cleanup_fd(&t->fd);
	t->fd = -1;
}

/* The kernel has done it when sendto() returns, and its answer is there; events stand between. */
static int answer_to(struct transport *t, enum event type)
{
	struct message m;
	ssize_t n;

	while ((n = recv(t->fd, &m, sizeof(m), MSG_DONTWAIT)) >= 0 || errno == ENOBUFS) {
		if (n < (ssize_t)(sizeof(m.nlh) + sizeof(m.ev)))
			continue;
		if (m.nlh.nlmsg_type == EVENT_IF_ERROR)
			return (int)m.ev.iferror;
		if (m.nlh.nlmsg_type == type)
			return type == EVENT_SEND_PDU ? m.ev.r.retcode : 0;
	}
	return -errno;
}

static int request(struct transport *t, struct message *m, enum event type, int sid, size_t data)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	m->nlh = (struct nlmsghdr){ .nlmsg_len = (uint32_t)(sizeof(m->nlh) + sizeof(m->ev) + data),
				    .nlmsg_type = (uint16_t)type };
	m->ev.type = type;
	m->ev.handle = t->handle;
	m->ev.sid = (uint32_t)sid;
	if (sendto(t->fd, m, m->nlh.nlmsg_len, 0, (struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		return -errno;
	return answer_to(t, type);
}

int transport_set(struct transport *t, int sid, enum transport_param param, int value)
{
	struct message m = { 0 };
	int len = snprintf((char *)m.data, sizeof(m.data), "%d", value) + 1;

	m.ev.words[0] = param;
	m.ev.words[1] = (uint32_t)len;
	return request(t, &m, EVENT_SET_PARAM, sid, (size_t)len);
}

/* RFC 7143 11.18; the kernel fills in the tag and the numbers. */
int transport_ask(struct transport *t, int sid)
{
	struct message m = { .ev.words = { PDU_HEADER }, .data = { NOP_OUT_IMMEDIATE, FINAL } };

	memset(&m.data[20], 0xff, 4); /* target transfer tag: none, this is no answer */
	return request(t, &m, EVENT_SEND_PDU, sid, PDU_HEADER);
}

int transport_answer(struct transport *t)
{
	struct message m;
	ssize_t n;

	while ((n = recv(t->fd, &m, sizeof(m), MSG_DONTWAIT)) >= 0 || errno == ENOBUFS)
		if (n == sizeof(m) && m.ev.type == EVENT_RECV_PDU &&
		    (m.data[0] & OPCODE_MASK) == NOP_IN)
			return (int)m.ev.r.sid;
	return -EAGAIN;
}

/*
 * Stopped, what is under way fails; destroyed, so does what a lost session had put off. A session
 * whose login was killed may have no connection: only how the last step ends counts.
 */
int transport_end(struct transport *t, int sid)
{
	struct message stop = { .ev.words = { 0, 0, STOP_CONN_TERM } }, conn = { 0 },
		       session = { 0 };

	request(t, &stop, EVENT_STOP_CONN, sid, 0);
	request(t, &conn, EVENT_DESTROY_CONN, sid, 0);
	return request(t, &session, EVENT_DESTROY_SESSION_ASYNC, sid, 0);
}

/* A line each: address, protocol, port id, groups in hex. */
bool transport_is_served(const struct transport *t)
{
	AUTO_ARENA arena = NULL;
	unsigned int protocol, port, groups;
	char *text, *line, *rest = NULL;

	if (file_read(&arena, &text, "%s/proc/net/netlink", sysfs_root) < 0)
		return false;
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		if (sscanf(line, "%*s %u %u %x", &protocol, &port, &groups) == 3 &&
		    protocol == NETLINK_ISCSI && port && groups & GROUP_ISCSID && port != t->port)
			return true;
	return false;
}
