// SPDX-License-Identifier: GPL-2.0-only
/* Renames devices as ifname= says, also two that swap their names. */
#include <errno.h>
#include <stdio.h>

#include "base/log.h"
#include "net/network_manager.h"
#include "net/nic_private.h"

static void note_rename(struct link *link, const char *name)
{
	log_info("net", "%s renamed to %s", link->name, name);
	snprintf(link->name, sizeof(link->name), "%s", name);
}

/* Returns the device that holds @name but is to be renamed to @own by ifname=, or NULL. */
static struct link *name_holder(const struct nic_context *n, const char *name, const char **own)
{
	struct link *holder = links_named(n->links, name);

	if (!holder || holder->is_vlan || network_manager_of(holder->ifindex))
		return NULL;
	*own = plan_ifname(n->progress->plan, holder->dev.mac);
	return *own && strcmp(*own, name) != 0 ? holder : NULL;
}

/*
 * A device that holds @name first gets a temporary name, as udev does, and then its own name. If
 * that fails, it gets @spare, which is free by then: no device keeps a temporary name.
 */
int nic_rename(struct nic_context *n, struct link *link, const char *name, const char *spare)
{
	int r = link_rename(n->nl, link->ifindex, name);
	const char *own = NULL;
	struct link *holder = r == -EEXIST ? name_holder(n, name, &own) : NULL;
	char aside[IFNAMSIZ];

	if (holder) {
		snprintf(aside, sizeof(aside), "rename%d", holder->ifindex);
		r = link_rename(n->nl, holder->ifindex, aside);
		if (r)
			return r;
		note_rename(holder, aside);
		r = link_rename(n->nl, link->ifindex, name);
	}
	if (!r)
		note_rename(link, name);
	if (holder && r && !link_rename(n->nl, holder->ifindex, name))
		note_rename(holder, name);
	else if (holder && nic_rename(n, holder, own, spare) &&
		 !link_rename(n->nl, holder->ifindex, spare))
		note_rename(holder, spare);
	return r;
}
