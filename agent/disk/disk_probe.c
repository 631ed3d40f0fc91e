// SPDX-License-Identifier: GPL-2.0-only
/* Opens and reads a disk, and asks it for its sense where that fails. */
#include "disk/disk_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bsg.h>
#include <linux/fs.h>
#include <scsi/sg.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/sysfs.h"
#include "kmod/core/portable.h"

#define READ_SIZE 4096
#define SENSE_MS 5000

/* Sense keys (SPC-6 4.4.8). */
enum { NOT_READY = 2, UNIT_ATTENTION = 6, ABORTED_COMMAND = 0xb };

#define RESERVATION_CONFLICT 0x18 /* status, SAM-6 5.3.1 */

/*
 * ASC and ASCQ of arrays such as Dell MD3000 and IBM DS4000, with sense key 5: another controller
 * has the LUN now. It is a path on standby, see drivers/scsi/device_handler/scsi_dh_rdac.c.
 */
#define OTHER_OWNER 0x9401

/* A result: errno in bits 0 to 7, sense key in 8 to 11, ASC in 12 to 19, ASCQ in 20 to 27. */
static unsigned int sense_key(int result)
{
	return (unsigned int)result >> 8 & 0xf;
}

static unsigned int sense_code(int result) /* ASC and ASCQ */
{
	return ((unsigned int)result >> 12 & 0xff) << 8 | ((unsigned int)result >> 20 & 0xff);
}

/* Reads sense data of fixed or descriptor format (SPC-6 4.4.2, 4.4.3). */
static int sense_bits(const unsigned char *sense, unsigned int len)
{
	bool fixed = (sense[0] & 0x7e) == 0x70;

	if (len < 4 || (fixed && len < 14))
		return 0;
	return fixed ? (sense[2] & 0xf) << 8 | sense[12] << 12 | sense[13] << 20 :
		       (sense[1] & 0xf) << 8 | sense[2] << 12 | sense[3] << 20;
}

static alignas(READ_SIZE) unsigned char shared[READ_SIZE]; /* its content is not used */

/*
 * Returns the sense of the disk in the bits of a result, or EBADE; 0: none, or it is no SCSI disk.
 * Repeats the read if @ready, else asks whether the disk is ready.
 */
static int ask_sense(int fd, bool ready)
{
	unsigned char test_unit_ready[6] = { 0 }, read_10[10] = { 0x28, [8] = 1 }, sense[32];
	struct sg_io_hdr io = { .interface_id = 'S',
				.dxfer_direction = SG_DXFER_NONE,
				.cmd_len = sizeof(test_unit_ready),
				.cmdp = test_unit_ready,
				.mx_sb_len = sizeof(sense),
				.sbp = sense,
				.timeout = SENSE_MS };
	int size;

	if (ready && !ioctl(fd, BLKSSZGET, &size) && size <= READ_SIZE) {
		io.dxfer_direction = SG_DXFER_FROM_DEV;
		io.dxfer_len = (unsigned int)size;
		io.dxferp = shared;
		io.cmd_len = sizeof(read_10);
		io.cmdp = read_10;
	}
	if (ioctl(fd, SG_IO, &io) < 0)
		return 0;
	return io.status == RESERVATION_CONFLICT ? EBADE : sense_bits(sense, io.sb_len_wr);
}

/* Returns the sense of a LUN without block device: sd waits up to 100 s for a disk to start. */
static int ask_sense_of_lun(const struct disk_probe_request *r)
{
	unsigned char test_unit_ready[6] = { 0 }, sense[32];
	struct sg_io_v4 io = { .guard = 'Q',
			       .request_len = sizeof(test_unit_ready),
			       .request = (uintptr_t)test_unit_ready,
			       .max_response_len = sizeof(sense),
			       .response = (uintptr_t)sense,
			       .timeout = SENSE_MS };
	AUTO_ARENA arena = NULL;
	AUTO_FD fd = -1;
	char *node = arena_printf(&arena, "%s/dev/bsg/%d:0:0:%ld", sysfs_root, r->host, r->lun);

	fd = node ? open(node, O_RDWR | O_CLOEXEC) : -1;
	if (fd < 0 || ioctl(fd, SG_IO, &io) < 0)
		return 0;
	return sense_bits(sense, io.response_len);
}

static int read_block(int fd)
{
	ssize_t n;

	(void)fcntl(fd, F_SETFL, O_DIRECT | O_NONBLOCK); /* the page cache would hide errors */
	do {
		n = pread(fd, shared, sizeof(shared), 0);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? errno : n ? 0 : EIO;
}

/* The kernel reads the capacity of a disk that was not ready again only if it is asked to. */
static bool has_sectors(const struct disk_probe_request *r)
{
	struct scsi_disk disk;

	if (r->has_sectors || (!scsi_disk_find(r->host, r->lun, &disk) && disk.sectors))
		return true;
	sysfs_write("1", "/sys/class/scsi_device/%d:0:0:%ld/device/rescan", r->host, r->lun);
	return !scsi_disk_find(r->host, r->lun, &disk) && disk.sectors;
}

int disk_probe(const void *request)
{
	const struct disk_probe_request *r = request;
	AUTO_ARENA arena = NULL;
	AUTO_FD fd = -1;
	char *node = arena_printf(&arena, "%s/dev/%s", sysfs_root, r->name);
	int error, sense;
	bool ready;

	if (!r->name[0])
		return ENXIO | ask_sense_of_lun(r);
	ready = has_sectors(r);
	fd = node ? open(node, O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1;
	if (fd < 0)
		return node ? errno : ENOMEM;
	error = ready ? read_block(fd) : ENOMEDIUM;
	if (!error)
		return 0;
	sense = ask_sense(fd, ready);
	return sense == EBADE ? EBADE : (error & 0xff) | sense;
}

static const char *sense_text(unsigned int key, unsigned int code)
{
	static const char *const keys[16] = {
		[NOT_READY] = "not ready", [3] = "medium error", [4] = "hardware error",
		[5] = "illegal request",   [7] = "data protect",
	};
	static const struct {
		unsigned int code;
		const char *text;
	} codes[] = {
		{ 0x0401, "becoming ready" },
		{ 0x0402, "needs a start command" },
		{ 0x040a, "changing its state" },
		{ 0x040b, "standby" },
		{ 0x040c, "unavailable" },
		{ 0x0412, "offline" },
		{ 0x3a00, "no medium" },
		{ OTHER_OWNER, "owned by another controller of the target" },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(codes); i++)
		if (codes[i].code == code)
			return codes[i].text;
	return keys[key] ? keys[key] : "error";
}

const char *disk_probe_reason(void **arena, int result)
{
	unsigned int key = sense_key(result), code = sense_code(result);
	int error = result & 0xff;

	if (key)
		return arena_printf(arena, "%s (sense %02x/%02x/%02x)", sense_text(key, code), key,
				    code >> 8, code & 0xff);
	if (error == EBADE) /* BLK_STS_RESV_CONFLICT, before Linux 6.5 BLK_STS_NEXUS */
		return "another initiator has reserved it (RESERVATION CONFLICT)";
	return error == ENOMEDIUM ? "it has no sectors" : strerror(error);
}

bool disk_probe_has_sense(int result)
{
	return sense_key(result);
}

bool disk_probe_may_heal(int result)
{
	if ((result & 0xff) == ENXIO || sense_code(result) == OTHER_OWNER)
		return true;
	switch (sense_key(result)) {
	case 0:
		break;
	case NOT_READY:
	case UNIT_ATTENTION:
	case ABORTED_COMMAND:
		return true;
	default:
		return false;
	}
	switch (result & 0xff) {
	case EBADE:
	case ENODATA: /* BLK_STS_MEDIUM */
	case EREMOTEIO: /* BLK_STS_TARGET */
	case EIO:
		return false;
	default: /* not there yet, or a problem of the connection */
		return true;
	}
}
