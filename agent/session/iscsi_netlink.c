// SPDX-License-Identifier: GPL-2.0-only
/* Speaks the netlink protocol of scsi_transport_iscsi. */
#include "session/iscsi_netlink.h"

#include <assert.h>
#include <errno.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "base/sysfs.h"
#include "session/session_sysfs.h"

#define GROUP_ISCSID 1
#define RECEIVE_BUFFER (4 * 1024 * 1024)

enum event {
	EVENT_CREATE_SESSION = 11,
	EVENT_DESTROY_SESSION = 12,
	EVENT_CREATE_CONN = 13,
	EVENT_DESTROY_CONN = 14,
	EVENT_BIND_CONN = 15,
	EVENT_SET_PARAM = 16,
	EVENT_START_CONN = 17,
	EVENT_STOP_CONN = 18,
	EVENT_SEND_PDU = 19,
	EVENT_SET_HOST_PARAM = 26,
	EVENT_DESTROY_SESSION_ASYNC = 43, /* since Linux 5.6 */
	EVENT_RECV_PDU = 101,
	EVENT_CONN_ERROR = 102,
	EVENT_IF_ERROR = 103,
	EVENT_SESSION_DESTROYED = 104,
	EVENT_SESSION_CREATED = 106,
};

enum { STOP_CONN_TERM = 1, STOP_CONN_RECOVER = 3 };

/* struct iscsi_uevent of the kernel. Aligned, it is the same on 64-bit and 32-bit machines. */
struct uevent_message {
	uint32_t type;
	uint32_t iferror; /* a negative errno */
	uint64_t handle;
	union {
		struct {
			uint32_t sid;
			uint32_t cid;
			union {
				uint32_t words[4];
				struct {
					uint64_t handle;
					uint32_t flag;
				} conn;
			};
		};
		struct {
			uint32_t cmd_sn;
			uint16_t cmds_max, queue_depth;
		} create;
		struct {
			uint32_t number, param, len;
		} host;
	};
	union {
		int32_t retcode;
		struct {
			uint32_t sid, host;
		} created;
		struct {
			uint32_t host, sid;
		} destroyed;
		struct {
			uint32_t sid, cid, error;
		};
	} r;
	uint32_t pad;
} __attribute__((aligned(8)));

static_assert(sizeof(struct uevent_message) == 56, "struct iscsi_uevent");
static_assert(offsetof(struct uevent_message, conn.flag) == 32, "struct msg_stop_conn");
static_assert(offsetof(struct uevent_message, r) == 40, "struct iscsi_uevent");

#define NOP_OUT_IMMEDIATE 0x40
#define FINAL_BIT 0x80

struct message {
	struct nlmsghdr nlh;
	struct uevent_message ev;
};

static const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

/* Opens a socket that receives @groups of events. Returns its address or -errno. */
static int64_t open_netlink(int *fd, uint32_t groups)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = groups };
	socklen_t len = sizeof(addr);
	int size = RECEIVE_BUFFER;

	*fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ISCSI);
	if (*fd < 0)
		return -errno;
	(void)setsockopt(*fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (bind(*fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
	    getsockname(*fd, (struct sockaddr *)&addr, &len) < 0)
		return -errno;
	return addr.nl_pid;
}

int iscsi_nl_select_transport(struct iscsi_nl *t, int sid)
{
	AUTO_ARENA arena = NULL;
	const char *name = sid < 0 ? "tcp" : session_transport(&arena, sid);
	char *handle;

	if (!name || sysfs_read(&arena, &handle, "/sys/class/iscsi_transport/%s/handle", name) < 0)
		return -ENOENT;
	t->handle = strtoull(handle, NULL, 10);
	return 0;
}

int iscsi_nl_open(struct iscsi_nl *t, int sid)
{
	int64_t port;

	*t = (struct iscsi_nl){ .fd = -1, .requests = -1 };
	port = open_netlink(&t->requests, 0);
	if (port >= 0)
		port = open_netlink(&t->fd, GROUP_ISCSID);
	if (port < 0) {
		iscsi_nl_close(t);
		return (int)port;
	}
	t->port = (uint32_t)port;
	return iscsi_nl_select_transport(t, sid);
}

void iscsi_nl_close(struct iscsi_nl *t)
{
	cleanup_fd(&t->fd);
	cleanup_fd(&t->requests);
	t->fd = -1;
	t->requests = -1;
}

/* Receives a message of the kernel and stores its data in @data. Returns the length or -errno. */
static ssize_t receive_message(int fd, struct message *m, void *data, size_t room)
{
	struct iovec parts[] = { { m, sizeof(*m) }, { data, room } };
	struct sockaddr_nl from;
	struct msghdr msg = {
		.msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = parts, .msg_iovlen = 2
	};
	ssize_t n;

	do {
		n = recvmsg(fd, &msg, MSG_DONTWAIT);
	} while ((n < 0 && errno == EINTR) || (n >= 0 && (from.nl_pid || n < (ssize_t)sizeof(*m))));
	return n < 0 ? -errno : n;
}

/*
 * Reads the response, which the kernel has queued when sendto() returns. The kernel reports errors
 * in one of two places.
 */
static int receive_response(struct iscsi_nl *t, struct message *m)
{
	ssize_t n = receive_message(t->requests, m, NULL, 0);

	if (n < 0)
		return (int)n;
	if (m->ev.type == EVENT_IF_ERROR || m->nlh.nlmsg_type == EVENT_IF_ERROR)
		return (int)m->ev.iferror < 0 ? (int)m->ev.iferror : -EIO;
	switch (m->ev.type) {
	case EVENT_BIND_CONN:
	case EVENT_START_CONN:
	case EVENT_SEND_PDU:
		return m->ev.r.retcode;
	default:
		return 0;
	}
}

static void drop_responses(struct iscsi_nl *t)
{
	struct message m;

	while (receive_message(t->requests, &m, NULL, 0) != -EAGAIN)
		;
}

static void fill_header(const struct iscsi_nl *t, struct message *m, enum event type, size_t data)
{
	m->nlh = (struct nlmsghdr){ .nlmsg_len = (uint32_t)(sizeof(*m) + data),
				    .nlmsg_type = (uint16_t)type };
	m->ev.type = type;
	m->ev.handle = t->handle;
}

/* Sends @m with @data; the response is then in @m. */
static int send_request(struct iscsi_nl *t, struct message *m, enum event type, const void *data,
			size_t len)
{
	struct iovec parts[] = { { m, sizeof(*m) }, { (void *)(uintptr_t)data, len } };
	struct msghdr msg = { .msg_name = (void *)(uintptr_t)&kernel,
			      .msg_namelen = sizeof(kernel),
			      .msg_iov = parts,
			      .msg_iovlen = 2 };

	drop_responses(t);
	fill_header(t, m, type, len);
	return sendmsg(t->requests, &msg, 0) < 0 ? -errno : receive_response(t, m);
}

/* Sends a request without arguments. */
static int send_simple(struct iscsi_nl *t, int sid, enum event type)
{
	struct message m = { .ev.sid = (uint32_t)sid };

	return send_request(t, &m, type, NULL, 0);
}

int iscsi_nl_create_session(struct iscsi_nl *t, uint32_t cmd_sn, uint16_t cmds_max,
			    uint16_t queue_depth, struct iscsi_nl_session *session)
{
	struct message m = { .ev.create = { cmd_sn, cmds_max, queue_depth } };
	int r = send_request(t, &m, EVENT_CREATE_SESSION, NULL, 0);

	if (r)
		return r;
	session->sid = (int)m.ev.r.created.sid;
	session->host = (int)m.ev.r.created.host;
	r = send_simple(t, session->sid, EVENT_CREATE_CONN);
	if (r)
		send_simple(t, session->sid, EVENT_DESTROY_SESSION);
	return r;
}

int iscsi_nl_bind_conn(struct iscsi_nl *t, int sid, int fd)
{
	struct message m = { .ev = { .sid = (uint32_t)sid, .conn = { (uint64_t)fd, 1 } } };

	return send_request(t, &m, EVENT_BIND_CONN, NULL, 0);
}

int iscsi_nl_start_conn(struct iscsi_nl *t, int sid)
{
	return send_simple(t, sid, EVENT_START_CONN);
}

static int stop_conn(struct iscsi_nl *t, int sid, uint32_t flag)
{
	struct message m = { .ev = { .sid = (uint32_t)sid, .conn.flag = flag } };

	return send_request(t, &m, EVENT_STOP_CONN, NULL, 0);
}

int iscsi_nl_stop_conn(struct iscsi_nl *t, int sid)
{
	return stop_conn(t, sid, STOP_CONN_RECOVER);
}

/* Requests that are sent together. */
struct batch {
	struct iscsi_nl *t;
	int error; /* the first one */
	enum iscsi_nl_param failed; /* its parameter */
	unsigned int nr;
	enum iscsi_nl_param params[64]; /* parameter of each request */
	size_t len;
	uint8_t bytes[8192] __attribute__((aligned(8)));
};

static void batch_fail(struct batch *b, int error, enum iscsi_nl_param param)
{
	if (error && !b->error) {
		b->error = error;
		b->failed = param;
	}
}

static void batch_send(struct batch *b)
{
	struct message m;
	unsigned int i;
	int r = 0;

	if (!b->nr)
		return;
	drop_responses(b->t);
	if (sendto(b->t->requests, b->bytes, b->len, 0, (const struct sockaddr *)&kernel,
		   sizeof(kernel)) < 0)
		r = -errno;
	for (i = 0; i < b->nr; i++)
		batch_fail(b, r ? r : receive_response(b->t, &m), b->params[i]);
	explicit_bzero(b->bytes, b->len);
	/*
	 * The kernel frees its copy of the secrets without wiping it. A message of zeros with that
	 * length, which has no effect, reuses that memory.
	 */
	(void)sendto(b->t->requests, b->bytes, b->len, 0, (const struct sockaddr *)&kernel,
		     sizeof(kernel));
	b->nr = 0;
	b->len = 0;
}

/* Adds one value to the batch. The message includes the NUL of the value. */
static void batch_add_value(struct batch *b, const struct iscsi_nl_session *s,
			    const struct iscsi_nl_value *v)
{
	size_t len = v->len + 1, size = NLMSG_ALIGN(sizeof(struct message) + len);
	bool host = v->param & ISCSI_HOST_PARAM;
	uint32_t param = v->param & ~(uint32_t)ISCSI_HOST_PARAM;
	struct message m = { 0 };

	if (size > sizeof(b->bytes) || len > UINT16_MAX) {
		batch_fail(b, -EMSGSIZE, v->param);
		return;
	}
	if (b->len + size > sizeof(b->bytes) || b->nr == ARRAY_SIZE(b->params))
		batch_send(b);
	if (host) {
		m.ev.host.number = (uint32_t)s->host;
		m.ev.host.param = param;
		m.ev.host.len = (uint32_t)len;
	} else {
		m.ev.sid = (uint32_t)s->sid;
		m.ev.words[0] = param;
		m.ev.words[1] = (uint32_t)len;
	}
	fill_header(b->t, &m, host ? EVENT_SET_HOST_PARAM : EVENT_SET_PARAM, len);
	memset(b->bytes + b->len, 0, size);
	memcpy(b->bytes + b->len, &m, sizeof(m));
	memcpy(b->bytes + b->len + sizeof(m), v->text, v->len);
	b->len += size;
	b->params[b->nr++] = v->param;
}

int iscsi_nl_set_values(struct iscsi_nl *t, const struct iscsi_nl_session *session,
			const struct iscsi_nl_value *values, unsigned int nr,
			enum iscsi_nl_param *failed)
{
	struct batch batch = { .t = t };
	unsigned int i;

	for (i = 0; i < nr; i++)
		batch_add_value(&batch, session, &values[i]);
	batch_send(&batch);
	*failed = batch.failed;
	return batch.error;
}

int iscsi_nl_set_param(struct iscsi_nl *t, int sid, enum iscsi_nl_param param, int value)
{
	struct iscsi_nl_session session = { .sid = sid };
	struct iscsi_nl_value v = { .param = param };
	enum iscsi_nl_param failed;
	char text[12];

	v.text = text;
	v.len = (size_t)snprintf(text, sizeof(text), "%d", value);
	return iscsi_nl_set_values(t, &session, &v, 1, &failed);
}

int iscsi_nl_send_pdu(struct iscsi_nl *t, int sid, const struct pdu *pdu)
{
	const size_t len = pdu_data_len(pdu);
	struct message m = { .ev = { .sid = (uint32_t)sid,
				     .words = { PDU_HEADER, (uint32_t)len } } };

	return send_request(t, &m, EVENT_SEND_PDU, pdu, PDU_HEADER + len);
}

/* Sends an immediate NOP-Out. The kernel fills in the task tag and the sequence numbers. */
int iscsi_nl_send_nop_out(struct iscsi_nl *t, int sid)
{
	struct message m = { .ev = { .sid = (uint32_t)sid, .words = { PDU_HEADER } } };
	uint8_t header[PDU_HEADER] = { NOP_OUT_IMMEDIATE, FINAL_BIT };

	memset(&header[20], 0xff, 4); /* no target transfer tag: not a response to a NOP-In */
	return send_request(t, &m, EVENT_SEND_PDU, header, sizeof(header));
}

/* Checks that all of the PDU was received, and that its length is valid. */
static bool is_complete(const struct pdu *pdu, size_t got)
{
	return got >= PDU_HEADER && pdu_size(pdu->header) && got >= PDU_HEADER + pdu_data_len(pdu);
}

static void fill_event(struct iscsi_nl_event *e, const struct message *m, size_t got)
{
	e->type = ISCSI_NL_OTHER;
	e->sid = (int)m->ev.r.sid;
	switch (m->ev.type) {
	case EVENT_RECV_PDU:
		if (is_complete(&e->pdu, got))
			e->type = ISCSI_NL_PDU;
		break;
	case EVENT_CONN_ERROR:
		e->type = ISCSI_NL_CONN_ERROR;
		e->error = (int)m->ev.r.error;
		break;
	case EVENT_SESSION_CREATED:
		e->type = ISCSI_NL_CREATED;
		break;
	case EVENT_SESSION_DESTROYED:
		e->type = ISCSI_NL_DESTROYED;
		e->sid = (int)m->ev.r.destroyed.sid;
		break;
	default:
		break;
	}
}

int iscsi_nl_recv_event(struct iscsi_nl *t, struct iscsi_nl_event *event)
{
	struct message m;
	ssize_t n = receive_message(t->fd, &m, &event->pdu, sizeof(event->pdu));

	if (n == -ENOBUFS) {
		event->type = ISCSI_NL_LOST;
		event->sid = -1;
		return 0;
	}
	if (n < 0)
		return -EAGAIN;
	fill_event(event, &m, (size_t)n - sizeof(m));
	return 0;
}

int iscsi_nl_recv_nop_in(struct iscsi_nl *t)
{
	struct iscsi_nl_event event;

	while (!iscsi_nl_recv_event(t, &event))
		if (event.type == ISCSI_NL_PDU && pdu_opcode(&event.pdu) == PDU_NOP_IN)
			return event.sid;
	return -EAGAIN;
}

/*
 * Stopping the connection fails the outstanding commands; destroying the session fails the commands
 * that a lost session had queued. The session of a killed login may have no connection, so only the
 * result of the last step counts.
 */
int iscsi_nl_destroy_session(struct iscsi_nl *t, int sid)
{
	stop_conn(t, sid, STOP_CONN_TERM);
	send_simple(t, sid, EVENT_DESTROY_CONN);
	return send_simple(t, sid, EVENT_DESTROY_SESSION_ASYNC);
}

/* Each line of /proc/net/netlink: sk, protocol, port id, groups in hex, ..., inode. */
unsigned int iscsi_nl_listeners(uint32_t own, unsigned long *inodes, unsigned int max)
{
	AUTO_ARENA arena = NULL;
	unsigned int protocol, port, groups, nr = 0;
	char *text, *line, *rest = NULL;
	unsigned long inode;

	if (file_read(&arena, &text, "%s/proc/net/netlink", sysfs_root) < 0)
		return 0;
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (sscanf(line, "%*s %u %u %x %*s %*s %*s %*s %*s %lu", &protocol, &port, &groups,
			   &inode) != 4 ||
		    protocol != NETLINK_ISCSI || !port || port == own || !(groups & GROUP_ISCSID))
			continue;
		if (nr < max)
			inodes[nr] = inode;
		nr++;
	}
	return nr;
}
