// SPDX-License-Identifier: GPL-2.0-only
#include "sweep.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "child.h"
#include "cleanup.h"
#include "log.h"
#include "sysfs.h"

/* enum iscsi_uevent_e of include/scsi/iscsi_if.h */
enum { DESTROY_SESSION = 12, DESTROY_CONN = 14, STOP_CONN = 18, IF_ERROR = 103 };
#define STOP_CONN_TERM 1

#define SWEEP_S 2

/* struct iscsi_uevent on 64-bit kernels: the same 56 bytes both ways. */
struct event {
	uint32_t type;
	uint32_t iferror; /* of an answer IF_ERROR: -errno */
	uint64_t transport;
	uint32_t sid, cid;
	uint64_t conn_handle;
	uint64_t flag; /* 32 bits of it count */
	uint32_t retcode; /* of an answer: -errno */
	uint32_t unused[3];
};

_Static_assert(sizeof(struct event) == 56, "layout of struct iscsi_uevent");

struct message {
	struct nlmsghdr header;
	struct event event;
};

/* The kernel has done it when send() returns, and its answer is there. */
static int request(int fd, uint64_t transport, uint32_t type, int sid)
{
	struct message m = {
		.header = { .nlmsg_len = sizeof(m), .nlmsg_type = (uint16_t)type },
		.event = { .type = type, .transport = transport, .sid = (uint32_t)sid },
	};
	ssize_t n;

	if (type == STOP_CONN)
		m.event.flag = STOP_CONN_TERM;
	if (send(fd, &m, sizeof(m), 0) < 0)
		return -errno;
	n = recv(fd, &m, sizeof(m), MSG_DONTWAIT);
	if (n < 0)
		return -errno;
	if (n < (ssize_t)sizeof(m))
		return -EPROTO;
	return m.event.type == IF_ERROR ? (int)m.event.iferror : 0;
}

static int end_session(int sid)
{
	AUTO_FD fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ISCSI);
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	AUTO_ARENA arena = NULL;
	uint64_t transport;
	char *handle;

	if (fd < 0 || connect(fd, (struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		return -errno;
	if (sysfs_read(&arena, &handle, "/sys/class/iscsi_transport/tcp/handle") < 0)
		return -ENODEV;
	transport = strtoull(handle, NULL, 10);
	/* There may be no connection, or one that was never begun. */
	request(fd, transport, STOP_CONN, sid);
	request(fd, transport, DESTROY_CONN, sid);
	return request(fd, transport, DESTROY_SESSION, sid);
}

/* Also of one that nobody has asked how it ended. */
static bool is_gone(long pid)
{
	AUTO_ARENA arena = NULL;
	char *stat, *state;

	if (sysfs_read(&arena, &stat, "/proc/%ld/stat", pid) < 0)
		return true;
	state = strrchr(stat, ')');
	return state && strlen(state) > 2 && strchr("ZX", state[2]);
}

static bool has_lun(int sid)
{
	AUTO_DIR dir = sysfs_dir("/sys/class/iscsi_session/session%d/device", sid);
	const char *name;

	while ((name = sysfs_next(dir)))
		if (!strncmp(name, "target", strlen("target")))
			return true;
	return false;
}

static bool is_left_over(int sid)
{
	AUTO_ARENA arena = NULL;
	char *state;
	long creator;

	return sysfs_read(&arena, &state, "/sys/class/iscsi_session/session%d/state", sid) > 0 &&
	       !strcmp(state, "FREE") && !has_lun(sid) &&
	       !sysfs_read_long(&creator, "/sys/class/iscsi_session/session%d/creator", sid) &&
	       creator > 0 && is_gone(creator);
}

/* In the child: it may block. */
static int end_in_child(const void *sid)
{
	return -end_session(*(const int *)sid);
}

static void end_left_over(int sid)
{
	struct child child;
	int error = -child_start(&child, end_in_child, &sid);

	if (!error)
		error = child_wait(&child, deadline_in(SWEEP_S));
	if (error)
		log_warning("login", "session%d of a login that was killed stays: %s", sid,
			    strerror(error));
	else
		log_info("login", "session%d of a login that was killed is ended", sid);
}

void sweep_sessions(void)
{
	AUTO_DIR dir = sysfs_dir("/sys/class/iscsi_session");
	const char *name;
	int sid;

	while ((name = sysfs_next(dir)))
		if (sscanf(name, "session%d", &sid) == 1 && is_left_over(sid))
			end_left_over(sid);
}
