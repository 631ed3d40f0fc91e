/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads SCSI disks from sysfs. */
#ifndef AGENT_SESSION_SCSI_DISK_H
#define AGENT_SESSION_SCSI_DISK_H

#include <stdbool.h>

/* Bytes of a block device's name with its NUL (DISK_NAME_LEN of linux/blkdev.h). */
#define DISK_NAME_SIZE 32

struct scsi_disk {
	long type; /* SPC-6 6.7.2, peripheral device type */
	char name[DISK_NAME_SIZE]; /* of the block device, "sda" */
	long sectors; /* of 512 bytes */
};

/*
 * Reads LUN @lun, as Linux numbers it, of @host (channel 0, id 0). Returns 0; -ENODEV: no such LUN,
 * or no disk behind it; -ENXIO: the LUN has a type, but no block device (yet).
 */
int scsi_disk_find(int host, long lun, struct scsi_disk *disk);
/* Removes LUN @lun from the kernel if there was no disk behind it, so that a scan looks again. */
void scsi_disk_forget(int host, long lun);
/* Returns the multipath device that holds @disk ("dm-0") in @arena; NULL: none. */
const char *scsi_multipath_of(void **arena, const char *disk);
/* Returns the lowest LUN of @host that is a disk, as Linux numbers it; -1: none. */
long scsi_first_disk(int host);
/*
 * Stores in @luns, in @arena, the LUNs of @host that are disks, as Linux numbers them, in
 * ascending order. Returns their number, or -ENOMEM.
 */
int scsi_disks_of_host(void **arena, int host, long **luns);
/* Returns true for the types that sd drives: disk 0, optical 7, simplified disk 14. */
bool scsi_type_is_disk(long type);
/* Returns the LUNs of @host as text, "0 1 5" or "none", in @arena; NULL without memory. */
char *scsi_luns_of_host(void **arena, int host);

#endif
