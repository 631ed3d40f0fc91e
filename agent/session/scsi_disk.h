/* SPDX-License-Identifier: GPL-2.0-only */
/* SCSI disks of iSCSI sessions as the kernel has them in sysfs. */
#ifndef AGENT_SESSION_SCSI_DISK_H
#define AGENT_SESSION_SCSI_DISK_H

#include <stdbool.h>

/* Bytes of a block device's name with its NUL (DISK_NAME_LEN of linux/blkdev.h). */
#define DISK_NAME_SIZE 32

struct scsi_disk {
	long type; /* SPC-6 6.7.2, peripheral device type */
	char name[DISK_NAME_SIZE]; /* of the block device */
	long sectors; /* of 512 bytes */
};

/*
 * LUN @lun, as Linux numbers it, on @host (channel 0, id 0). 0; -ENODEV: no such LUN; -ENXIO: it is
 * there, and type is known, but it has no block device (yet).
 */
int scsi_disk_find(int host, long lun, struct scsi_disk *disk);
/* "dm-0" that dm-multipath made and that holds the block device; NULL: none does. */
const char *scsi_multipath_of(void **arena, const char *disk);
/* The lowest LUN, as Linux numbers it, of @host that is a disk; -1: none is. */
long scsi_first_disk(int host);
/* Disk 0, optical 7, simplified disk 14: what sd drives. */
bool scsi_type_is_disk(long type);
/* For people: "0 1 5", or "none". NULL without memory. */
char *scsi_luns_of_host(void **arena, int host);

#endif
