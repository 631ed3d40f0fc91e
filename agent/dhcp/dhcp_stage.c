// SPDX-License-Identifier: GPL-2.0-only
/*
 * Leases for the NICs that ask for one, each by a client of its own. A client asks once and ends:
 * without a lease it is started again after a pause, with one at half its time, so that the lease
 * holds as long as we are there.
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

/* One device that a lease is asked for on. */
struct asker {
	struct asker *next_one;
	struct plan_nic *pn;
	char ifname[IFNAMSIZ];
	u8 mac[6];
	bool failed; /* for good; or another device was quicker */
	struct dhcp_client client;
	unsigned int tries; /* since the last lease */
	int64_t since_ns; /* when the first of them began */
	struct deadline next; /* of a client that doesn't run */
};

struct dhcp {
	struct loop *loop;
	struct ibu_nic *configured; /* each NIC of the plan as it was before its lease */
	struct asker *askers;
	bool news; /* a lease came in this turn, which others wait for */
};

/* "any" is the family that the portals have. */
static bool wants_ipv6(const struct plan *plan, const struct plan_nic *pn)
{
	bool v4 = false, v6 = false;
	struct ibu_addr portal;
	unsigned int i;

	if (pn->nic->method != IBU_METHOD_ANY)
		return pn->nic->method == IBU_METHOD_DHCP6;
	for (i = 0; i < plan->nr_paths; i++) {
		if ((plan->paths[i].nic && plan->paths[i].nic != pn) ||
		    ibu_addr_parse(plan->paths[i].portal, strlen(plan->paths[i].portal), &portal))
			continue;
		v4 |= ibu_addr_is_v4(&portal);
		v6 |= !ibu_addr_is_v4(&portal);
	}
	return v6 && !v4;
}

static int dhcp_open(struct loop *loop, void **data)
{
	struct dhcp *dhcp = *data = calloc(1, sizeof(*dhcp));
	struct plan *plan = loop->plan;
	unsigned int i;

	if (!dhcp)
		return -ENOMEM;
	dhcp->loop = loop;
	dhcp->configured = calloc(plan->nr_nics + 1, sizeof(*dhcp->configured));
	if (!dhcp->configured)
		return -ENOMEM;
	for (i = 0; i < plan->nr_nics; i++)
		dhcp->configured[i] = *plan->nics[i].nic;
	return 0;
}

static const struct ibu_nic *configured(const struct dhcp *dhcp, const struct plan_nic *pn)
{
	return &dhcp->configured[pn - dhcp->loop->plan->nics];
}

/* Whoever waits for its lease waits in vain. */
static bool is_lost(const struct dhcp *dhcp, const struct plan_nic *pn)
{
	const struct asker *a;

	for (a = dhcp->askers; a; a = a->next_one)
		if (a->pn == pn && a->failed && pn->lease.from == LEASE_NONE)
			return true;
	return false;
}

static bool path_is_lost(const struct dhcp *dhcp, const struct plan_path *path)
{
	const struct plan *plan = dhcp->loop->plan;
	unsigned int i;

	for (i = 0; i < plan->nr_nics && !path->nic; i++)
		if (!is_lost(dhcp, &plan->nics[i]))
			return false;
	return !path->nic || is_lost(dhcp, path->nic);
}

/* Nothing that is tried again would help. */
static void fail(struct dhcp *dhcp, struct asker *a, enum status result, const char *answer,
		 const char *check)
{
	struct plan *plan = dhcp->loop->plan;
	AUTO_ARENA arena = NULL;
	unsigned int i;

	a->failed = true;
	log_failure("dhcp", result,
		    arena_printf(&arena, "to get an address for %s by DHCP", a->ifname), answer,
		    check);
	for (i = 0; i < plan->nr_paths; i++)
		if (plan->paths[i].state == PATH_NET && path_is_lost(dhcp, &plan->paths[i]))
			path_fail(plan, &plan->paths[i], result, answer);
}

static void start(struct dhcp *dhcp, struct asker *a)
{
	const enum lease_from wanted = dhcp->loop->plan->policy.dhcp_client;
	const bool ipv6 = wants_ipv6(dhcp->loop->plan, a->pn);
	int r;

	if (!dhcp_client_find(&a->client, wanted, ipv6)) {
		fail(dhcp, a, STATUS_MODULE, "the image has no DHCP client that can do that",
		     ipv6 ? "that dhcpcd is in the image" :
			    "that dhcpcd, udhcpc or ipconfig is in the image");
		return;
	}
	r = dhcp_client_start(&a->client, a->ifname, a->mac, ipv6);
	if (r < 0) {
		fail(dhcp, a, STATUS_ERROR, strerror(-r), "that the agent runs as root");
		return;
	}
	if (!a->tries++) {
		a->since_ns = now_ns();
		log_info("dhcp", "%s: asking for a lease by %s", a->ifname,
			 dhcp_client_name(a->client.kind));
	}
}

static void tell_lease(const struct asker *a)
{
	const struct lease *lease = &a->pn->lease;
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
 * At half its time, as RFC 2131 4.4.5 has it. ipconfig would take the address off the device first,
 * and with it the sessions.
 */
static void plan_renewal(struct asker *a)
{
	const unsigned int seconds = a->pn->lease.seconds;
	const bool ends = seconds && seconds != UINT_MAX && a->client.kind != LEASE_IPCONFIG;

	a->tries = 0;
	a->next = deadline_in(ends ? seconds / 2 + 1 : 0);
}

/* Of a NIC that was any device it is this one now. */
static void settle(struct dhcp *dhcp, const struct asker *winner)
{
	struct ibu_nic *leased = &winner->pn->leased;
	struct asker *a;

	for (a = dhcp->askers; a; a = a->next_one) {
		if (a == winner || a->pn != winner->pn)
			continue;
		dhcp_client_kill(&a->client);
		a->failed = true;
	}
	if (!nic_is_any(leased))
		return;
	memcpy(leased->mac, winner->mac, sizeof(leased->mac));
	ibu_set(&leased->f, IBU_NIC_MAC);
}

static void take_lease(struct dhcp *dhcp, struct asker *a, struct lease *lease)
{
	struct plan_nic *pn = a->pn;

	lease->from = a->client.kind;
	lease->since_ns = now_ns();
	memcpy(lease->client_id, a->client.client_id, sizeof(lease->client_id));
	if (pn->lease.from != LEASE_NONE && memcmp(&pn->lease.ip, &lease->ip, sizeof(lease->ip))) {
		log_warning("dhcp", "%s: the server gives another address now, which is not used",
			    a->ifname);
		memcpy(pn->lease.root_path, lease->root_path, sizeof(lease->root_path));
		pn->lease.since_ns = lease->since_ns;
		plan_renewal(a);
		return;
	}
	pn->lease = *lease;
	lease_apply(configured(dhcp, pn), &pn->lease, &pn->leased);
	settle(dhcp, a);
	pn->nic = &pn->leased;
	tell_lease(a);
	plan_renewal(a);
	pn->look_again = true;
	dhcp->news = true;
}

static void name_target(struct dhcp *dhcp, struct plan_path *path)
{
	struct plan *plan = dhcp->loop->plan;
	AUTO_ARENA arena = NULL;
	const char *answer;

	dhcp->news = true;
	if (plan_root_path(plan, path, &answer)) {
		path->nic->look_again = true;
		log_info("dhcp", "%s: the root path names %s", path->nic->ifname,
			 describe_path(&arena, path));
		return;
	}
	log_failure("dhcp", STATUS_NO_TARGET,
		    arena_printf(&arena, "to find %s", describe_path(&arena, path)), answer,
		    "the server's option 17 (by DHCPv6 59): iscsi:SERVER::PORT:LUN:TARGET-NAME");
	path_fail(plan, path, STATUS_NO_TARGET, answer);
}

/* By the lease that came since they began to wait; who comes back has it asked for again. */
static void name_targets(struct dhcp *dhcp, struct asker *a)
{
	struct plan *plan = dhcp->loop->plan;
	struct plan_path *path;

	for (path = plan->paths; path < plan->paths + plan->nr_paths; path++) {
		if (path->state != PATH_NET || path->nic != a->pn || !path_awaits_root_path(path) ||
		    a->pn->lease.from == LEASE_NONE)
			continue;
		if (a->pn->lease.since_ns >= path->since_ns)
			name_target(dhcp, path);
		else if (!task_is_running(&a->client.task) && !a->tries)
			a->next = (struct deadline){ 0 };
	}
}

static bool read_lease(const struct asker *a, struct lease *lease)
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

static void tell_none(const struct asker *a, int wait_status, unsigned int pause_s)
{
	AUTO_ARENA arena = NULL;
	const char *said = dhcp_client_output(&arena, &a->client);

	log_info("dhcp", "%s: no lease: %s ended with status %d (%s); again in %u s", a->ifname,
		 dhcp_client_name(a->client.kind),
		 WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status),
		 said ? said : "?", pause_s);
}

static void ended(struct dhcp *dhcp, struct asker *a)
{
	int status = task_reap(&a->client.task);
	unsigned int pause_s = a->tries < 5 ? 1U << a->tries >> 1 : PAUSE_MAX_S;
	struct lease lease;

	if (read_lease(a, &lease)) {
		take_lease(dhcp, a, &lease);
		return;
	}
	tell_none(a, status, pause_s);
	a->next = deadline_in(pause_s);
}

static bool is_due(const struct asker *a)
{
	return !task_is_running(&a->client.task) && deadline_left_ms(a->next) == 0;
}

static int add_asker(struct dhcp *dhcp, struct plan_nic *pn, const char *ifname)
{
	struct asker *a;
	AUTO_ARENA arena = NULL;
	ssize_t len;
	char *mac;

	for (a = dhcp->askers; a; a = a->next_one)
		if (a->pn == pn && !strcmp(a->ifname, ifname))
			return 0;
	len = sysfs_read(&arena, &mac, "/sys/class/net/%s/address", ifname);
	a = calloc(1, sizeof(*a));
	if (!a)
		return -ENOMEM;
	if (len < 0 || ibu_mac_parse(mac, (size_t)len, a->mac)) {
		free(a); /* gone again, or none with a MAC */
		return 0;
	}
	a->pn = pn;
	a->client.task = TASK_NONE;
	snprintf(a->ifname, sizeof(a->ifname), "%s", ifname);
	a->next_one = dhcp->askers;
	dhcp->askers = a;
	return 0;
}

/* It has hardware of its own and a carrier, and nobody else runs it. */
static bool may_ask_on(const char *ifname)
{
	long carrier, ifindex;

	return strlen(ifname) < IFNAMSIZ && sysfs_exists("/sys/class/net/%s/device", ifname) &&
	       !sysfs_read_long(&carrier, "/sys/class/net/%s/carrier", ifname) && carrier &&
	       !sysfs_read_long(&ifindex, "/sys/class/net/%s/ifindex", ifname) &&
	       !network_manager_of((int)ifindex);
}

/* Where any device will do, all that may be are asked on. */
static int add_askers(struct dhcp *dhcp, struct plan_nic *pn)
{
	AUTO_DIR dir = NULL;
	const char *ifname;
	int r = 0;

	if (!nic_is_any(pn->nic) || ibu_has(&pn->nic->f, IBU_NIC_VLAN))
		return add_asker(dhcp, pn, pn->ifname);
	dir = sysfs_dir("/sys/class/net");
	while (!r && (ifname = sysfs_next(dir)))
		if (may_ask_on(ifname))
			r = add_asker(dhcp, pn, ifname);
	return r;
}

static int dhcp_step(void *data)
{
	struct dhcp *dhcp = data;
	struct pollfd p = { .events = POLLIN };
	struct plan *plan = dhcp->loop->plan;
	struct asker *a;
	unsigned int i;
	int r = 0;

	dhcp->news = false;
	for (i = 0; i < plan->nr_nics && !r; i++)
		if (plan->nics[i].asks && plan->nics[i].lease.from == LEASE_NONE)
			r = add_askers(dhcp, &plan->nics[i]);
	for (a = dhcp->askers; a; a = a->next_one) {
		p.fd = a->client.task.pidfd;
		if (task_is_running(&a->client.task) && poll(&p, 1, 0) > 0)
			ended(dhcp, a);
		name_targets(dhcp, a);
		if (!a->failed && is_due(a))
			start(dhcp, a);
	}
	return r;
}

static void dhcp_waits(void *data, struct waits *waits)
{
	struct dhcp *dhcp = data;
	struct asker *a;

	for (a = dhcp->askers; a; a = a->next_one) {
		waits_fd(waits, a->client.task.pidfd, POLLIN);
		if (!a->failed && !task_is_running(&a->client.task))
			waits_until(waits, a->next);
	}
	if (dhcp->news)
		waits_until(waits, (struct deadline){ 0 });
}

static void dhcp_close(void *data)
{
	struct dhcp *dhcp = data;
	struct asker *a, *next;

	if (!dhcp)
		return;
	for (a = dhcp->askers; a; a = next) {
		next = a->next_one;
		dhcp_client_kill(&a->client);
		free(a);
	}
	free(dhcp->configured);
	free(dhcp);
}

const struct stage stage_dhcp = {
	.name = "dhcp",
	.open = dhcp_open,
	.step = dhcp_step,
	.waits = dhcp_waits,
	.state = NR_PATH_STATES,
	.close = dhcp_close,
};
