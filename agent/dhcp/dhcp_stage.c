// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stage "dhcp": gets a lease for each NIC that wants one, by one client process each.
 * A client exits after one attempt. Without a lease the stage starts it again after a pause; with a
 * lease it does so at half the lease time, so that the lease is valid as long as the agent runs.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/sysfs.h"
#include "dhcp/client.h"
#include "dhcp/lease.h"
#include "loop/loop.h"
#include "net/link.h"
#include "plan/describe.h"

#define PAUSE_MAX_S 16
/*
 * If only a lease may name a target, but that of one NIC does not: time for the leases of the other
 * NICs. Most machines with ip=dhcp do not boot by iSCSI.
 */
#define OTHERS_MS 5000
/* The same where a root path was asked for. A switch may block a port for 30 s (spanning tree). */
#define ASKED_OTHERS_MS 60000

/* A lease requested on one device. */
struct dhcp_request {
	struct dhcp_request *next;
	struct nic *nic;
	char ifname[IFNAMSIZ];
	u8 mac[6];
	bool ipv6;
	bool failed; /* permanently, or because the NIC got a lease of the other family */
	struct dhcp_client client;
	unsigned int tries; /* runs of the client since the last lease */
	int64_t since_ns; /* when the first of these runs began, CLOCK_MONOTONIC */
	struct deadline next_start; /* when to start the client, if it is not running */
	/* Why the root path of the last lease names no target of a pool's path; NULL: not read. */
	const char *no_target;
};

struct dhcp {
	struct loop *loop;
	struct dhcp_request *requests;
	bool news; /* a lease arrived in this turn of the loop; other stages wait for it */
	struct deadline until; /* when to stop waiting for the leases of other NICs */
};

/*
 * True if the NIC asks for an address of the family. The method "any" asks for those of the known
 * portals; if none is known, for both, and the first lease counts.
 */
static bool wants_family(const struct progress *progress, const struct nic *nic, bool ipv6)
{
	bool known = false, wanted = false;
	struct ibu_addr portal;
	unsigned int i;

	if (nic->config->method != IBU_METHOD_ANY)
		return (nic->config->method == IBU_METHOD_DHCP6) == ipv6;
	for (i = 0; i < progress->nr_paths; i++) {
		if (!path_may_use(&progress->paths[i], nic) ||
		    ibu_addr_parse(progress->paths[i].to.portal,
				   strlen(progress->paths[i].to.portal), &portal))
			continue;
		known = true;
		wanted |= ibu_addr_is_v4(&portal) != ipv6;
	}
	return wanted || !known;
}

static int dhcp_open(struct loop *loop, void *data)
{
	struct dhcp *dhcp = data;

	dhcp->loop = loop;
	dhcp->until = (struct deadline){ INT64_MAX };
	return 0;
}

/* True if the NIC, or each NIC of the pool, has no lease and will not get one. */
static bool nic_has_failed(const struct dhcp *dhcp, const struct nic *nic)
{
	const struct dhcp_request *a;
	bool failed = false;

	for (a = dhcp->requests; a; a = a->next) {
		if (a->nic != nic && a->nic->pool != nic)
			continue;
		if (!a->failed || a->nic->lease.from != LEASE_NONE)
			return false;
		failed = true;
	}
	return failed;
}

static bool path_has_failed(const struct dhcp *dhcp, const struct path *path)
{
	const struct progress *progress = dhcp->loop->progress;
	unsigned int i;

	for (i = 0; i < progress->nr_nics && !path->nic; i++)
		if (!nic_has_failed(dhcp, &progress->nics[i]))
			return false;
	return !path->nic || nic_has_failed(dhcp, path->nic);
}

/* Logs a permanent failure, and fails the paths that wait for this lease. */
static void dhcp_fail(struct dhcp *dhcp, struct dhcp_request *a, enum status result,
		      const char *answer, const char *advice)
{
	struct progress *progress = dhcp->loop->progress;
	AUTO_ARENA arena = NULL;
	unsigned int i;

	a->failed = true;
	log_failure("dhcp", result,
		    arena_printf(&arena, "cannot get an address for %s by DHCP", a->ifname), answer,
		    advice);
	for (i = 0; i < progress->nr_paths; i++)
		if (progress->paths[i].state == PATH_NET &&
		    path_has_failed(dhcp, &progress->paths[i]))
			path_fail(progress, &progress->paths[i], result, answer);
}

/* Returns the request of the NIC for the other family, if it has not failed; NULL: none. */
static struct dhcp_request *other_family(const struct dhcp *dhcp, const struct dhcp_request *a)
{
	struct dhcp_request *other;

	for (other = dhcp->requests; other; other = other->next)
		if (other != a && other->nic == a->nic && !other->failed)
			return other;
	return NULL;
}

static void dhcp_start(struct dhcp *dhcp, struct dhcp_request *a)
{
	const enum lease_from wanted = dhcp->loop->plan->policy.dhcp_client;
	const bool ipv6 = a->ipv6;
	int r;

	if (!dhcp_client_find(&a->client, wanted, ipv6)) {
		if (other_family(dhcp, a))
			a->failed = true;
		else
			dhcp_fail(dhcp, a, STATUS_MODULE,
				  "the initramfs has no suitable DHCP client",
				  ipv6 ? "add dhcpcd to the initramfs" :
					 "add dhcpcd, udhcpc or ipconfig to the initramfs");
		return;
	}
	r = dhcp_client_start(&a->client, a->ifname, a->mac, ipv6);
	if (r < 0) {
		dhcp_fail(dhcp, a, STATUS_ERROR, strerror(-r), "run the agent as root");
		return;
	}
	if (!a->tries++) {
		a->since_ns = now_ns();
		log_info("dhcp", "%s: asking for %s with %s", a->ifname,
			 ipv6 ? "an IPv6 lease" : "a lease", dhcp_client_name(a->client.kind));
	}
}

static void log_lease(const struct dhcp_request *a)
{
	const struct lease *lease = &a->nic->lease;
	char ip[IBU_ADDR_STRLEN], server[IBU_ADDR_STRLEN], time[32] = "ever";

	ibu_addr_print(&lease->ip, ip);
	ibu_addr_print(&lease->server, server);
	if (lease->seconds && lease->seconds != UINT_MAX)
		snprintf(time, sizeof(time), "%u s", lease->seconds);
	log_info("dhcp", "%s: %s/%u for %s%s%s, by %s after %.3f s", a->ifname, ip,
		 lease->prefix_len, lease->seconds ? time : "an unknown time",
		 ibu_addr_is_null(&lease->server) ? "" : " from ",
		 ibu_addr_is_null(&lease->server) ? "" : server, dhcp_client_name(a->client.kind),
		 seconds_since(a->since_ns));
}

/*
 * Renews at half the lease time (T1 of RFC 2131 4.4.5). Not with ipconfig, which would first remove
 * the address from the device and so break the sessions.
 */
static void schedule_renewal(struct dhcp_request *a)
{
	const unsigned int seconds = a->nic->lease.seconds;
	const bool ends = seconds && seconds != UINT_MAX && a->client.kind != LEASE_IPCONFIG;

	a->tries = 0;
	a->next_start = deadline_in(ends ? seconds / 2 + 1 : 0);
}

static void take_lease(struct dhcp *dhcp, struct dhcp_request *a, struct lease *lease)
{
	struct dhcp_request *other = other_family(dhcp, a);
	struct nic *nic = a->nic;

	if (other) {
		dhcp_client_kill(&other->client);
		other->failed = true;
	}
	lease->from = a->client.kind;
	lease->since_ns = now_ns();
	a->no_target = NULL;
	memcpy(lease->client_id, a->client.client_id, sizeof(lease->client_id));
	if (nic->lease.from != LEASE_NONE &&
	    memcmp(&nic->lease.ip, &lease->ip, sizeof(lease->ip))) {
		log_warning("dhcp", "%s: ignored another address that the server gave", a->ifname);
		memcpy(nic->lease.root_path, lease->root_path, sizeof(lease->root_path));
		nic->lease.since_ns = lease->since_ns;
		schedule_renewal(a);
		return;
	}
	nic->lease = *lease;
	lease_apply(nic->plan->nic, &nic->lease, &nic->leased);
	if (nic_is_any(&nic->leased)) { /* a VLAN of any device */
		memcpy(nic->leased.mac, a->mac, sizeof(a->mac));
		ibu_set(&nic->leased.f, IBU_NIC_MAC);
	}
	nic->config = &nic->leased;
	log_lease(a);
	schedule_renewal(a);
	nic->look_again = true;
	dhcp->news = true;
}

static void target_not_named(struct dhcp *dhcp, struct path *path, const char *answer)
{
	AUTO_ARENA arena = NULL;
	const char *what = describe_path(&arena, path->plan, &path->to);

	log_failure("dhcp", STATUS_NO_TARGET, arena_printf(&arena, "cannot find %s", what), answer,
		    "set DHCP option 17 (DHCPv6: 59) to iscsi:SERVER::PORT:LUN:TARGET-NAME");
	path_fail(dhcp->loop->progress, path, STATUS_NO_TARGET, answer);
}

/*
 * True if another NIC of the pool may still get a lease that names the target. @until: when that
 * ends, if nothing else happens.
 */
static bool others_may_answer(const struct dhcp *dhcp, const struct dhcp_request *a,
			      struct deadline *until)
{
	const struct progress *progress = dhcp->loop->progress;
	unsigned int i;

	until->at_ns = a->nic->lease.since_ns +
		       (dhcp->loop->plan->only_maybe ? OTHERS_MS : ASKED_OTHERS_MS) * 1000000LL;
	for (i = 0; i < progress->nr_nics && deadline_left_ms(*until); i++)
		if (a->nic->pool && progress->nics[i].pool == a->nic->pool &&
		    progress->nics[i].lease.from == LEASE_NONE)
			return true;
	return false;
}

static void complete_target(struct dhcp *dhcp, struct dhcp_request *a, struct path *path)
{
	struct nic *before = path->nic;
	AUTO_ARENA arena = NULL;
	struct deadline until;

	if (!a->no_target) {
		path->nic = a->nic;
		a->no_target = path_take_root_path(dhcp->loop->progress, path);
		path->nic = before;
	}
	if (a->no_target && others_may_answer(dhcp, a, &until)) {
		if (until.at_ns < dhcp->until.at_ns)
			dhcp->until = until;
		return;
	}
	dhcp->news = true;
	if (a->no_target) {
		target_not_named(dhcp, path, a->no_target);
		a->no_target = NULL;
		return;
	}
	if (a->nic->pool)
		progress_use_nic(dhcp->loop->progress, path, a->nic);
	path->nic->look_again = true;
	log_info("dhcp", "%s: the root path names %s", path->nic->ifname,
		 describe_path(&arena, path->plan, &path->to));
}

/*
 * Completes targets by the root path of the lease, if the lease is newer than the path's wait. For
 * a retried path the lease is older, so the client is started again.
 */
static void complete_targets(struct dhcp *dhcp, struct dhcp_request *a)
{
	struct progress *progress = dhcp->loop->progress;
	struct path *path;

	for (path = progress->paths; path < progress->paths + progress->nr_paths; path++) {
		if (path->state != PATH_NET || !path->nic || !path_may_use(path, a->nic) ||
		    !path_awaits_root_path(path) || a->nic->lease.from == LEASE_NONE)
			continue;
		if (a->nic->lease.since_ns >= path->since_ns)
			complete_target(dhcp, a, path);
		else if (!task_is_running(&a->client.task) && !a->tries)
			a->next_start = (struct deadline){ 0 };
	}
}

static bool read_lease_file(const struct dhcp_request *a, struct lease *lease)
{
	struct ibu_diag diag = { 0 };
	AUTO_ARENA arena = NULL;
	ssize_t len;
	char *text;
	int r;

	len = dhcp_client_result(&arena, &text, &a->client);
	if (len < 0)
		return false;
	r = lease_parse(text, (size_t)len, a->ifname, lease, &diag);
	log_diag("dhcp", diag.text, diag.len);
	ibu_diag_free(&diag);
	return !r;
}

static void log_no_lease(const struct dhcp_request *a, int wait_status, unsigned int pause_s)
{
	AUTO_ARENA arena = NULL;
	const char *said = dhcp_client_output(&arena, &a->client);

	log_info("dhcp", "%s: no lease: %s exited with status %d (%s); retrying in %u s", a->ifname,
		 dhcp_client_name(a->client.kind),
		 WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status),
		 said ? said : "?", pause_s);
}

static void client_ended(struct dhcp *dhcp, struct dhcp_request *a)
{
	int status = task_reap(&a->client.task);
	unsigned int pause_s = a->tries < 5 ? 1U << a->tries >> 1 : PAUSE_MAX_S;
	struct lease lease;

	if (read_lease_file(a, &lease)) {
		take_lease(dhcp, a, &lease);
		return;
	}
	log_no_lease(a, status, pause_s);
	a->next_start = deadline_in(pause_s);
}

/* False for a NIC of a pool by which no path goes, once all paths have logged in by others. */
static bool is_wanted(const struct dhcp *dhcp, const struct dhcp_request *a)
{
	const struct nic *nic = a->nic;

	return !a->failed &&
	       (!nic->pool || nic->used || progress_pool_is_open(dhcp->loop->progress, nic->pool));
}

static bool is_due(const struct dhcp_request *a)
{
	return !task_is_running(&a->client.task) && deadline_left_ms(a->next_start) == 0;
}

static int add_request(struct dhcp *dhcp, struct nic *nic, const char *ifname, bool ipv6)
{
	struct dhcp_request *a;
	AUTO_ARENA arena = NULL;
	ssize_t len;
	char *mac;

	for (a = dhcp->requests; a; a = a->next)
		if (a->nic == nic && a->ipv6 == ipv6 && !strcmp(a->ifname, ifname))
			return 0;
	len = sysfs_read(&arena, &mac, "/sys/class/net/%s/address", ifname);
	a = calloc(1, sizeof(*a));
	if (!a)
		return -ENOMEM;
	if (len < 0 || ibu_mac_parse(mac, (size_t)len, a->mac)) {
		free(a); /* the device is gone, or has no MAC */
		return 0;
	}
	a->nic = nic;
	a->ipv6 = ipv6;
	a->client.task = TASK_NONE;
	snprintf(a->ifname, sizeof(a->ifname), "%s", ifname);
	a->next = dhcp->requests;
	dhcp->requests = a;
	return 0;
}

static int add_requests(struct dhcp *dhcp, struct nic *nic)
{
	unsigned int ipv6;
	int r = 0;

	for (ipv6 = 0; ipv6 < 2 && !r; ipv6++)
		if (wants_family(dhcp->loop->progress, nic, ipv6))
			r = add_request(dhcp, nic, nic->ifname, ipv6);
	return r;
}

static int dhcp_step(void *data)
{
	struct dhcp *dhcp = data;
	struct pollfd p = { .events = POLLIN };
	struct progress *progress = dhcp->loop->progress;
	struct dhcp_request *a;
	unsigned int i;
	int r = 0;

	dhcp->news = false;
	dhcp->until = (struct deadline){ INT64_MAX };
	for (i = 0; i < progress->nr_nics && !r; i++)
		if (progress->nics[i].asks && progress->nics[i].lease.from == LEASE_NONE)
			r = add_requests(dhcp, &progress->nics[i]);
	for (a = dhcp->requests; a; a = a->next) {
		p.fd = a->client.task.pidfd;
		if (task_is_running(&a->client.task) && poll(&p, 1, 0) > 0)
			client_ended(dhcp, a);
		complete_targets(dhcp, a);
		if (!is_wanted(dhcp, a))
			dhcp_client_kill(&a->client);
		else if (is_due(a))
			dhcp_start(dhcp, a);
	}
	return r;
}

static void dhcp_waits(void *data, struct waits *waits)
{
	struct dhcp *dhcp = data;
	struct dhcp_request *a;

	for (a = dhcp->requests; a; a = a->next) {
		waits_fd(waits, a->client.task.pidfd, POLLIN);
		if (is_wanted(dhcp, a) && !task_is_running(&a->client.task))
			waits_until(waits, a->next_start);
	}
	waits_until(waits, dhcp->until);
	if (dhcp->news)
		waits_until(waits, (struct deadline){ 0 });
}

static void dhcp_close(void *data)
{
	struct dhcp *dhcp = data;
	struct dhcp_request *a, *next;

	for (a = dhcp->requests; a; a = next) {
		next = a->next;
		dhcp_client_kill(&a->client);
		free(a);
	}
}

const struct stage stage_dhcp = {
	.name = "dhcp",
	.size = sizeof(struct dhcp),
	.open = dhcp_open,
	.step = dhcp_step,
	.waits = dhcp_waits,
	.state = NR_PATH_STATES,
	.close = dhcp_close,
};
