// SPDX-License-Identifier: GPL-2.0-only
/*
 * reserve DISK: registers a key and reserves the disk for this session alone (SPC-6 6.16, exclusive
 * access). The ioctls of linux/pr.h ask for APTPL, which tgt does not support.
 */
#include <err.h>
#include <fcntl.h>
#include <scsi/sg.h>
#include <sys/ioctl.h>

enum { REGISTER, RESERVE };
#define EXCLUSIVE_ACCESS 3

/* Sends PERSISTENT RESERVE OUT. Returns 0, the SCSI status, or -1. */
static int reserve_out(int fd, unsigned char action, unsigned char key, unsigned char new_key)
{
	unsigned char data[24] = { [7] = key, [15] = new_key }, sense[32];
	unsigned char cdb[10] = { 0x5f, action, action == RESERVE ? EXCLUSIVE_ACCESS : 0,
				  [8] = sizeof(data) };
	struct sg_io_hdr io = { .interface_id = 'S',
				.dxfer_direction = SG_DXFER_TO_DEV,
				.cmd_len = sizeof(cdb),
				.cmdp = cdb,
				.dxfer_len = sizeof(data),
				.dxferp = data,
				.mx_sb_len = sizeof(sense),
				.sbp = sense,
				.timeout = 10000 };

	return ioctl(fd, SG_IO, &io) < 0 ? -1 : io.status;
}

int main(int argc, char **argv)
{
	int fd = argc == 2 ? open(argv[1], O_RDWR) : -1, status;

	if (fd < 0)
		err(2, "usage: reserve DISK");
	status = reserve_out(fd, REGISTER, 0, 0x1b);
	if (!status)
		status = reserve_out(fd, RESERVE, 0x1b, 0);
	if (status)
		errx(1, "%s: status %d", argv[1], status);
	return 0;
}
