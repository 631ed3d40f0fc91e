// SPDX-License-Identifier: GPL-2.0-only
/* Finds the root disk among the disks of a target without a LUN. */
#include "disk/root_disk.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/sysfs.h"
#include "session/scsi_disk.h"

/* Returns the name that udev gives to the block device of root=, or NULL. */
static const char *udev_name(void **arena, const char *dev)
{
	static const struct {
		const char *kind, *dir;
	} kinds[] = {
		{ "UUID=", "by-uuid" },
		{ "LABEL=", "by-label" },
		{ "PARTUUID=", "by-partuuid" },
		{ "PARTLABEL=", "by-partlabel" },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strncmp(dev, kinds[i].kind, strlen(kinds[i].kind)))
			return arena_printf(arena, "/dev/disk/%s/%s", kinds[i].dir,
					    dev + strlen(kinds[i].kind));
	return dev;
}

const char *root_disk_block(void **arena, const char *dev)
{
	const char *name = dev ? udev_name(arena, dev) : NULL;
	char *path = name ? arena_printf(arena, "%s%s", sysfs_root, name) : NULL;
	char *real = path ? realpath(path, NULL) : NULL;
	const char *block = real ? arena_printf(arena, "%s", strrchr(real, '/') + 1) : NULL;

	free(real);
	return block;
}

static bool is_on_disk(const char *disk, const char *block)
{
	return !strcmp(disk, block) || sysfs_exists("/sys/class/block/%s/%s", disk, block);
}

/* Do a Linux LUN and the first path's LUN agree? A LUN has several forms (SAM-5 4.7). */
static bool is_first_lun(const struct progress *progress, long linux_lun)
{
	const struct ibu_target *first = progress->paths[progress->first].to.target;
	const long number = ibu_lun_number(first->lun);
	const u8 bytes[8] = { (u8)(linux_lun >> 8), (u8)linux_lun };

	if (!ibu_has(&first->f, IBU_TARGET_LUN))
		return progress->plan->root_lun == linux_lun;
	return (long)ibu_lun_linux(first->lun) == linux_lun ||
	       (number >= 0 && linux_lun >> 16 == 0 && ibu_lun_number(bytes) == number);
}

static bool is_root(const struct progress *progress, const char *block, const char *disk, long lun)
{
	return is_first_lun(progress, lun) || (block && is_on_disk(disk, block));
}

bool root_disk_choose(const struct progress *progress, struct path *path)
{
	AUTO_ARENA arena = NULL;
	struct path_disk first = { .linux_lun = path->linux_lun };
	const char *block;
	unsigned int i;

	if (path->root_known || !path->disk[0] || !path_is_roots(progress, path) ||
	    ibu_has(&path->to.target->f, IBU_TARGET_LUN))
		return false;
	block = root_disk_block(&arena, progress->plan->root_dev);
	path->root_known = is_root(progress, block, path->disk, path->linux_lun);
	for (i = 0; i < path->nr_more && !path->root_known; i++) {
		struct path_disk *disk = &path->more[i];

		if (!is_root(progress, block, disk->name, disk->linux_lun))
			continue;
		memcpy(first.name, path->disk, sizeof(first.name));
		memcpy(path->disk, disk->name, sizeof(path->disk));
		path->linux_lun = disk->linux_lun;
		*disk = first;
		path->root_known = true;
	}
	return path->root_known;
}
