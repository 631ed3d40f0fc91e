/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the agent ends: exit statuses, stable, documented in iscsi-boot-agent(8). Of what the command
 * "status" finds, the first of these counts: a session that is missing or not logged in is
 * STATUS_NO_ANSWER, a missing disk STATUS_NO_LUN, a timer that differs STATUS_TIMERS, a missing
 * guard STATUS_GUARD.
 */
#ifndef AGENT_BASE_EXIT_STATUS_H
#define AGENT_BASE_EXIT_STATUS_H

enum status {
	STATUS_OK = 0,
	STATUS_ERROR = 1, /* memory, a system call, a file: neither network nor target */
	STATUS_USAGE = 2, /* the agent's own command line or configuration file */
	STATUS_NOTHING = 3, /* there is nothing to boot from */
	STATUS_CONFIG = 4, /* targets are named, but none can be used as it is */
	STATUS_MODULE = 5, /* a kernel module or a program that is needed is missing */
	STATUS_NO_LINK = 6, /* the NIC isn't there, or has no carrier */
	STATUS_NO_ANSWER = 7, /* no portal answers */
	STATUS_AUTH = 8, /* the target refuses our credentials, or its own are wrong */
	STATUS_NO_TARGET = 9, /* the portal answers, but doesn't know the target */
	STATUS_REFUSED = 10, /* the target refuses the login for another reason */
	STATUS_NO_LUN = 11, /* logged in, but the disk doesn't appear */
	STATUS_TIMERS = 12, /* the disk is there, but a timer is not as wanted */
	STATUS_GUARD = 13, /* the guard is wanted, neither runs nor left to iscsid */
} __attribute__((packed));

#endif
