/* SPDX-License-Identifier: GPL-2.0-only */
/* When to renew a lease, and how (RFC 2131 4.4.5, RFC 8415 18.2.4 and 18.2.5). No I/O. */
#ifndef AGENT_LEASE_RENEWAL_H
#define AGENT_LEASE_RENEWAL_H

#include <stdbool.h>
#include <stdint.h>

enum renewal_step {
	RENEWAL_RENEW, /* ask the server that granted the lease */
	RENEWAL_REBIND, /* ask all servers to extend the lease */
	RENEWAL_ASK, /* the lease has ended, or was refused: ask all servers for the address */
};

struct renewal {
	/* All times are of CLOCK_MONOTONIC in nanoseconds. */
	int64_t t1_ns, t2_ns, end_ns;
	int64_t next_ns; /* when to send the next message; INT64_MAX: never */
	int64_t least_ns, most_ns; /* between two messages before the lease ends */
	bool refused;
	unsigned int asked; /* messages since the lease ended or was refused */
};

/*
 * Sets the times of a lease granted at @since_ns for @seconds (lease_record.h). @t1, @t2: seconds
 * that the server set, 0: none; values that contradict each other are ignored.
 */
void renewal_granted(struct renewal *r, int64_t since_ns, unsigned int seconds, unsigned int t1,
		     unsigned int t2);
/*
 * Another program renews the lease, and rebinds it in the last eighth of its time: the next message
 * is due in the middle of that.
 */
void renewal_watched(struct renewal *r);
/* The server has refused the lease: asks for the address soon, and later the more often it does. */
void renewal_refused(struct renewal *r, int64_t now_ns);
/* Returns what to send at @now_ns, and sets next_ns to when that is repeated. */
enum renewal_step renewal_next(struct renewal *r, int64_t now_ns);

#endif
