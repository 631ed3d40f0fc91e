/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sandbox of a DHCP client: its own mount and UTS namespaces and a few capabilities. A host
 * name that it sets is not the machine's. It can write to:
 *
 * - its own directory, which it sees as /run;
 * - the devices null, zero, full, random and urandom; its /dev has no other one.
 *
 * All other mounts are read-only, /sys and /proc with /proc/sys included. Through the network it
 * can do all that CAP_NET_ADMIN permits.
 */
#ifndef AGENT_DHCP_CLIENT_SANDBOX_H
#define AGENT_DHCP_CLIENT_SANDBOX_H

/*
 * Enters the sandbox, in the child that will run the client. @dir: the client's directory. Returns
 * 0, or -errno, and then the client must not run.
 */
int client_sandbox(const char *dir);
/*
 * Drops the capabilities that a client does not need, such as the one for mounts, and the system
 * calls of base/syscall_filter.h; a program that is executed next has none of them.
 */
void client_drop_rights(void);

#endif
