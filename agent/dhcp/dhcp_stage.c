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
#include "net/network_manager.h"
#include "plan/describe.h"

#define PAUSE_MAX_S 16

/* A lease requested on one device. */
struct dhcp_request {
	struct dhcp_request *next;
	struct nic *nic;
	char ifname[IFNAMSIZ];
	u8 mac[6];
	bool failed; /* permanently, or because another device of the NIC got the lease */
	struct dhcp_client client;
	unsigned int tries; /* runs of the client since the last lease */
	int64_t since_ns; /* when the first of these runs began, CLOCK_MONOTONIC */
	struct deadline next_start; /* when to start the client, if it is not running */
};

struct dhcp {
	struct loop *loop;
	struct dhcp_request *requests;
	bool news; /* a lease arrived in this turn of the loop; other stages wait for it */
};

/* The method "any" uses IPv6 only if all known portals of the NIC have IPv6 addresses. */
static bool wants_ipv6(const struct progress *progress, const struct nic *nic)
{
	bool v4 = false, v6 = false;
	struct ibu_addr portal;
	unsigned int i;

	if (nic->config->method != IBU_METHOD_ANY)
		return nic->config->method == IBU_METHOD_DHCP6;
	for (i = 0; i < progress->nr_paths; i++) {
		if ((progress->paths[i].nic && progress->paths[i].nic != nic) ||
		    ibu_addr_parse(progress->paths[i].to.portal,
				   strlen(progress->paths[i].to.portal), &portal))
			continue;
		v4 |= ibu_addr_is_v4(&portal);
		v6 |= !ibu_addr_is_v4(&portal);
	}
	return v6 && !v4;
}

static int dhcp_open(struct loop *loop, void *data)
{
	struct dhcp *dhcp = data;

	dhcp->loop = loop;
	return 0;
}

/* True if the NIC has no lease and will not get one. */
static bool nic_has_failed(const struct dhcp *dhcp, const struct nic *nic)
{
	const struct dhcp_request *a;

	for (a = dhcp->requests; a; a = a->next)
		if (a->nic == nic && a->failed && nic->lease.from == LEASE_NONE)
			return true;
	return false;
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

static void dhcp_start(struct dhcp *dhcp, struct dhcp_request *a)
{
	const enum lease_from wanted = dhcp->loop->plan->policy.dhcp_client;
	const bool ipv6 = wants_ipv6(dhcp->loop->progress, a->nic);
	int r;

	if (!dhcp_client_find(&a->client, wanted, ipv6)) {
		dhcp_fail(dhcp, a, STATUS_MODULE, "the initramfs has no suitable DHCP client",
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
		log_info("dhcp", "%s: asking for a lease with %s", a->ifname,
			 dhcp_client_name(a->client.kind));
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

/* The NIC could be any device, and is now that of @winner: ends its requests on other devices. */
static void end_other_requests(struct dhcp *dhcp, const struct dhcp_request *winner)
{
	struct ibu_nic *leased = &winner->nic->leased;
	struct dhcp_request *a;

	for (a = dhcp->requests; a; a = a->next) {
		if (a == winner || a->nic != winner->nic)
			continue;
		dhcp_client_kill(&a->client);
		a->failed = true;
	}
	if (!nic_is_any(leased))
		return;
	memcpy(leased->mac, winner->mac, sizeof(leased->mac));
	ibu_set(&leased->f, IBU_NIC_MAC);
}

static void take_lease(struct dhcp *dhcp, struct dhcp_request *a, struct lease *lease)
{
	struct nic *nic = a->nic;

	lease->from = a->client.kind;
	lease->since_ns = now_ns();
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
	end_other_requests(dhcp, a);
	nic->config = &nic->leased;
	log_lease(a);
	schedule_renewal(a);
	nic->look_again = true;
	dhcp->news = true;
}

static void complete_target(struct dhcp *dhcp, struct path *path)
{
	AUTO_ARENA arena = NULL;
	const char *answer = path_take_root_path(dhcp->loop->progress, path);
	const char *what = describe_path(&arena, path->plan, &path->to);

	dhcp->news = true;
	if (!answer) {
		path->nic->look_again = true;
		log_info("dhcp", "%s: the root path names %s", path->nic->ifname, what);
		return;
	}
	log_failure("dhcp", STATUS_NO_TARGET, arena_printf(&arena, "cannot find %s", what), answer,
		    "set DHCP option 17 (DHCPv6: 59) to iscsi:SERVER::PORT:LUN:TARGET-NAME");
	path_fail(dhcp->loop->progress, path, STATUS_NO_TARGET, answer);
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
		if (path->state != PATH_NET || path->nic != a->nic ||
		    !path_awaits_root_path(path) || a->nic->lease.from == LEASE_NONE)
			continue;
		if (a->nic->lease.since_ns >= path->since_ns)
			complete_target(dhcp, path);
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

static bool is_due(const struct dhcp_request *a)
{
	return !task_is_running(&a->client.task) && deadline_left_ms(a->next_start) == 0;
}

static int add_request(struct dhcp *dhcp, struct nic *nic, const char *ifname)
{
	struct dhcp_request *a;
	AUTO_ARENA arena = NULL;
	ssize_t len;
	char *mac;

	for (a = dhcp->requests; a; a = a->next)
		if (a->nic == nic && !strcmp(a->ifname, ifname))
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
	a->client.task = TASK_NONE;
	snprintf(a->ifname, sizeof(a->ifname), "%s", ifname);
	a->next = dhcp->requests;
	dhcp->requests = a;
	return 0;
}

/* True for a device with hardware and a carrier that no network manager manages. */
static bool may_request_on(const char *ifname)
{
	long carrier, ifindex;

	return strlen(ifname) < IFNAMSIZ && sysfs_exists("/sys/class/net/%s/device", ifname) &&
	       !sysfs_read_long(&carrier, "/sys/class/net/%s/carrier", ifname) && carrier &&
	       !sysfs_read_long(&ifindex, "/sys/class/net/%s/ifindex", ifname) &&
	       !network_manager_of((int)ifindex);
}

/* For a NIC that may be any device, requests a lease on all usable devices. */
static int add_requests(struct dhcp *dhcp, struct nic *nic)
{
	AUTO_DIR dir = NULL;
	const char *ifname;
	int r = 0;

	if (!nic_is_any(nic->config) || ibu_has(&nic->config->f, IBU_NIC_VLAN))
		return add_request(dhcp, nic, nic->ifname);
	dir = sysfs_dir("/sys/class/net");
	while (!r && (ifname = sysfs_next(dir)))
		if (may_request_on(ifname))
			r = add_request(dhcp, nic, ifname);
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
	for (i = 0; i < progress->nr_nics && !r; i++)
		if (progress->nics[i].asks && progress->nics[i].lease.from == LEASE_NONE)
			r = add_requests(dhcp, &progress->nics[i]);
	for (a = dhcp->requests; a; a = a->next) {
		p.fd = a->client.task.pidfd;
		if (task_is_running(&a->client.task) && poll(&p, 1, 0) > 0)
			client_ended(dhcp, a);
		complete_targets(dhcp, a);
		if (!a->failed && is_due(a))
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
		if (!a->failed && !task_is_running(&a->client.task))
			waits_until(waits, a->next_start);
	}
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
