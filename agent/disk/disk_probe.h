/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds out whether a disk can be read, and why not. */
#ifndef AGENT_DISK_DISK_PROBE_H
#define AGENT_DISK_DISK_PROBE_H

#include <stdbool.h>

#include "session/scsi_disk.h"

/* The disk to read. */
struct disk_probe_request {
	int host;
	long lun; /* as Linux numbers it */
	char name[DISK_NAME_SIZE]; /* empty: no block device yet, only the sense is read */
	bool has_sectors; /* false: not known, or none when the disk was found */
};

/*
 * Opens the disk, which waits until the kernel has read the partitions, and reads its first 4 KiB
 * from the target. If the disk has no sectors yet, the kernel reads its capacity again first. Runs
 * in a thread, because each step may block. @request: struct disk_probe_request. Returns 0, or a
 * result for the functions below: an errno, and the SCSI sense in the bits above it.
 */
int disk_probe(const void *request);
/* Returns true if @result has a SCSI sense. */
bool disk_probe_has_sense(int result);
/*
 * Returns the reason of @result in @arena: "not ready: standby (sense 02/04/0b)"; NULL: no memory.
 */
const char *disk_probe_reason(void **arena, int result);
/*
 * Returns true if the same disk may be readable later without a change at the target's
 * configuration. False for a reservation of another initiator, a medium error, ...
 */
bool disk_probe_may_heal(int result);

#endif
