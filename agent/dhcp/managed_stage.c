// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stage "managed": a network manager of the initramfs manages the NIC and got the lease. Takes
 * the root path of that lease for paths whose target it names.
 */
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/sysfs.h"
#include "loop/loop.h"
#include "net/network_manager.h"
#include "plan/describe.h"

struct managed {
	struct loop *loop;
	int fd; /* of network_manager_open_events(); -1: no manager has started yet */
	bool news; /* a target is known now; other stages wait for it */
};

static int managed_open(struct loop *loop, void *data)
{
	struct managed *managed = data;

	managed->loop = loop;
	managed->fd = -1;
	return 0;
}

/* Copies the root path of the manager's lease to @lease. Returns false without one. */
static bool read_managed_root_path(const char *ifname, struct lease *lease)
{
	AUTO_ARENA arena = NULL;
	const char *text = NULL;
	long ifindex;

	if (!sysfs_read_long(&ifindex, "/sys/class/net/%s/ifindex", ifname))
		text = network_manager_root_path(&arena, (int)ifindex);
	if (!text || strlen(text) >= sizeof(lease->root_path))
		return false;
	memcpy(lease->root_path, text, strlen(text) + 1);
	return true;
}

/* Takes the target from the lease of @nic, by which the path may go. Returns whether it has one. */
static bool take_managed_root_path(struct managed *managed, struct path *path, struct nic *nic)
{
	struct nic *before = path->nic;
	AUTO_ARENA arena = NULL;
	const char *wrong;

	if (!path_may_use(path, nic) || !*nic->ifname || nic->lease.from != LEASE_NONE ||
	    !read_managed_root_path(nic->ifname, &nic->lease))
		return false;
	path->nic = nic;
	wrong = path_take_root_path(managed->loop->progress, path);
	path->nic = before;
	if (wrong)
		return false;
	if (nic->pool)
		progress_use_nic(managed->loop->progress, path, nic);
	nic->look_again = true;
	managed->news = true;
	log_info("dhcp", "%s: the root path names %s", nic->ifname,
		 describe_path(&arena, path->plan, &path->to));
	return true;
}

/* Asks the NIC of the path, or each of its pool, until one names the target. */
static void find_managed_root_path(struct managed *managed, struct path *path)
{
	struct progress *progress = managed->loop->progress;
	unsigned int i;

	for (i = 0; i < progress->nr_nics; i++)
		if (take_managed_root_path(managed, path, &progress->nics[i]))
			return;
}

static int managed_step(void *data)
{
	struct managed *managed = data;
	struct progress *progress = managed->loop->progress;
	char bytes[4096];
	unsigned int i;

	managed->news = false;
	for (i = 0; i < progress->nr_paths; i++) {
		struct path *path = &progress->paths[i];

		if (path->state != PATH_NET || !path->nic || !path_awaits_root_path(path))
			continue;
		if (managed->fd < 0)
			managed->fd = network_manager_open_events();
		while (managed->fd >= 0 && read(managed->fd, bytes, sizeof(bytes)) > 0)
			;
		find_managed_root_path(managed, path);
	}
	return 0;
}

static void managed_waits(void *data, struct waits *waits)
{
	struct managed *managed = data;

	waits_fd(waits, managed->fd, POLLIN);
	if (managed->news)
		waits_until(waits, (struct deadline){ 0 });
}

static void managed_close(void *data)
{
	struct managed *managed = data;

	if (managed->fd >= 0)
		close(managed->fd);
}

const struct stage stage_managed = {
	.name = "managed",
	.size = sizeof(struct managed),
	.open = managed_open,
	.step = managed_step,
	.waits = managed_waits,
	.state = NR_PATH_STATES,
	.close = managed_close,
};
