/* SPDX-License-Identifier: GPL-2.0-only */
/* Loads kernel modules with libkmod, and the drivers of NICs where udev does not run. */
#ifndef AGENT_MODULES_MODULES_H
#define AGENT_MODULES_MODULES_H

#include "base/task.h"
#include "plan/plan.h"

/*
 * Loads iscsi_boot_unified, the project's module, unless the view is there. Returns 0 or -errno;
 * -ENOENT: the image lacks the module.
 */
int modules_load_view(struct deadline deadline);
/*
 * Loads 8021q or bonding if the plan has VLANs or bonds; net reports if one of these cannot be
 * made. stage_storage loads what logins and disks need.
 */
void modules_load_for_nics(const struct plan *plan, struct deadline deadline);
/*
 * Loads all modules of that name or alias, with their dependencies. Returns 0 if one is loaded,
 * -ENOENT if the image has none, -ETIMEDOUT if a child is still loading it, or another -errno.
 */
int module_load(const char *name, struct deadline deadline);

/* Modules that one child process loads, one after the other. */
struct module_batch;

/* Returns an empty batch, or NULL without memory; free it by module_batch_free(). */
struct module_batch *module_batch_new(void);
/* Frees the batch; a child that still runs continues by itself. @batch may be NULL. */
void module_batch_free(struct module_batch *batch);
/*
 * Adds the modules of that name or alias. With @filter adds only those that are not loaded and that
 * @filter accepts by name and path; @filter gets @data. Returns their number or -errno.
 */
int module_batch_add(struct module_batch *batch, const char *name,
		     bool (*filter)(void *data, const char *module, const char *path), void *data);
/* Moves the first module of @from to a new batch. NULL: @from is empty, or no memory. */
struct module_batch *module_batch_split(struct module_batch *from);
/* Starts the child. Returns 0 or -errno. */
int module_batch_start(struct module_batch *batch);
/* Returns a descriptor, owned by @batch, that is readable once the child has exited. */
int module_batch_fd(const struct module_batch *batch);
/*
 * Returns true once the child has exited, and then logs the loaded modules. @error: then 0 if one
 * is loaded, or an errno.
 */
bool module_batch_ended(struct module_batch *batch, int *error);

/* nic_drivers.c */

/*
 * If udev does not run, loads the drivers of the present network devices. Drivers that are not
 * ready at @deadline continue by themselves. stage_drivers handles devices that appear later.
 */
void drivers_load(struct deadline deadline);
/*
 * Returns the network controllers without a driver as text in @arena: empty if each has one,
 * NULL without memory.
 */
char *modules_driverless(void **arena);

/* udev.c */

/* Returns true if udev runs; then udev loads the drivers. */
bool udev_runs(void);
/*
 * Returns true while udev runs, is busy, and has not yet recorded the network device (the file of
 * sd_device_get_is_initialized(3)), or renames it. udev does not rename a NIC that is up
 * (systemd.link(5), NamePolicy=), so the agent must not bring it up before.
 */
bool udev_still_names(int ifindex);
/*
 * Makes *@fd, which the caller closes (-1: not open yet), readable when udev records a device and
 * when its queue is empty. Changes nothing while udev has no work. Call it before each check of
 * what udev has done: a watch starts once its directory exists. Drain *@fd as a kernel event.
 */
void udev_watch(int *fd);
/*
 * If udev runs, waits until its queue is empty, at most until @until: for a plan that needs NICs
 * that do not exist yet, and for a networkd that udev's events start.
 */
void udev_settle(struct deadline until);

#endif
