// SPDX-License-Identifier: GPL-2.0-only
/* Waits for udev where it runs: for a device that it still names, or for all of its work. */
#include <string.h>
#include <sys/inotify.h>

#include "base/cleanup.h"
#include "base/kernel_events.h"
#include "base/log.h"
#include "base/sysfs.h"
#include "modules/modules.h"

bool udev_runs(void)
{
	return sysfs_exists("/run/udev/control");
}

/* udev keeps /run/udev/queue while it has events to process; "udevadm settle" checks it too. */
static bool udev_is_busy(void)
{
	return udev_runs() && sysfs_exists("/run/udev/queue");
}

static void watch_path(int fd, const char *path, uint32_t events)
{
	AUTO_ARENA arena = NULL;
	const char *name = arena_printf(&arena, "%s%s", sysfs_root, path);

	if (name)
		(void)inotify_add_watch(fd, name, events | IN_ONLYDIR);
}

void udev_watch(int *fd)
{
	if (!udev_is_busy())
		return;
	if (*fd < 0)
		*fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	watch_path(*fd, "/run/udev", IN_CREATE | IN_DELETE);
	watch_path(*fd, "/run/udev/data", IN_MOVED_TO); /* udev makes it with the first record */
}

bool udev_still_names(int ifindex)
{
	AUTO_ARENA arena = NULL;
	char *record;

	if (!udev_is_busy())
		return false;
	return sysfs_read(&arena, &record, "/run/udev/data/n%d", ifindex) < 0 ||
	       strstr(record, "E:ID_RENAMING=1");
}

void udev_settle(struct deadline until)
{
	int64_t start = now_ns();
	AUTO_FD events = -1;
	struct pollfd p;

	udev_watch(&events);
	if (events < 0)
		return;
	log_info("modules", "waiting until udev has no more work");
	p = (struct pollfd){ .fd = events, .events = POLLIN };
	while (udev_is_busy() && deadline_left_ms(until)) {
		(void)poll(&p, 1, deadline_left_ms(until));
		kernel_events_drain(events);
	}
	log_info("modules", "udev %s after %.3f s", udev_is_busy() ? "is still busy" : "is done",
		 seconds_since(start));
}
