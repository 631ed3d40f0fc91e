// SPDX-License-Identifier: GPL-2.0-only
/*
 * reserve DISK: registers a key and reserves the disk for this initiator alone (exclusive access).
 */
#include <err.h>
#include <fcntl.h>
#include <linux/pr.h>
#include <sys/ioctl.h>

int main(int argc, char **argv)
{
	struct pr_registration key = { .new_key = 0x1b };
	struct pr_reservation reservation = { .key = 0x1b, .type = PR_EXCLUSIVE_ACCESS };
	int fd;

	if (argc != 2)
		errx(2, "usage: reserve DISK");
	fd = open(argv[1], O_RDWR);
	if (fd < 0 || ioctl(fd, IOC_PR_REGISTER, &key) || ioctl(fd, IOC_PR_RESERVE, &reservation))
		err(1, "%s", argv[1]);
	return 0;
}
