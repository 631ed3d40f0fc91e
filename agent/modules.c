// SPDX-License-Identifier: GPL-2.0-only
/* Kernel modules, by libkmod: nothing is forked, and what is built in or loaded is left alone. */
#include "modules.h"

#include <errno.h>
#include <libkmod.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "log.h"
#include "sysfs.h"

/* No command of modprobe.d is run, and its blacklist is for what is found by an alias. */
#define PROBE_FLAGS (KMOD_PROBE_APPLY_BLACKLIST_ALIAS_ONLY | KMOD_PROBE_IGNORE_COMMAND)

#define VIEW_PROOF "/sys/firmware/iscsi_boot_unified/abi-version"

#define AUTO_KMOD __attribute__((cleanup(cleanup_kmod))) struct kmod_ctx *
#define AUTO_KMOD_LIST __attribute__((cleanup(cleanup_kmod_list))) struct kmod_list *

static void cleanup_kmod(struct kmod_ctx **ctx)
{
	kmod_unref(*ctx);
}

static void cleanup_kmod_list(struct kmod_list **list)
{
	kmod_module_unref_list(*list);
}

static struct kmod_ctx *kmod_open(void)
{
	struct kmod_ctx *ctx = kmod_new(NULL, NULL);

	if (ctx)
		kmod_set_log_fn(ctx, NULL, NULL); /* we say what matters */
	return ctx;
}

/* One of several that offer the same is enough: crc32c-intel refuses a processor without SSE 4.2 */
static int insert_any(struct kmod_list *list, const char *name)
{
	struct kmod_list *l;
	int r, best = -ENOENT;

	for (l = list; l; l = kmod_list_next(list, l)) {
		struct kmod_module *module = kmod_module_get_module(l);

		r = kmod_module_probe_insert_module(module, PROBE_FLAGS, NULL, NULL, NULL, NULL);
		if (!r && kmod_module_get_initstate(module) != KMOD_MODULE_BUILTIN)
			log_info("modules", "%s is loaded, for %s", kmod_module_get_name(module),
				 name);
		kmod_module_unref(module);
		if (best)
			best = r > 0 ? -EPERM : r; /* above 0: the blacklist */
	}
	return best;
}

static int load(struct kmod_ctx *ctx, const char *name)
{
	AUTO_KMOD_LIST list = NULL;
	int r = kmod_module_new_from_lookup(ctx, name, &list);

	return r < 0 ? r : insert_any(list, name);
}

int module_load(const char *name)
{
	AUTO_KMOD ctx = kmod_open();

	return ctx ? load(ctx, name) : -ENOMEM;
}

/*
 * The module makes abi-version last. Where somebody else is just loading it, to load it again waits
 * until it is done.
 */
int modules_load_view(void)
{
	int r = 0;

	if (!sysfs_exists(VIEW_PROOF))
		r = module_load("iscsi_boot_unified");
	return r || sysfs_exists(VIEW_PROOF) ? r : -ENODATA;
}

bool udev_runs(void)
{
	return sysfs_exists("/run/udev/control");
}

/* A bus on which network controllers are found, and how their modalias looks. */
struct bus {
	const char *name;
	bool (*is_nic)(const char *modalias);
};

/* pci:v00008086d0000100Esv00001AF4sd00001100bc02sc00i00: base class 02. */
static bool pci_is_nic(const char *modalias)
{
	return strstr(modalias, "bc02sc");
}

static bool virtio_is_nic(const char *modalias)
{
	return !strncmp(modalias, "virtio:d00000001v", strlen("virtio:d00000001v"));
}

/* In this order: the driver of a PCI function may bring devices of the next bus. */
static const struct bus buses[] = {
	{ "pci", pci_is_nic },
	{ "virtio", virtio_is_nic },
};

/* The modalias of a network controller that no driver has; NULL for all else. */
static char *driverless(void **arena, const struct bus *bus, const char *device)
{
	char *modalias;

	if (sysfs_exists("/sys/bus/%s/devices/%s/driver", bus->name, device))
		return NULL;
	if (sysfs_read(arena, &modalias, "/sys/bus/%s/devices/%s/modalias", bus->name, device) < 0)
		return NULL;
	return bus->is_nic(modalias) ? modalias : NULL;
}

static void load_drivers(struct kmod_ctx *ctx, const struct bus *bus)
{
	AUTO_DIR dir = sysfs_dir("/sys/bus/%s/devices", bus->name);
	AUTO_ARENA arena = NULL;
	const char *device;
	char *modalias;

	while ((device = sysfs_next(dir))) {
		modalias = driverless(&arena, bus, device);
		if (modalias)
			load(ctx, modalias); /* what fails, modules_driverless() tells in time */
	}
}

void modules_load_nics(void)
{
	AUTO_KMOD ctx = NULL;
	unsigned int i;

	if (udev_runs())
		return;
	ctx = kmod_open();
	for (i = 0; ctx && i < ARRAY_SIZE(buses); i++)
		load_drivers(ctx, &buses[i]);
}

char *modules_driverless(void **arena)
{
	char *text = arena_printf(arena, "%s", "");
	const char *device;
	char *modalias;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(buses); i++) {
		AUTO_DIR dir = sysfs_dir("/sys/bus/%s/devices", buses[i].name);

		while (text && (device = sysfs_next(dir))) {
			modalias = driverless(arena, &buses[i], device);
			if (modalias)
				text = arena_printf(arena, "%s%s%s (%s)", text, *text ? ", " : "",
						    device, modalias);
		}
	}
	return text;
}

/* What a login needs, and what is there once it works, by whichever way it came. */
static const struct need {
	const char *module;
	const char *proof;
} needs[] = {
	{ "iscsi_tcp", "/sys/class/iscsi_transport/tcp" },
	{ "sd_mod", "/sys/bus/scsi/drivers/sd" },
};

static enum status load_need(const struct need *need)
{
	AUTO_ARENA arena = NULL;
	char *tried;
	int r;

	if (sysfs_exists("%s", need->proof))
		return STATUS_OK;
	r = module_load(need->module);
	if (!r && sysfs_exists("%s", need->proof))
		return STATUS_OK;
	tried = arena_printf(&arena, "to load the kernel module %s", need->module);
	return log_failure("modules", STATUS_MODULE, tried ? tried : need->module,
			   r ? strerror(-r) : "it is loaded, but does not work",
			   "that the image holds it for the kernel that runs (uname -r)");
}

/*
 * iscsi_tcp of Linux 6.12 and before asks the crypto API for crc32c when a connection is made, so
 * nothing loads it by itself. In later kernels it is a library, and no module has that alias.
 */
static void load_crc32c(void)
{
	AUTO_ARENA arena = NULL;
	char *crypto;
	int r;

	if (sysfs_read(&arena, &crypto, "/proc/crypto") > 0 && strstr(crypto, ": crc32c\n"))
		return;
	r = module_load("crc32c");
	if (r)
		log_info("modules", "crc32c: %s; older kernels cannot log in without it",
			 strerror(-r));
}

enum status modules_load(const struct plan *plan)
{
	enum status status;
	unsigned int i;

	load_crc32c();
	for (i = 0; i < ARRAY_SIZE(needs); i++) {
		status = load_need(&needs[i]);
		if (status != STATUS_OK)
			return status;
	}
	if (plan->nr_nics || plan->unsettled)
		modules_load_nics();
	return STATUS_OK;
}
