// SPDX-License-Identifier: GPL-2.0-only
/* The stage "net": brings up all NICs in parallel, each as the kernel reports changes. */
#include "net/bond.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/kernel_events.h"
#include "base/log.h"
#include "loop/loop.h"
#include "modules/modules.h"
#include "net/network_manager.h"
#include "plan/describe.h"

struct net {
	struct loop *loop;
	struct rtnl nl;
	struct nic_setup *setups; /* one for each NIC; in use: @nr */
	unsigned int nr;
	struct deadline choose; /* when to choose the NIC of a path again */
	enum status *failed; /* how each NIC failed; STATUS_OK: not failed, or not logged yet */
	bool look; /* check all NICs, even without an event */
	/* events: the kernel's network, network managers, udev */
	int fds[3];
	struct deadline udev_until; /* until then, devices are hidden that udev still has to name */
	bool any_unnamed; /* a device is hidden */
	bool unnamed_logged;
};

#define NR_FDS 3
#define UDEV_SECONDS 30

static void net_close(void *data)
{
	struct net *net = data;
	unsigned int i;

	for (i = 0; i < NR_FDS; i++)
		cleanup_fd(&net->fds[i]);
	if (net->setups)
		nic_lower_unused(&net->nl, net->setups, net->nr);
	rtnl_close(&net->nl);
	free(net->setups);
	free(net->failed);
}

/* Several entries may mean one device: returns the states that were logged for an earlier entry. */
static unsigned int states_logged_before(const struct progress *progress, unsigned int i)
{
	unsigned int j;

	for (j = 0; j < i; j++)
		if (nic_same_device(progress->nics[j].config, progress->nics[i].config))
			return 1U << NIC_NO_DEVICE | 1U << NIC_NO_CARRIER | 1U << NIC_CARRIER;
	return 0;
}

/* True for an entry of the plan whose devices become NICs of their own. */
static bool is_pool(const struct progress *progress, const struct nic *nic)
{
	return !nic->pool && nic_is_pool(nic->plan->nic) && progress->room_nics;
}

static void nic_setup_init(struct net *net, unsigned int i)
{
	struct nic_setup *setup = &net->setups[i];

	*setup = (struct nic_setup){ .nic = &net->loop->progress->nics[i],
				     .since_ns = now_ns(),
				     .logged_states = states_logged_before(net->loop->progress, i),
				     .raised = setup->raised,
				     .nr_raised = setup->nr_raised };
	if (is_pool(net->loop->progress, setup->nic))
		setup->logged_states |= 1U << NIC_NO_ADDRESS; /* its devices log that */
	net->failed[i] = STATUS_OK;
	net->look = true;
}

/* Starts with the NICs of the plan, and later with those that a pool has added. */
static void setup_new_nics(struct net *net)
{
	while (net->nr < net->loop->progress->nr_nics)
		nic_setup_init(net, net->nr++);
}

static int loopback_up(struct rtnl *nl);

static int net_open(struct loop *loop, void *data)
{
	struct net *net = data;
	unsigned int i;
	int r;

	*net = (struct net){
		.loop = loop, .choose = { INT64_MAX }, .fds = { -1, -1, -1 }, .look = true
	};
	net->udev_until = deadline_sooner(loop->deadline, UDEV_SECONDS);
	i = loop->progress->nr_nics + loop->progress->room_nics + 1;
	net->setups = calloc(i, sizeof(*net->setups));
	net->failed = calloc(i, sizeof(*net->failed));
	if (!net->setups || !net->failed)
		return -ENOMEM;
	setup_new_nics(net);
	r = rtnl_open(&net->nl);
	if (r < 0)
		return r;
	net->fds[0] = kernel_events_open_net();
	if (net->fds[0] < 0)
		return net->fds[0];
	net->fds[1] = network_manager_open_events();
	return loopback_up(&net->nl);
}

/* Logs when a wait first starts and when it ends. nic_step() logs the rest. */
static void log_nic_state(struct nic_setup *setup, enum nic_state state)
{
	const char *name = setup->nic->ifname[0] ? setup->nic->ifname : setup->name;
	const unsigned int bit = 1U << state;
	AUTO_ARENA arena = NULL;

	if (setup->logged_states & bit)
		return;
	setup->logged_states |= bit;
	if (setup->state == NIC_NO_ADDRESS && state == NIC_READY)
		log_info("net", "%s: address usable after %.3f s", name,
			 seconds_since(setup->since_ns));
	if (state == NIC_NO_DEVICE)
		log_info("net", "waiting for the network device of %s",
			 describe_nic(&arena, setup->nic->plan->number, setup->nic->config));
	if (state == NIC_NO_CARRIER)
		log_info("net",
			 *name ? "%s: waiting for its carrier" : "waiting for a NIC with a carrier",
			 name);
	if (state == NIC_NO_ADDRESS)
		log_info("net", "%s: waiting for its address", name);
	if (state == NIC_NO_ROUTE)
		log_info("net", "%s: waiting for a router to its portal", name);
	if (state == NIC_READY)
		log_info("net", "%s: ready", name);
}

static void net_nic_step(struct net *net, const struct links *links, struct nic_setup *setup)
{
	struct progress *progress = net->loop->progress;
	bool look_again = setup->nic->look_again;
	enum nic_state state;

	setup->nic->look_again = false;
	if (is_pool(progress, setup->nic) && !progress_pool_is_open(progress, setup->nic))
		return;
	if (setup->state == NIC_READY && setup->nic->used && !setup->nic->ifindex)
		setup->state = NIC_NO_ADDRESS; /* a path has chosen it */
	if (setup->state > NIC_READY || (setup->state == NIC_READY && !look_again))
		return;
	if (is_pool(progress, setup->nic))
		state = nic_pool_step(&net->nl, progress, links, setup);
	else
		state = nic_step(&net->nl, progress, links, setup);
	if (state == setup->state && setup->logged_states)
		return;
	log_nic_state(setup, state);
	setup->state = state;
	setup->since_ns = now_ns();
	if (setup->nic->pool && !setup->nic->used)
		net->choose = (struct deadline){ 0 };
	else if (state == NIC_READY && net->loop->nic_ready)
		net->loop->nic_ready(&net->nl, net->loop->progress);
}

/* Logs the first device that waits for its name. */
static void hide_unnamed_link(struct net *net, const struct link *link)
{
	if (!net->unnamed_logged)
		log_info("net", "%s: waiting until udev has named it", link->name);
	net->unnamed_logged = true;
	net->any_unnamed = true;
}

/*
 * Hides the devices that udev still has to name. Other work of udev is not waited for: a slow rule
 * of another device costs nothing.
 */
static void hide_unnamed(struct net *net, struct links *links)
{
	struct link *link, *kept = links->list;

	net->any_unnamed = false;
	if (!deadline_left_ms(net->udev_until))
		return;
	udev_watch(&net->fds[2]);
	for (link = links->list; link < links->list + links->nr; link++) {
		if (link_is_ethernet(link) && udev_still_names(link->ifindex)) {
			hide_unnamed_link(net, link);
			continue;
		}
		*kept = *link;
		kept->dev.ifname = kept->name;
		kept++;
	}
	links->nr = (unsigned int)(kept - links->list);
}

static int step_nics(struct net *net)
{
	__attribute__((cleanup(links_free))) struct links links = { NULL, 0 };
	unsigned int i;
	int r;

	r = links_read(&net->nl, &links);
	hide_unnamed(net, &links);
	for (i = 0; i < net->loop->progress->nr_nics && !r; i++) {
		setup_new_nics(net);
		net_nic_step(net, &links, &net->setups[i]);
	}
	return r;
}

static bool net_is_settled(const struct net *net)
{
	unsigned int i;

	for (i = 0; i < net->nr; i++) {
		const struct nic *nic = net->setups[i].nic;

		if (nic->look_again)
			return false;
		if (is_pool(net->loop->progress, nic) ?
			    progress_pool_is_open(net->loop->progress, nic) :
			    net->setups[i].state < NIC_READY && (!nic->pool || nic->used))
			return false;
	}
	return true;
}

static bool any_bond_is_due(const struct net *net)
{
	unsigned int i;

	for (i = 0; i < net->loop->progress->nr_nics; i++)
		if (bond_is_due(&net->setups[i]))
			return true;
	return false;
}

/*
 * Ends the waits that were over at @began, but that no step has looked at: the bond has no carrier,
 * or a network manager has taken a member. The loop would wake for them again and again.
 */
static void bonds_forget_waits(struct net *net, int64_t began)
{
	unsigned int i;

	for (i = 0; i < net->loop->progress->nr_nics; i++)
		if (net->setups[i].nic->bond_until.at_ns <= began)
			net->setups[i].nic->bond_until.at_ns = 0;
}

static bool any_nic_changed(const struct progress *progress)
{
	unsigned int i;

	for (i = 0; i < progress->nr_nics; i++)
		if (progress->nics[i].look_again)
			return true;
	return false;
}

static enum status net_fail_no_device(struct net *net, const struct nic_setup *setup,
				      struct path *path)
{
	__attribute__((cleanup(links_free))) struct links links = { NULL, 0 };
	AUTO_ARENA arena = NULL;
	const char *answered, *advice, *driverless, *seen, *first, *then, *name;

	links_read(&net->nl, &links);
	seen = links_describe(&arena, &links);
	driverless = modules_driverless(&arena);
	answered = arena_printf(&arena, "not present after %.1f s; the machine has: %s",
				seconds_since(setup->since_ns), seen ? seen : "?");
	first = nic_is_any(setup->nic->config) ? "check cable and switch port" :
		setup->nic->plan->bond	       ? "check the NICs that bond= names" :
					 "check the configured MAC address, PCI address or name";
	then = driverless && *driverless ?
		       "add to the initramfs the driver of the network controller " :
		       "check that the initramfs has the NIC's driver";
	advice = arena_printf(&arena, "%s; %s%s", first, then, driverless ? driverless : "");
	path_set_why(net->loop->progress, path, answered);
	name = describe_nic(&arena, setup->nic->plan->number, setup->nic->config);
	return log_failure("net", STATUS_NO_LINK,
			   arena_printf(&arena, "cannot find the network device of %s", name),
			   answered, advice);
}

/*
 * Returns which request failed and why; for a NIC that is not named in any way also the machine's
 * devices.
 */
static const char *refusal_text(struct net *net, void **arena, const struct nic_setup *setup)
{
	__attribute__((cleanup(links_free))) struct links links = { NULL, 0 };
	const char *error = strerror(-setup->error), *seen;

	if (setup->name[0])
		return arena_printf(arena, "%s: %s", setup->doing, error);
	links_read(&net->nl, &links);
	seen = links_describe(arena, &links);
	return arena_printf(arena, "%s: %s; the machine has: %s", setup->doing, error,
			    seen ? seen : "?");
}

/* Returns what each device of the pool got: no NIC of them leads to the portal. */
static const char *pool_answers(const struct net *net, void **arena, const struct nic_setup *setup)
{
	const struct nic *nic = net->loop->progress->nics, *end = nic + net->nr;
	const char *text = "", *what = "no usable address";
	char ip[IBU_ADDR_STRLEN];
	bool leased = false;

	for (; nic < end && text; nic++) {
		if (nic->pool != setup->nic)
			continue;
		leased |= nic->lease.from;
		ibu_addr_print(&nic->lease.ip, ip);
		text = arena_printf(arena, "%s%s %s%s", text, *text ? "," : " on", nic->ifname,
				    nic->lease.from ? " (" : "");
		if (text && nic->lease.from)
			text = arena_printf(arena, "%s%s)", text, ip);
	}
	if (leased)
		what = "no NIC leads to its portal";
	else if (nic_wants_dhcp(setup->nic->config))
		what = "no DHCP server answered";
	return arena_printf(arena, "%s after %.1f s%s", what, seconds_since(setup->since_ns),
			    text ? text : "");
}

/* Returns why the NIC has no address that can be used, and sets @advice. */
static const char *no_address_text(const struct net *net, void **arena,
				   const struct nic_setup *setup, const char **advice)
{
	const double s = seconds_since(setup->since_ns);

	*advice = "check its configuration, and that the DHCP server sends a root path";
	if (setup->manager)
		return arena_printf(arena, "%s gave it no usable address, or no target, in %.1f s",
				    setup->manager, s);
	*advice = "check DHCP servers, cables and VLANs, or name it: ip=DEVICE:dhcp";
	if (is_pool(net->loop->progress, setup->nic))
		return pool_answers(net, arena, setup);
	*advice = "check DHCP server, cable, VLAN and switch port";
	if (nic_wants_dhcp(setup->nic->config))
		return arena_printf(arena, "no DHCP server answered after %.1f s", s);
	*advice = "check that a router announces this network, or give a static address";
	return arena_printf(arena, "no usable address after %.1f s", s);
}

/* Logs why the NIC failed and sets the reason of @path. */
static enum status net_fail(struct net *net, const struct nic_setup *setup, struct path *path)
{
	double s = seconds_since(setup->since_ns);
	enum status status = STATUS_NO_LINK;
	AUTO_ARENA arena = NULL;
	const char *tried, *answered, *advice;

	tried = arena_printf(&arena, "cannot bring up %s%s%s",
			     describe_nic(&arena, setup->nic->plan->number, setup->nic->config),
			     setup->name[0] ? ", device " : "", setup->name);
	switch (setup->state) {
	case NIC_NO_DEVICE:
		return net_fail_no_device(net, setup, path);
	case NIC_NO_CARRIER:
	case NIC_CARRIER:
		answered = arena_printf(&arena, "no carrier after %.1f s", s);
		advice = "check cable, switch port, speed settings, and that this is the right NIC";
		break;
	case NIC_NO_ADDRESS:
		answered = no_address_text(net, &arena, setup, &advice);
		break;
	case NIC_NO_ROUTE:
		answered = arena_printf(&arena, "no route to its portal after %.1f s", s);
		advice = "check that a router announces itself, or give a gateway";
		break;
	case NIC_READY: /* a retried path, for which a new lease was requested */
		status = STATUS_NO_TARGET;
		answered = arena_printf(&arena, "no DHCP server named its target after %.1f s", s);
		advice = "check that a DHCP server serves this network with a root path";
		break;
	case NIC_DUPLICATE:
		status = STATUS_CONFIG;
		answered = "another machine on this link has its IPv6 address";
		advice = "find that machine, and give each machine its own address";
		break;
	case NIC_NO_CONFIG:
		status = STATUS_CONFIG;
		answered = "it has no address that reaches a portal, and none is configured";
		advice = "configure one: ip=ADDRESS::GATEWAY:NETMASK::DEVICE:none";
		break;
	default:
		status = STATUS_ERROR;
		answered = refusal_text(net, &arena, setup);
		advice = "check the configured addresses and the kernel log";
		break;
	}
	path_set_why(net->loop->progress, path, answered);
	return log_failure("net", status, tried, answered, advice);
}

/* Logs the failure of a NIC once. The NIC starts from the beginning when a path is retried. */
static void net_fail_path(struct net *net, struct path *path, unsigned int i)
{
	const char *why;

	if (net->failed[i] == STATUS_OK)
		net->failed[i] = net_fail(net, &net->setups[i], path);
	net->setups[i].nic->ifindex = 0;
	why = path->why;
	path_fail(net->loop->progress, path, net->failed[i], why ? why : "its NIC is not up");
}

/*
 * Returns the index of the path's NIC; for a path without a NIC, a ready NIC, or else one in
 * progress.
 */
static unsigned int nic_index_of(const struct net *net, const struct path *path)
{
	const struct progress *progress = net->loop->progress;
	unsigned int i, best = 0;

	if (path->nic)
		return (unsigned int)(path->nic - progress->nics);
	for (i = 0; i < progress->nr_nics; i++) {
		if (net->setups[i].state == NIC_READY)
			return i;
		if (net->setups[i].state < NIC_READY)
			best = i;
	}
	return best;
}

static void net_path_step(struct net *net, struct path *path)
{
	unsigned int i = nic_index_of(net, path);
	struct deadline until;

	if (path_awaits_root_path(path) && net->setups[i].state <= NIC_READY)
		return; /* the stage dhcp continues it */
	until = nic_better_until(&net->nl, net->loop->progress, net->setups, path);
	if (deadline_left_ms(until)) {
		if (until.at_ns < net->choose.at_ns)
			net->choose = until;
	} else if (!net->loop->progress->nr_nics || net->setups[i].state == NIC_READY) {
		path_goto(path, *path->to.portal ? PATH_REACH : PATH_NAME);
	} else if (net->setups[i].state > NIC_READY) {
		net_fail_path(net, path, i);
	}
}

/*
 * Chooses the NIC of the path, if it may go by any, or a better one if it has not logged in yet.
 * The root path of a lease names the target and so the NIC: the stage dhcp does it.
 */
static void choose_nic_of(struct net *net, struct path *path)
{
	struct progress *progress = net->loop->progress;
	const struct nic *before = path->nic;
	struct deadline until;

	if (!before || !(before->pool || is_pool(progress, before)) || path->state > PATH_LOGIN ||
	    path->state == PATH_NAME || path_awaits_root_path(path))
		return;
	until = nic_pool_choose(&net->nl, progress, net->setups, path);
	if (until.at_ns < net->choose.at_ns)
		net->choose = until;
	if (path->nic == before)
		return;
	log_info("net", "target%u: by %s", path->plan->number, path->nic->ifname);
	nic_leave(&net->nl, &net->setups[before - progress->nics]);
	if (path->state != PATH_NET)
		path_goto(path, PATH_NET);
}

/* True if a path came to PATH_NET again: its NIC may be down, or another one may be better now. */
static bool any_path_chooses(const struct progress *progress)
{
	unsigned int i;

	for (i = 0; i < progress->nr_paths; i++)
		if (progress->paths[i].choose)
			return true;
	return false;
}

static void choose_nics(struct net *net)
{
	struct progress *progress = net->loop->progress;
	unsigned int i;

	net->choose = (struct deadline){ INT64_MAX };
	for (i = 0; i < progress->nr_paths; i++) {
		choose_nic_of(net, &progress->paths[i]);
		progress->paths[i].choose = false;
	}
}

/* Restarts failed NICs for paths that are retried. */
static void retry_failed_nics(struct net *net)
{
	const struct progress *progress = net->loop->progress;
	unsigned int i, n;

	for (i = 0; i < progress->nr_paths; i++) {
		n = nic_index_of(net, &progress->paths[i]);
		if (progress->paths[i].state == PATH_NET && net->failed[n] != STATUS_OK)
			nic_setup_init(net, n);
	}
}

static int net_step(void *data)
{
	struct net *net = data;
	const struct progress *progress = net->loop->progress;
	int64_t began = now_ns();
	bool news = false;
	unsigned int i;
	int r = 0;

	for (i = 0; i < NR_FDS; i++)
		news |= kernel_events_drain(net->fds[i]);
	retry_failed_nics(net);
	net->look |= any_bond_is_due(net) || any_path_chooses(progress) ||
		     (net->any_unnamed && !deadline_left_ms(net->udev_until));
	if (news || net->look || any_nic_changed(progress) || !deadline_left_ms(net->choose))
		choose_nics(net);
	if ((news || net->look || any_nic_changed(progress)) && !net_is_settled(net))
		r = step_nics(net);
	bonds_forget_waits(net, began);
	if (net_is_settled(net))
		nic_lower_unused(&net->nl, net->setups, net->nr);
	net->look = false;
	for (i = 0; i < progress->nr_paths; i++)
		if (progress->paths[i].state == PATH_NET)
			net_path_step(net, &progress->paths[i]);
	return r;
}

static void net_waits(void *data, struct waits *waits)
{
	struct net *net = data;
	unsigned int i;

	for (i = 0; i < NR_FDS; i++)
		waits_fd(waits, net->fds[i], POLLIN);
	for (i = 0; i < net->loop->progress->nr_nics; i++)
		if (net->setups[i].state < NIC_READY && net->setups[i].nic->bond_until.at_ns)
			waits_until(waits, net->setups[i].nic->bond_until);
	waits_until(waits, net->choose);
	if (net->any_unnamed)
		waits_until(waits, net->udev_until);
	if (any_nic_changed(net->loop->progress) || any_path_chooses(net->loop->progress))
		waits_until(waits, (struct deadline){ 0 });
}

static void net_give_up(void *data, struct path *path)
{
	net_fail_path(data, path, nic_index_of(data, path));
}

static int loopback_up(struct rtnl *nl)
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

const struct stage stage_net = {
	.name = "net",
	.size = sizeof(struct net),
	.open = net_open,
	.step = net_step,
	.waits = net_waits,
	.give_up = net_give_up,
	.state = PATH_NET,
	.close = net_close,
};
