/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The installed DHCP clients: dhcpcd, udhcpc (busybox) and ipconfig (klibc). Each asks once and
 * ends, and sees a file system that it cannot write to but for a directory of its own, which is
 * /run there, and a host name of its own; so it leaves nothing behind but what it found.
 */
#ifndef AGENT_DHCP_CLIENT_H
#define AGENT_DHCP_CLIENT_H

#include <sys/types.h>

#include "base/task.h"
#include "plan/dhcp_clients.h"
#include <net/if.h>
#include <stdbool.h>
#include "kmod/core/params.h"

/* As argv[0] of the agent where a client calls it as its script. */
#define DHCP_EVENT "dhcp-event"

struct dhcp_client {
	enum lease_from kind;
	const char *program;
	char dir[64]; /* "/run/iscsi-boot/dhcp-eth0" */
	char ifname[IFNAMSIZ];
	char client_id[IBU_TEXT_MAX]; /* hex digits; empty for ipconfig, which sends none */
	struct task task; /* the client, which leads its process group */
};

extern const char *dhcp_root; /* "" but in tests: where clients are looked for */

/*
 * The client for this family that the image has, @wanted alone if that is not LEASE_NONE. False:
 * none.
 */
bool dhcp_client_find(struct dhcp_client *client, enum lease_from wanted, bool ipv6);
/* Starts what was found on @ifname, whose MAC is its identity. 0 or -errno. */
int dhcp_client_start(struct dhcp_client *client, const char *ifname, const u8 mac[6], bool ipv6);
/* Ends it, if it runs. */
void dhcp_client_kill(struct dhcp_client *client);
/* What it got, in the arena. Its length or -errno; -ENOENT: nothing. */
ssize_t dhcp_client_result(void **arena, char **text, const struct dhcp_client *client);
/* The last line that it said, escaped; NULL without memory. */
char *dhcp_client_output(void **arena, const struct dhcp_client *client);

/*
 * The agent as a client's script @argv0, which says in its environment what it got: writes that to
 * the file "lease" beside the script if it is a lease. The exit status.
 */
int dhcp_event(const char *argv0, const char *event);

#endif
