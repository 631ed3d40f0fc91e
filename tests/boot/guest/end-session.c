// SPDX-License-Identifier: GPL-2.0-only
/*
 * end-session SID...: ends sessions of iscsi_tcp as iscsid's logout does after its PDU: stops the connection,
 * destroys it and the session with its disks. Returns when the disks are gone.
 */
#include <err.h>
#include <errno.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* include/scsi/iscsi_if.h */
enum { DESTROY_SESSION = 12, DESTROY_CONN = 14, STOP_CONN = 18, IF_ERROR = 103 };
#define STOP_CONN_TERM 1

struct request {
	struct nlmsghdr header;
	struct {
		uint32_t type, error;
		uint64_t handle;
		uint32_t sid, cid;
		uint64_t conn_handle;
		uint32_t flag, pad;
		uint64_t reply[2];
	} event;
};

static uint64_t transport_handle(void)
{
	FILE *f = fopen("/sys/class/iscsi_transport/tcp/handle", "r");
	unsigned long long handle;

	if (!f || fscanf(f, "%llu", &handle) != 1)
		err(1, "iscsi_transport/tcp/handle");
	fclose(f);
	return handle;
}

static void request(int fd, uint32_t type, uint32_t sid)
{
	struct request r = { .header = { sizeof(r), (uint16_t)type, .nlmsg_flags = NLM_F_REQUEST },
			     .event = { .type = type, .handle = transport_handle(), .sid = sid } };

	if (type == STOP_CONN)
		r.event.flag = STOP_CONN_TERM;
	if (send(fd, &r, sizeof(r), 0) < 0 || recv(fd, &r, sizeof(r), 0) < 0)
		err(1, "session%u", sid);
	if (r.header.nlmsg_type == IF_ERROR)
		errx(1, "session%u: request %u: %s", sid, type, strerror(-(int)r.event.error));
}

int main(int argc, char **argv)
{
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ISCSI), i;
	uint32_t sid;

	if (fd < 0)
		err(1, "netlink");
	for (i = 1; i < argc; i++) {
		sid = (uint32_t)atoi(argv[i]);
		request(fd, STOP_CONN, sid);
		request(fd, DESTROY_CONN, sid);
		request(fd, DESTROY_SESSION, sid);
	}
	return 0;
}
