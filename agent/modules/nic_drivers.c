// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads drivers where udev does not run, also as the stage "modules". These are the drivers of
 * network devices and of buses that carry them. The stage handles new devices until all NICs of the
 * plan exist.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/kernel_events.h"
#include "base/log.h"
#include "base/sysfs.h"
#include "loop/loop.h"
#include "modules/modules.h"

/* Buses of network devices, or of the controllers of such buses. */
static const char *const buses[] = { "pci", "usb", "virtio", "vmbus", "xen", "platform" };

/* pci:v00008086d0000100Esv00001AF4sd00001100bc02sc00i00: base class 02. */
static bool is_nic(const char *modalias)
{
	return (!strncmp(modalias, "pci:", 4) && strstr(modalias, "bc02sc")) ||
	       !strncmp(modalias, "virtio:d00000001v", strlen("virtio:d00000001v"));
}

/*
 * The modalias of a USB or platform device does not say whether it is a NIC, but its module's path
 * below kernel/drivers does. A module from outside the kernel's tree is accepted: it was
 * added to the image on purpose.
 */
static bool is_nic_module(const char *path)
{
	static const char *const dirs[] = { "net/", "usb/host/", "usb/dwc3/", "virtio/",
					    "hv/",  "xen/",	 "pci/",      "thunderbolt/" };
	const char *dir = path ? strstr(path, "/kernel/drivers/") : NULL;
	unsigned int i;

	if (!path || !dir)
		return path && !strstr(path, "/kernel/");
	dir += strlen("/kernel/drivers/");
	for (i = 0; i < ARRAY_SIZE(dirs); i++)
		if (!strncmp(dir, dirs[i], strlen(dirs[i])))
			return true;
	return false;
}

/* Returns the modalias of a device without a driver; NULL if it has a driver or no modalias. */
static char *modalias_without_driver(void **arena, const char *bus, const char *device)
{
	char *modalias;

	if (sysfs_exists("/sys/bus/%s/devices/%s/driver", bus, device) ||
	    sysfs_read(arena, &modalias, "/sys/bus/%s/devices/%s/modalias", bus, device) <= 0)
		return NULL;
	return modalias;
}

char *modules_driverless(void **arena)
{
	char *text = arena_printf(arena, "%s", "");
	const char *device;
	char *modalias;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(buses); i++) {
		AUTO_DIR dir = sysfs_dir("/sys/bus/%s/devices", buses[i]);

		while (text && (device = sysfs_next(dir))) {
			modalias = modalias_without_driver(arena, buses[i], device);
			if (modalias && is_nic(modalias))
				text = arena_printf(arena, "%s%s%s (%s)", text, *text ? ", " : "",
						    device, modalias);
		}
	}
	return text;
}

/* A module is tried once: another attempt would fail again, and each one causes new events. */
struct tried_module {
	struct tried_module *next;
	const char *name;
};

struct module_loading {
	struct module_batch *batch;
};

struct drivers {
	const struct progress *progress;
	int uevents;
	bool look; /* scan the buses: there may be new devices */
	struct module_batch *found; /* during a scan */
	/* One module in each batch, so that a driver that hangs does not block others. */
	struct module_loading *loading;
	unsigned int nr_loading;
	struct tried_module *tried;
	void *arena;
	bool nic; /* the device that is being checked is a NIC */
};

static bool filter_module(void *data, const char *module, const char *path)
{
	struct drivers *d = data;
	struct tried_module *t;

	if (!d->nic && !is_nic_module(path))
		return false;
	for (t = d->tried; t; t = t->next)
		if (!strcmp(t->name, module))
			return false;
	t = arena_alloc(&d->arena, sizeof(*t));
	if (t)
		t->name = arena_printf(&d->arena, "%s", module);
	if (!t || !t->name)
		return false;
	t->next = d->tried;
	d->tried = t;
	return true;
}

static int scan_bus(struct drivers *d, const char *bus)
{
	AUTO_DIR dir = sysfs_dir("/sys/bus/%s/devices", bus);
	AUTO_ARENA arena = NULL;
	const char *device;
	char *modalias;

	while ((device = sysfs_next(dir))) {
		modalias = modalias_without_driver(&arena, bus, device);
		if (!modalias)
			continue;
		d->nic = is_nic(modalias);
		/* An alias without a module in the image is no error. */
		if (module_batch_add(d->found, modalias, filter_module, d) == -ENOMEM)
			return -ENOMEM;
	}
	return 0;
}

static int load_found(struct drivers *d)
{
	struct module_loading *list;
	struct module_batch *batch;
	int r;

	while ((batch = module_batch_split(d->found))) {
		list = reallocarray(d->loading, d->nr_loading + 1, sizeof(*list));
		if (list)
			d->loading = list;
		r = list ? module_batch_start(batch) : -ENOMEM;
		if (r < 0) {
			module_batch_free(batch);
			return r;
		}
		list[d->nr_loading++].batch = batch;
	}
	return 0;
}

static int drivers_scan(struct drivers *d)
{
	unsigned int i;
	int r = 0;

	d->look = false;
	d->found = module_batch_new();
	if (!d->found)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(buses) && !r; i++)
		r = scan_bus(d, buses[i]);
	if (!r)
		r = load_found(d);
	module_batch_free(d->found);
	return r;
}

static bool any_nic_is_missing(const struct progress *progress)
{
	unsigned int i;

	for (i = 0; i < progress->nr_nics; i++)
		if (nic_is_pool(progress->nics[i].plan->nic) ?
			    progress_pool_is_open(progress, &progress->nics[i]) :
			    !progress->nics[i].ifname[0])
			return true;
	return false;
}

static int drivers_open(struct loop *loop, void *data)
{
	struct drivers *d = data;

	d->progress = loop->progress;
	d->look = true;
	d->uevents = -1;
	if (udev_runs())
		return 0;
	d->uevents = kernel_events_open_uevent();
	return d->uevents < 0 ? d->uevents : 0;
}

/* Frees finished batches. A new driver may have added devices, so the buses are scanned again. */
static void reap_batches(struct drivers *d)
{
	unsigned int i = 0;
	int error; /* a NIC that is missing for that shows it */

	while (i < d->nr_loading) {
		if (module_batch_ended(d->loading[i].batch, &error)) {
			module_batch_free(d->loading[i].batch);
			d->loading[i] = d->loading[--d->nr_loading];
			d->look = true;
		} else {
			i++;
		}
	}
}

static int drivers_continue(struct drivers *d)
{
	reap_batches(d);
	return d->look ? drivers_scan(d) : 0;
}

static void drivers_free(struct drivers *d)
{
	while (d->nr_loading)
		module_batch_free(d->loading[--d->nr_loading].batch);
	free(d->loading);
	arena_free(&d->arena);
}

static int drivers_step(void *data)
{
	struct drivers *d = data;

	if (d->uevents < 0)
		return 0;
	d->look |= kernel_events_drain(d->uevents);
	if (any_nic_is_missing(d->progress))
		return drivers_continue(d);
	reap_batches(d); /* otherwise the loop would not sleep: the descriptors stay readable */
	return 0;
}

void drivers_load(struct deadline deadline)
{
	struct drivers d = { .look = true, .uevents = -1 };
	struct waits waits = { .until = deadline };
	unsigned int i;

	while (!udev_runs() && !drivers_continue(&d) && d.nr_loading &&
	       deadline_left_ms(deadline)) {
		waits.nr = 0;
		for (i = 0; i < d.nr_loading; i++)
			waits_fd(&waits, module_batch_fd(d.loading[i].batch), POLLIN);
		(void)poll(waits.fds, waits.nr, deadline_left_ms(deadline));
	}
	free(waits.fds);
	drivers_free(&d);
}

static void drivers_waits(void *data, struct waits *waits)
{
	struct drivers *d = data;
	unsigned int i;

	waits_fd(waits, d->uevents, POLLIN);
	for (i = 0; i < d->nr_loading; i++)
		waits_fd(waits, module_batch_fd(d->loading[i].batch), POLLIN);
}

static void drivers_close(void *data)
{
	struct drivers *d = data;

	cleanup_fd(&d->uevents);
	drivers_free(d);
}

const struct stage stage_drivers = {
	.name = "modules",
	.size = sizeof(struct drivers),
	.open = drivers_open,
	.step = drivers_step,
	.waits = drivers_waits,
	.state = NR_PATH_STATES,
	.close = drivers_close,
};
