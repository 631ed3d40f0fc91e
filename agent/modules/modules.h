/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel modules, over libkmod. */
#ifndef AGENT_MODULES_MODULES_H
#define AGENT_MODULES_MODULES_H

#include "base/task.h"
#include "plan/plan.h"

/* Our own module, before the view can be read. 0, or -errno (-ENOENT: not in this image). */
int modules_load_view(struct deadline deadline);
/* What the login needs (crc32c, sd_mod, iscsi_tcp or ib_iser), and VLANs where the plan has any. */
enum status modules_load(const struct plan *plan, struct deadline deadline);
/*
 * Loads all modules of that name or alias, and what they need. 0: one is in; -ENOENT: none here;
 * -ETIMEDOUT: it goes on by itself.
 */
int module_load(const char *name, struct deadline deadline);

/* Several modules, loaded one after the other by one child. */
struct module_batch;

/* NULL without memory. */
struct module_batch *module_batch_new(void);
/* Leaves the child behind, if it still runs. @batch may be NULL. */
void module_batch_free(struct module_batch *batch);
/*
 * Adds the modules of that name or alias; with @filter those that are not in yet and that it lets
 * pass by their name and path. How many, or -errno.
 */
int module_batch_add(struct module_batch *batch, const char *name,
		     bool (*filter)(void *data, const char *module, const char *path), void *data);
/* A batch of its own with the first module of @from, which loses it; NULL: none, or no memory. */
struct module_batch *module_batch_split(struct module_batch *from);
/* 0 or -errno. */
int module_batch_start(struct module_batch *batch);
/* Readable once the child has ended. */
int module_batch_fd(const struct module_batch *batch);
/* Whether it just has; then what was loaded is told. */
bool module_batch_ended(struct module_batch *batch);

/* drivers.c */

/*
 * The drivers of the network devices that are there, where no udev loads them. What takes longer
 * goes on by itself; for later devices there is stage_drivers.
 */
void drivers_load(struct deadline deadline);
/* For people: the network controllers without a driver; "" if each has one, NULL without memory. */
char *modules_driverless(void **arena);
/* Then drivers are its work. */
bool udev_runs(void);
/*
 * Where it runs, until it has nothing to do, or @until: a NIC that is up keeps the name that it has
 * (systemd.link(5), NamePolicy=), so udev comes first.
 */
void udev_settle(struct deadline until);

#endif
