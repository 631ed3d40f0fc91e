// SPDX-License-Identifier: GPL-2.0-only
/* All NICs of the plan side by side: each goes on when the kernel reports a change. */
#include "net.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "describe.h"
#include "events.h"
#include "log.h"
#include "modules.h"
#include "steps.h"

struct net {
	struct nl nl;
	struct plan *plan;
	struct nic_run *runs; /* one for each NIC of the plan */
	int fds[2]; /* changes of the network; uevents, where we load the drivers */
};

#define AUTO_NET __attribute__((cleanup(net_close))) struct net

static void net_close(struct net *net)
{
	cleanup_fd(&net->fds[0]);
	cleanup_fd(&net->fds[1]);
	nl_close(&net->nl);
	free(net->runs);
}

static int net_open(struct net *net, struct plan *plan)
{
	unsigned int i;
	int r;

	net->plan = plan;
	net->runs = calloc(plan->nr_nics + 1, sizeof(*net->runs));
	if (!net->runs)
		return -ENOMEM;
	for (i = 0; i < plan->nr_nics; i++)
		net->runs[i] = (struct nic_run){ .pn = &plan->nics[i], .since_ns = now_ns() };
	r = nl_open(&net->nl);
	if (r < 0)
		return r;
	net->fds[0] = events_open_net();
	if (net->fds[0] < 0)
		return net->fds[0];
	if (!udev_runs())
		net->fds[1] = events_open_uevent();
	return 0;
}

static double seconds_since(int64_t ns)
{
	return (double)(now_ns() - ns) / 1e9;
}

/* One line when a wait begins, one when it ends; nic_step() has said the rest. */
static void tell(const struct nic_run *run, enum nic_state state)
{
	const char *name = run->pn->ifname[0] ? run->pn->ifname : run->name;
	AUTO_ARENA arena = NULL;

	if (run->state == NIC_NO_ADDRESS && state == NIC_READY)
		log_info("net", "%s: its address may be used after %.3f s", name,
			 seconds_since(run->since_ns));
	if (state == NIC_NO_DEVICE)
		log_info("net", "waiting for the network device of %s",
			 describe_nic(&arena, run->pn));
	if (state == NIC_NO_CARRIER)
		log_info("net", "%s: waiting for its carrier", name);
	if (state == NIC_NO_ADDRESS)
		log_info("net", "%s: waiting for its address", name);
	if (state == NIC_READY)
		log_info("net", "%s: ready", name);
}

static void step(struct net *net, const struct links *links, struct nic_run *run)
{
	enum nic_state state;

	if (run->state >= NIC_READY)
		return;
	state = nic_step(&net->nl, net->plan, links, run);
	if (state == run->state && run->told)
		return;
	tell(run, state);
	run->told = true;
	run->state = state;
	run->since_ns = now_ns();
}

static int step_all(struct net *net)
{
	__attribute__((cleanup(links_free))) struct links links = { NULL, 0 };
	unsigned int i;
	int r;

	r = links_read(&net->nl, &links);
	for (i = 0; i < net->plan->nr_nics && !r; i++)
		step(net, &links, &net->runs[i]);
	return r;
}

/* The root's path without a NIC of its own goes by whichever is ready first. */
static bool is_roots(const struct plan *plan, const struct plan_nic *pn)
{
	unsigned int i;

	for (i = 0; i < plan->nr_paths; i++)
		if (path_is_roots(plan, &plan->paths[i]) &&
		    (!plan->paths[i].nic || plan->paths[i].nic == pn))
			return true;
	return false;
}

static bool root_is_ready(const struct net *net)
{
	unsigned int i;

	for (i = 0; i < net->plan->nr_nics; i++)
		if (net->runs[i].state == NIC_READY && is_roots(net->plan, net->runs[i].pn))
			return true;
	return false;
}

static bool all_are_settled(const struct net *net)
{
	unsigned int i;

	for (i = 0; i < net->plan->nr_nics; i++)
		if (net->runs[i].state < NIC_READY)
			return false;
	return true;
}

static bool any_is_missing(const struct net *net)
{
	unsigned int i;

	for (i = 0; i < net->plan->nr_nics; i++)
		if (net->runs[i].state == NIC_NO_DEVICE)
			return true;
	return false;
}

static int wait_all(struct net *net, struct deadline deadline)
{
	bool hurry = false;
	int r;

	for (;;) {
		r = step_all(net);
		if (r < 0 || all_are_settled(net))
			return r;
		if (!hurry && root_is_ready(net)) {
			deadline = deadline_sooner(deadline, OTHERS_GRACE_S);
			hurry = true;
		}
		r = events_wait(net->fds, 2, deadline);
		if (r <= 0)
			return r;
		if (any_is_missing(net))
			modules_load_nics();
	}
}

static enum status fail_no_device(struct net *net, const struct nic_run *run)
{
	__attribute__((cleanup(links_free))) struct links links = { NULL, 0 };
	AUTO_ARENA arena = NULL;
	const char *answered, *check, *driverless, *seen;

	links_read(&net->nl, &links);
	seen = links_describe(&arena, &links);
	driverless = modules_driverless(&arena);
	answered = arena_printf(&arena, "not there after %.1f s; the machine has: %s",
				seconds_since(run->since_ns), seen ? seen : "?");
	check = arena_printf(&arena, "%s%s%s",
			     nic_is_any(run->pn->nic) ?
				     "cable and switch port" :
				     "MAC address, PCI address or name as configured",
			     driverless && *driverless ?
				     "; the image lacks the driver of the network controller " :
				     "; that the image has the NIC's driver",
			     driverless ? driverless : "");
	return log_failure("net", STATUS_NO_LINK,
			   arena_printf(&arena, "to find the network device of %s",
					describe_nic(&arena, run->pn)),
			   answered, check);
}

static bool wants_dhcp(const struct ibu_nic *nic)
{
	return ibu_has(&nic->f, IBU_NIC_METHOD) &&
	       (nic->method == IBU_METHOD_DHCP || nic->method == IBU_METHOD_DHCP6 ||
		nic->method == IBU_METHOD_ANY);
}

/* What was refused; of a NIC that is not named in any way, with the devices that it could be. */
static const char *fault(struct net *net, void **arena, const struct nic_run *run)
{
	__attribute__((cleanup(links_free))) struct links links = { NULL, 0 };
	const char *error = strerror(-run->error), *seen;

	if (run->name[0])
		return arena_printf(arena, "%s: %s", run->doing, error);
	links_read(&net->nl, &links);
	seen = links_describe(arena, &links);
	return arena_printf(arena, "%s: %s; the machine has: %s", run->doing, error,
			    seen ? seen : "?");
}

static enum status fail(struct net *net, const struct nic_run *run)
{
	double s = seconds_since(run->since_ns);
	enum status status = STATUS_NO_LINK;
	AUTO_ARENA arena = NULL;
	const char *tried, *answered, *check;

	tried = arena_printf(&arena, "to bring up %s%s%s", describe_nic(&arena, run->pn),
			     run->name[0] ? ", which is " : "", run->name);
	switch (run->state) {
	case NIC_NO_DEVICE:
		return fail_no_device(net, run);
	case NIC_NO_CARRIER:
	case NIC_CARRIER:
		answered = arena_printf(&arena, "no carrier after %.1f s", s);
		check = "cable, switch port, speed settings; that this is the right NIC";
		break;
	case NIC_NO_ADDRESS:
		answered = arena_printf(&arena, "no usable address after %.1f s", s);
		check = "that a router announces this network, or give a static address";
		break;
	case NIC_DUPLICATE:
		status = STATUS_CONFIG;
		answered = "another machine on this link has its IPv6 address";
		check = "which machine that is; give each machine an address of its own";
		break;
	case NIC_NO_CONFIG:
		status = STATUS_CONFIG;
		answered = wants_dhcp(run->pn->nic) ?
				   "no address that reaches a portal; this version has no DHCP" :
				   "no address that reaches a portal, and none is configured";
		check = "give it one: ip=ADDRESS::GATEWAY:NETMASK::DEVICE:none";
		break;
	default:
		status = STATUS_ERROR;
		answered = fault(net, &arena, run);
		check = "the addresses configured, and the kernel's log";
		break;
	}
	return log_failure("net", status, tried, answered, check);
}

/* The others' failures are said too, but don't end the boot. */
static enum status result(struct net *net)
{
	enum status status, first = STATUS_OK;
	unsigned int i;

	for (i = 0; i < net->plan->nr_nics; i++) {
		const struct nic_run *run = &net->runs[i];

		if (run->state == NIC_READY)
			continue;
		status = fail(net, run);
		run->pn->ifindex = 0;
		if (first == STATUS_OK && is_roots(net->plan, run->pn))
			first = status;
	}
	return root_is_ready(net) ? STATUS_OK : first;
}

static int loopback_up(struct nl *nl)
{
	__attribute__((cleanup(links_free))) struct links links = { NULL, 0 };
	unsigned int i;
	int r;

	r = links_read(nl, &links);
	for (i = 0; i < links.nr && !r; i++)
		if (links.list[i].flags & IFF_LOOPBACK && !(links.list[i].flags & IFF_UP))
			r = link_set_up(nl, links.list[i].ifindex, 0);
	return r;
}

enum status net_up(struct plan *plan, struct deadline deadline)
{
	AUTO_NET net = { .fds = { -1, -1 } };
	int r;

	r = net_open(&net, plan);
	if (!r)
		r = loopback_up(&net.nl);
	if (!r)
		r = wait_all(&net, deadline);
	if (r < 0)
		return log_failure("net", STATUS_ERROR,
				   "to talk to the kernel's network (rtnetlink)", strerror(-r),
				   "that the agent runs as root");
	return result(&net);
}
