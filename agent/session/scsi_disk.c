// SPDX-License-Identifier: GPL-2.0-only
/* Finds the disks of a SCSI host in sysfs. */
#include "session/scsi_disk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/sysfs.h"

#define DEVICE "/sys/class/scsi_device/%d:0:0:%ld/device"

/*
 * Reads the first byte of the INQUIRY data: peripheral qualifier and device type (SPC-6 6.7.2).
 * Returns -errno if there is no such LUN.
 */
static int read_peripheral(int host, long lun)
{
	AUTO_ARENA arena = NULL;
	char *inquiry;
	long type;
	int r;

	if (sysfs_read(&arena, &inquiry, DEVICE "/inquiry", host, lun) > 0)
		return (unsigned char)*inquiry;
	r = sysfs_read_long(&type, DEVICE "/type", host, lun);
	return r ? r : (int)type & 0x1f;
}

/*
 * Returns true if the target has no disk behind this LUN now, but may have one later. sd does not
 * attach to it.
 */
static bool is_placeholder(int peripheral)
{
	return peripheral >= 0 && peripheral & 0xe0;
}

void scsi_disk_forget(int host, long lun)
{
	if (is_placeholder(read_peripheral(host, lun)))
		sysfs_write("1", DEVICE "/delete", host, lun);
}

int scsi_disk_find(int host, long lun, struct scsi_disk *disk)
{
	int peripheral = lun < 0 ? -ENODEV : read_peripheral(host, lun);
	AUTO_DIR dir = NULL;
	const char *name;

	*disk = (struct scsi_disk){ .type = -1 };
	if (peripheral < 0)
		return -ENODEV;
	disk->type = peripheral & 0x1f;
	dir = sysfs_dir(DEVICE "/block", host, lun);
	name = sysfs_next(dir);
	if (!name && is_placeholder(peripheral))
		return -ENODEV;
	if (!name || strlen(name) >= sizeof(disk->name))
		return -ENXIO;
	memcpy(disk->name, name, strlen(name) + 1);
	/* The disk may have been removed meanwhile. */
	if (sysfs_read_long(&disk->sectors, "/sys/class/block/%s/size", disk->name))
		disk->sectors = 0;
	return 0;
}

bool scsi_type_is_disk(long type)
{
	return type == 0 || type == 7 || type == 14;
}

/* The UUID of a holder distinguishes multipath devices from LVM and others. */
const char *scsi_multipath_of(void **arena, const char *disk)
{
	AUTO_DIR dir = sysfs_dir("/sys/class/block/%s/holders", disk);
	const char *name;
	char *uuid;

	while ((name = sysfs_next(dir)))
		if (sysfs_read(arena, &uuid, "/sys/class/block/%s/dm/uuid", name) > 0 &&
		    !strncmp(uuid, "mpath-", strlen("mpath-")))
			return arena_printf(arena, "%s", name);
	return NULL;
}

static int compare_luns(const void *a, const void *b)
{
	long x = *(const long *)a, y = *(const long *)b;

	return (x > y) - (x < y);
}

static unsigned int count_devices(void)
{
	AUTO_DIR dir = sysfs_dir("/sys/class/scsi_device");
	unsigned int n = 0;

	while (sysfs_next(dir))
		n++;
	return n;
}

int scsi_disks_of_host(void **arena, int host, long **luns)
{
	unsigned int room = count_devices(), nr = 0;
	AUTO_DIR dir = sysfs_dir("/sys/class/scsi_device");
	long type, lun;
	const char *name;
	int h;

	*luns = arena_alloc(arena, (room + 1) * sizeof(**luns));
	if (!*luns)
		return -ENOMEM;
	while (nr < room && (name = sysfs_next(dir)))
		if (sscanf(name, "%d:0:0:%ld", &h, &lun) == 2 && h == host &&
		    !sysfs_read_long(&type, DEVICE "/type", host, lun) && scsi_type_is_disk(type))
			(*luns)[nr++] = lun;
	qsort(*luns, nr, sizeof(**luns), compare_luns);
	return (int)nr;
}

long scsi_first_disk(int host)
{
	AUTO_ARENA arena = NULL;
	long *luns;

	return scsi_disks_of_host(&arena, host, &luns) > 0 ? luns[0] : -1;
}

char *scsi_luns_of_host(void **arena, int host)
{
	AUTO_DIR dir = sysfs_dir("/sys/class/scsi_device");
	char *text = arena_printf(arena, "%s", "");
	const char *name;
	long lun;
	int h;

	while (text && (name = sysfs_next(dir)))
		if (sscanf(name, "%d:0:0:%ld", &h, &lun) == 2 && h == host &&
		    !is_placeholder(read_peripheral(host, lun)))
			text = arena_printf(arena, "%s%s%ld", text, *text ? " " : "", lun);
	return text && !*text ? arena_printf(arena, "none") : text;
}
