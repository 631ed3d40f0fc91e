/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The steps that change something, in the order of boot. Each does its part of the plan before the
 * deadline, writes what it found into the plan, says what it does in the log, and on failure ends
 * with log_failure(). Each may be run again: what is already so is left alone.
 */
#ifndef AGENT_STEPS_H
#define AGENT_STEPS_H

#include "deadline.h"
#include "plan.h"

/* What the root doesn't need is waited for this long once the root has what it needs. */
#define OTHERS_GRACE_S 10

/* modules.c, over libkmod */

/* Our own module, before the view can be read. 0, or -errno (-ENOENT: not in this image). */
int modules_load_view(void);
/* What the login needs (crc32c, iscsi_tcp, sd_mod), and without udev the drivers of the NICs. */
enum status modules_load(const struct plan *plan);

/* net.c, over libmnl: link, VLAN, MTU, addresses and routes of the plan's NICs, by events. */
enum status net_up(struct plan *plan, struct deadline deadline);

/*
 * login.c: all paths at once through the engine. Fills result, sid and host of each path; returns
 * STATUS_OK if a path of the root is in, else the status of its first path.
 */
enum status login_all(struct plan *plan, struct deadline deadline);

/* Also: both lead to the first disk, whichever LUN that is. */
bool path_same_lun(const struct plan_path *a, const struct plan_path *b);

/* It leads to the same LUN of the same target as the first path. */
bool path_is_roots(const struct plan *plan, const struct plan_path *path);

/* disks.c: awaits the disk of each path that is in, by uevent; makes /dev/iscsi-boot/. */
enum status disks_wait(struct plan *plan, struct deadline deadline);

/*
 * tune.c: sets and reads back the timers of each path that is in. STATUS_OK or STATUS_TIMERS, after
 * a second at least and OTHERS_GRACE_S at most.
 */
enum status tune_apply(const struct plan *plan, struct deadline deadline);

#endif
