/* SPDX-License-Identifier: GPL-2.0-only */
/* What the suites of the kernel's side share: a view with its files, read as any program would. */
#ifndef TESTS_KUNIT_VIEW_H
#define TESTS_KUNIT_VIEW_H

#include <kunit/test.h>
#include <linux/fs.h>
#include <linux/netdevice.h>

#include "kmod/core/attrs.h"
#include "kmod/netdev.h"
#include "kmod/sysfs.h"

#define TEST_VIEW "/sys/firmware/iscsi_boot_unified"

/* All that a case may leave behind, for view_exit() to remove even where the case was aborted. */
struct test_view {
	struct ibu_source source;
	struct ibu_params p;
	struct ibu_diag d;
	bool files;
	bool watched;
	struct net_device *devs[8];
	struct device *parent;
};

/* A suite's init and exit: test->priv is the view. */
int view_init(struct kunit *test);
void view_exit(struct kunit *test);

/*
 * Reads @size bytes of @table and @len of @cmdline, either of which may be NULL, as the module would:
 * from copies of exactly that size, so that KASAN sees every byte too far.
 */
void view_read(struct kunit *test, const void *table, size_t size, const void *cmdline, size_t len);
/* The files of what was read. */
void view_create(struct kunit *test);
void view_destroy(struct kunit *test);

/* FILE of the view, opened or an ERR_PTR. */
struct file *view_open(const char *name);
/* All of @file in memory that KUnit frees, with a NUL; its length in *@len, or an errno as pointer. */
char *view_slurp(struct kunit *test, struct file *file, size_t *len);
/* Opens, reads and closes. */
char *view_content(struct kunit *test, const char *name, size_t *len);
/* That it reads as @text and a newline, or fails with @err. */
void view_expect(struct kunit *test, const char *name, const char *text);
void view_expect_error(struct kunit *test, const char *name, int err);
/* Entries of a directory, or -errno. */
int view_count(const char *name);

/*
 * A network device of init_net that does nothing, for view_exit() to remove; with hardware of its own
 * if @parent.
 */
struct net_device *view_netdev(struct kunit *test, const char *name, const u8 mac[6], bool parent);
void view_netdev_remove(struct kunit *test, struct net_device *dev);

#endif
