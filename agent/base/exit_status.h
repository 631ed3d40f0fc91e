/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Exit statuses of the programs: stable, documented in iscsi-boot-agent(8). The command "status"
 * returns the first of these that applies: STATUS_NO_ANSWER for a session that is missing or not
 * logged in, STATUS_NO_LUN for a missing disk, STATUS_TIMERS for a timer that differs, STATUS_GUARD
 * for a missing guard.
 */
#ifndef AGENT_BASE_EXIT_STATUS_H
#define AGENT_BASE_EXIT_STATUS_H

enum status {
	STATUS_OK = 0,
	STATUS_ERROR = 1, /* a failure of memory, a system call or a file */
	STATUS_USAGE = 2, /* wrong command line or configuration file of the agent */
	STATUS_NOTHING = 3, /* nothing to boot from is configured */
	STATUS_CONFIG = 4, /* targets are configured, but none is usable */
	STATUS_MODULE = 5, /* a required kernel module or program is missing */
	STATUS_NO_LINK = 6, /* the NIC is missing or has no carrier */
	STATUS_NO_ANSWER = 7, /* no portal replies */
	STATUS_AUTH = 8, /* the target refuses the credentials, or fails mutual CHAP */
	STATUS_NO_TARGET = 9, /* the portal replies, but does not have the target */
	STATUS_REFUSED = 10, /* the target refuses the login for another reason */
	STATUS_NO_LUN = 11, /* logged in, but the disk does not appear */
	STATUS_TIMERS = 12, /* the disk is present, but a timer differs from its configured value */
	STATUS_GUARD =
		13, /* the guard is enabled, but neither runs nor has handed over to iscsid */
	STATUS_UNREADABLE = 14, /* the disk is there, but cannot be read */
	STATUS_LEASE = 15, /* less than a quarter of a DHCP lease is left */
} __attribute__((packed));

#endif
