// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keeps one lease. The address is never removed: the root disk needs it, and a machine without its
 * root disk could do nothing about a lease that has ended.
 */
#include "lease/lease_job.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/deadline.h"
#include "base/ip_addr.h"
#include "base/log.h"
#include "lease/addr_stamp.h"
#include "lease/lease_device.h"
#include "lease/lease_socket.h"
#include "lease/networkd.h"

#define NS_PER_S 1000000000LL
/* How often to see whether networkd holds the lease. */
#define CHECK_MAX_S 30

/* A lease whose time is not known is due now. */
static void schedule_lease(struct lease_job *job)
{
	const struct lease_record *r = &job->record;

	renewal_granted(&job->renewal,
			r->seconds == LEASE_UNKNOWN ? now_ns() : r->since_s * NS_PER_S, r->seconds,
			0, 0);
}

struct lease_job *lease_job_new(const struct lease_record *record)
{
	struct lease_job *job = calloc(1, sizeof(*job));

	if (!job)
		return NULL;
	job->record = *record;
	/* A restarted process does not know of the renewals of the one before. */
	if (!lease_seconds_left(record, (unsigned int)(now_ns() / NS_PER_S)))
		job->record.seconds = LEASE_UNKNOWN;
	job->record.by = KEPT_BY_US;
	job->ifindex = lease_device_find(record);
	job->fd = -1;
	job->changed = true;
	schedule_lease(job);
	return job;
}

static void stop_asking(struct lease_job *job)
{
	if (job->fd >= 0)
		close(job->fd);
	job->fd = -1;
	job->selects = false;
}

void lease_job_free(struct lease_job *job)
{
	stop_asking(job);
	free(job);
}

/* What is told */

#define STAYS "; the address stays, because the root disk needs it"

/* Logs what is wrong when that changes. */
static void tell_trouble(struct lease_job *job, enum lease_trouble trouble, const char *reason)
{
	const struct lease_record *r = &job->record;
	char ip[IBU_ADDR_STRLEN];
	AUTO_ARENA arena = NULL;

	job->changed |= r->trouble != trouble;
	if (r->trouble == trouble)
		return;
	job->record.trouble = trouble;
	ibu_addr_print(&r->ip, ip);
	log_failure("lease", STATUS_LEASE,
		    arena_printf(&arena, "cannot renew the lease of %s on %s", ip, r->ifname),
		    reason,
		    arena_printf(&arena, "check the DHCP server; reserve %s for %s there", ip,
				 mac_text(r->mac).s));
}

static void tell_other(struct lease_job *job, const struct ibu_addr *ip)
{
	char text[IBU_ADDR_STRLEN];
	AUTO_ARENA arena = NULL;

	ibu_addr_print(ip, text);
	tell_trouble(job, LEASE_OTHER,
		     arena_printf(&arena, "the DHCP server gives %s instead" STAYS, text));
}

static void tell_granted(struct lease_job *job)
{
	const struct lease_record *r = &job->record;
	char ip[IBU_ADDR_STRLEN];

	ibu_addr_print(&r->ip, ip);
	if (!r->renewed || r->trouble != LEASE_OK)
		log_info("lease", "%s: renewed %s for %u s", r->ifname, ip, r->seconds);
	job->record.trouble = LEASE_OK;
}

/* Answers */

static void lease_granted(struct lease_job *job, unsigned int seconds, unsigned int t1,
			  unsigned int t2)
{
	job->record.seconds = seconds;
	job->record.since_s = (unsigned int)(job->sent_ns / NS_PER_S);
	job->record.by = KEPT_BY_US;
	tell_granted(job);
	job->record.renewed++;
	job->changed = true;
	renewal_granted(&job->renewal, job->sent_ns, seconds, t1, t2);
	stop_asking(job);
}

/*
 * The firmware may have sent no client ID, so that the server does not recognise ours (RFC 2131
 * 4.2): the lease is asked for without it, and with it, in turn.
 */
static void lease_refused(struct lease_job *job)
{
	job->without_id = ibu_addr_is_v4(&job->record.ip) && !job->without_id;
	stop_asking(job);
	if (!job->without_id || job->renewal.refused)
		tell_trouble(job, LEASE_REFUSED, "the DHCP server refuses it" STAYS);
	if (job->without_id && !job->renewal.refused)
		job->renewal.next_ns = now_ns();
	else
		renewal_refused(&job->renewal, now_ns());
}

static u32 new_xid(void)
{
	u32 xid = random_number();

	return xid ? xid : 1;
}

/* Sends a DHCP message. Returns 0 or -errno. */
static int send_dhcp4(struct lease_job *job, enum dhcp4_type type, bool to_all,
		      const struct ibu_addr *offered)
{
	struct lease_record as_sent = job->record;
	u8 buf[DHCP4_SIZE];
	size_t len;

	if (job->without_id)
		as_sent.id_len = 0;
	len = dhcp4_write(buf, type, job->xid, &as_sent, offered);
	job->sent_ns = now_ns();
	return lease_socket_send(job->fd, &job->record, to_all, buf, len);
}

static void receive_dhcp4(struct lease_job *job, const u8 *buf, size_t len)
{
	struct lease_record *r = &job->record;
	struct dhcp4_reply reply;
	bool same;

	if (dhcp4_read(buf, len, job->xid, r, &reply))
		return;
	same = !memcmp(&reply.ip, &r->ip, sizeof(r->ip));
	if (reply.type == DHCP4_NAK) {
		lease_refused(job);
	} else if (!same) {
		tell_other(job, &reply.ip);
	} else if (reply.type == DHCP4_ACK) {
		if (!ibu_addr_is_null(&reply.server))
			r->server = reply.server;
		lease_granted(job, reply.seconds, reply.t1, reply.t2);
	} else if (job->selects && !ibu_addr_is_null(&reply.server)) {
		job->selects = false; /* the first offer counts */
		send_dhcp4(job, DHCP4_REQUEST, true, &reply.server);
	}
}

static void receive_dhcp6(struct lease_job *job, const u8 *buf, size_t len)
{
	struct dhcp6_reply reply;

	if (dhcp6_read(buf, len, job->xid, &job->record, &reply))
		return;
	if (reply.server.len)
		job->server6 = reply.server;
	if (reply.seconds)
		lease_granted(job, reply.seconds, reply.t1, reply.t2);
	else
		lease_refused(job);
}

void lease_job_receive(struct lease_job *job, const u8 *buf, size_t len)
{
	if (ibu_addr_is_v4(&job->record.ip))
		receive_dhcp4(job, buf, len);
	else
		receive_dhcp6(job, buf, len);
}

static void receive_all(struct lease_job *job)
{
	u8 buf[2048];
	ssize_t len;

	while (job->fd >= 0 && (len = recv(job->fd, buf, sizeof(buf), 0)) >= 0)
		lease_job_receive(job, buf, (size_t)len);
}

/* Questions */

static int ask_dhcp4(struct lease_job *job, enum renewal_step step)
{
	job->selects = step == RENEWAL_ASK;
	return send_dhcp4(job, job->selects ? DHCP4_DISCOVER : DHCP4_REQUEST, step != RENEWAL_RENEW,
			  NULL);
}

static int ask_dhcp6(struct lease_job *job, enum renewal_step step)
{
	enum dhcp6_type type = DHCP6_REBIND;
	u8 buf[DHCP6_SIZE];
	size_t len;

	if (job->server6.len && step == RENEWAL_RENEW)
		type = DHCP6_RENEW;
	else if (job->server6.len && step == RENEWAL_ASK)
		type = DHCP6_REQUEST;
	job->xid &= 0xffffff;
	len = dhcp6_write(buf, type, job->xid, &job->record, &job->server6);
	job->sent_ns = now_ns();
	return lease_socket_send(job->fd, &job->record, true, buf, len);
}

/* A server that refuses the lease, or gives another address, is not silent. */
static void tell_silence(struct lease_job *job, enum renewal_step step)
{
	if (job->record.trouble == LEASE_REFUSED || job->record.trouble == LEASE_OTHER)
		return;
	if (step == RENEWAL_REBIND)
		tell_trouble(job, LEASE_SILENT, "no DHCP server answers");
	else if (step == RENEWAL_ASK)
		tell_trouble(job, LEASE_EXPIRED, "no DHCP server answered until it ended" STAYS);
}

/* udev of the real root may give the device another name. */
static void follow_name(struct lease_job *job)
{
	char name[IFNAMSIZ];

	if (!job->ifindex || !if_indextoname((unsigned int)job->ifindex, name))
		job->ifindex = lease_device_find(&job->record); /* it was replugged */
	if (!job->ifindex || !if_indextoname((unsigned int)job->ifindex, name))
		return;
	if (!strcmp(name, job->record.ifname))
		return;
	log_info("lease", "%s is now named %s", job->record.ifname, name);
	memcpy(job->record.ifname, name, sizeof(name));
	job->changed = true;
}

static void lease_ask(struct lease_job *job)
{
	enum renewal_step step = renewal_next(&job->renewal, now_ns());
	AUTO_ARENA arena = NULL;
	int err;

	stop_asking(job);
	job->xid = new_xid();
	job->fd = job->ifindex ?
			  lease_socket_open(&job->record, job->rival && step != RENEWAL_ASK) :
			  -ENODEV;
	err = job->fd < 0		      ? job->fd :
	      ibu_addr_is_v4(&job->record.ip) ? ask_dhcp4(job, step) :
						ask_dhcp6(job, step);
	if (err)
		tell_trouble(job, LEASE_UNSENT,
			     arena_printf(&arena, "cannot send by %s: %s", job->record.ifname,
					  strerror(-err)));
	else
		tell_silence(job, step);
}

/* networkd */

static int64_t check_period_ns(const struct lease_job *job)
{
	unsigned int s = job->record.seconds / 16;

	return (s < 1 ? 1 : s > CHECK_MAX_S ? CHECK_MAX_S : s) * NS_PER_S;
}

/*
 * Before systemd 261 networkd tells no time at which it renewed the lease, but it sets the address
 * again then, and the kernel knows when.
 */
static void lease_of_networkd(struct lease_job *job, const struct networkd_lease *lease)
{
	struct lease_record *r = &job->record;
	const bool first = r->by != KEPT_BY_NETWORKD;
	unsigned int since_s = r->since_s;

	if (lease->since_s)
		since_s = lease->since_s;
	else
		addr_stamp_read(job->ifindex, &r->ip, &since_s);
	/* It renews no longer if we had to renew the lease later than it did; 1: rounding. */
	if (first ? r->renewed && since_s + 1 < r->since_s : since_s <= r->since_s + 1)
		return;
	if (first)
		log_info("lease", "%s: systemd-networkd renews the lease", r->ifname);
	r->since_s = since_s > r->since_s ? since_s : r->since_s;
	if (lease->seconds)
		r->seconds = lease->seconds;
	r->renewed += !first;
	r->by = KEPT_BY_NETWORKD;
	r->trouble = LEASE_OK;
	job->changed = true;
	stop_asking(job);
	schedule_lease(job);
	if (r->seconds == LEASE_UNKNOWN)
		job->renewal.next_ns = INT64_MAX;
	else
		renewal_watched(&job->renewal);
}

static void lease_take_back(struct lease_job *job)
{
	struct lease_record *r = &job->record;

	log_info("lease", "%s: systemd-networkd no longer renews the lease", r->ifname);
	r->by = KEPT_BY_US;
	job->changed = true;
	schedule_lease(job);
}

/* If networkd does not answer, the lease is whose it was. */
static void check_networkd(struct lease_job *job)
{
	struct networkd_lease lease;
	int has = networkd_has_lease(job->ifindex, &job->record, &lease);

	job->rival = has != 0;
	if (has > 0)
		lease_of_networkd(job, &lease);
	else if (!has && job->record.by == KEPT_BY_NETWORKD)
		lease_take_back(job);
	job->checked_ns = now_ns();
}

void lease_job_step(struct lease_job *job)
{
	receive_all(job);
	if (now_ns() < lease_job_due(job))
		return;
	follow_name(job);
	check_networkd(job);
	if (now_ns() >= job->renewal.next_ns)
		lease_ask(job);
}

int64_t lease_job_due(const struct lease_job *job)
{
	const int64_t check = job->checked_ns ? job->checked_ns + check_period_ns(job) : 0;

	return check < job->renewal.next_ns ? check : job->renewal.next_ns;
}
