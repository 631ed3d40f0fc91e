// SPDX-License-Identifier: GPL-2.0-only
/*
 * rd.iscsi.bypass: ends the boot as soon as the device that root= names exists on a disk that is
 * not attached by iSCSI. Images that are used with and without iSCSI set it, such as those of
 * Oracle's cloud: without it, a machine whose root is local waits for targets that it cannot reach.
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/kernel_events.h"
#include "base/log.h"
#include "base/sysfs.h"
#include "boot/boot_private.h"
#include "disk/root_disk.h"
#include "loop/loop.h"

struct bypass {
	struct loop *loop;
	int events; /* -1: not wanted */
};

/* Device mapper tables and RAID may be stacked; more levels than this are not followed. */
#define MOST_LEVELS 8

/* True if the block device, or one below it, is on an iSCSI session. */
static bool is_by_iscsi(const char *block, unsigned int level)
{
	AUTO_ARENA arena = NULL;
	AUTO_DIR dir = sysfs_dir("/sys/class/block/%s/slaves", block);
	const char *real = sysfs_realpath(&arena, "/sys/class/block/%s", block), *below;

	if (!real || strstr(real, "/session") || level == MOST_LEVELS)
		return true;
	while ((below = sysfs_next(dir)))
		if (is_by_iscsi(below, level + 1))
			return true;
	return false;
}

static int bypass_step(void *data)
{
	struct bypass *b = data;
	struct progress *progress = b->loop->progress;
	AUTO_ARENA arena = NULL;
	const char *block;

	if (b->events < 0)
		return 0;
	kernel_events_drain(b->events);
	block = root_disk_block(&arena, progress->plan->root_dev);
	if (!block || is_by_iscsi(block, 0))
		return 0;
	log_info("boot", "rd.iscsi.bypass: root= is /dev/%s, which needs no iSCSI", block);
	progress->root_elsewhere = true;
	b->loop->stop = true;
	return 0;
}

static void bypass_waits(void *data, struct waits *waits)
{
	const struct bypass *b = data;

	waits_fd(waits, b->events, POLLIN);
}

static int bypass_open(struct loop *loop, void *data)
{
	struct bypass *b = data;

	*b = (struct bypass){ .loop = loop, .events = -1 };
	if (!loop->plan->bypass)
		return 0;
	b->events = kernel_events_open_udev();
	return b->events < 0 ? b->events : 0;
}

static void bypass_close(void *data)
{
	struct bypass *b = data;

	cleanup_fd(&b->events);
}

const struct stage stage_bypass = {
	.name = "boot",
	.size = sizeof(struct bypass),
	.open = bypass_open,
	.step = bypass_step,
	.waits = bypass_waits,
	.state = NR_PATH_STATES,
	.close = bypass_close,
};
