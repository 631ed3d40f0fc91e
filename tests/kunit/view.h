/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by the kernel suites: a view with its files, read as a program would read them. */
#ifndef TESTS_KUNIT_VIEW_H
#define TESTS_KUNIT_VIEW_H

#include <kunit/test.h>
#include <linux/fs.h>
#include <linux/netdevice.h>

#include "kmod/core/attrs.h"
#include "kmod/netdev.h"
#include "kmod/sysfs.h"

#define TEST_VIEW "/sys/firmware/iscsi_boot_unified"

/* Everything that a case may leave behind; view_exit() removes it even if the case was aborted. */
struct test_view {
	struct ibu_source source;
	struct ibu_params p;
	struct ibu_diag d;
	bool files;
	bool watched;
	struct net_device *devs[8];
	struct device *parent;
};

/* Init and exit functions of a suite: test->priv is the view. */
int view_init(struct kunit *test);
void view_exit(struct kunit *test);

/*
 * Parses @size bytes of @table and @len of @cmdline as the module would; either may be NULL. Both
 * are copied to exactly that size, so that KASAN detects access to any byte after it.
 */
void view_read(struct kunit *test, const void *table, size_t size, const void *cmdline, size_t len);
/* Makes the files of the parsed view. */
void view_create(struct kunit *test);
void view_destroy(struct kunit *test);

/* Opens FILE of the view; returns an ERR_PTR on failure. */
struct file *view_open(const char *name);
/*
 * Reads all of @file into memory that KUnit frees, with a NUL; the length is in *@len. Returns an
 * ERR_PTR on failure.
 */
char *view_slurp(struct kunit *test, struct file *file, size_t *len);
/* Opens, reads and closes the file. */
char *view_content(struct kunit *test, const char *name, size_t *len);
/* Expects that the file reads as @text and a newline, or fails with @err. */
void view_expect(struct kunit *test, const char *name, const char *text);
void view_expect_error(struct kunit *test, const char *name, int err);
/* Returns the number of entries of a directory, or -errno. */
int view_count(const char *name);

/*
 * Makes a network device of init_net that does nothing; view_exit() removes it. With @parent it
 * counts as hardware.
 */
struct net_device *view_netdev(struct kunit *test, const char *name, const u8 mac[6], bool parent);
void view_netdev_remove(struct kunit *test, struct net_device *dev);

#endif
