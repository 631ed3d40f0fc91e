/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds the root disk among the disks of a target without a LUN. */
#ifndef AGENT_DISK_ROOT_DISK_H
#define AGENT_DISK_ROOT_DISK_H

#include "loop/path.h"

/*
 * Returns the kernel's name of the block device that @dev, the value of root=, names: "sda1", in
 * @arena. NULL while it does not exist; the links for UUID= and its kin are udev's. @dev may be
 * NULL.
 */
const char *root_disk_block(void **arena, const char *dev);
/*
 * Finds the disk of @path that holds what root= names, and makes it path->disk. It is known by the
 * LUN of a by-path name, by the LUN of the first path, or once udev has made the link of the name.
 * Returns true if it was found now; later calls return false, as for a path with a LUN.
 */
bool root_disk_choose(const struct progress *progress, struct path *path);

#endif
