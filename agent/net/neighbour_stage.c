// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stage "reach", logged as "net": waits until the next hop to each portal answers.
 * The next hop is the portal itself or a gateway; it answers ARP or neighbour discovery. A switch
 * port in forwarding delay (30 s) has a carrier but passes no frames; a login during that time
 * would fail and be retried too late. The kernel asks once a second, up to three times. An event
 * reports an answer or the failure; after a failure the stage makes the kernel ask again.
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/kernel_events.h"
#include "base/log.h"
#include "loop/loop.h"
#include "net/addr.h"
#include "net/link.h"
#include "net/route.h"

/* NUD_STALE counts too: the neighbour has answered, and the kernel verifies it when it is used. */
#define NUD_ANSWERED (NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE | NUD_PROBE | NUD_STALE | NUD_DELAY)

/* A wait is logged after this time, in seconds: by then the kernel has asked three times. */
#define LOG_AFTER_S 2

struct hop {
	struct ibu_addr addr;
	int ifindex;
	bool logged; /* the log has a line that the agent waits for this hop */
	bool checked, answered; /* in this turn of the loop */
};

struct reach {
	struct loop *loop;
	struct rtnl nl;
	int fd;
	struct hop *hops; /* one for each path */
};

static void reach_close(void *data)
{
	struct reach *reach = data;

	cleanup_fd(&reach->fd);
	rtnl_close(&reach->nl);
	free(reach->hops);
}

static int reach_open(struct loop *loop, void *data)
{
	struct reach *reach = data;

	*reach = (struct reach){ .loop = loop, .fd = -1 };
	reach->hops = calloc(loop->progress->nr_paths + 1, sizeof(*reach->hops));
	if (!reach->hops)
		return -ENOMEM;
	reach->fd = kernel_events_open_neighbours();
	return reach->fd < 0 ? reach->fd : rtnl_open(&reach->nl);
}

static int read_neighbour_state(const struct nlmsghdr *nlh, void *data)
{
	const struct ndmsg *nd = mnl_nlmsg_get_payload(nlh);
	uint16_t *state = data;

	if (nlh->nlmsg_type == RTM_NEWNEIGH)
		*state = nd->ndm_state;
	return MNL_CB_OK;
}

/* RTM_GETNEIGH reads the neighbour's state; RTM_NEWNEIGH starts resolution. Returns 0 or -errno. */
static int neighbour_request(struct rtnl *nl, const struct hop *hop, uint16_t type, uint16_t *state)
{
	char buf[NL_REQUEST_SIZE];
	struct nlmsghdr *nlh;
	struct ndmsg *nd;
	void *extra;

	nlh = rtnl_request(buf, type, type == RTM_NEWNEIGH ? NLM_F_CREATE : 0, sizeof(*nd), &extra);
	nd = extra;
	nd->ndm_family = addr_family(&hop->addr);
	nd->ndm_ifindex = hop->ifindex;
	nd->ndm_flags = type == RTM_NEWNEIGH ? NTF_USE : 0;
	addr_put(nlh, NDA_DST, &hop->addr);
	return rtnl_talk(nl, nlh, read_neighbour_state, state);
}

/* The kernel resolves no neighbours on the loopback or in a tunnel, so no event would come. */
static bool has_neighbours(struct reach *reach, int ifindex)
{
	__attribute__((cleanup(links_free))) struct links links = { NULL, 0 };
	const struct link *link;

	links_read(&reach->nl, &links);
	link = links_get(&links, ifindex);
	return link && !(link->flags & (IFF_LOOPBACK | IFF_POINTOPOINT | IFF_NOARP));
}

/* True if the next hop has answered. If not, makes sure that the kernel is asking. */
static bool hop_answers(struct reach *reach, const struct hop *hop)
{
	uint16_t state = NUD_NONE;

	if (!neighbour_request(&reach->nl, hop, RTM_GETNEIGH, &state) && state & NUD_ANSWERED)
		return true;
	if (state & NUD_INCOMPLETE)
		return false;
	/* If the kernel refuses, the login fails in the same way and reports it. */
	return !has_neighbours(reach, hop->ifindex) ||
	       neighbour_request(&reach->nl, hop, RTM_NEWNEIGH, &state) < 0;
}

/* False if there is no route, or only by another NIC; the login then reports the error. */
static bool find_hop(struct reach *reach, const struct path *path, struct hop *hop)
{
	struct ibu_addr portal;
	struct route route;

	if (ibu_addr_parse(path->to.portal, strlen(path->to.portal), &portal))
		return false;
	if (path->nic && addr_is_link_local(&portal)) {
		hop->addr = portal;
		hop->ifindex = path->nic->ifindex;
		return true;
	}
	if (route_get(&reach->nl, &portal, &route) ||
	    (path->nic && path->nic->ifindex != route.ifindex))
		return false;
	hop->addr = ibu_addr_is_null(&route.gateway) ? portal : route.gateway;
	hop->ifindex = route.ifindex;
	return true;
}

/* Logs the start and the end of a wait; logs nothing if the hop answers at once. */
static void log_hop(const struct path *path, struct hop *hop, bool answered)
{
	char text[IBU_ADDR_STRLEN];

	if (hop->logged == !answered)
		return;
	hop->logged = !answered;
	ibu_addr_print(&hop->addr, text);
	if (answered)
		log_info("net", "%s answers after %.3f s", text, seconds_since(path->since_ns));
	else
		log_info("net", "waiting until %s answers", text);
}

/*
 * Returns the next hop of an earlier path to the same portal by the same NIC, if it was checked in
 * this turn.
 */
static const struct hop *hop_of_same_route(const struct reach *reach, const struct path *path)
{
	const struct path *paths = reach->loop->progress->paths, *other;

	for (other = paths; other < path; other++)
		if (reach->hops[other - paths].checked && other->nic == path->nic &&
		    !strcmp(other->to.portal, path->to.portal))
			return &reach->hops[other - paths];
	return NULL;
}

static void reach_path_step(struct reach *reach, struct path *path)
{
	struct hop *hop = &reach->hops[path - reach->loop->progress->paths];
	const struct hop *same = hop_of_same_route(reach, path);

	if (same) {
		hop->addr = same->addr;
		hop->ifindex = same->ifindex;
		hop->answered = same->answered;
	} else if (find_hop(reach, path, hop)) {
		hop->checked = true;
		hop->answered = hop_answers(reach, hop);
	} else {
		path_goto(path, PATH_MODULES);
		return;
	}
	if (!same && (hop->answered || seconds_since(path->since_ns) > LOG_AFTER_S))
		log_hop(path, hop, hop->answered);
	if (hop->answered)
		path_goto(path, PATH_MODULES);
}

static int reach_step(void *data)
{
	struct reach *reach = data;
	struct progress *progress = reach->loop->progress;
	unsigned int i;

	kernel_events_drain(reach->fd);
	for (i = 0; i < progress->nr_paths; i++)
		reach->hops[i].checked = false;
	for (i = 0; i < progress->nr_paths; i++)
		if (progress->paths[i].state == PATH_REACH)
			reach_path_step(reach, &progress->paths[i]);
	return 0;
}

static void reach_waits(void *data, struct waits *waits)
{
	struct reach *reach = data;

	waits_fd(waits, reach->fd, POLLIN);
}

static void reach_give_up(void *data, struct path *path)
{
	struct reach *reach = data;
	struct hop *hop = &reach->hops[path - reach->loop->progress->paths];
	const char *tried, *answered;
	char text[IBU_ADDR_STRLEN];
	AUTO_ARENA arena = NULL;

	ibu_addr_print(&hop->addr, text);
	tried = arena_printf(&arena, "cannot reach %s, the next hop to the portal %s", text,
			     path->to.portal);
	answered = arena_printf(&arena, "%s does not answer after %.1f s", text,
				seconds_since(path->since_ns));
	path_fail(reach->loop->progress, path,
		  log_failure("net", STATUS_NO_ANSWER, tried, answered,
			      "check its power and address, VLAN, netmask, switch port"),
		  answered);
}

const struct stage stage_reach = {
	.name = "net",
	.size = sizeof(struct reach),
	.open = reach_open,
	.step = reach_step,
	.waits = reach_waits,
	.give_up = reach_give_up,
	.state = PATH_REACH,
	.close = reach_close,
};
