/* SPDX-License-Identifier: GPL-2.0-only */
/* Makes a temporary root directory for tests of code that reads files below one. */
#ifndef TESTS_ROOT_H
#define TESTS_ROOT_H

#include "tests/unit/parsed.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[] = "/tmp/iscsi-boot-test.XXXXXX";

static inline int root_remove_one(const char *path, const struct stat *st, int type,
				  struct FTW *ftw)
{
	return remove(path);
}

/* The setup of each test; the teardown is root_remove(). */
static inline int root_make(void **state)
{
	memcpy(root + sizeof(root) - 7, "XXXXXX", 6);
	return mkdtemp(root) ? 0 : -1;
}

static inline int root_remove(void **state)
{
	return nftw(root, root_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Returns the full path of @path below the root directory, and makes its directories. */
static inline const char *root_path(const char *path)
{
	static char full[512];
	char *slash;

	assert_true(snprintf(full, sizeof(full), "%s%s", root, path) < (int)sizeof(full));
	for (slash = full + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(full, 0755);
		*slash = '/';
	}
	return full;
}

static inline void root_put_bytes(const char *path, const void *bytes, size_t len, mode_t mode)
{
	int fd = open(root_path(path), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static inline void root_put(const char *path, const char *text)
{
	root_put_bytes(path, text, strlen(text), 0600);
}

/* Makes a network device that is not virtual. */
static inline void root_put_netdev(const char *name, const char *mac)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/class/net/%s/address", name);
	root_put(path, mac);
	snprintf(path, sizeof(path), "/sys/class/net/%s/device/uevent", name);
	root_put(path, "");
}

#define INTREE "/sys/firmware/ibft/"

/* Makes the sysfs files of iscsi_ibft for a table with one NIC and one target. */
static inline void root_put_intree(void)
{
	root_put(INTREE "acpi_header/signature", "iBFT\n");
	root_put(INTREE "acpi_header/oem_id", "FENSYS\n");
	root_put(INTREE "acpi_header/oem_table_id", "iPXE\n");
	root_put(INTREE "initiator/index", "0\n");
	root_put(INTREE "initiator/flags", "3\n");
	root_put(INTREE "initiator/initiator-name", "iqn.2024-01.example:client\n");
	root_put(INTREE "ethernet0/index", "0\n");
	root_put(INTREE "ethernet0/flags", "3\n");
	root_put(INTREE "ethernet0/origin", "1\n");
	root_put(INTREE "ethernet0/vlan", "0\n");
	root_put(INTREE "ethernet0/mac", "52:54:00:12:34:56\n");
	root_put(INTREE "ethernet0/ip-addr", "10.0.2.15\n");
	root_put(INTREE "ethernet0/prefix-len", "24");
	root_put(INTREE "ethernet0/subnet-mask", "255.255.255.0");
	root_put(INTREE "ethernet0/gateway", "10.0.2.2\n");
	root_put(INTREE "ethernet0/hostname", "reading-me-can-oops\n");
	root_put(INTREE "target0/index", "0\n");
	root_put(INTREE "target0/flags", "3\n");
	root_put(INTREE "target0/ip-addr", "10.0.2.2\n");
	root_put(INTREE "target0/port", "3260\n");
	root_put(INTREE "target0/lun", "01000000\n");
	root_put(INTREE "target0/chap-type", "1\n");
	root_put(INTREE "target0/nic-assoc", "0\n");
	root_put(INTREE "target0/target-name", "iqn.2024-01.example:disk\n");
	root_put(INTREE "target0/chap-name", "us\\er\n");
	root_put(INTREE "target0/chap-secret", "sec\\ret 123456\n");
	root_put("/proc/cmdline", "quiet\n");
}

#endif
