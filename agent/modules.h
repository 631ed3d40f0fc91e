/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel modules, over libkmod. */
#ifndef AGENT_MODULES_H
#define AGENT_MODULES_H

#include <stdbool.h>

#include "plan.h"

/* Our own module, before the view can be read. 0, or -errno (-ENOENT: not in this image). */
int modules_load_view(void);
/* What the login needs (crc32c, iscsi_tcp, sd_mod), and without udev the drivers of the NICs. */
enum status modules_load(const struct plan *plan);
/* Loads all modules of that name or alias, and what they need. 0: one is in; -ENOENT: none here. */
int module_load(const char *name);
/*
 * The drivers of network controllers that are there and have none. New ones may come with each
 * uevent. Where udev runs it is udev's work, and nothing is done.
 */
void modules_load_nics(void);
/* For people: the network controllers without a driver; "" if each has one, NULL without memory. */
char *modules_driverless(void **arena);
bool udev_runs(void);

#endif
