// SPDX-License-Identifier: GPL-2.0-only
/* Receives the kernel's process events. */
#include "guard/exec_watch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/filter.h>
#include <linux/netlink.h>

#include "base/cleanup.h"
#include "guard/iscsid_probe.h"
#include "kmod/core/portable.h"

#define PAYLOAD (NLMSG_HDRLEN + sizeof(struct cn_msg))

static int watch_request(int fd, uint32_t op)
{
	struct cn_msg cn = { .id = { CN_IDX_PROC, CN_VAL_PROC }, .len = sizeof(op) };
	char request[PAYLOAD + sizeof(op)];
	struct nlmsghdr header = { .nlmsg_len = sizeof(request), .nlmsg_type = NLMSG_DONE };

	memcpy(request, &header, sizeof(header));
	memcpy(request + NLMSG_HDRLEN, &cn, sizeof(cn));
	memcpy(request + PAYLOAD, &op, sizeof(op));
	return send(fd, request, sizeof(request), 0) == (ssize_t)sizeof(request) ? 0 : -errno;
}

/* The kernel drops all other events, such as those of fork(). */
static int watch_only_execs(int fd)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, PAYLOAD + offsetof(struct proc_event, what)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(PROC_EVENT_EXEC), 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = { .len = ARRAY_SIZE(code), .filter = code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) ? -errno : 0;
}

int exec_watch_open(void)
{
	const struct sockaddr_nl at = { .nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC };
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_CONNECTOR);
	int r;

	if (fd < 0)
		return -errno;
	r = watch_only_execs(fd);
	if (!r && bind(fd, (const struct sockaddr *)&at, sizeof(at)))
		r = -errno;
	if (!r)
		r = watch_request(fd, PROC_CN_MCAST_LISTEN);
	if (!r)
		return fd;
	close(fd);
	return r;
}

static bool is_start(const char *message, size_t len)
{
	struct proc_event event;

	if (len < PAYLOAD + sizeof(event))
		return false;
	memcpy(&event, message + PAYLOAD, sizeof(event));
	return event.what == PROC_EVENT_EXEC && iscsid_is_named(event.event_data.exec.process_tgid);
}

bool exec_watch_receive(int fd)
{
	char message[256];
	bool found = false;
	ssize_t len;

	while ((len = recv(fd, message, sizeof(message), 0)) >= 0 || errno == ENOBUFS)
		found |= len < 0 || is_start(message, (size_t)len);
	return found;
}

/* Older kernels go on sending until they are asked to stop. */
void exec_watch_close(int *fd)
{
	if (*fd >= 0)
		(void)watch_request(*fd, PROC_CN_MCAST_IGNORE);
	cleanup_fd(fd);
	*fd = -1;
}
