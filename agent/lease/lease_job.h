/* SPDX-License-Identifier: GPL-2.0-only */
/* Keeps one lease: renews it when it is due, unless systemd-networkd does. */
#ifndef AGENT_LEASE_LEASE_JOB_H
#define AGENT_LEASE_LEASE_JOB_H

#include <stdbool.h>

#include "lease/dhcp4.h"
#include "lease/dhcp6.h"
#include "lease/lease_record.h"
#include "lease/renewal.h"

struct lease_job {
	struct lease_job *next;
	struct lease_record record;
	int ifindex; /* of the device, which udev may rename; 0: it did not exist */
	struct renewal renewal;
	int fd; /* while an answer is awaited; else -1 */
	u32 xid;
	int64_t sent_ns;
	bool selects; /* a DHCPDISCOVER was sent, and an offer is awaited */
	bool without_id; /* the server refused the lease with the client ID: try without */
	struct dhcp6_server server6;
	bool rival; /* networkd may have a socket for the replies to the address */
	int64_t checked_ns; /* when networkd was asked, CLOCK_MONOTONIC; 0: never */
	bool changed; /* since the state was written last */
};

/* Returns a new job for @record, which the caller frees with lease_job_free(); NULL: no memory. */
struct lease_job *lease_job_new(const struct lease_record *record);
void lease_job_free(struct lease_job *job);
/* Reads answers, and sends what is due. */
void lease_job_step(struct lease_job *job);
/* Returns when lease_job_step() must be called next, CLOCK_MONOTONIC. */
int64_t lease_job_due(const struct lease_job *job);
/* Takes the answer @buf of a server. For tests. */
void lease_job_receive(struct lease_job *job, const u8 *buf, size_t len);

#endif
