/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Runs one of the installed DHCP clients: dhcpcd, udhcpc (busybox) or ipconfig (klibc).
 * The client gets one lease and exits. It runs in a sandbox (dhcp/client_sandbox.h), so the only
 * thing it leaves is its result.
 */
#ifndef AGENT_DHCP_CLIENT_H
#define AGENT_DHCP_CLIENT_H

#include <sys/types.h>

#include "base/task.h"
#include "plan/dhcp_clients.h"
#include <net/if.h>
#include <stdbool.h>
#include "kmod/core/params.h"

/* Name of the agent (argv[0]) when a client runs it as its script. */
#define DHCP_EVENT "dhcp-event"

struct dhcp_client {
	enum lease_from kind;
	const char *program; /* folder of the client; NULL: not found */
	char dir[64]; /* "/run/iscsi-boot/dhcp-eth0" */
	char ifname[IFNAMSIZ];
	char client_id[IBU_TEXT_MAX]; /* hex digits; empty for ipconfig, which sends none */
	struct task task; /* the client's process; it leads its process group */
};

extern const char *dhcp_root; /* prefix of the folders with clients; "" except in tests */

/*
 * Looks for an installed client that supports the family: only @wanted, or any if that is
 * LEASE_NONE. Initializes @client. Returns false without one.
 */
bool dhcp_client_find(struct dhcp_client *client, enum lease_from wanted, bool ipv6);
/* Starts the client on @ifname; the client ID is made from @mac. Returns 0 or -errno. */
int dhcp_client_start(struct dhcp_client *client, const char *ifname, const u8 mac[6], bool ipv6);
/* Kills the client and its process group, if it runs. */
void dhcp_client_kill(struct dhcp_client *client);
/* Reads the client's result into @arena. Returns its length or -errno; -ENOENT: no lease. */
ssize_t dhcp_client_result(void **arena, char **text, const struct dhcp_client *client);
/* Returns the last line of the client's output in @arena, escaped; NULL without memory. */
char *dhcp_client_output(void **arena, const struct dhcp_client *client);

/*
 * Runs as the script @argv0 of a client, which passes the lease in the environment. If @event or
 * $reason says that there is a lease, writes the environment to the file "lease" in the script's
 * folder. Returns the exit status.
 */
int dhcp_event(const char *argv0, const char *event);

#endif
